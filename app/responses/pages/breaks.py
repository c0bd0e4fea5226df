"""The list before a break in words: why each child stands on it, and what to do next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Case
from app.cases.pages.queue import make_lines
from app.cases.queries import list_protected_units, list_queue_rows
from app.kernel.swedish import swedish_key
from app.pupils.types import comparable_name
from app.responses import queries
from app.responses.documents import word
from app.responses.queries import OnceAway, SiblingOfAway, Worry
from app.responses.types import AnyYesNo, CarriedAnswer, Sibling
from app.schools.models import SchoolUnit
from app.schools.pages.school_years import BREAKS
from app.schools.types import Period
from app.web.templating import swedish_date, swedish_day

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

    next_break: str
    """When schools break up next, in words."""
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
    ids = {line.case.id for lines in (worries, away, siblings) for line in lines}
    steps = {line.case.id: line.next_step for line in make_lines(list_queue_rows(session, ids, visible_to=actor))}
    units = queries.list_units_of_cases(session, ids)
    namesakes = _Namesakes.among([*worries, *away], siblings)

    def is_wanted(case: Case) -> bool:
        return unit_id is None or unit_id in units.get(case.id, frozenset((case.school_unit_id,)))

    shown = [each for each in worries if is_wanted(each.case)]
    asked = [each for each in shown if each.is_asked]
    return BeforeBreakPage(
        next_break=_next_break(session, actor),
        worries=_sorted(_worried(each, steps, namesakes) for each in shown),
        once_away=_sorted(_away(each, steps, namesakes) for each in away if is_wanted(each.case)),
        siblings=_sorted(_sibling(each, namesakes) for each in siblings if is_wanted(each.case)),
        protected=[each for each in list_protected_units(session, visible_to=actor) if unit_id in (None, each[0].id)],
        asked=len(asked),
        back=sum(each.answer is CarriedAnswer.BACK for each in asked),
        not_back=sum(each.answer is not None and each.answer.is_missing for each in asked),
        unanswered=sum(each.answer in (None, CarriedAnswer.UNKNOWN) for each in asked),
    )


@dataclass(frozen=True, slots=True)
class _Namesakes:
    """Children on the page with the full name of somebody's sibling: a hint, for a person to look at."""

    here: Mapping[str, str]
    """The references of children who are here, by name."""
    away: Mapping[str, str]
    """The references of children who are away, by name."""
    left_behind: Mapping[str, str]
    """The references of children who are away, by the name of a sibling."""

    @classmethod
    def among(cls, here: Iterable[Worry | OnceAway], siblings: Iterable[SiblingOfAway]) -> Self:
        """Return what the names of the page say."""
        return cls(
            here={_full_name(each.case.child.name): each.case.reference for each in here},
            away={_full_name(each.case.child.name): each.case.reference for each in siblings},
            left_behind={_full_name(each.sibling.name): each.case.reference for each in siblings if each.sibling},
        )

    def hint_of(self, case: Case) -> str:
        """Return whose sibling the child of a case may be; empty when nothing says so."""
        name = _full_name(case.child.name)
        reference = self.left_behind.get(name) if name else None
        return f"Kan vara syskon till barnet i {reference}, som är borta." if reference else ""

    def hint_of_sibling(self, sibling: Sibling) -> str:
        """Return which case the sibling may have."""
        if not (name := _full_name(sibling.name)):
            return ""
        if name in self.away:
            return f"Samma namn som barnet i {self.away[name]}, som också är borta."
        return f"Samma namn som barnet i {self.here[name]}." if name in self.here else ""


def _full_name(name: str) -> str:
    """Return a name to compare; empty when it is no more than a first name, which many have."""
    plain = comparable_name(name)
    return plain if " " in plain else ""


def _next_break(session: Session, actor: Actor) -> str:
    """Return when schools break up next, in words; empty when nobody has entered it."""
    if (found := queries.find_next_break(session, visible_to=actor)) is None:
        return ""
    kind, starts_on = found
    return f"{BREAKS[Period.of(kind)]}et börjar {swedish_day(starts_on)}."


def _sorted(lines: Iterable[BreakLine]) -> list[BreakLine]:
    """Order by school and reference: nobody is more of a case than another here."""
    return sorted(lines, key=lambda line: (swedish_key(line.case.school_unit.name), line.case.reference))


def _worried(worry: Worry, steps: Mapping[UUID, str], namesakes: _Namesakes) -> BreakLine:
    after = ANSWERS[worry.answer] if worry.answer else "Inte besvarat ännu" if worry.is_asked else "Frågas efter lovet"
    return BreakLine(
        case=worry.case,
        why=_joined(*_why_worried(worry), namesakes.hint_of(worry.case)),
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


def _away(away: OnceAway, steps: Mapping[UUID, str], namesakes: _Namesakes) -> BreakLine:
    case = away.case
    seen = f"Sågs då senast {swedish_date(away.last_present_on)}." if away.last_present_on else ""
    back = f"Tillbaka {swedish_date(away.back_on)}." if away.back_on else "Tillbaka."
    feared = (
        "Orosanmälan lämnades." if case.reported_at else "Någon oroade sig." if case.opened_because.is_concern else ""
    )
    next_step = steps.get(case.id, "") if case.is_open else CALL_SCHOOL
    return BreakLine(case, _joined(seen, back, feared, namesakes.hint_of(case)), next_step)


def _sibling(found: SiblingOfAway, namesakes: _Namesakes) -> BreakLine:
    if found.sibling is None:
        return BreakLine(found.case, "Är borta. Har syskon som ingen har beskrivit.", ASK_SCHOOL)
    is_here = found.sibling.is_missing is AnyYesNo.NO
    why = f"Är borta. {'Syskon som är kvar' if is_here else 'Syskon'}: {_described(found.sibling)}."
    return BreakLine(found.case, _joined(why, namesakes.hint_of_sibling(found.sibling)), CALL_SCHOOL)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _described(sibling: Sibling) -> str:
    place = sibling.place_text or word(sibling.place).lower()
    return ", ".join(part for part in (sibling.name or "utan namn", sibling.age, place) if part)
