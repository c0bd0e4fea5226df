"""The mail that lets somebody choose a new password."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import OneTimeLink
from app.kernel import clock
from app.kernel.email import Email
from app.kernel.rendering import render_mail


def compose_renewal(session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    """Return the mail with the link, or None when the link no longer works."""
    link = session.scalar(
        select(OneTimeLink).where(OneTimeLink.id == UUID(payload["link_id"])).options(joinedload(OneTimeLink.account))
    )
    if link is None or not link.is_usable(clock.wall()):
        return None
    subject, body = render_mail("accounts/renewal.txt", url=f"{public_url}/aktivera/{link.token}")
    return Email(to=link.account.email, subject=subject, body=body)


COMPOSERS: Final = {"accounts.renewal": compose_renewal}
