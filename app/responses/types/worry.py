"""What a school says about a pupil whom somebody worries about before a break, beside what is asked of every pupil."""

from dataclasses import dataclass
from datetime import date

from app.responses.types.choices import AnyYesNo, Sign


@dataclass(frozen=True, slots=True, repr=False)
class ObservedSign:
    """A behaviour or a statement that somebody has seen or heard; by whom and when, if known."""

    sign: Sign = Sign.OTHER
    text: str = ""
    on: date | None = None
    seen_by: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ObservedAnswers:
    """What somebody has seen or heard, and whether somebody suspects that the pupil is about to be taken away."""

    suspects: AnyYesNo = AnyYesNo.UNKNOWN
    """A human judgement; nothing computes it from the signs."""
    signs: tuple[ObservedSign, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class SaidAnswers:
    """What the child itself has said, word for word, to whom and when."""

    quote: str = ""
    said_to: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class TravelAnswers:
    """A journey that somebody knows of."""

    known: AnyYesNo = AnyYesNo.UNKNOWN
    where: str = ""
    leaves_on: date | None = None
    back_on: date | None = None
    with_whom: str = ""
    told_by: str = ""
