"""The one page that says who may do what.

A permission has ways; each way is predicates that must all hold. A subject is an object that a scoped query has already
found in the actor's own municipality; what the query cannot know (whose unit, whose report) is decided here.
"""

from collections.abc import Callable
from typing import Any

from app.access.actor import Actor, Role
from app.access.permissions import Permission

Predicate = Callable[[Actor, Any], bool]


def _has(role: Role) -> Predicate:
    def predicate(actor: Actor, _subject: Any) -> bool:
        return actor.role is role

    predicate.__name__ = f"is_{role.value}"
    return predicate


is_staff, is_respondent = _has(Role.STAFF), _has(Role.RESPONDENT)
is_coordinator, is_director = _has(Role.COORDINATOR), _has(Role.DIRECTOR)
is_administrator, is_auditor = _has(Role.ADMINISTRATOR), _has(Role.AUDITOR)


def is_signed_in(actor: Actor, _subject: Any) -> bool:
    """Whether an account acts, whatever its role."""
    return actor.account_id is not None


def answers_for_unit(actor: Actor, subject: Any) -> bool:
    """Whether the subject belongs to a school unit that the actor answers for today."""
    return subject is None or subject.school_unit_id in actor.answers_for


def began_it_alone(actor: Actor, subject: Any) -> bool:
    """Whether the actor began the subject without answering for its unit, and still works there."""
    if subject is None:
        return True
    begun_by_id = getattr(subject, "begun_by_id", None)
    return begun_by_id == actor.account_id and subject.school_unit_id in actor.unit_ids


def answers_for_some_unit(actor: Actor, _subject: Any) -> bool:
    """Whether the actor answers for any school unit today."""
    return bool(actor.answers_for)


def leads_some_unit(actor: Actor, _subject: Any) -> bool:
    """Whether the actor is principal of any school unit today, ordinary or acting."""
    return bool(actor.leads)


def leads_unit(actor: Actor, subject: Any) -> bool:
    """Whether the subject belongs to a school unit whose principal, ordinary or acting, the actor is today."""
    return subject is None or subject.school_unit_id in actor.leads


def is_author(actor: Actor, subject: Any) -> bool:
    """Whether the actor wrote the subject."""
    return subject is None or subject.author_id == actor.account_id


ANYONE_SIGNED_IN: list[list[Predicate]] = [[is_signed_in]]

POLICY: dict[Permission, list[list[Predicate]]] = {
    Permission.ACCOUNT_MANAGE: [[is_administrator]],
    Permission.AUDIT_READ: [[is_auditor]],
    Permission.CASE_CHANGE: [[is_coordinator]],
    Permission.CASE_LIST: [[is_coordinator]],
    Permission.CASE_READ: [[is_coordinator]],
    Permission.NUMBER_MANAGE: [[is_administrator]],
    Permission.RECEIVER_MANAGE: [[is_administrator]],
    Permission.REGISTER_MANAGE: [[is_administrator]],
    Permission.REHEARSAL_MANAGE: ANYONE_SIGNED_IN,
    Permission.REPORT_CHANGE: [[is_staff, is_author], [is_respondent, is_author], [is_coordinator, is_author]],
    Permission.REPORT_LIST: [[is_staff], [is_respondent], [is_coordinator]],
    Permission.REPORT_READ: [[is_staff, is_author], [is_respondent, is_author], [is_coordinator]],
    Permission.REPORT_RECORD: [[is_coordinator]],
    Permission.REPORT_WRITE: [[is_staff], [is_respondent], [is_coordinator]],
    Permission.RESPONDENT_APPOINT: [[is_coordinator], [is_administrator]],
    Permission.RESPONDENT_DELEGATE: [
        [is_respondent, leads_some_unit, leads_unit],
        [is_staff, leads_some_unit, leads_unit],
    ],
    Permission.RESPONSE_BEGIN: [[is_respondent, answers_for_some_unit], [is_staff, answers_for_some_unit]],
    Permission.RESPONSE_CHANGE: [
        [is_respondent, answers_for_unit],
        [is_staff, answers_for_some_unit, answers_for_unit],
        [is_staff, began_it_alone],
    ],
    Permission.RESPONSE_LIST: [[is_staff], [is_respondent]],
    Permission.RESPONSE_READ: [
        [is_respondent, answers_for_unit],
        [is_staff, answers_for_some_unit, answers_for_unit],
        [is_staff, began_it_alone],
    ],
    Permission.ROSTER_FETCH: [[is_coordinator]],
    Permission.ROSTER_STAGE: [[is_coordinator]],
    Permission.ROSTER_STAGE_OWN: [
        [is_respondent, answers_for_unit],
        [is_staff, answers_for_some_unit, answers_for_unit],
    ],
    Permission.ROUTINE_READ: [[is_coordinator]],
    Permission.SCHOOL_UNIT_LIST: [[is_administrator]],
    Permission.SESSION_END: ANYONE_SIGNED_IN,
    Permission.SUMMARY_READ: [[is_director]],
    Permission.SURVEY_PLAN: [[is_coordinator], [is_administrator]],
    Permission.SURVEY_READ: [[is_coordinator]],
    Permission.SURVEY_RUN: [[is_coordinator]],
    Permission.WORRY_BEGIN: [[is_staff], [is_respondent]],
}


def allows(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Tell whether `actor` may do `permission` to `subject`; without a subject, whether to any at all."""
    return any(all(holds(actor, subject) for holds in way) for way in POLICY[permission])
