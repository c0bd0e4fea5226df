"""A school year with everything in it that can go wrong: both nights of changed clocks, a leap day and New Year."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from app.access.actor import Role
from app.kernel import clock, installation
from app.kernel.database import Database
from app.outbox.models import OutboxMessage
from app.schools.types import BreakKind
from app.surveys import queries, service
from app.surveys.models import Invitation, SurveyPlan, SurveyRound
from app.surveys.types import InvitationState, PlanKind, RoundState, WaveDays
from tests.factories import schools, surveys
from tests.factories.accounts import make_account
from tests.integration.surveys.town import swedish
from tests.machine.schedulers import NEVER, Scheduler

FIRST, LAST = swedish("2027-08-17T00:00"), swedish("2028-06-16T00:00")
ALWAYS = (
    swedish("2027-08-18T08:00"),
    swedish("2027-10-31T02:30"),  # Shown twice by the clock on the wall.
    swedish("2027-11-01T08:00"),
    swedish("2027-12-31T23:59"),
    swedish("2028-01-01T00:30"),
    swedish("2028-01-11T08:00"),
    swedish("2028-02-29T08:00"),
    swedish("2028-03-26T03:30"),
    swedish("2028-03-27T08:00"),
)
WAVES = (
    WaveDays(open=0, reminders=(3, 6), due=7, escalate=9, call=10, close=14),
    WaveDays(open=15, reminders=(17, 19), due=19, escalate=20, call=21, close=25),
    WaveDays(open=35, reminders=(37, 39), due=39, escalate=40, call=41, close=45),
)
BREAKS = (
    (BreakKind.AUTUMN, date(2027, 10, 25), date(2027, 10, 29)),
    (BreakKind.CHRISTMAS, date(2027, 12, 21), date(2028, 1, 10)),
    (BreakKind.WINTER, date(2028, 3, 6), date(2028, 3, 10)),
    (BreakKind.SUMMER, date(2028, 6, 12), date(2028, 8, 14)),
)


def make_year(database: Database) -> UUID:
    """Make a municipality: five schools of two organisers, one with days of its own, two with a head; one closed."""
    with database.transaction() as session:
        installation.set_clock(session, FIRST)
    with database.transaction() as session:
        municipality = schools.make_municipality(session)
        make_account(session, municipality, Role.COORDINATOR)
        own, late = (schools.make_organiser(session, municipality) for _ in range(2))
        schools.make_school_year(session, own, autumn=date(2027, 8, 18), spring=date(2028, 1, 11), breaks=BREAKS)
        schools.make_school_year(  # Its follow-ups go over New Year and over the change of clocks in spring.
            session, late, autumn=date(2027, 10, 25), spring=date(2028, 2, 1), breaks=BREAKS[1:2]
        )
        units = [
            schools.make_unit(
                session,
                municipality,
                organiser_id=(own, own, late, late, own)[number].id,
                is_active=number < 4,
                head_email="skolchef@alvhaga.example" if number % 2 else None,
            )
            for number in range(5)
        ]
        schools.make_school_year(session, units[1], autumn=date(2027, 8, 20), spring=date(2028, 1, 12), breaks=BREAKS)
        for kind in (PlanKind.AFTER_SUMMER, PlanKind.AFTER_CHRISTMAS):
            surveys.make_plan(session, municipality, kind, waves=WAVES)
        surveys.make_plan(session, municipality, PlanKind.AFTER_AUTUMN, waves=WAVES[:1])
        surveys.make_plan(session, municipality, PlanKind.BEFORE_CHRISTMAS, waves=WAVES[:1], lead_days=15)
        return municipality.id


def list_due_moments(database: Database) -> list[datetime]:
    """Return when something is to happen by the calendars, as it is planned."""
    found = set()
    with database.transaction() as session:
        service.redraft(session, session.scalars(select(SurveyPlan.municipality_id).limit(1)).one())
        for survey_round in session.scalars(select(SurveyRound).options(joinedload(SurveyRound.plan))):
            for each in queries.list_schedules(session, survey_round):
                moments = each.moments
                found |= {moments.opens_at, moments.closes_at, *(step.at for step in moments.steps)}
    return sorted(at for at in found if FIRST < at < LAST)


@dataclass
class SchoolYear:
    """One year being played with a seed: which moments it visits, who answers, when processes die."""

    database: Database
    keys: Path
    mail: Path
    seed: int
    moments: list[datetime] = field(default_factory=list)
    answered: dict[UUID, tuple[int, bool]] = field(default_factory=dict)
    """At which moment an invitation was answered, and whether the schedulers were at work just then."""
    deaths: int = 0
    held: set[UUID] = field(default_factory=set)
    """Messages that those who died had in hand."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - a seed that fails must fail again
        self.schedulers: list[Scheduler] = []

    def play(self) -> None:
        """Play it from August to June, and then let everybody finish."""
        due = list_due_moments(self.database)
        late = [timedelta(minutes=self.random.choice((0, 0, 0, 7, 240, 900))) for _ in range(10)]
        some = [at + more for at, more in zip(self.random.sample(due, 10), late, strict=True)]
        nights = [FIRST + timedelta(hours=self.random.randrange(24 * 300)) for _ in range(2)]
        self.moments = sorted({*ALWAYS, *some, *nights})
        self.schedulers = [self._new() for _ in range(2)]
        for number, at in enumerate(self.moments):
            with self.database.transaction() as session:
                installation.set_clock(session, at)
            self._tick(number)
        self._finish()

    def _new(self, dies_at: int | None = None) -> Scheduler:
        url = self.database.url.render_as_string(hide_password=False)
        return Scheduler(url, self.keys, self.mail, dies_at or self.random.randint(20, 1200))

    def _tick(self, number: int) -> None:
        """Let both do what is due, again when one died of it; somebody answers meanwhile, and somebody afterwards."""
        is_racing = self.random.random() < 0.3
        while True:
            for scheduler in self.schedulers:
                scheduler.tick()
            if is_racing:
                self._answer(number, is_racing=True)
                is_racing = False
            alive = [scheduler.has_ticked() for scheduler in self.schedulers]
            both = zip(self.schedulers, alive, strict=True)
            self.schedulers = [scheduler if is_alive else self._new() for scheduler, is_alive in both]
            self.deaths += alive.count(False)
            if all(alive):
                break
        if self.random.random() < 0.4:
            self._answer(number, is_racing=False)

    def _answer(self, number: int, *, is_racing: bool) -> None:
        with self.database.transaction() as session:
            waiting = session.scalars(
                select(Invitation)
                .join(Invitation.round)
                .where(Invitation.submitted_at.is_(None), Invitation.invited_at.is_not(None))
                .where(SurveyRound.state == RoundState.OPEN, Invitation.closes_at > clock.now())
                .order_by(Invitation.school_unit_id, Invitation.opens_at)
            ).all()
            if waiting:
                invitation = self.random.choice(waiting)
                service.push_response_state(
                    session, invitation, state=InvitationState.SUBMITTED, at=clock.now(), is_nil=True
                )
                self.answered[invitation.id] = (number, is_racing)

    def _finish(self) -> None:
        """Send what those who died had in hand: in their place, others take over when the lease has run out."""
        with self.database.transaction() as session:
            is_held = OutboxMessage.leased_until.is_not(None)
            self.held = set(session.scalars(select(OutboxMessage.id).where(is_held)))
            run_out = clock.wall() - timedelta(seconds=1)
            session.execute(update(OutboxMessage).where(is_held).values(leased_until=run_out))
        last = self._new(NEVER)
        last.tick()
        assert last.has_ticked()
        for scheduler in (*self.schedulers, last):
            scheduler.stop()
