"""Two people, or two clicks, decide who answers at the same moment."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries, service
from app.accounts.models import Account, AccountInvitation, Membership
from app.accounts.types import MOST_INVITATIONS, Duty, GrantDuty, SendInvitation
from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from tests.integration.schools.respondents.conftest import PASSWORD, TODAY, Town
from tests.machine.at_once import committed_at_once

INES = "ines@tallglantan.example"


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

    told = committed_at_once(town.database, [lambda session, token=token: _accept(session, token) for token in tokens])
    assert told == ["done", "invitation"]
    with town.reading() as session:
        account = session.scalars(select(Account).where(Account.name_sealed.is_not(None))).all()
        ines = next(each for each in account if each.name == "Ines Fri")
        held = session.scalars(select(Membership.school_unit_id).where(Membership.account_id == ines.id)).all()
    assert sorted(held) == sorted(unit.id for unit in units)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_what_its_owner_has_just_accepted_is_not_taken_back_from_a_page_that_is_older(town: Town) -> None:
    sent = _send(town, town.unit.id)
    coordinator = town.coordinator.as_actor(TODAY)
    with town.database.transaction() as session:
        stale = queries.get_account_invitation(session, sent.id, visible_to=coordinator)
        with town.database.transaction() as other:
            _accept(other, sent.token)
        with pytest.raises(Refused, match="invitation_is_over"):
            service.withdraw_invitation(session, coordinator, stale)
    with town.reading() as session:
        assert session.get_one(AccountInvitation, sent.id).ended_at is None


def test_a_school_that_invites_whoever_is_accepting_another_s_is_not_left_with_nobody(town: Town) -> None:
    other, sent = town.school("Andra skolan"), _send(town, town.unit.id)

    def send(session: Session) -> None:
        service.send_invitation(session, town.coordinator.as_actor(TODAY), _invitation(other.id))

    assert committed_at_once(town.database, [send, lambda session: _accept(session, sent.token)]) == ["done", "done"]
    with town.reading() as session:
        held = select(Membership.school_unit_id).where(Membership.account_id == town.account(INES).id)
        assert sorted(session.scalars(held)) == sorted([town.unit.id, other.id])


def test_sent_again_from_several_tabs_one_link_lives(town: Town) -> None:
    sent = _send(town, town.unit.id)
    coordinator = town.coordinator.as_actor(TODAY)

    def send_again(session: Session) -> None:
        shown = queries.get_account_invitation(session, sent.id, visible_to=coordinator)
        service.send_invitation_again(session, coordinator, shown)

    told = committed_at_once(town.database, [send_again] * 4)
    assert told == ["done", "invitation_is_over", "invitation_is_over", "invitation_is_over"]
    assert len(town.emails()) == 1


def test_invited_from_many_tabs_one_link_lives_and_the_mailbox_is_not_filled(town: Town) -> None:
    told = committed_at_once(
        town.database,
        [lambda session: service.send_invitation(session, town.coordinator.as_actor(TODAY), _invitation(town.unit.id))]
        * (MOST_INVITATIONS + 1),
    )
    assert told == ["done"] * MOST_INVITATIONS + ["too_many_invitations"]
    assert len(town.emails()) == 1


def test_nobody_is_invited_by_one_who_is_principal_no_longer(town: Town) -> None:
    principal, last_day = town.principal.as_actor(TODAY), TODAY + timedelta(days=9)
    lent = _invitation(town.unit.id, Duty.DELEGATE, last_day)
    with town.database.transaction() as session:
        sent = service.send_invitation(session, principal, lent)
        assert sent is not None

    def send_again(session: Session) -> None:
        shown = queries.get_account_invitation(session, sent.id, visible_to=principal)
        service.send_invitation_again(session, principal, shown)

    def dismiss(session: Session) -> None:
        duty = select(Membership).where(Membership.account_id == town.principal.id)
        service.withdraw_duty(session, town.coordinator.as_actor(TODAY), session.scalars(duty).one())

    assert "done" in committed_at_once(town.database, [send_again, dismiss])
    assert town.emails() == []
    with town.database.transaction() as session, pytest.raises(NotFound):
        service.send_invitation(session, principal, lent)


def _send(town: Town, unit_id: UUID) -> AccountInvitation:
    with town.database.transaction() as session:
        sent = service.send_invitation(session, town.coordinator.as_actor(TODAY), _invitation(unit_id))
        assert sent is not None
        return sent


def _accept(session: Session, token: str) -> None:
    invitation = queries.find_invitation_by_token(session, token)
    assert invitation is not None
    service.accept_invitation(session, invitation, PASSWORD)


def _invitation(unit_id: UUID, duty: Duty = Duty.PRINCIPAL, ends_on: date | None = None) -> SendInvitation:
    return SendInvitation("Ines Fri", "rektor", INES, GrantDuty(duty, (unit_id,), clock.today(), ends_on))
