"""An autumn in a municipality with four schools: who answers, who is missing, and what becomes of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.cases import service as cases
from app.cases.models import Case
from app.cases.types import OpenCase, OpenReason
from app.kernel import clock
from app.pupils.models import Child
from app.pupils.types import ChildIdentity, GradeBand
from app.referrals.models import ReportOfConcern
from app.referrals.types import AcknowledgedBy, ReportContent, ReportState
from app.responses.models import MissingPupil, Response
from app.responses.types import PupilAnswers, ResponseState
from app.schools.models import Municipality, SchoolUnit
from app.surveys.models import Invitation, SurveyRound
from app.surveys.types import InvitationState
from tests.factories.accounts import make_account
from tests.factories.pupils import make_identity
from tests.factories.routine import make_routine
from tests.factories.schools import make_municipality, make_organiser, make_school_year, make_unit
from tests.factories.surveys import make_invitation, make_plan, make_round

OPENED = date(2026, 8, 24)
CLOSED = date(2026, 9, 11)
LAST_DAY = date(2026, 12, 22)
NAMES = ("Strandängsskolan", "Hagtornsskolan", "Åkerbyskolan", "Norra Lindskolan")


def at(day: date, hour: int = 17) -> datetime:
    """Return a moment on a Swedish clock."""
    return clock.at(day, time(hour))


@dataclass
class TermStory:
    """What a test tells of the term."""

    session: Session
    municipality: Municipality
    survey_round: SurveyRound
    invitations: list[Invitation]
    units: list[SchoolUnit]
    system: Actor
    author: Actor
    numbers: int = 0

    def answer(self, *places: int, number: int = 1, on: date = OPENED) -> list[Response]:
        """Let schools submit an answer or a new version of one; without places, all of them."""
        responses = []
        for place in places or range(len(self.units)):
            invitation, moment = self.invitations[place], at(on, 12)
            invitation.state, invitation.submitted_at = InvitationState.SUBMITTED, moment
            response = Response(
                municipality_id=self.municipality.id,
                invitation_id=invitation.id,
                school_unit_id=self.units[place].id,
                number=number,
                state=ResponseState.SUBMITTED,
                enrolled=400,
                present=400,
                known_absence=0,
                signed_name="Karin",
                declared=True,
                submitted_at=moment,
                saved_at=moment,
            )
            self.session.add(response)
            responses.append(response)
        self.session.flush()
        return responses

    def close(self) -> None:
        """Close the round."""
        self.survey_round.close(at=at(CLOSED, 16))
        self.session.flush()

    def miss(
        self,
        children: int,
        place: int = 0,
        band: GradeBand = GradeBand.UPPER,
        *,
        located: int = 0,
        reported: int = 0,
        acknowledged: int = 0,
        returned: int = 0,
    ) -> list[Case]:
        """Let a school report children; the first of them come as far as the numbers say."""
        found = [self._open(place, band) for _ in range(children)]
        for number, case in enumerate(found):
            if number < located:
                case.located_at = at(OPENED + timedelta(days=9))
            if number < returned:
                case.returned_on = OPENED + timedelta(days=16)
            if number < reported:
                case.reported_at = at(OPENED + timedelta(days=2))
                self._report(case, is_acknowledged=number < acknowledged)
        self.session.flush()
        return found

    def join(self, case: Case, place: int) -> None:
        """Let another school report the same child."""
        child = self.session.get_one(Child, case.child_id)
        self._open(place, GradeBand.UPPER, make_identity(number=child.identity_number))

    def explain(self, response: Response, band: GradeBand = GradeBand.LOWER) -> MissingPupil:
        """Let an answer hold a pupil whose absence is explained with evidence, who gets no case."""
        pupil = MissingPupil(
            municipality_id=self.municipality.id,
            response_id=response.id,
            entry_id=uuid4(),
            position=1,
            answers=PupilAnswers().to_dict(),
            saved_at=at(OPENED),
            grade_band=band,
        )
        self.session.add(pupil)
        self.session.flush()
        return pupil

    def _open(self, place: int, band: GradeBand, identity: ChildIdentity | None = None) -> Case:
        return cases.open_case(
            self.session,
            self.system,
            OpenCase(
                identity=identity or make_identity(),
                reason=OpenReason.UNEXPLAINED,
                school_unit_id=self.units[place].id,
                entry_id=uuid4(),
                grade_band=band,
                round_id=self.survey_round.id,
                invitation_id=self.invitations[place].id,
            ),
        )

    def _report(self, case: Case, *, is_acknowledged: bool) -> None:
        self.numbers += 1
        self.session.add(
            ReportOfConcern(
                municipality_id=self.municipality.id,
                reference=f"O-2026-{self.numbers:03}",
                state=ReportState.ACKNOWLEDGED if is_acknowledged else ReportState.HANDED_OVER,
                author_id=self.author.account_id,
                case_id=case.id,
                content=ReportContent().to_dict(),
                started_at=at(OPENED),
                saved_at=at(OPENED),
                legal_reference_key="duty_to_report",
                handed_over_at=case.reported_at,
                acknowledged_at=at(OPENED + timedelta(days=3)) if is_acknowledged else None,
                acknowledged_by=AcknowledgedBy.LINK if is_acknowledged else None,
            )
        )


def make_story(session: Session) -> TermStory:
    """Begin the term: a round is open, four schools are asked, nobody has answered."""
    municipality = make_municipality(session)
    make_routine(session, municipality)
    organiser = make_organiser(session, municipality)
    make_school_year(session, organiser)
    units = [make_unit(session, municipality, name=name, organiser_id=organiser.id) for name in NAMES]
    survey_round = make_round(session, make_plan(session, municipality))
    invitations = [make_invitation(session, survey_round, unit) for unit in units]
    author = make_account(session, municipality, Role.COORDINATOR)
    return TermStory(
        session,
        municipality,
        survey_round,
        invitations,
        units,
        Actor.system(municipality.id),
        author.as_actor(OPENED),
    )
