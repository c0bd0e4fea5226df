"""Two people's answers to one form, field by field.

Everything is taken from the fields themselves, so any form with a version can be compared: what stands in the form is
what one person typed, what its fields were made with is what another has saved meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import wtforms

from app.web.forms.choices import CheckField, _OptionsField
from app.web.forms.choosing import CHOICE, SAVED
from app.web.forms.days import MONTHS, PartsField
from app.web.forms.form import Field, Form
from app.web.forms.keeping import Pair, controls_of, is_typed, saved_copy
from app.web.typed_forms import SEEN

ROWS: Final = "Raderna"


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that two people have answered in two ways."""

    name: str
    label: str
    mine: tuple[str, ...]
    """The answer in lines; none when it was left out."""
    saved: tuple[str, ...]

    @property
    def choice(self) -> str:
        """The name of the radio buttons that settle it."""
        return f"{CHOICE}{self.name}"


class Comparison:
    """A form as one person filled it in, beside what is saved."""

    def __init__(self, form: Form, saved: Form | None = None) -> None:
        self.form = form
        self.saved = saved or saved_copy(form)

    @property
    def differences(self) -> list[Difference]:
        """The questions that are answered in two ways, in the form's order."""
        return [
            Difference(name, _label_of(field), tuple(_lines(field)), tuple(_lines(self.saved[name], like=field)))
            for name, field in self.form._fields.items()
            if is_typed(field) and controls_of(field) != controls_of(self.saved[name])
        ]

    @property
    def carried(self) -> Iterator[Pair]:
        """What the page carries along: both answers, and the version that is saved."""
        for name, field in self.form._fields.items():
            if is_typed(field):
                yield from controls_of(field)
                yield from ((f"{SAVED}{key}", value) for key, value in controls_of(self.saved[name]))
            elif getattr(field, "is_hidden", False):
                yield from controls_of(self.saved[name] if name == "version" else field)
        yield SEEN, self.form.saved_digest


def _label_of(field: wtforms.Field) -> str:
    if isinstance(field, wtforms.FieldList | wtforms.FormField):
        return ROWS
    return str(field.label.text)


def _lines(field: wtforms.Field, like: wtforms.Field | None = None) -> Iterator[str]:
    """Yield an answer in words; `like` is the same field of the other form, which knows what can be chosen."""
    if isinstance(field, wtforms.FieldList):
        for place, entry in enumerate(field.entries, 1):
            parts = [
                f"{_label_of(part)} {', '.join(lines)}" for part in entry.form if (lines := list(_said(part, part)))
            ]
            if parts:
                yield f"{place}. {'. '.join(parts)}"
    else:
        yield from _said(field, like or field)


def _said(field: wtforms.Field, like: wtforms.Field) -> Iterator[str]:
    if isinstance(field, CheckField):
        yield "Ja" if field.is_chosen else "Nej"
    elif isinstance(field, _OptionsField) and isinstance(like, _OptionsField):
        chosen = field.chosen_keys
        yield from (option.label for option in like.options if option.key in chosen)
    elif isinstance(field, PartsField):
        typed = [field.part_shown(part) for part in field.PARTS]
        if any(typed):
            yield _day_in_words(*typed) if "month" in field.PARTS else " – ".join(typed)
    elif isinstance(field, Field) and field.shown.strip():
        yield field.shown


def _day_in_words(day: str, month: str, year: str, *rest: str) -> str:
    """Return a day as it was typed, the month as a word where it is one."""
    is_month = month.isascii() and month.isdigit() and 1 <= int(month) <= len(MONTHS)
    words = (day, MONTHS[int(month) - 1] if is_month else month, year, *(f"kl. {each}" for each in rest if each))
    return " ".join(filter(None, words))
