"""Pupils a school is asked about again: an answer for each, all on one page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from app.responses.documents import word
from app.responses.forms.figures import MOST_PUPILS
from app.responses.queries import Carried
from app.responses.types import ANSWERS_OF, AnswerCarried, CarriedAnswer, CarriedFrom
from app.web.forms import ChoiceField, Form, IntegerField, VersionField

_WORRY_WORDS: Final[Mapping[CarriedAnswer, str]] = {
    CarriedAnswer.BACK: "Ja, eleven är tillbaka",
    CarriedAnswer.STILL_AWAY: "Nej, eleven saknas",
    CarriedAnswer.UNKNOWN: "Vet inte",
}


class CarriedForm(Form):
    """The answers; a field for each pupil comes with `make_form`."""

    protected_missing = IntegerField(
        "Hur många elever med skyddade personuppgifter saknas nu?",
        minimum=0,
        maximum=MOST_PUPILS,
        required="Skriv hur många med skyddade personuppgifter som saknas nu. Är alla tillbaka, skriv 0.",
    )
    version = VersionField()

    def field_of(self, carried: Carried) -> ChoiceField:
        """Return the field of one pupil."""
        return cast(ChoiceField, self[_name(carried.entry_id)])

    def to_command(self, carried: Sequence[Carried]) -> AnswerCarried:
        """Return the command of a form that holds; what is left for later stays as it was."""
        answers = {each.entry_id: self.field_of(each).data for each in carried}
        protected_missing = self.protected_missing.data if "protected_missing" in self else None
        return AnswerCarried(
            {key: answer for key, answer in answers.items() if answer}, self.version.data, protected_missing
        )


def make_form(
    carried: Sequence[Carried],
    *,
    version: int | None,
    names: Mapping[UUID, str],
    protected_missing: int | None,
    all_now: bool,
) -> Any:
    """Return the form with a question for each pupil, as it has been answered; `all_now` demands every answer.

    Protected pupils are asked about as a number, where some were counted last time: `protected_missing` is not None.
    """
    fields: dict[str, Any] = {
        _name(each.entry_id): _question(each, names[each.entry_id], all_now=all_now) for each in carried
    }
    if protected_missing is None:
        fields["protected_missing"] = None
    kind = type("CarriedForm", (CarriedForm,), fields)
    shown = {"version": version, "protected_missing": protected_missing}
    return kind(data=shown | {_name(each.entry_id): each.answer for each in carried})


def _name(entry_id: UUID) -> str:
    return f"elev-{entry_id.hex}"


def _question(carried: Carried, name: str, *, all_now: bool) -> ChoiceField:
    is_worry = carried.origin is CarriedFrom.WORRY
    choices = [(answer, _WORRY_WORDS[answer] if is_worry else word(answer)) for answer in ANSWERS_OF[carried.origin]]
    required = f"Välj hur det är med {name}." if all_now else None
    return ChoiceField(
        f"Kom {name} tillbaka efter lovet?" if is_worry else name,
        choices=choices,
        required=required,
    )
