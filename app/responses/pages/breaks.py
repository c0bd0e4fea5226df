"""The list before a break in words: why each child stands on it, and what to do next."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Case
from app.cases.pages.queue import make_lines
from app.cases.queries import list_protected_units, list_queue_rows
from app.kernel.swedish import swedish_key
from app.responses import queries
from app.responses.documents import word
from app.responses.queries import OnceAway, SiblingOfAway, Worry
from app.responses.types import AnyYesNo, CarriedAnswer, Sibling
from app.schools.models import SchoolUnit
from app.web.templating import swedish_date

ANSWERS: Final = {
    CarriedAnswer.BACK: "Tillbaka efter lovet",
    CarriedAnswer.STILL_AWAY: "Kom inte tillbaka",
    CarriedAnswer.NEWS: "Kom inte tillbaka",
    CarriedAnswer.UNKNOWN: "Skolan vet inte",
}
CALL_SCHOOL: Final = "Ring skolan före lovet. Ring inte hem."
ASK_SCHOOL: Final = "Fråga skolan vilka syskonen är och var de går. Ring inte hem."


@dataclass(frozen=True, slots=True)
class BreakLine:
    """A row of the list."""

    case: Case
    why: str
    next_step: str
    after: str = ""
    """What came of it after the break; empty where that is not asked."""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class BeforeBreakPage:
    """Who is worried about, who has been away, and whose sibling is away."""

    worries: Sequence[BreakLine]
    once_away: Sequence[BreakLine]
    siblings: Sequence[BreakLine]
    protected: Sequence[tuple[SchoolUnit, int]]
    """Schools that miss or worry about protected pupils, with how many."""
    asked: int
    back: int
    not_back: int
    unanswered: int

    @property
    def case_ids(self) -> list[UUID]:
        """The cases shown."""
        return [line.case.id for line in (*self.worries, *self.once_away, *self.siblings)]


def make_before_break(session: Session, actor: Actor, unit_id: UUID | None) -> BeforeBreakPage:
    """Return the page, of all schools or of one."""
    worries = queries.list_worries(session, visible_to=actor)
    away = queries.list_once_away(session, visible_to=actor)
    siblings = queries.list_siblings_of_away(session, visible_to=actor)
    cases: list[Case] = [*(each.case for each in worries), *(each.case for each in away)]
    ids = {case.id for case in [*cases, *(each.case for each in siblings)]}
    steps = {line.case.id: line.next_step for line in make_lines(list_queue_rows(session, ids, visible_to=actor))}
    units = queries.list_units_of_cases(session, ids)

    def is_wanted(case: Case) -> bool:
        return unit_id is None or unit_id in units.get(case.id, frozenset((case.school_unit_id,)))

    shown = [each for each in worries if is_wanted(each.case)]
    asked = [each for each in shown if each.is_asked]
    return BeforeBreakPage(
        worries=_sorted(_worried(each, steps) for each in shown),
        once_away=_sorted(_away(each, steps) for each in away if is_wanted(each.case)),
        siblings=_sorted(_sibling(each) for each in siblings if is_wanted(each.case)),
        protected=[
            (unit, count)
            for unit, count in list_protected_units(session, visible_to=actor)
            if unit_id in (None, unit.id)
        ],
        asked=len(asked),
        back=sum(each.answer is CarriedAnswer.BACK for each in asked),
        not_back=sum(each.answer is not None and each.answer.is_missing for each in asked),
        unanswered=sum(each.answer in (None, CarriedAnswer.UNKNOWN) for each in asked),
    )


def _sorted(lines: Iterable[BreakLine]) -> list[BreakLine]:
    """Order by school and reference: nobody is more of a case than another here."""
    return sorted(lines, key=lambda line: (swedish_key(line.case.school_unit.name), line.case.reference))


def _worried(worry: Worry, steps: dict[UUID, str]) -> BreakLine:
    after = ANSWERS[worry.answer] if worry.answer else "Inte besvarat ännu" if worry.is_asked else "Frågas efter lovet"
    return BreakLine(
        case=worry.case,
        why=" ".join(_why_worried(worry)),
        next_step=steps.get(worry.case.id, "") if worry.case.is_open else CALL_SCHOOL,
        after=after,
        is_missing=worry.answer is not None and worry.answer.is_missing,
    )


def _why_worried(worry: Worry) -> Iterator[str]:
    """Yield what a coordinator must know first: how many worry, what they suspect, the journey, siblings."""
    many = f"{worry.times} på skolan har skrivit, senast" if worry.times > 1 else "Skolan oroade sig"
    yield f"{many} {swedish_date(worry.worried_at)}."
    told = worry.told
    if told.is_urgent:
        yield "Något är akut."
    if told.is_suspected:
        yield "Någon misstänker att eleven ska föras bort."
    if told.travel and told.travel.leaves_on:
        yield f"Resa {swedish_date(told.travel.leaves_on)}."
    elif told.travel and told.travel.known is AnyYesNo.YES:
        yield "En resa är planerad."
    if told.siblings and any(each.is_missing is AnyYesNo.YES for each in told.siblings.siblings):
        yield "Ett syskon är borta."


def _away(away: OnceAway, steps: dict[UUID, str]) -> BreakLine:
    since = f" från {swedish_date(away.last_present_on)}" if away.last_present_on else ""
    back = f", tillbaka {swedish_date(away.back_on)}" if away.back_on else ""
    next_step = steps.get(away.case.id, "") if away.case.is_open else CALL_SCHOOL
    return BreakLine(away.case, f"Var borta{since}{back}.", next_step)


def _sibling(found: SiblingOfAway) -> BreakLine:
    if found.sibling is None:
        return BreakLine(found.case, "Är borta. Har syskon som ingen har beskrivit.", ASK_SCHOOL)
    return BreakLine(found.case, f"Är borta. Syskon som är kvar: {_described(found.sibling)}.", CALL_SCHOOL)


def _described(sibling: Sibling) -> str:
    place = sibling.place_text or word(sibling.place).lower()
    return ", ".join(part for part in (sibling.name or "utan namn", sibling.age, place) if part)
