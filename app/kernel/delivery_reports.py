"""What comes back when a mail did not arrive, minutes or days after a mail server took it (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from typing import Final

LARGEST: Final = 200_000
"""Bytes of a report that are read: what it says of ours comes long before whatever else a server encloses."""
_STATUS_TYPES: Final = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_TYPES: Final = ("message/rfc822", "message/global", "message/global-headers")
_HEADERS_AS_TEXT: Final = "text/rfc822-headers"
_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a server says of one mail. It keeps no address: those it quotes are not looked at."""

    identifiers: tuple[str, ...]
    """What the mail was called when it left: its envelope id and its `Message-ID`, as far as they came back."""
    has_failed: bool
    """Whether it will never arrive; what is only delayed may yet."""
    status: str
    """Why, as a code (RFC 3463) such as 5.1.1; empty when the server gave none."""


def read_delivery_report(content: bytes) -> DeliveryReport | None:
    """Return what a mail reports of the delivery of another, or None when it is no such report."""
    try:
        parts = list(message_from_bytes(content[:LARGEST]).walk())
    except RecursionError:  # Thousands of parts within each other: no server writes that.
        return None
    blocks = [block for part in parts if part.get_content_type() in _STATUS_TYPES for block in _parts_of(part)]
    if not blocks:
        return None
    failed = [block for block in blocks if _field(block, "Action").casefold().startswith("failed")]
    names = [_field(block, "Original-Envelope-Id") for block in blocks] + list(_message_ids(parts))
    codes = [_STATUS.match(_field(block, "Status")) for block in failed]
    return DeliveryReport(
        tuple(name for name in names if name), bool(failed), next((code[0] for code in codes if code), "")
    )


def _message_ids(parts: list[Message]) -> Iterator[str]:
    for part in parts:
        if part.get_content_type() in _RETURNED_TYPES:
            yield from (_field(returned, "Message-ID") for returned in _parts_of(part))
        elif part.get_content_type() == _HEADERS_AS_TEXT:
            payload = part.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
            yield _field(HeaderParser().parsestr(text), "Message-ID")


def _parts_of(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _field(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()
