"""Commands about school units."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CorrectAddresses:
    """Where mails about a unit go from now on; `version` is that of the row the person saw."""

    email: str
    head_email: str | None
    """That of the one the principal answers to; None when nobody is known, and then somebody rings instead."""
    version: int


@dataclass(frozen=True, slots=True)
class ReplacePrincipal:
    """Who a unit's principal is from now on, and where mails about the unit find that one."""

    name: str = field(repr=False)
    email: str = field(repr=False)
