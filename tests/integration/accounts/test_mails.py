"""The mail with a link to choose a new password."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts import service
from app.accounts.mails import compose_renewal
from app.accounts.models import OneTimeLink
from app.accounts.types import LinkPurpose
from tests.conftest import Clock
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
URL = "https://aterkomst.alvhaga.example"


def make(session: Session) -> OneTimeLink:
    municipality = make_municipality(session)
    account = make_account(session, municipality, Role.RESPONDENT, email="karin@alvhaga.example")
    return service.make_link(session, Actor.system(municipality.id), account, LinkPurpose.RENEWAL)


def test_it_leads_to_the_page_and_names_nobody(session: Session) -> None:
    link = make(session)
    mail = compose_renewal(session, {"link_id": str(link.id)}, URL)
    assert mail is not None
    assert (mail.to, f"{URL}/aktivera/{link.token}" in mail.body) == ("karin@alvhaga.example", True)
    assert "Karin" not in mail.subject + mail.body
    assert mail.subject


def test_a_link_that_no_longer_works_is_not_sent(session: Session, set_clock: Clock) -> None:
    set_clock(NOON)
    link = make(session)
    set_clock(NOON + timedelta(hours=1))
    assert compose_renewal(session, {"link_id": str(link.id)}, URL) is None
    assert compose_renewal(session, {"link_id": str(uuid4())}, URL) is None
