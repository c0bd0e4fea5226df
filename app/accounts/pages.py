"""Words and menus of the pages around an account."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from flask import current_app, request, url_for

from app.access.actor import Actor, Role
from app.access.policy import allows
from app.accounts.models import AT_SCHOOL, Account
from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.kernel import clock
from app.web.templating import Chrome, NavigationItem

T = TypeVar("T")
Menu = tuple[tuple[str, str], ...]

ROLE_WORDS: Final[dict[Role | None, str]] = {
    Role.STAFF: "Personal",
    Role.RESPONDENT: "Uppgiftslämnare",
    Role.COORDINATOR: "Samordnare",
    Role.DIRECTOR: "Utbildningsdirektör",
    Role.ADMINISTRATOR: "Administratör",
    Role.AUDITOR: "Granskare",
    Role.SYSTEM: "Systemet",
}

PASSWORD_IS_SAVED: Final = "Lösenordet är sparat. Logga in med det."  # noqa: S105 - words to a person
LINK_ON_ITS_WAY: Final = "Om adressen hör till ett konto skickar vi en länk. Den gäller i en timme."
INVITATION_IS_SENT: Final = "Om inbjudan fortfarande gäller skickar vi en ny länk till samma adress."
INVITATION_IS_ACCEPTED: Final = "Klart. Logga in med det lösenord du redan har, så ser du vad du svarar för."
ACCOUNT_CLOSED: Final = "Kontot är stängt."
ACCOUNT_OPENED: Final = "Kontot är öppnat."

NAVIGATION: Final = {
    Role.STAFF: (
        ("Att göra", "responses.list_tasks"),
        ("Anmäl oro", "referrals.list_reports"),
        ("Vem svarar", "schools.list_own_respondents"),
        ("Hjälp", "help.show_help"),
    ),
    Role.RESPONDENT: (
        ("Att göra", "responses.list_tasks"),
        ("Anmäl oro", "referrals.list_reports"),
        ("Vem svarar", "schools.list_own_respondents"),
        ("Hjälp", "help.show_help"),
    ),
    Role.COORDINATOR: (
        ("Ärenden", "cases.list_cases"),
        ("Kartläggningen", "surveys.list_rounds"),
        ("Anmälningar", "referrals.list_reports"),
        ("Planera", "surveys.show_plans"),
        ("Vem svarar", "schools.list_respondents"),
        ("Rutinen", "routine.show_routine"),
        ("Hjälp", "help.show_help"),
    ),
    Role.DIRECTOR: (("Terminen i korthet", "summaries.show_term"), ("Hjälp", "help.show_help")),
    Role.ADMINISTRATOR: (
        ("Konton", "accounts.list_accounts"),
        ("Skolenheter", "schools.list_school_units"),
        ("Vem svarar", "schools.list_respondents"),
        ("Elevregister", "rosters.edit_register"),
        ("Ring nu-nummer", "schools.list_numbers"),
        ("Mottagare", "referrals.list_receivers"),
        ("Planera", "surveys.show_plans"),
        ("Hjälp", "help.show_help"),
    ),
    Role.AUDITOR: (("Logg", "accounts.list_audit"), ("Hjälp", "help.show_help")),
}


def home_of(role: Role) -> str:
    """Return the address of the page a role begins at."""
    return url_for(NAVIGATION[role][0][1])


def make_chrome(account: Account, *, is_rehearsal: bool) -> Chrome:
    """Return what every page shows around its content."""
    menu = _menu(account.as_actor(clock.today()))
    current = _find_current(menu)
    return Chrome(
        municipality_name=account.municipality.name,
        account_name=account.name,
        account_place=_place(account),
        navigation=tuple(NavigationItem(label, url_for(endpoint), endpoint == current) for label, endpoint in menu),
        is_rehearsal=is_rehearsal,
        rehearsal_now=clock.now() if is_rehearsal else None,
        is_signed_in=True,
        contact_name=account.municipality.coordinator_name,
        contact_phone=account.municipality.coordinator_phone,
    )


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A row of the audit in words."""

    sequence: int
    at: datetime | None
    who: str
    role: str
    what: str
    object_id: str | None


def make_entries(rows: Sequence[AuditRow], names: Mapping[UUID, str]) -> list[AuditEntry]:
    """Return audit rows in words; `names` are those of the accounts that acted.

    A row that somebody has damaged is shown as it stands: it must not hide the others.
    """
    return [
        AuditEntry(
            row.sequence,
            _read(datetime.fromisoformat, row.recorded_at),
            names.get(actor_id, "Okänt konto") if (actor_id := _read(UUID, row.actor_id)) else ROLE_WORDS[Role.SYSTEM],
            ROLE_WORDS.get(_read(Role, row.actor_role), row.actor_role),
            AUDIT_WORDS.get(_read(AuditAction, row.action), row.action),
            row.object_id,
        )
        for row in rows
    ]


def list_actors(rows: Sequence[AuditRow]) -> set[UUID]:
    """Return the ids of the accounts that acted."""
    return {actor_id for row in rows if (actor_id := _read(UUID, row.actor_id))}


def _read(kind: Callable[[str], T], text: str | None) -> T | None:
    try:
        return kind(text) if text else None
    except ValueError:
        return None


def _menu(actor: Actor) -> Menu:
    """Return the pages of the role's menu that the actor may open today: not every respondent leads a school."""
    return tuple((label, endpoint) for label, endpoint in NAVIGATION[actor.role] if _is_open(actor, endpoint))


def _is_open(actor: Actor, endpoint: str) -> bool:
    access = getattr(current_app.view_functions.get(endpoint), "access", None)
    return access is not None and (access.permission is None or allows(actor, access.permission))


def _find_current(menu: Menu) -> str | None:
    """Return the menu's item that the page shown belongs to: by its address, or else by its part of the product."""
    items = [endpoint for _label, endpoint in menu]
    above = [endpoint for endpoint in items if f"{request.path}/".startswith(f"{url_for(endpoint)}/")]
    part = (request.endpoint or "").partition(".")[0]
    return next(iter(above or [endpoint for endpoint in items if endpoint.partition(".")[0] == part]), None)


def _place(account: Account) -> str:
    held = [m.school_unit for m in account.memberships if m.holds(clock.today())]
    units = list({unit.id: unit.name for unit in held}.values())
    if account.role not in AT_SCHOOL or not units:
        return ROLE_WORDS[account.role]
    return units[0] if len(units) == 1 else f"{len(units)} skolenheter"


AUDIT_WORDS: Final[dict[AuditAction | None, str]] = {
    AuditAction.ABSENCE_LIST_CONFIRMED: "tog in en frånvarolista",
    AuditAction.ABSENCE_LIST_DISCARDED: "kastade en frånvarolista",
    AuditAction.ABSENCE_LIST_PREVIEWED: "klistrade in eller laddade upp en frånvarolista",
    AuditAction.ABSENCE_LIST_READ: "såg en frånvarolista som inte var bekräftad",
    AuditAction.ACCOUNT_ACTIVATED: "valde sitt första lösenord",
    AuditAction.ACCOUNT_ADDED: "lade till ett konto",
    AuditAction.ACCOUNT_DISABLED: "stängde ett konto",
    AuditAction.ACCOUNT_ENABLED: "öppnade ett konto",
    AuditAction.ACCOUNT_LINK_MADE: "gjorde en engångslänk till ett konto",
    AuditAction.ACCOUNTS_LISTED: "såg listan över konton",
    AuditAction.AUDIT_READ: "läste loggen",
    AuditAction.CASE_ASSESSED: "bedömde ett ärende",
    AuditAction.CASE_ASSIGNED: "gav ett ärende till någon",
    AuditAction.CASE_CHANGED: "ändrade ett ärende",
    AuditAction.CASE_CLAIM_ADDED: "lade till en uppgift i ett ärende",
    AuditAction.CASE_CLAIM_VERIFIED: "bekräftade en uppgift i ett ärende",
    AuditAction.CASE_CLOSED: "avslutade ett ärende",
    AuditAction.CASE_CONTACT_SAFETY_SET: "ändrade vem som får kontaktas",
    AuditAction.CASE_JOINED: "lade en skolas uppgift till ett öppet ärende",
    AuditAction.CASE_NOTE_ADDED: "skrev en anteckning",
    AuditAction.CASE_NOTE_CORRECTED: "rättade en anteckning",
    AuditAction.CASE_OPENED: "öppnade ett ärende",
    AuditAction.CASE_READ: "läste ett ärende",
    AuditAction.CASE_REOPENED: "öppnade ett avslutat ärende igen",
    AuditAction.CASE_RETURN_CONFIRMED: "bekräftade att barnet är tillbaka",
    AuditAction.CASE_RETURN_REPORTED: "noterade skolans uppgift att barnet är tillbaka",
    AuditAction.CASE_STEP_COMPLETED: "gjorde klart ett steg i rutinen",
    AuditAction.CASES_LISTED: "såg ärenden i en lista",
    AuditAction.CLOCK_MOVED: "flyttade övningens klocka",
    AuditAction.DUTY_GRANTED: "lät någon svara för en skolenhet",
    AuditAction.DUTY_WITHDRAWN: "tog tillbaka att någon svarar för en skolenhet",
    AuditAction.MAIL_BOUNCED: "tog emot att ett mejl inte kom fram",
    AuditAction.MUNICIPALITY_SET_UP: "lade upp kommunen",
    AuditAction.NUMBER_CHANGED: "ändrade ett telefonnummer",
    AuditAction.PASSWORD_CHANGED: "bytte lösenord",
    AuditAction.QUESTIONS_ADOPTED: "ändrade frågorna till skolorna",
    AuditAction.RECEIVER_CHANGED: "ändrade en mottagare",
    AuditAction.REGISTER_CHANGED: "ändrade var elevregistret finns",
    AuditAction.REGISTER_REMOVED: "tog bort anslutningen till elevregistret",
    AuditAction.REPORT_ACKNOWLEDGED: "bekräftade att en orosanmälan är mottagen",
    AuditAction.REPORT_ANSWERED: "svarade på en orosanmälan",
    AuditAction.REPORT_CHANGED: "ändrade ett utkast till orosanmälan",
    AuditAction.REPORT_DOCUMENT_READ: "öppnade en orosanmälan som dokument",
    AuditAction.REPORT_HANDED_OVER: "lämnade över en orosanmälan",
    AuditAction.REPORT_LINK_OPENED: "öppnade en mottagningslänk",
    AuditAction.REPORT_READ: "läste en orosanmälan",
    AuditAction.REPORT_STARTED: "började på en orosanmälan",
    AuditAction.REPORT_WITHDRAWN: "drog tillbaka ett utkast till orosanmälan",
    AuditAction.REPORTS_LISTED: "såg orosanmälningar i en lista",
    AuditAction.RESPONSE_CARRIED_ANSWERED: "svarade om en elev som saknades förra gången",
    AuditAction.RESPONDENT_INVITATION_WITHDRAWN: "tog tillbaka en personlig inbjudan",
    AuditAction.RESPONDENT_INVITED: "bjöd in någon att svara för en skolenhet",
    AuditAction.RESPONSE_CHANGE_STARTED: "började ändra ett inskickat svar",
    AuditAction.RESPONSE_PUPIL_ADDED: "lade till en elev som saknas",
    AuditAction.RESPONSE_PUPIL_CHANGED: "ändrade en elev som saknas",
    AuditAction.RESPONSE_PUPIL_READ: "läste om en elev som saknas",
    AuditAction.RESPONSE_PUPIL_REMOVED: "tog bort en elev ur ett svar",
    AuditAction.RESPONSE_PUPILS_LISTED: "såg elever som saknas i en lista",
    AuditAction.RESPONSE_READ: "läste ett svar",
    AuditAction.RESPONSE_RETURN_REPORTED: "rapporterade att en elev är tillbaka",
    AuditAction.RESPONSE_SAVED: "sparade ett svar",
    AuditAction.RESPONSE_STARTED: "började på ett svar",
    AuditAction.RESPONSE_SUBMITTED: "skickade in ett svar",
    AuditAction.ROSTER_CLASS_MARKED: "gick igenom en klass",
    AuditAction.ROSTER_CONFIRMED: "bekräftade klasslistor",
    AuditAction.ROSTER_DESTROYED: "förstörde klasslistor",
    AuditAction.ROSTER_DISCARDED: "kastade klasslistor som inte var bekräftade",
    AuditAction.ROSTER_FETCH_ORDERED: "beställde klasslistor från elevregistret",
    AuditAction.ROSTER_FETCHED: "hämtade klasslistor från elevregistret",
    AuditAction.ROSTER_READ: "läste en klasslista",
    AuditAction.ROSTER_STAGED: "lämnade klasslistor att bekräfta",
    AuditAction.ROUTINE_ADOPTED: "antog en rutin",
    AuditAction.SCHOOL_UNIT_CHANGED: "rättade adressen till en skola",
    AuditAction.SCHOOL_YEAR_CHANGED: "ändrade ett läsår",
    AuditAction.SIGN_IN_FAILED: "misslyckades att logga in",
    AuditAction.SIGNED_IN: "loggade in",
    AuditAction.SIGNED_OUT: "loggade ut",
    AuditAction.SUMMARY_EXPORTED: "hämtade terminens siffror",
    AuditAction.SUMMARY_FROZEN: "frös terminens siffror",
    AuditAction.SURVEY_CANCELLED: "ställde in en kartläggning",
    AuditAction.SURVEY_CALL_ASKED: "bad samordnaren ringa en skola",
    AuditAction.SURVEY_CLOSED: "stängde en kartläggning",
    AuditAction.SURVEY_CONFIRMED: "bekräftade en kartläggning",
    AuditAction.SURVEY_EXTENDED: "gav en skola mer tid",
    AuditAction.SURVEY_ESCALATED: "påminde en skola hos den rektorn svarar inför",
    AuditAction.SURVEY_OPENED: "öppnade en kartläggning",
    AuditAction.SURVEY_PHONED: "skrev om ett samtal med en skola",
    AuditAction.SURVEY_PLAN_CHANGED: "ändrade planen för kartläggningar",
    AuditAction.SURVEY_REMINDED: "påminde en skola",
    AuditAction.SURVEY_REOPENED: "öppnade en kartläggning igen",
    AuditAction.SURVEY_RESTORED: "tog tillbaka en inställd kartläggning",
    AuditAction.SURVEY_ROUND_CHANGED: "ändrade en kartläggning",
}
"""What each action of the audit is called, after the name of who did it."""
