"""School years that nobody has entered though they begin soon: without them no round can be planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from app.kernel.swedish import swedish_key
from app.schools.models import CalendarNotice, SchoolOrganiser, SchoolUnit, SchoolYear
from app.schools.types import add_months, school_year_name

TOLD_BEFORE: Final = timedelta(weeks=6)
TOLD_EVERY: Final = timedelta(weeks=1)
_USUAL_START: Final = (8, 15)
"""When a school year usually begins, for an organiser whose earlier years nobody has entered either."""
_FIRST_MONTH: Final = 7
"""From July on it is the next school year that matters."""


@dataclass(frozen=True, slots=True)
class MissingCalendar:
    """That an organiser with schools in the survey lacks a school year which begins within six weeks, or has begun."""

    municipality_id: UUID
    organiser_id: UUID
    organiser_name: str
    school_year: str
    starts_on: date
    """When it should begin, reckoned from the year before."""

    def occasion(self, on: date) -> int:
        """Return how many whole weeks ago it should first have been told; each week is told once."""
        return (on - (self.starts_on - TOLD_BEFORE)) // TOLD_EVERY


def list_missing_calendars(session: Session, municipality_id: UUID, on: date) -> Sequence[MissingCalendar]:
    """Return the school years of a municipality that somebody must enter, by organiser in Swedish order."""
    rows = _list_missing(session, _latest_years().where(SchoolOrganiser.municipality_id == municipality_id), on)
    return sorted(rows, key=lambda each: (swedish_key(each.organiser_name), each.organiser_id))


def list_untold_calendars(session: Session, on: date) -> Sequence[MissingCalendar]:
    """Return those of any municipality whose coordinators have not been told of it this week."""
    missing = _list_missing(session, _latest_years(), on)
    if not missing:
        return []
    told = session.execute(
        select(CalendarNotice.organiser_id, CalendarNotice.school_year, CalendarNotice.occasion).where(
            CalendarNotice.organiser_id.in_([each.organiser_id for each in missing])
        )
    )
    known = {(organiser_id, school_year, occasion) for organiser_id, school_year, occasion in told}
    return [each for each in missing if (each.organiser_id, each.school_year, each.occasion(on)) not in known]


def find_missing_calendar(session: Session, organiser_id: UUID, on: date) -> MissingCalendar | None:
    """Return the school year that an organiser lacks, or None."""
    return next(iter(_list_missing(session, _latest_years().where(SchoolOrganiser.id == organiser_id), on)), None)


def _latest_years() -> Select[UUID, UUID, str, str | None, date | None]:
    is_attended = exists().where(SchoolUnit.organiser_id == SchoolOrganiser.id, SchoolUnit.is_active)
    return (
        select(
            SchoolOrganiser.municipality_id,
            SchoolOrganiser.id,
            SchoolOrganiser.name,
            func.max(SchoolYear.name),
            func.max(SchoolYear.starts_on),
        )
        .outerjoin(SchoolYear, SchoolYear.organiser_id == SchoolOrganiser.id)
        .where(is_attended)
        .group_by(SchoolOrganiser.municipality_id, SchoolOrganiser.id, SchoolOrganiser.name)
    )


def _list_missing(
    session: Session, latest: Select[UUID, UUID, str, str | None, date | None], on: date
) -> list[MissingCalendar]:
    found = []
    for municipality_id, organiser_id, name, last_year, last_start in session.execute(latest):
        if last_year is not None and last_start is not None:
            school_year, starts_on = school_year_name(int(last_year[:4]) + 1), add_months(last_start, 12)
        else:
            first = on.year if on.month >= _FIRST_MONTH else on.year - 1
            school_year, starts_on = school_year_name(first), date(first, *_USUAL_START)
        if on >= starts_on - TOLD_BEFORE:
            found.append(MissingCalendar(municipality_id, organiser_id, name, school_year, starts_on))
    return found
