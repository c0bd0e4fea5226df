"""Class lists handed over as a file: a municipality's for all its units, or a unit's own."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.errors import Refused
from app.rosters.queries import list_own_units
from app.rosters.queries.rosters import takes_rosters
from app.rosters.service.reading import PupilFile, read_pupils
from app.rosters.service.staging import stage
from app.rosters.types import MOST_PUPILS, MOST_PUPILS_OF_UNIT
from app.schools.models import SchoolUnit
from app.surveys.models import Invitation, SurveyRound


def stage_municipal_file(session: Session, actor: Actor, survey_round: SurveyRound, content: bytes) -> UUID:
    """Keep a file of all units' pupils until it is confirmed; return the hand-over.

    Raises `FilesRefused` for what is wrong in the file, `Refused` as `stage` does.
    """
    if not takes_rosters(survey_round):
        raise Refused("round_takes_no_lists")
    units = list_own_units(session, actor.municipality_id)
    found = read_pupils(content, units, today=clock.today(), most_rows=MOST_PUPILS)
    return _stage(session, actor, survey_round, found)


def stage_own_file(session: Session, actor: Actor, invitation: Invitation, content: bytes) -> UUID:
    """Keep a unit's own list until it is confirmed; return the hand-over. Raises as `stage_municipal_file` does."""
    if not takes_rosters(invitation.round):
        raise Refused("round_takes_no_lists")
    unit: SchoolUnit = invitation.school_unit
    found = read_pupils(content, [], today=clock.today(), most_rows=MOST_PUPILS_OF_UNIT, own=unit)
    return _stage(session, actor, invitation.round, found, unit.id)


def _stage(
    session: Session, actor: Actor, survey_round: SurveyRound, found: PupilFile, unit_id: UUID | None = None
) -> UUID:
    return stage(
        session,
        actor,
        survey_round,
        found.source,
        found.pupils,
        protected=found.protected,
        school_unit_id=unit_id,
        notes=found.notes,
    )
