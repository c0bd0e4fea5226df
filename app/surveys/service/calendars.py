"""Telling the coordinators of a school year that nobody has entered, once a week until it is there."""

from datetime import date

from sqlalchemy.orm import Session

from app.access.actor import Role
from app.accounts.queries import list_by_role
from app.kernel import clock
from app.outbox.service import enqueue_all
from app.outbox.types import NewMessage
from app.schools.models import CalendarNotice
from app.surveys.queries.calendars import MissingCalendar


def tell_missing_calendar(session: Session, missing: MissingCalendar, on: date) -> None:
    """Queue a mail to every coordinator and note that this week's was queued.

    Raises `IntegrityError` when another process has told it this week.
    """
    notice = CalendarNotice(
        municipality_id=missing.municipality_id,
        organiser_id=missing.organiser_id,
        school_year=missing.school_year,
        occasion=missing.occasion(on),
        told_at=clock.now(),
    )
    session.add(notice)
    session.flush()
    coordinators = list_by_role(session, missing.municipality_id, Role.COORDINATOR)
    enqueue_all(
        session,
        [
            NewMessage(
                missing.municipality_id,
                "surveys.calendar_missing",
                f"calendar_missing:{notice.organiser_id}:{notice.school_year}:{notice.occasion}:{account.id}",
                {"notice_id": str(notice.id), "account_id": str(account.id)},
            )
            for account in coordinators
        ],
    )
