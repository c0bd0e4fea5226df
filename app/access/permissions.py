"""Every permission there is, alphabetical; who has it stands in `policy`."""

from enum import StrEnum


class Permission(StrEnum):
    """`<noun>:<verb>`."""

    ACCOUNT_MANAGE = "account:manage"
    AUDIT_READ = "audit:read"
    CASE_CHANGE = "case:change"
    CASE_LIST = "case:list"
    CASE_READ = "case:read"
    NUMBER_MANAGE = "number:manage"
    RECEIVER_MANAGE = "receiver:manage"
    REHEARSAL_MANAGE = "rehearsal:manage"
    REPORT_CHANGE = "report_of_concern:change"
    REPORT_LIST = "report_of_concern:list"
    REPORT_READ = "report_of_concern:read"
    REPORT_RECORD = "report_of_concern:record"
    REPORT_WRITE = "report_of_concern:write"
    RESPONDENT_APPOINT = "respondent:appoint"
    RESPONDENT_DELEGATE = "respondent:delegate"
    RESPONSE_CHANGE = "response:change"
    RESPONSE_LIST = "response:list"
    RESPONSE_READ = "response:read"
    ROUTINE_READ = "routine:read"
    SCHOOL_UNIT_LIST = "school_unit:list"
    SESSION_END = "session:end"
    SUMMARY_READ = "summary:read"
    SURVEY_PLAN = "survey:plan"
    SURVEY_READ = "survey:read"
