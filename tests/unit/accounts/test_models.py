"""How long a session, a link and a membership last."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from app.access.actor import Role
from app.accounts.models import Account, Membership, OneTimeLink, SignInSession
from app.accounts.types import Duty, LinkPurpose
from app.kernel import clock

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)


def account(role: Role = Role.COORDINATOR, *, is_active: bool = True) -> Account:
    return Account(role=role, is_active=is_active, municipality_id=uuid4(), memberships=[])


def session(role: Role, *, is_active: bool = True) -> SignInSession:
    return SignInSession(account=account(role, is_active=is_active), started_at=NOON, last_seen_at=NOON, ended_at=None)


class TestSignInSession:
    @pytest.mark.parametrize(
        ("role", "minutes"),
        [
            (Role.STAFF, 30),
            (Role.RESPONDENT, 30),
            (Role.COORDINATOR, 15),
            (Role.DIRECTOR, 15),
            (Role.ADMINISTRATOR, 15),
            (Role.AUDITOR, 15),
        ],
    )
    def test_it_ends_when_it_has_rested(self, role: Role, minutes: int) -> None:
        own = session(role)
        assert own.is_alive(NOON + timedelta(minutes=minutes, seconds=-1))
        assert not own.is_alive(NOON + timedelta(minutes=minutes))

    def test_it_ends_after_twelve_hours_however_busy(self) -> None:
        own = session(Role.RESPONDENT)
        own.last_seen_at = NOON + timedelta(hours=11, minutes=59)
        assert own.is_alive(NOON + timedelta(hours=12, seconds=-1))
        own.last_seen_at = NOON + timedelta(hours=12)
        assert not own.is_alive(NOON + timedelta(hours=12))

    def test_it_ends_when_it_is_ended_and_when_the_account_is_closed(self) -> None:
        own = session(Role.RESPONDENT)
        own.ended_at = NOON
        assert not own.is_alive(NOON + timedelta(seconds=1))
        assert not session(Role.RESPONDENT, is_active=False).is_alive(NOON)


class TestOneTimeLink:
    @pytest.mark.parametrize(
        ("purpose", "lasts"),
        [(LinkPurpose.ACTIVATION, timedelta(days=14)), (LinkPurpose.RENEWAL, timedelta(hours=1))],
    )
    def test_it_lasts_so_long(self, purpose: LinkPurpose, lasts: timedelta) -> None:
        link = OneTimeLink(account=account(), purpose=purpose, made_at=NOON, used_at=None)
        assert link.is_usable(NOON + lasts - timedelta(seconds=1))
        assert not link.is_usable(NOON + lasts)

    def test_it_is_not_for_a_closed_account_and_not_for_twice(self) -> None:
        values = {"purpose": LinkPurpose.RENEWAL, "made_at": NOON}
        assert not OneTimeLink(account=account(is_active=False), used_at=None, **values).is_usable(NOON)
        assert not OneTimeLink(account=account(), used_at=NOON, **values).is_usable(NOON)

    def test_its_token_is_in_no_column(self) -> None:
        link = OneTimeLink(account=account(), purpose=LinkPurpose.RENEWAL, made_at=NOON, used_at=None)
        assert link.token
        assert "token" not in {column.key for column in OneTimeLink.__table__.columns}


class TestMembership:
    @pytest.mark.parametrize(
        ("day", "holds"),
        [
            (date(2026, 7, 31), False),
            (date(2026, 8, 1), True),
            (date(2026, 12, 31), True),
            (date(2027, 1, 1), False),
        ],
    )
    def test_it_holds_from_its_first_day_to_its_last(self, day: date, *, holds: bool) -> None:
        own = Membership(school_unit_id=uuid4(), starts_on=date(2026, 8, 1), ends_on=date(2026, 12, 31))
        assert own.holds(day) is holds

    def test_one_without_an_end_holds_on(self) -> None:
        assert Membership(starts_on=date(2026, 8, 1), ends_on=None).holds(date(2040, 1, 1))

    def test_an_actor_answers_for_the_units_of_the_day(self) -> None:
        ended, now, coming = uuid4(), uuid4(), uuid4()
        own = account(Role.RESPONDENT)
        own.memberships = [
            Membership(
                school_unit_id=ended, duty=Duty.PRINCIPAL, starts_on=date(2020, 1, 1), ends_on=date(2026, 6, 30)
            ),
            Membership(school_unit_id=now, duty=Duty.PRINCIPAL, starts_on=date(2026, 7, 1), ends_on=None),
            Membership(school_unit_id=coming, duty=Duty.PRINCIPAL, starts_on=date(2027, 1, 1), ends_on=None),
        ]
        actor = own.as_actor(date(2026, 8, 19))
        assert (actor.account_id, actor.role, actor.unit_ids) == (own.id, Role.RESPONDENT, frozenset({now}))
        assert actor.answers_for == actor.leads == frozenset({now})

    def test_what_was_withdrawn_holds_no_longer_whatever_its_last_day(self) -> None:
        own = Membership(starts_on=date(2026, 8, 1), ends_on=date(2026, 12, 31), withdrawn_at=clock.now())
        assert not own.holds(date(2026, 8, 19))

    def test_only_a_principal_chooses_who_else_answers(self) -> None:
        own, ids = account(Role.STAFF), {duty: uuid4() for duty in Duty}
        own.memberships = [
            Membership(school_unit_id=unit_id, duty=duty, starts_on=date(2026, 8, 1), ends_on=date(2026, 12, 31))
            for duty, unit_id in ids.items()
        ]
        actor = own.as_actor(date(2026, 8, 19))
        assert actor.unit_ids == frozenset(ids.values())
        assert actor.answers_for == actor.unit_ids - {ids[Duty.STAFF]}
        assert actor.leads == actor.answers_for - {ids[Duty.DELEGATE]}
