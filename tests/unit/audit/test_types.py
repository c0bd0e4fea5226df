"""The vocabulary of the audit is closed, and each word has a form."""

import re
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts.pages import AUDIT_WORDS, ROLE_WORDS
from app.audit import service as audit
from app.audit.types import DETAILS, AuditAction, digest

ACTOR = Actor.system(uuid4())


def test_every_action_says_which_details_it_may_carry() -> None:
    assert set(DETAILS) == set(AuditAction)


@pytest.mark.parametrize("action", AuditAction)
def test_an_action_is_a_noun_and_a_verb(action: AuditAction) -> None:
    assert re.fullmatch(r"[a-z_]+:[a-z_]+", action.value)
    assert len(action.value) <= 60


def test_no_two_actions_are_the_same() -> None:
    assert len({action.value for action in AuditAction}) == len(AuditAction)


def test_every_action_and_role_can_be_read_by_a_person() -> None:
    assert set(AUDIT_WORDS) == set(AuditAction)
    assert set(ROLE_WORDS) == set(Role)


@pytest.mark.parametrize("action", [AuditAction.CASE_READ, AuditAction.CASE_CLOSED])
def test_a_detail_outside_the_vocabulary_is_refused(action: AuditAction) -> None:
    session = Session()
    with pytest.raises(ValueError, match="name"):
        audit.record(session, ACTOR, action, uuid4(), name="Elin Sandhage")
    assert not session.info.get("audit_pending")


def test_a_refusal_does_not_repeat_what_it_refused() -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - what it says is what is looked at
        audit.record(Session(), ACTOR, AuditAction.CASE_READ, uuid4(), name="Elin Sandhage")
    assert "Elin" not in str(refused.value)


def test_every_detail_of_the_vocabulary_is_accepted() -> None:
    for action, names in DETAILS.items():
        audit.record(Session(), ACTOR, action, None, **dict.fromkeys(names, "x"))


def test_a_digest_depends_on_every_column_and_on_nothing_else() -> None:
    row: dict[str, str | None] = {"id": "1", "action": "case:read", "request_id": None}
    assert digest(row) == digest(dict(reversed(row.items())) | {"hash": "anything"})
    for name, value in (("id", "2"), ("action", "case:reas"), ("request_id", ""), ("request_id", "None")):
        assert digest({**row, name: value}) != digest(row)
