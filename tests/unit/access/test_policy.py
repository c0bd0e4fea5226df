"""Who may do what, read off the one page that says so."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.actor import Actor, Role
from app.access.permissions import Permission
from app.access.policy import POLICY, allows

UNIT, OTHER_UNIT, ACCOUNT = uuid4(), uuid4(), uuid4()

MATRIX = {
    Role.STAFF: "report_of_concern:list report_of_concern:write response:list session:end worry:begin",
    Role.RESPONDENT: "report_of_concern:list report_of_concern:write response:list session:end worry:begin",
    Role.COORDINATOR: "case:change case:list case:read report_of_concern:list report_of_concern:read"
    " report_of_concern:record report_of_concern:write respondent:appoint roster:fetch roster:stage routine:read"
    " session:end survey:plan survey:read survey:run",
    Role.DIRECTOR: "session:end summary:read",
    Role.ADMINISTRATOR: "account:manage number:manage receiver:manage register:manage respondent:appoint"
    " school_unit:list session:end survey:plan",
    Role.AUDITOR: "audit:read session:end",
    Role.SYSTEM: "",
}
"""What each role may do to an object that is neither its own nor its unit's."""


@dataclass
class Subject:
    """An object of a school unit, written by somebody."""

    school_unit_id: UUID = OTHER_UNIT
    author_id: UUID | None = None
    begun_by_id: UUID | None = None


def actor(role: Role, *units: UUID) -> Actor:
    own = frozenset(units)
    answers_for = own if role is Role.RESPONDENT else frozenset()
    return Actor(None if role is Role.SYSTEM else ACCOUNT, uuid4(), role, own, answers_for, answers_for)


def may(role: Role, subject: Subject, *units: UUID) -> set[str]:
    return {each.value for each in Permission if allows(actor(role, *units), each, subject)} - {"rehearsal:manage"}


def test_every_permission_has_a_policy_and_the_other_way_round() -> None:
    assert set(POLICY) == set(Permission)
    assert all(way for ways in POLICY.values() for way in ways)


def test_permissions_stand_in_order_and_are_a_noun_and_a_verb() -> None:
    names = [each.name for each in Permission]
    assert names == sorted(names)
    assert all(each.value.count(":") == 1 for each in Permission)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_this_and_nothing_else(role: Role) -> None:
    assert may(role, Subject()) == set(MATRIX[role].split())


@pytest.mark.parametrize("role", [Role.STAFF, Role.RESPONDENT])
def test_a_school_reads_and_changes_its_own_reports(role: Role) -> None:
    more = may(role, Subject(author_id=ACCOUNT)) - set(MATRIX[role].split())
    assert more == {"report_of_concern:read", "report_of_concern:change"}


def test_a_coordinator_changes_only_its_own_reports() -> None:
    assert may(Role.COORDINATOR, Subject(author_id=ACCOUNT)) - set(MATRIX[Role.COORDINATOR].split()) == {
        "report_of_concern:change"
    }


def test_a_respondent_answers_for_its_units() -> None:
    more = may(Role.RESPONDENT, Subject(school_unit_id=UNIT), UNIT) - set(MATRIX[Role.RESPONDENT].split())
    assert more == {"response:begin", "response:read", "response:change", "respondent:delegate", "roster:stage_own"}


def test_staff_answer_for_the_units_they_stand_in_for_and_pass_it_on_only_as_acting_principals() -> None:
    own, unit, other = frozenset({UNIT, OTHER_UNIT}), Subject(school_unit_id=UNIT), Subject(school_unit_id=OTHER_UNIT)
    delegate = Actor(ACCOUNT, uuid4(), Role.STAFF, own, frozenset({UNIT}))
    assert allows(delegate, Permission.RESPONSE_CHANGE, unit)
    assert not allows(delegate, Permission.RESPONSE_CHANGE, other)
    assert not allows(delegate, Permission.RESPONDENT_DELEGATE, unit)
    acting = Actor(ACCOUNT, uuid4(), Role.STAFF, own, frozenset({UNIT}), frozenset({UNIT}))
    assert allows(acting, Permission.RESPONDENT_DELEGATE, unit)
    assert not allows(acting, Permission.RESPONDENT_DELEGATE, other)


def test_staff_change_what_they_began_alone_while_they_work_there() -> None:
    begun = Subject(school_unit_id=UNIT, begun_by_id=ACCOUNT)
    assert allows(actor(Role.STAFF, UNIT), Permission.RESPONSE_CHANGE, begun)
    assert not allows(actor(Role.STAFF, OTHER_UNIT), Permission.RESPONSE_CHANGE, begun)
    assert not allows(actor(Role.STAFF, UNIT), Permission.RESPONSE_CHANGE, Subject(UNIT, begun_by_id=uuid4()))


@given(st.sampled_from([role for role in Role if role is not Role.COORDINATOR]), st.booleans(), st.booleans())
def test_nobody_but_a_coordinator_ever_reads_a_case(role: Role, is_own: bool, is_in_unit: bool) -> None:
    subject = Subject(UNIT, ACCOUNT if is_own else None)
    allowed = may(role, subject, *([UNIT] if is_in_unit else []))
    assert not {permission for permission in allowed if permission.startswith("case:")}


def test_scheduled_work_has_no_permission_of_a_person() -> None:
    system = Actor.system(uuid4())
    assert not any(allows(system, permission, Subject()) for permission in Permission)


def test_without_a_subject_the_question_is_whether_to_any_at_all() -> None:
    assert allows(actor(Role.RESPONDENT, UNIT), Permission.RESPONSE_CHANGE)
    assert allows(actor(Role.STAFF, UNIT), Permission.RESPONSE_CHANGE), "what it begins alone"
    assert not allows(actor(Role.STAFF, UNIT), Permission.RESPONSE_BEGIN)
