"""Two people, or two clicks, decide who answers at the same moment."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries, service
from app.accounts.models import Account, Membership
from app.accounts.types import Duty, GrantDuty, SendInvitation
from app.kernel import clock
from tests.integration.schools.respondents.conftest import PASSWORD, TODAY, Town
from tests.machine.at_once import committed_at_once


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each locks in its own way."""
    return str(request.param)


def test_overlapping_delegations_are_given_once(town: Town) -> None:
    principal = town.principal.as_actor(TODAY)

    def lend(session: Session, days: int) -> None:
        duty = GrantDuty(Duty.DELEGATE, (town.unit.id,), TODAY + timedelta(days=days), TODAY + timedelta(days=9))
        service.grant_duty(session, principal, session.get_one(Account, town.colleague.id), duty)

    told = committed_at_once(town.database, [lambda session, days=days: lend(session, days) for days in range(4)])
    assert told == ["already_answers", "already_answers", "already_answers", "done"]
    with town.reading() as session:
        assert len(session.scalars(select(Membership).where(Membership.duty == Duty.DELEGATE)).all()) == 1


def test_two_invitations_accepted_at_once_become_one_account(town: Town) -> None:
    units = (town.unit, town.school("Andra skolan"))
    with town.database.transaction() as session:
        sent = [
            service.send_invitation(session, town.coordinator.as_actor(TODAY), _invitation(unit.id)) for unit in units
        ]
        tokens = [each.token for each in sent if each is not None]

    def accept(session: Session, token: str) -> None:
        invitation = queries.find_invitation_by_token(session, token)
        assert invitation is not None
        service.accept_invitation(session, invitation, PASSWORD)

    told = committed_at_once(town.database, [lambda session, token=token: accept(session, token) for token in tokens])
    assert told == ["done", "invitation"]
    with town.reading() as session:
        account = session.scalars(select(Account).where(Account.name_sealed.is_not(None))).all()
        ines = next(each for each in account if each.name == "Ines Fri")
        held = session.scalars(select(Membership.school_unit_id).where(Membership.account_id == ines.id)).all()
    assert sorted(held) == sorted(unit.id for unit in units)


def _invitation(unit_id) -> SendInvitation:
    duty = GrantDuty(Duty.PRINCIPAL, (unit_id,), clock.today(), None)
    return SendInvitation("Ines Fri", "rektor", "ines@tallglantan.example", duty)
