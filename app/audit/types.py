"""The closed vocabulary of the audit."""

import json
from enum import StrEnum
from hashlib import sha256


class AuditAction(StrEnum):
    """`<subject>:<verb in past tense>`; `DETAILS` names the only keys each may carry."""

    ABSENCE_LIST_CONFIRMED = "absence_list:confirmed"
    ABSENCE_LIST_DISCARDED = "absence_list:discarded"
    ABSENCE_LIST_PREVIEWED = "absence_list:previewed"
    ABSENCE_LIST_READ = "absence_list:read"
    ACCOUNT_ACTIVATED = "account:activated"
    ACCOUNT_ADDED = "account:added"
    ACCOUNT_DISABLED = "account:disabled"
    ACCOUNT_ENABLED = "account:enabled"
    ACCOUNT_LINK_MADE = "account:link_made"
    ACCOUNTS_LISTED = "account:listed"
    AUDIT_READ = "audit:read"
    CASE_ASSESSED = "case:assessed"
    CASE_ASSIGNED = "case:assigned"
    CASE_CHANGED = "case:changed"
    CASE_CLAIM_ADDED = "case:claim_added"
    CASE_CLAIM_VERIFIED = "case:claim_verified"
    CASE_CLOSED = "case:closed"
    CASE_CONTACT_SAFETY_SET = "case:contact_safety_set"
    CASE_JOINED = "case:joined"
    CASE_NOTE_ADDED = "case:note_added"
    CASE_NOTE_CORRECTED = "case:note_corrected"
    CASE_OPENED = "case:opened"
    CASE_READ = "case:read"
    CASE_REOPENED = "case:reopened"
    CASE_RETURN_CONFIRMED = "case:return_confirmed"
    CASE_RETURN_REPORTED = "case:return_reported"
    CASE_STEP_COMPLETED = "case:step_completed"
    CASES_LISTED = "case:listed"
    CLOCK_MOVED = "clock:moved"
    DUTY_GRANTED = "duty:granted"
    DUTY_WITHDRAWN = "duty:withdrawn"
    MAIL_BOUNCED = "mail:bounced"
    MUNICIPALITY_SET_UP = "municipality:set_up"
    NUMBER_CHANGED = "number:changed"
    PASSWORD_CHANGED = "account:password_changed"  # noqa: S105 - the name of an action
    QUESTIONS_ADOPTED = "questions:adopted"
    RECEIVER_CHANGED = "receiver:changed"
    REGISTER_CHANGED = "register:changed"
    REGISTER_REMOVED = "register:removed"
    REPORT_ACKNOWLEDGED = "report_of_concern:acknowledged"
    REPORT_ANSWERED = "report_of_concern:answered"
    REPORT_CHANGED = "report_of_concern:changed"
    REPORT_DOCUMENT_READ = "report_of_concern:document_read"
    REPORT_HANDED_OVER = "report_of_concern:handed_over"
    REPORT_LINK_OPENED = "report_of_concern:link_opened"
    REPORT_READ = "report_of_concern:read"
    REPORT_STARTED = "report_of_concern:started"
    REPORT_WITHDRAWN = "report_of_concern:withdrawn"
    REPORTS_LISTED = "report_of_concern:listed"
    RESPONSE_CARRIED_ANSWERED = "response:carried_answered"
    RESPONDENT_INVITATION_WITHDRAWN = "respondent:invitation_withdrawn"
    RESPONDENT_INVITED = "respondent:invited"
    RESPONSE_CHANGE_STARTED = "response:change_started"
    RESPONSE_PUPIL_ADDED = "response:pupil_added"
    RESPONSE_PUPIL_CHANGED = "response:pupil_changed"
    RESPONSE_PUPIL_READ = "response:pupil_read"
    RESPONSE_PUPIL_REMOVED = "response:pupil_removed"
    RESPONSE_PUPILS_LISTED = "response:pupils_listed"
    RESPONSE_READ = "response:read"
    RESPONSE_RETURN_REPORTED = "response:return_reported"
    RESPONSE_SAVED = "response:saved"
    RESPONSE_STARTED = "response:started"
    RESPONSE_SUBMITTED = "response:submitted"
    ROSTER_CLASS_MARKED = "roster:class_marked"
    ROSTER_CONFIRMED = "roster:confirmed"
    ROSTER_DESTROYED = "roster:destroyed"
    ROSTER_DISCARDED = "roster:discarded"
    ROSTER_FETCH_ORDERED = "roster:fetch_ordered"
    ROSTER_FETCHED = "roster:fetched"
    ROSTER_READ = "roster:read"
    ROSTER_STAGED = "roster:staged"
    ROUTINE_ADOPTED = "routine:adopted"
    SCHOOL_UNIT_CHANGED = "school_unit:changed"
    SCHOOL_YEAR_CHANGED = "school_year:changed"
    SIGN_IN_FAILED = "sign_in:failed"
    SIGNED_IN = "sign_in:succeeded"
    SIGNED_OUT = "sign_in:ended"
    SUMMARY_EXPORTED = "summary:exported"
    SUMMARY_FROZEN = "summary:frozen"
    SURVEY_CANCELLED = "survey:cancelled"
    SURVEY_CALL_ASKED = "survey:call_asked"
    SURVEY_CLOSED = "survey:closed"
    SURVEY_ESCALATED = "survey:escalated"
    SURVEY_CONFIRMED = "survey:confirmed"
    SURVEY_EXTENDED = "survey:extended"
    SURVEY_OPENED = "survey:opened"
    SURVEY_PHONED = "survey:phoned"
    SURVEY_PLAN_CHANGED = "survey:plan_changed"
    SURVEY_REMINDED = "survey:reminded"
    SURVEY_REOPENED = "survey:reopened"
    SURVEY_RESTORED = "survey:restored"
    SURVEY_ROUND_CHANGED = "survey:round_changed"


_NONE: frozenset[str] = frozenset()

DETAILS: dict[AuditAction, frozenset[str]] = {
    **dict.fromkeys(AuditAction, _NONE),
    AuditAction.ABSENCE_LIST_CONFIRMED: frozenset({"pupils", "protected"}),
    AuditAction.ABSENCE_LIST_PREVIEWED: frozenset({"pupils"}),
    AuditAction.ACCOUNT_ADDED: frozenset({"role"}),
    AuditAction.ACCOUNT_LINK_MADE: frozenset({"purpose"}),
    AuditAction.ACCOUNTS_LISTED: frozenset({"shown"}),
    AuditAction.CASE_ASSESSED: frozenset({"branch"}),
    AuditAction.CASE_ASSIGNED: frozenset({"assignee_id"}),
    AuditAction.CASE_CHANGED: frozenset({"fields"}),
    AuditAction.CASE_CLAIM_ADDED: frozenset({"claim_id"}),
    AuditAction.CASE_CLAIM_VERIFIED: frozenset({"claim_id"}),
    AuditAction.CASE_CLOSED: frozenset({"outcome"}),
    AuditAction.CASE_CONTACT_SAFETY_SET: frozenset({"contact_safety"}),
    AuditAction.CASE_JOINED: frozenset({"school_unit_id", "entry_id"}),
    AuditAction.CASE_NOTE_ADDED: frozenset({"note_id"}),
    AuditAction.CASE_NOTE_CORRECTED: frozenset({"note_id"}),
    AuditAction.CASE_OPENED: frozenset({"reason", "school_unit_id", "entry_id"}),
    AuditAction.CASE_RETURN_REPORTED: frozenset({"entry_id"}),
    AuditAction.CASE_STEP_COMPLETED: frozenset({"step"}),
    AuditAction.CASES_LISTED: frozenset({"shown"}),
    AuditAction.CLOCK_MOVED: frozenset({"to"}),
    AuditAction.DUTY_GRANTED: frozenset({"account_id", "school_unit_id", "duty"}),
    AuditAction.DUTY_WITHDRAWN: frozenset({"account_id", "school_unit_id"}),
    AuditAction.MAIL_BOUNCED: frozenset({"kind"}),
    AuditAction.NUMBER_CHANGED: frozenset({"fields"}),
    AuditAction.QUESTIONS_ADOPTED: frozenset({"number"}),
    AuditAction.RECEIVER_CHANGED: frozenset({"fields"}),
    AuditAction.REGISTER_CHANGED: frozenset({"fields"}),
    AuditAction.REPORT_ACKNOWLEDGED: frozenset({"by"}),
    AuditAction.REPORT_ANSWERED: frozenset({"answer", "by"}),
    AuditAction.REPORT_CHANGED: frozenset({"fields"}),
    AuditAction.REPORT_HANDED_OVER: frozenset({"channel", "receiver_id", "hand_over_id", "sha256"}),
    AuditAction.REPORT_STARTED: frozenset({"case_id", "entry_id"}),
    AuditAction.REPORTS_LISTED: frozenset({"shown"}),
    AuditAction.RESPONSE_CARRIED_ANSWERED: frozenset({"answer"}),
    AuditAction.RESPONDENT_INVITED: frozenset({"duty"}),
    AuditAction.RESPONSE_CHANGE_STARTED: frozenset({"number"}),
    AuditAction.RESPONSE_PUPIL_ADDED: frozenset({"pupil_id"}),
    AuditAction.RESPONSE_PUPIL_CHANGED: frozenset({"pupil_id", "page"}),
    AuditAction.RESPONSE_PUPIL_REMOVED: frozenset({"pupil_id", "reason"}),
    AuditAction.RESPONSE_PUPILS_LISTED: frozenset({"shown"}),
    AuditAction.RESPONSE_RETURN_REPORTED: frozenset({"entry_id"}),
    AuditAction.RESPONSE_SAVED: frozenset({"fields"}),
    AuditAction.RESPONSE_STARTED: frozenset({"invitation_id"}),
    AuditAction.RESPONSE_SUBMITTED: frozenset({"number", "is_nil"}),
    AuditAction.ROSTER_CONFIRMED: frozenset({"rosters", "pupils", "protected"}),
    AuditAction.ROSTER_DESTROYED: frozenset({"rosters", "pupils", "reason"}),
    AuditAction.ROSTER_DISCARDED: frozenset({"round_id"}),
    AuditAction.ROSTER_FETCH_ORDERED: frozenset({"round_id", "trial"}),
    AuditAction.ROSTER_FETCHED: frozenset({"outcome"}),
    AuditAction.ROSTER_STAGED: frozenset({"round_id", "rosters", "pupils", "protected"}),
    AuditAction.ROUTINE_ADOPTED: frozenset({"number"}),
    AuditAction.SCHOOL_UNIT_CHANGED: frozenset({"fields"}),
    AuditAction.SCHOOL_YEAR_CHANGED: frozenset({"school_year", "owner_id", "fields"}),
    AuditAction.SUMMARY_EXPORTED: frozenset({"format"}),
    AuditAction.SURVEY_EXTENDED: frozenset({"invitation_id"}),
    AuditAction.SURVEY_CALL_ASKED: frozenset({"invitation_id"}),
    AuditAction.SURVEY_ESCALATED: frozenset({"invitation_id"}),
    AuditAction.SURVEY_OPENED: frozenset({"invitations"}),
    AuditAction.SURVEY_PHONED: frozenset({"invitation_id"}),
    AuditAction.SURVEY_PLAN_CHANGED: frozenset({"fields"}),
    AuditAction.SURVEY_REMINDED: frozenset({"invitation_id"}),
    AuditAction.SURVEY_ROUND_CHANGED: frozenset({"fields"}),
}

GENESIS = "0" * 64
"""What stands before the first link of a chain."""

TEXTS = ("recorded_at", "actor_id", "actor_role", "action", "object_id", "details", "request_id", "previous_hash")
"""The columns that are hashed as they stand."""


def digest(row: dict[str, str | None]) -> str:
    """Return the hash of a row given as text by column name (SHA-256 over canonical JSON, without `hash` itself)."""
    covered = {name: value for name, value in row.items() if name != "hash"}
    return sha256(json.dumps(covered, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
