"""The director's page in words. It knows no more than what is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.pupils.types import GradeBand
from app.summaries.models import TermSnapshot
from app.summaries.pages.words import BAND_WORDS, FUNNEL, STEP_WORDS
from app.summaries.types import (
    AnswerFigures,
    Cell,
    ChildTable,
    Key,
    PublishedTerm,
    Sign,
    Step,
    is_autumn,
    same_season_before,
    year_of,
)
from app.web.templating import number, percent

MOST_COLUMNS: Final = 5
"""Terms in the chart: two and a half years, as many as a phone has room for."""
NOT_SHOWN: Final = "–"


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the large figures."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the way back, as bar and as row."""

    label: str
    short: str
    value: int | None
    shown: str
    share: str
    days: str


@dataclass(frozen=True, slots=True)
class BandRow:
    """A grade band."""

    label: str
    missing: str
    still_missing: str


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term beside the others."""

    id: UUID
    label: str
    is_this: bool
    is_final: bool
    answered: str
    values: tuple[int | None, int | None]
    shown: tuple[str, str]


class TermPage:
    """A frozen term beside those before it."""

    def __init__(self, snapshot: TermSnapshot, snapshots: Sequence[TermSnapshot]) -> None:
        self.id, self.term, self.is_final, self.frozen_at = (
            snapshot.id,
            snapshot.term,
            snapshot.is_final,
            snapshot.frozen_at,
        )
        self.name = term_name(snapshot)
        self.is_latest = not any(other.sort_key > snapshot.sort_key for other in snapshots)
        self.published: PublishedTerm = snapshot.published
        self._sort_key = snapshot.sort_key
        self._until_now = sorted(
            (other for other in snapshots if other.sort_key <= snapshot.sort_key), key=lambda other: other.sort_key
        )

    @property
    def answers(self) -> AnswerFigures:
        """Who has answered."""
        return self.published.answers

    @property
    def children(self) -> ChildTable | None:
        """The counted children, None until they are counted."""
        return self.published.children

    @property
    def waits_until(self) -> date | None:
        """The day the round closes, while children have not been counted."""
        return self.published.waits_until

    @property
    def is_counted_earlier(self) -> bool:
        """Whether the children were counted on another day than the answers."""
        return self.children is not None and self.children.counted_on != clock.local(self.frozen_at).date()

    @property
    def silent(self) -> str:
        """The silent units as words: A, B och C."""
        *first, last = self.answers.silent or ("",)
        return f"{', '.join(first)} och {last}" if first else last

    @cached_property
    def facts(self) -> list[Fact]:
        """The four figures under the sentence."""
        answers, season = self.answers, self._year_before()
        before = season.published.children if season else None
        days = self.children.days.get(Step.LOCATED) if self.children else None
        rate = self.children.per_thousand if self.children else None
        days_before = before.days.get(Step.LOCATED) if before else None
        rate_before = before.per_thousand if before else None
        return [
            Fact("Svarsfrekvens", percent(answers.response_rate) or NOT_SHOWN, self._answered()),
            Fact(
                "Dagar till återfunnen",
                NOT_SHOWN if days is None else number(days),
                self._note("median", days, None if days_before is None else number(days_before)),
            ),
            Fact(
                "Saknade per 1 000 elever",
                NOT_SHOWN if rate is None else number(rate, 1),
                self._note("", rate, None if rate_before is None else number(rate_before, 1)),
            ),
            Fact("Elever i svaren", number(answers.enrolled), f"av {number(answers.enrolled_in_all)} i skolorna"),
        ]

    @cached_property
    def steps(self) -> list[StepRow]:
        """The way from missing to back."""
        return [self._step(self.children, step) for step in FUNNEL] if self.children else []

    @cached_property
    def bands(self) -> list[BandRow]:
        """The grade bands."""
        cells = self.children.cells if self.children else {}
        return [
            BandRow(label, shown(cells[Step.MISSING, band]), shown(cells[Step.STILL_MISSING, band]))
            for band, label in BAND_WORDS.items()
            if cells
        ]

    @cached_property
    def terms(self) -> list[TermRow]:
        """This term and those before it, the earliest first."""
        return [self._term(snapshot) for snapshot in self._until_now]

    @property
    def groups(self) -> list[TermRow]:
        """The latest of the terms that have been counted, for the chart."""
        return [row for row in self.terms if row.shown[0] != NOT_SHOWN][-MOST_COLUMNS:]

    def whole(self, step: str) -> str:
        """Return a count of the whole municipality."""
        return shown(self.children.cells[Step(step)]) if self.children else NOT_SHOWN

    def is_number(self, step: str) -> bool:
        """Whether a count of the whole municipality is printed."""
        return self.children is not None and not isinstance(self.children.cells[Step(step)], Sign)

    def is_few(self, step: str) -> bool:
        """Whether a count of the whole municipality is printed as below five."""
        return self.children is not None and self.children.cells[Step(step)] is Sign.FEW

    @property
    def signs_of_steps(self) -> frozenset[Sign]:
        """The signs among the steps, to be explained beside them."""
        return self._signs(tuple(FUNNEL))

    @property
    def signs_of_bands(self) -> frozenset[Sign]:
        """The signs in the table of grade bands."""
        columns = (Step.MISSING, Step.STILL_MISSING)
        return self._signs([*columns, *((step, band) for step in columns for band in GradeBand)])

    @property
    def signs_of_terms(self) -> frozenset[Sign]:
        """The signs in the comparison of terms."""
        texts = {text for row in self.terms for text in row.shown}
        return frozenset(sign for sign in Sign if sign in texts)

    def _signs(self, keys: Sequence[Key]) -> frozenset[Sign]:
        return self.children.signs_in(keys) if self.children else frozenset()

    def _answered(self) -> str:
        return f"{self.answers.answered} av {self.answers.units} skolor"

    def _note(self, kind: str, value: float | None, before: str | None) -> str:
        if value is None:
            return "visas inte, för få elever" if self.children else "visas när kartläggningen har stängt"
        season = "förra hösten" if is_autumn(self._sort_key) else "förra våren"
        return ", ".join(part for part in (kind, f"{season} {before}" if before else "") if part)

    def _year_before(self) -> TermSnapshot | None:
        wanted = same_season_before(self._sort_key)
        return next((other for other in self._until_now if other.sort_key == wanted), None)

    def _step(self, children: ChildTable, step: Step) -> StepRow:
        cell, days = children.cells[step], children.days.get(step)
        return StepRow(
            STEP_WORDS[step],
            FUNNEL[step],
            None if isinstance(cell, Sign) else cell,
            shown(cell),
            percent(children.share(step)) or Sign.HIDDEN,
            number(days) or (NOT_SHOWN if step is Step.MISSING else Sign.HIDDEN),
        )

    def _term(self, snapshot: TermSnapshot) -> TermRow:
        published = snapshot.published
        cells = (
            [published.children.cells[step] for step in (Step.MISSING, Step.STILL_MISSING)]
            if published.children
            else []
        )
        first, second = cells or (None, None)
        return TermRow(
            id=snapshot.id,
            label=snapshot.term,
            is_this=snapshot.id == self.id,
            is_final=snapshot.is_final,
            answered=f"{published.answers.answered} av {published.answers.units}",
            values=(_value(first), _value(second)),
            shown=(shown(first), shown(second)),
        )


def _value(cell: Cell | None) -> int | None:
    return None if isinstance(cell, Sign) else cell


def shown(cell: Cell | None) -> str:
    """Return a count as people read it, or its sign."""
    if cell is None:
        return NOT_SHOWN
    return cell.value if isinstance(cell, Sign) else number(cell)


def term_name(snapshot: TermSnapshot) -> str:
    """Return a term's full name: Höstterminen 2026."""
    season = "Höstterminen" if is_autumn(snapshot.sort_key) else "Vårterminen"
    return f"{season} {year_of(snapshot.sort_key)}"
