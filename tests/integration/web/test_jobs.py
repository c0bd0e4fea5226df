"""What pages and sign-ins leave behind does not stay."""

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts import jobs as account_jobs
from app.accounts import service as accounts
from app.accounts.models import Account, OneTimeLink, SignInSession
from app.accounts.types import LinkPurpose
from app.kernel import clock
from app.kernel.database import Database, Model
from app.kernel.submitted_forms import KEPT_FOR, SubmittedForm
from app.kernel.typed_forms import KEPT_FOR as TYPED_KEPT_FOR
from app.web import jobs
from tests.conftest import Clock


def count(database: Database, model: type[Model]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_forms_carried_out_long_ago_are_forgotten(database: Database, set_clock: Clock) -> None:
    at = clock.wall()
    set_clock(at)
    with database.transaction() as session:
        session.add(SubmittedForm(key="a", content_hash="b", submitted_at=at, location=None))
    set_clock(at + KEPT_FOR)
    jobs.dispose_of_typed(database)
    assert count(database, SubmittedForm) == 1
    set_clock(at + KEPT_FOR + timedelta(seconds=1))
    jobs.dispose_of_typed(database)
    assert count(database, SubmittedForm) == 0


def test_sessions_and_links_that_nobody_can_use_are_forgotten(
    database: Database, coordinator: Account, set_clock: Clock
) -> None:
    at = clock.wall()
    set_clock(at)
    with database.transaction() as session:
        accounts.start_session(session, coordinator)
        actor = coordinator.as_actor(clock.today())
        accounts.make_link(session, actor, coordinator, LinkPurpose.ACTIVATION)
    set_clock(at + TYPED_KEPT_FOR)
    account_jobs.dispose_of_old_sessions(database)
    assert count(database, SignInSession) == 1
    set_clock(at + timedelta(days=31))
    account_jobs.dispose_of_old_sessions(database)
    assert (count(database, SignInSession), count(database, OneTimeLink)) == (0, 0)
