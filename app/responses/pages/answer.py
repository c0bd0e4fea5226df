"""What every page of an answer knows, and the strip that says what is not sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.accounts.queries import names_by_id
from app.kernel import clock
from app.responses import queries
from app.responses.models import Response
from app.responses.pages.asked import WORDS, AskedWords
from app.responses.pages.listed import ListedPupil, list_shown
from app.responses.queries import Carried
from app.responses.queries.classes import list_classes, sum_classes
from app.responses.queries.question_sets import find_current_questions
from app.responses.service.carrying import count_since
from app.responses.types import (
    QUESTIONS,
    STANDARD,
    CarriedAnswer,
    PupilPage,
    QuestionSet,
    ResponseFigures,
    SinceLast,
)
from app.responses.types.classes import ClassSums
from app.schools.queries import get_municipality, get_unit_calendar
from app.surveys.models import Invitation
from app.surveys.pages.words import since_words
from app.surveys.types import Asks


@dataclass(frozen=True, slots=True)
class Saved:
    """When an answer was last saved, and by whom."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Due:
    """When the answer is wanted, and the school days left until then."""

    at: datetime
    days: int
    is_past: bool
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What every page of one answer knows: where, by when, how far, and who at the municipality sees it."""

    invitation: Invitation
    response: Response | None
    holding: Response | None
    due: Due
    saved: Saved | None
    pupils: Sequence[ListedPupil]
    carried: Sequence[Carried]
    """Those the school is asked about again."""
    protected_before: int
    """How many protected pupils it counted as missing when it last answered."""
    since: SinceLast | None
    """What has changed since the school last answered, None when it never has."""
    figures: ResponseFigures
    coordinator_name: str
    coordinator_phone: str
    question_set: QuestionSet
    """How the municipality asks in this answer."""
    sums: ClassSums | None
    """What the staged classes come to, None without class lists."""

    @property
    def asks_for_figures(self) -> bool:
        """Whether every enrolled pupil is to be counted; outside rounds and before a break nobody asks for that."""
        return self.invitation.asks is Asks.RETURN

    @property
    def asks_about_missing(self) -> bool:
        """Whether the pupils are missing; before a break they are still here."""
        return self.invitation.asks is not Asks.WORRY

    @property
    def words(self) -> AskedWords:
        """What things are called, by what is asked."""
        return WORDS[self.invitation.asks]

    @property
    def question_count(self) -> int:
        """How many questions there are about a pupil."""
        return len(self.question_set.narrow(QUESTIONS[self.invitation.asks]).pages)

    @property
    def is_any_time(self) -> bool:
        """Whether the school began by itself, outside every round: no day is set for it."""
        return is_any_time(self.invitation)

    @property
    def may_be_empty(self) -> bool:
        """Whether an answer without pupils says something: asked before a break, that nobody is worried about."""
        return self.invitation.asks is Asks.WORRY and not self.is_any_time

    @property
    def since_words(self) -> str:
        """What has changed since the school last answered, in words; empty when there is nothing to compare with."""
        return since_words(self.since.back, self.since.new) if self.since else ""

    @property
    def asks_again(self) -> bool:
        """Whether the school is asked about anybody from the last time, by name or by number."""
        return bool(self.carried or self.protected_before)

    @property
    def waits_for_last_time(self) -> bool:
        """Whether nobody but those from the last time can stand in the way of a nil return."""
        return self.asks_again and not self.pupils

    @property
    def unanswered_carried(self) -> Sequence[Carried]:
        """Those the school is asked about again and has not answered about."""
        return [each for each in self.carried if each.answer is None]

    @property
    def needs_unlisted(self) -> bool:
        """Whether somebody must say how those with protected personal data are, whom no class list names."""
        is_told = self.response is not None and self.response.unlisted_present is not None
        return self.sums is not None and self.sums.protected > 0 and not is_told

    @property
    def next_asked(self) -> ListedPupil | None:
        """Whom to ask about next: what is urgent about anybody first, then those about whom something is."""
        in_turn = sorted(
            self.undescribed, key=lambda row: (row.told.is_answered(PupilPage.URGENT), not row.told.is_urgent)
        )
        return next(iter(in_turn), None)

    @property
    def is_listed(self) -> bool:
        """Whether every missing pupil has been listed and described enough."""
        return self.figures.is_given and self.figures.difference == 0 and not self.undescribed

    @property
    def undescribed(self) -> Sequence[ListedPupil]:
        """The pupils about whom something required is unanswered."""
        return [row for row in self.pupils if not row.pupil.is_complete]

    @property
    def progress(self) -> str:
        """How far the absence list has come, in a sentence or two."""
        if not self.figures.missing:
            return "Ingen elev är inlagd ännu."
        described, begun = len(self.pupils) - len(self.undescribed), len(self.undescribed)
        counted = self.figures.protected_missing
        parts = [
            f"{described} är {'beskriven' if described == 1 else 'beskrivna'}" if described else "",
            f"{begun} är kvar att beskriva" if begun else "",
            f"{counted} är skyddad och bara räknad" if counted == 1 else "",
            f"{counted} är skyddade och bara räknade" if counted > 1 else "",
        ]
        verb = "saknas" if self.asks_for_figures else "är inlagd" if self.figures.missing == 1 else "är inlagda"
        missing = f"{self.figures.missing} {'elev' if self.figures.missing == 1 else 'elever'} {verb}"
        return f"{missing}. {', '.join(part for part in parts if part)}."

    @property
    def may_be_nil(self) -> bool:
        """Whether nobody is listed or counted as missing, so that a nil return is possible."""
        known = (CarriedAnswer.BACK,)
        return self.figures.missing == 0 and all(each.answer in known for each in self.carried)

    @property
    def may_be_submitted(self) -> bool:
        """Whether nothing is left to answer before sending."""
        if self.undescribed or self.unanswered_carried:
            return False
        if self.asks_for_figures:
            return self.figures.adds_up
        return self.figures.missing > 0 or self.may_be_empty


def is_any_time(invitation: Invitation) -> bool:
    """Tell whether a school began by itself, outside every round: such a round has no days."""
    return invitation.round.days is None


def make_answer(session: Session, actor: Actor, invitation: Invitation) -> AnswerPage:
    """Return what the pages about a unit's answer show: the version being written, or the one that holds."""
    draft, holding = queries.find_draft(session, invitation.id), queries.find_submitted(session, invitation.id)
    shown = draft or holding
    municipality = get_municipality(session, invitation.municipality_id)
    pupils = list_shown(session, actor, shown.pupils if shown else [])
    carried = queries.list_carried(session, invitation, draft)
    protected_before = queries.count_protected_before(session, invitation)
    return AnswerPage(
        invitation=invitation,
        carried=carried,
        protected_before=protected_before,
        since=count_since(session, draft, [row.pupil.entry_id for row in pupils]) if draft else None,
        response=draft,
        holding=holding,
        due=make_due(session, invitation),
        saved=make_saved(session, actor, shown) if shown else None,
        pupils=pupils,
        figures=shown.figures(len(pupils)) if shown else ResponseFigures(protected_missing=protected_before),
        coordinator_name=municipality.coordinator_name,
        coordinator_phone=municipality.coordinator_phone,
        question_set=draft.question_set if draft else _current_questions(session, invitation),
        sums=sum_classes(list_classes(session, invitation.id)),
    )


def _current_questions(session: Session, invitation: Invitation) -> QuestionSet:
    current = find_current_questions(session, invitation.municipality_id)
    return current.question_set if current else STANDARD


def make_due(session: Session, invitation: Invitation) -> Due:
    """Return when a unit's answer is wanted, counted in its own school days."""
    calendar = get_unit_calendar(session, invitation.school_unit)
    now = clock.now()
    return Due(
        at=invitation.due_at,
        days=calendar.count_working_days(clock.local(now).date(), clock.local(invitation.due_at).date()),
        is_past=now >= invitation.due_at,
        closes_at=invitation.closes_at,
    )


def make_saved(session: Session, actor: Actor, response: Response) -> Saved:
    """Return when somebody last saved anything, and who."""
    names = names_by_id(session, [response.saved_by_id], visible_to=actor) if response.saved_by_id else {}
    return Saved(response.saved_at, names.get(response.saved_by_id, "") if response.saved_by_id else "")
