"""Commands for the page *Ring nu*."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EditEmergencyNumber:
    """What the page *Ring nu* shall say about one number; `version` is that of the row the person saw."""

    label: str
    number: str
    note: str
    is_urgent: bool
    version: int


@dataclass(frozen=True, slots=True)
class AddEmergencyNumber:
    """A further number for the page *Ring nu*, shown last."""

    label: str
    number: str
    note: str
    is_urgent: bool
