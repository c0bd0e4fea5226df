"""W2: opening a round for 6 000 school units, with their invitations and the mails queued, until it is committed."""

from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, text, update

from app.access.actor import Actor
from app.kernel import installation
from app.outbox.models import OutboxMessage
from app.schools.models import Municipality, SchoolUnit
from app.surveys import service
from app.surveys.models import Invitation, RoundSchedule, SurveyPlan, SurveyRound
from app.surveys.types import RoundState
from tests.benchmarks.place import Place, Watch
from tests.factories import schools, surveys

UNITS: Final = 6_000
ORGANISERS: Final = 300
"""Every tenth of them begins its term a day later than the others, every other tenth two days."""
AT: Final = datetime(2026, 8, 19, 8, 1, tzinfo=ZoneInfo("Europe/Stockholm"))


def prepare(place: Place) -> None:
    """Make a municipality as large as the whole country, with a planned round whose hour has come."""
    with place.database.transaction() as session:
        installation.set_clock(session, AT)
    with place.database.transaction() as session:
        municipality = schools.make_municipality(session)
        organisers = [schools.make_organiser(session, municipality) for _ in range(ORGANISERS)]
        for number, organiser in enumerate(organisers):
            schools.make_school_year(session, organiser, autumn=date(2026, 8, 19 + number % 10 % 3))
        sample = schools.make_unit(session, municipality, organiser_id=organisers[0].id)
        session.flush()
        values = {column.key: getattr(sample, column.key) for column in SchoolUnit.__table__.columns}
        rows = [
            {**values, "id": uuid4(), "school_unit_code": f"{number:08}", "organiser_id": organisers[number % 300].id}
            for number in range(1, UNITS)
        ]
        session.execute(insert(SchoolUnit), rows)
        surveys.make_plan(session, municipality)
        surveys.draft(session, municipality)


def ours(place: Place, watch: Watch) -> None:
    """Open it as the tick does."""
    round_id, municipality_id = as_planned(place)
    with watch, place.database.transaction() as session:
        opened = service.open_round(session, Actor.system(municipality_id), round_id)
    assert opened is not None


def raw(place: Place, watch: Watch) -> None:
    """Write the same rows with two statements."""
    round_id, municipality_id = as_planned(place)
    with watch, place.database.engine.begin() as connection:
        schedule_id, values = uuid4(), {"round_id": round_id, "municipality_id": municipality_id}
        row = {"id": schedule_id, **values, "opens_at": AT, "due_at": DUE, "closes_at": CLOSES, "steps": ()}
        connection.execute(insert(RoundSchedule), [row])
        for statement in raw_statements(place, round_id, municipality_id, schedule_id):
            connection.execute(text(statement))


DUE: Final = datetime(2026, 8, 28, 16, tzinfo=ZoneInfo("Europe/Stockholm"))
CLOSES: Final = datetime(2026, 9, 11, 16, tzinfo=ZoneInfo("Europe/Stockholm"))


def raw_statements(place: Place, round_id: UUID, municipality_id: UUID, schedule_id: UUID) -> tuple[str, str]:
    """Return the two statements of the floor, in the database's own words."""
    is_sqlite = place.database.is_sqlite
    new = "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()"
    one, town, days = (f"'{each.hex if is_sqlite else each}'" for each in (round_id, municipality_id, schedule_id))
    words = "json_object" if is_sqlite else "json_build_object"
    no = "0" if is_sqlite else "false"
    yes = "1" if is_sqlite else "true"
    at, due, closes = ("'2026-08-19 06:00:00'", "'2026-08-28 14:00:00'", "'2026-09-11 14:00:00'")
    moments = (at, due, closes) if is_sqlite else tuple(f"timestamptz {each}" for each in (at, due, closes))
    return (  # The parts are constants and ids made here.
        "INSERT INTO invitation (id, municipality_id, round_id, school_unit_id, number, asks, schedule_id,"  # noqa: S608
        " opens_at, due_at, closes_at, invited_at, next_step, next_at, state, is_nil, missing_count, protected_count)"
        f" SELECT {new}, municipality_id, {one}, id, 1, 'return', {days}, {moments[0]}, {moments[1]}, {moments[2]},"
        f" {moments[0]}, 0, {moments[1]}, 'not_started', {no}, 0, 0 FROM school_unit"
        f" WHERE municipality_id = {town} AND is_active ON CONFLICT DO NOTHING",
        "INSERT INTO outbox_message (id, municipality_id, kind, payload, dedupe_key, is_repeatable, state,"  # noqa: S608
        f" queued_at, due_at, attempts) SELECT {new}, municipality_id, 'surveys.invitation',"
        f" {words}('invitation_id', id),"
        f" 'invitation:' || id, {yes}, 'queued', {moments[0]}, {moments[0]}, 0 FROM invitation"
        f" WHERE round_id = {one} ON CONFLICT DO NOTHING",
    )


def as_planned(place: Place) -> tuple[UUID, UUID]:
    """Undo what has been opened, and return the planned round and its municipality."""
    with place.database.transaction() as session:
        for table in (OutboxMessage, Invitation, RoundSchedule):
            session.execute(delete(table))
        session.execute(update(SurveyRound).values(state=RoundState.PLANNED, opened_at=None))
        municipality_id = session.scalars(select(Municipality.id)).one()
        plan_id = session.scalars(select(SurveyPlan.id)).one()
        statement = select(SurveyRound.id).where(SurveyRound.plan_id == plan_id, SurveyRound.year == AT.year)
        return session.scalars(statement).one(), municipality_id
