"""Setting the school years of organisers and units. What has not happened yet follows them; what has, stays."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.csv_files import Problems, Row, fold, read_content
from app.kernel.database import require_version
from app.kernel.errors import Refused
from app.schools import queries
from app.schools.models import SchoolBreak, SchoolYear, Term
from app.schools.service.school_years_file import COLUMNS, OwnedYear, read_school_years
from app.schools.types import CalendarOwner, PlannedYear, SetSchoolYear, YearDays, find_fault_beside

FILE = "school_years.csv"
"""What problems call the file, whatever its own name is."""


def make_school_year(municipality_id: UUID, owner: CalendarOwner, days: YearDays) -> SchoolYear:
    """Return a new school year with its terms and breaks."""
    year = SchoolYear(
        municipality_id=municipality_id,
        organiser_id=None if owner.is_unit else owner.id,
        school_unit_id=owner.id if owner.is_unit else None,
        name=days.name,
    )
    _take_over(year, days)
    return year


def _take_over(year: SchoolYear, days: YearDays) -> None:
    year.starts_on, year.ends_on = days.year.first, days.year.last
    own = {"municipality_id": year.municipality_id, "school_year_id": year.id}
    year.terms = [Term(**own, kind=kind, starts_on=span.first, ends_on=span.last) for kind, span in days.terms.items()]
    year.breaks = [SchoolBreak(**own, kind=kind, starts_on=span.first, ends_on=span.last) for kind, span in days.breaks]


def add_school_year(session: Session, actor: Actor, owner: CalendarOwner, command: SetSchoolYear) -> SchoolYear:
    """Add a school year. Raises `Refused("school_year_exists")` or `Refused("school_years_overlap")`."""
    others = queries.list_days_by_owner(session, actor.municipality_id).get(owner.id, {})
    if command.days.name in others:
        raise Refused("school_year_exists")
    _require_room(command.days, others)
    year = make_school_year(actor.municipality_id, owner, command.days)
    session.add(year)
    session.flush()
    _record(session, actor, year, "added")
    return year


def edit_school_year(session: Session, actor: Actor, year: SchoolYear, command: SetSchoolYear) -> None:
    """Give a school year other days; what has not happened yet follows.

    Raises `Conflict` when somebody else changed it meanwhile, and `Refused("school_years_overlap")`.
    """
    require_version(year, command.version or 0)
    others = queries.list_days_by_owner(session, actor.municipality_id)[year.owner_id]
    _require_room(command.days, others)
    if year.days == command.days:
        return
    _replace(session, year, command.days)
    _record(session, actor, year, "days")


def _replace(session: Session, year: SchoolYear, days: YearDays) -> None:
    year.terms, year.breaks = [], []
    flag_modified(year, "name")  # Its terms and breaks are other rows: the version must tell that they changed.
    session.flush()
    _take_over(year, days)
    session.flush()


def remove_school_year(session: Session, actor: Actor, year: SchoolYear) -> None:
    """Take a school year away. Raises `Refused("school_year_has_begun")`: what has been reckoned by it stays true."""
    if year.starts_on <= clock.today():
        raise Refused("school_year_has_begun")
    _record(session, actor, year, "removed")
    session.delete(year)


def _require_room(days: YearDays, others: Mapping[str, YearDays]) -> None:
    if find_fault_beside(days, list(others.values())) is not None:
        raise Refused("school_years_overlap")


def _record(session: Session, actor: Actor, year: SchoolYear, what: str) -> None:
    details = {"school_year": year.name, "owner_id": str(year.owner_id), "fields": [what]}
    audit.record(session, actor, AuditAction.SCHOOL_YEAR_CHANGED, year.id, **details)


def plan_school_years(session: Session, actor: Actor, content: bytes) -> Sequence[PlannedYear]:
    """Return the school years that a CSV file would set. Raises `FilesRefused` with everything that is wrong."""
    owned = queries.list_days_by_owner(session, actor.municipality_id)
    return [
        PlannedYear(owner, days, replaces=days.name in owned.get(owner.id, {}))
        for owner, days, _ in _read(session, actor, content)
    ]


def import_school_years(session: Session, actor: Actor, content: bytes) -> int:
    """Set the school years of a CSV file, all or none, and return how many. Raises `FilesRefused`."""
    found = _read(session, actor, content)
    present = {(year.owner_id, year.name): year for year in queries.list_school_years(session, visible_to=actor)}
    for owner, days, _ in found:
        if (year := present.get((owner.id, days.name))) is None:
            year = make_school_year(actor.municipality_id, owner, days)
            session.add(year)
            session.flush()
            _record(session, actor, year, "added")
        elif year.days != days:
            _replace(session, year, days)
            _record(session, actor, year, "days")
    return len(found)


def _read(session: Session, actor: Actor, content: bytes) -> Sequence[OwnedYear]:
    problems, owners = Problems(), queries.list_calendar_owners(session, visible_to=actor)
    organisers = {fold(owner.name): owner for owner in owners.values() if not owner.is_unit}
    codes = queries.list_unit_ids_by_code(session, actor.municipality_id)

    def find_owner(row: Row) -> CalendarOwner | None:
        organiser = organisers.get(fold(row.text("huvudman")))
        if organiser is None:
            row.problem("huvudman", "no_such_organiser")
        if not (code := row.text("skolenhetskod")):
            return organiser
        unit = owners[codes[code]] if code in codes else None
        if unit is None or (organiser is not None and unit.organiser_id != organiser.id):
            row.problem("skolenhetskod", "no_such_school_unit")
            return None
        return unit

    found = read_school_years(read_content(content, FILE, COLUMNS, problems), find_owner)
    _note_overlaps(found, queries.list_days_by_owner(session, actor.municipality_id))
    problems.raise_if_any()
    return found


def _note_overlaps(found: Sequence[OwnedYear], present: Mapping[UUID, Mapping[str, YearDays]]) -> None:
    after = {owner_id: dict(years) for owner_id, years in present.items()}
    for owner, days, _ in found:
        after.setdefault(owner.id, {})[days.name] = days
    for owner, days, row in found:
        if (fault := find_fault_beside(days, list(after[owner.id].values()))) is not None:
            row.problem("borjar", fault.code.value)
