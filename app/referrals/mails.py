"""Mails of this capability."""

from app.outbox.service import Composer

COMPOSERS: dict[str, Composer] = {}
