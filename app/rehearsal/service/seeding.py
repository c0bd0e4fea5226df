"""Filling an empty database with the invented municipality, which makes it a rehearsal for good."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts import queries as accounts
from app.accounts.service import hash_password
from app.kernel import clock, installation
from app.kernel.database import Database
from app.kernel.installation import NotReady
from app.rehearsal.types import BEGINS_AT, FOLDER, PASSWORD, STORY
from app.rosters import service as rosters
from app.schools.models import Municipality
from app.setting_up import set_up_municipality
from app.summaries.service import import_history
from app.surveys import service as surveys
from app.surveys.models import SurveyRound
from app.surveys.types import RoundState


def seed_if_empty(database: Database) -> None:
    """Fill an empty database with the invented municipality; leave a rehearsal as it is.

    Raises `NotReady` when the database holds anything else.
    """
    with database.transaction() as session:
        if installation.is_rehearsal(session):
            return
        if session.scalar(select(Municipality.id).limit(1)) is not None:
            raise NotReady("the database holds a real municipality: demo data goes only into an empty one")
        seed(session)


def seed(session: Session) -> Municipality:
    """Make the invented municipality and everybody's password, and stop its clock at the Monday before the survey."""
    installation.mark_as_rehearsal(session)
    installation.set_clock(session, BEGINS_AT)
    municipality, added = set_up_municipality(session, FOLDER)
    import_history(session, Actor.system(municipality.id), FOLDER)
    shared = hash_password(PASSWORD)
    for account in added:
        account.password_hash, account.activated_at = shared, clock.now()
    _hand_over_lists(session, municipality)
    return municipality


def _hand_over_lists(session: Session, municipality: Municipality) -> None:
    """Let one school, whose account is among those shown, go through its classes in the first survey."""
    actor = Actor.system(municipality.id)
    surveys.draft_rounds(session, municipality.id)
    first = session.scalars(
        select(SurveyRound)
        .where(SurveyRound.municipality_id == municipality.id, SurveyRound.state == RoundState.PLANNED)
        .order_by(SurveyRound.opens_at, SurveyRound.id)
        .limit(1)
    ).one()
    upload_id = rosters.stage_municipal_file(session, actor, first, (STORY / "class_lists.csv").read_bytes())
    rosters.confirm_upload(session, actor, upload_id)


def describe(session: Session) -> list[str]:
    """Return the demo accounts as lines to print. Raises `NotReady` when the database is not a rehearsal."""
    installation.require_rehearsal(session)
    lines = [f"{account.email:42} {account.role.value}" for account in accounts.list_demo_accounts(session)]
    return [f"Password of every account: {PASSWORD}", "", *lines, ""]
