"""How one municipality asks: which optional questions it leaves out, its own help texts, options no longer offered.

Whatever the settings say, what the coordinator cannot begin without is always asked, and "vet inte" always offered.
Nothing that was answered once depends on them: they decide what is asked next time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from app.responses.types.choices import AbsenceStart, ContactWay, Evidence, Explanation, Sign, Source
from app.responses.types.questions import QUESTIONS, PupilPage, Questions

OPTIONAL_PAGES: Final[frozenset[PupilPage]] = frozenset(
    page for questions in QUESTIONS.values() for page in questions.pages
) - frozenset(page for questions in QUESTIONS.values() for page in questions.required)
"""The question pages that a municipality may leave out."""

OPTIONAL_FIELDS: Final[Mapping[PupilPage, tuple[str, ...]]] = {
    PupilPage.WHEREABOUTS: ("said_on",),
    PupilPage.LEAVE: ("expected_return_on",),
    PupilPage.CONTACTS: ("spoken_on",),
    PupilPage.CONCERN: ("registration_number",),
    PupilPage.GUARDIANS: ("because",),
    PupilPage.SAID: ("on",),
    PupilPage.TRAVEL: ("back_on", "with_whom", "told_by"),
}
"""Single questions that may be left out: nothing else asks for them and no rule rests on them."""

LISTS: Final[Mapping[PupilPage, tuple[type[StrEnum], ...]]] = {
    PupilPage.LAST_SEEN: (AbsenceStart,),
    PupilPage.WHEREABOUTS: (Explanation, Source, Evidence),
    PupilPage.CONTACTS: (ContactWay,),
    PupilPage.CONCERN: (Sign,),
    PupilPage.OBSERVED: (Sign,),
}
"""The lists whose options may be retired, by the page that offers them."""

ALWAYS_OFFERED: Final = frozenset({"unknown", "other", "none_given", "nothing", "nobody"})
"""Options without which somebody could not answer truthfully."""

LONGEST_HINT: Final = 300


def list_retirable(kind: type[StrEnum]) -> tuple[StrEnum, ...]:
    """Return the options of a list that may be retired, in its order."""
    return tuple(member for member in kind if member.value not in ALWAYS_OFFERED)


_RETIRABLE: Final = {
    kind.__name__: frozenset(member.value for member in list_retirable(kind))
    for kinds in LISTS.values()
    for kind in kinds
}


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The settings of one version. Fields and help texts are named `page.field`, options by their list."""

    pages_off: frozenset[PupilPage] = frozenset()
    fields_off: frozenset[str] = frozenset()
    hints: Mapping[str, str] = field(default_factory=dict)
    retired: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Leave out what no municipality may decide, and what says nothing."""
        optional = {f"{page.value}.{name}" for page, names in OPTIONAL_FIELDS.items() for name in names}
        retired = {name: frozenset(self.retired.get(name, ())) & values for name, values in _RETIRABLE.items()}
        object.__setattr__(self, "pages_off", self.pages_off & OPTIONAL_PAGES)
        object.__setattr__(self, "fields_off", self.fields_off & optional)
        object.__setattr__(self, "retired", {name: values for name, values in retired.items() if values})
        object.__setattr__(self, "hints", {name: text.strip() for name, text in self.hints.items() if text.strip()})

    @classmethod
    def from_dict(cls, plain: object) -> Self:
        """Return the settings that `to_dict` wrote, without what can no longer be understood."""
        kept: Mapping[str, Any] = plain if isinstance(plain, Mapping) else {}
        hints, retired = kept.get("hints"), kept.get("retired")
        return cls(
            pages_off=frozenset(page for page in PupilPage if page.value in _texts(kept.get("pages_off"))),
            fields_off=frozenset(_texts(kept.get("fields_off"))),
            hints={
                name: text[:LONGEST_HINT]
                for name, text in (hints.items() if isinstance(hints, Mapping) else ())
                if isinstance(name, str) and isinstance(text, str)
            },
            retired={
                name: frozenset(_texts(values))
                for name, values in (retired.items() if isinstance(retired, Mapping) else ())
                if isinstance(name, str)
            },
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON can hold them."""
        return {
            "pages_off": sorted(page.value for page in self.pages_off),
            "fields_off": sorted(self.fields_off),
            "hints": dict(sorted(self.hints.items())),
            "retired": {name: sorted(values) for name, values in sorted(self.retired.items())},
        }

    def narrow(self, questions: Questions) -> Questions:
        """Return the questions that are asked, without the pages left out; the required ones always are."""
        pages = tuple(page for page in questions.pages if page not in self.pages_off or page in questions.required)
        return Questions(pages, questions.required)

    def asks_field(self, page: PupilPage, name: str) -> bool:
        """Tell whether a single question of a page is asked."""
        return f"{page.value}.{name}" not in self.fields_off

    def offers(self, option: object) -> bool:
        """Tell whether an option of a list may be chosen by one who has not chosen it before."""
        return not (isinstance(option, StrEnum) and option.value in self.retired.get(type(option).__name__, ()))


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list | tuple) else []


STANDARD: Final = QuestionSet()
"""As the questions come with the product."""


@dataclass(frozen=True, slots=True)
class AdoptQuestions:
    """Ask one page another way. `number` is the version that was on the form, 0 for the product's own."""

    page: PupilPage
    is_asked: bool
    fields_off: frozenset[str]
    hints: Mapping[str, str]
    retired: Mapping[str, frozenset[str]]
    number: int

    def change(self, before: QuestionSet) -> QuestionSet:
        """Return the settings with this page as it is now wanted, and every other as it was."""
        prefix = f"{self.page.value}."
        others = {name: text for name, text in before.hints.items() if not name.startswith(prefix)}
        return QuestionSet(
            pages_off=before.pages_off - {self.page} if self.is_asked else before.pages_off | {self.page},
            fields_off=frozenset(name for name in before.fields_off if not name.startswith(prefix))
            | frozenset(prefix + name for name in self.fields_off),
            hints={**others, **{prefix + name: text for name, text in self.hints.items()}},
            retired={**before.retired, **self.retired},
        )
