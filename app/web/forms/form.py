"""Forms, and what all their fields have in common."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import wtforms
from flask import has_request_context, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms.validators import StopValidation

from app.web.forms.choosing import resolve
from app.web.forms.keeping import KeptForm, Pair

NOT_TEXT = "Skriv svaret som text"
UNSEEN_CHARACTERS = "Ta bort tecken som inte syns. Skriv texten på nytt om du har klistrat in den."
OUTDATED = "Sidan var för gammal. Ladda om den och försök igen."

_MEANINGLESS = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
"""Soft hyphen, zero-width space, word joiner, byte order mark: they come along when pasting and may go unnoticed."""
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # Control characters, NUL among them.
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # Marks and overrides of direction: text could read as another.
    "\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"  # Not characters, halves of characters, invisible tags.
)
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")


class Unacceptable(ValueError):
    """What was posted cannot be read as an answer; its text is the Swedish message."""


def tidy(text: str) -> str:
    """Return `text` composed (NFC), with one kind of line end, no meaningless characters and no white space around.

    Raises `Unacceptable` when it holds characters nobody can see.
    """
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).translate(_MEANINGLESS))
    if _FORBIDDEN.search(text):
        raise Unacceptable(UNSEEN_CHARACTERS)
    return text.strip()


def tidy_line(text: str) -> str:
    """Return `text` as one tidy line, every run of blanks as one space. Raises `Unacceptable` as `tidy` does."""
    line = tidy(text)
    if "\n" in line:
        raise Unacceptable("Skriv allt på en rad")
    return " ".join(line.split())


def printable(text: object) -> str:
    """Return what was posted so that it can be written on a page again; what is not text becomes nothing."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else ""


class Field(wtforms.Field):
    """A field with a Swedish message for when it is left empty, and the facts its template needs.

    `required` is that message, or None when the answer may be left out.
    """

    input_type: ClassVar[str] = "text"
    inputmode: ClassVar[str | None] = None
    is_hidden: ClassVar[bool] = False
    autocomplete: str | None = None
    spellcheck: bool = False
    width: int | None = None

    def __init__(
        self,
        label: str = "",
        *,
        required: str | None = None,
        hint: str = "",
        validators: Iterable[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators), description=hint, **kwargs)
        self.required = required

    @property
    def focus_id(self) -> str:
        """The id of the control that an error leads to."""
        return self.id

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered. A zero is an answer."""
        return self.data is None or self.data is False or self.data in ("", ())

    @property
    def shown(self) -> str:
        """What stands in the control: what was typed, right or wrong, otherwise what is known."""
        if self.raw_data is not None:
            return printable(self.raw_data[0]) if self.raw_data else ""
        return self.written(self.data)

    is_left_out: bool = False

    def leave_out(self) -> None:
        """Do not ask: the field is not drawn, and what was answered before stays."""
        self.is_left_out = True
        self.raw_data, self.data, self.process_errors = None, self.object_data, []

    @property
    def sent(self) -> list[Pair]:
        """What the controls of the field send, as they stand."""
        return [(self.name, self.shown)]

    def written(self, value: Any) -> str:
        """Return a known value the way a person would type it."""
        return "" if value is None else printable(str(value))

    def read(self, text: str) -> Any:
        """Return the answer in a text that was posted. Raises `Unacceptable`."""
        return text

    @property
    def nothing(self) -> Any:
        """What `data` is when the answer was left out or cannot be read."""
        return None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was posted, whatever it is."""
        self.data = self.nothing
        if not valuelist:
            return
        if not isinstance(valuelist[0], str):
            raise Unacceptable(NOT_TEXT)
        self.data = self.read(valuelist[0])

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Stop at an unreadable answer, and at an empty one, required or not."""
        if self.process_errors:
            raise StopValidation
        if self.is_empty:
            raise StopValidation(self.required or "")


class HiddenTextField(Field):
    """A value the page carries along; not for anything a person may not change."""

    data: str
    input_type = "hidden"
    is_hidden = True

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__("", **kwargs)
        self.max_length = max_length

    @property
    def nothing(self) -> str:
        """No text."""
        return ""

    def process_data(self, value: Any) -> None:
        """Take over a known value; none is the empty text."""
        self.data = "" if value is None else str(value)

    def read(self, text: str) -> str:
        """Return the value if it can have come from our page."""
        if len(text) > self.max_length:
            raise Unacceptable(OUTDATED)
        return tidy_line(text)


class VersionField(Field):
    """The version of the object that the person saw, so that the service can tell when someone else was quicker."""

    data: int | None
    input_type = "hidden"
    is_hidden = True

    def read(self, text: str) -> int | None:
        """Return the version, a small natural number."""
        if not re.fullmatch(r"[0-9]{0,9}", text):
            raise Unacceptable(OUTDATED)
        return int(text) if text else None


class RowsField(wtforms.FieldList):  # type: ignore[type-arg]
    """Several parts of the same kind, at most `max_entries`; strange row numbers in what was posted are ignored."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        row = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})(?:-.*)?", re.DOTALL)
        return (int(match[1]) for key in formdata if isinstance(key, str) and (match := row.fullmatch(key)))


class _Demands:
    """What forms and parts of forms share."""

    def need(self, field: wtforms.Field, message: str) -> bool:
        """Add `message` to a field left empty that other answers make necessary; return whether the field is right."""
        if field.errors:
            return False
        if getattr(field, "is_empty", not field.data):
            field.errors = [message]
            return False
        return True


class PartForm(_Demands, wtforms.Form):
    """Some fields that belong together inside a `FormField`."""


class Form(_Demands, KeptForm):
    """A form that is posted. The session's CSRF token is checked before any view; here once more."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How a request becomes form data."""

        @cached_property
        def csrf(self) -> bool:
            """Outside a request there is no session that could be ridden on."""
            return has_request_context() and bool(super().csrf)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was posted as a form, never as JSON; text goes before a file of the same name."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            if not form.is_submitted():
                return form.find_typed()
            return CombinedMultiDict([resolve(request.form), request.files])

        def get_translations(self, form: Any) -> None:
            """Every message is written in Swedish where it arises."""


class QueryForm(Form):
    """A form whose answers stand in the address: filters and searches. Use `validate()`."""

    class Meta(Form.Meta):
        """Read from the address, which changes nothing and so needs no token."""

        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return the query of the address."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.args if has_request_context() else None

    is_kept: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class FormError:
    """One line of an error summary, and the id of the control it leads to, if any."""

    text: str
    target: str | None


def list_errors(form: wtforms.form.BaseForm) -> list[FormError]:
    """Return the errors of a form in the order of its fields, parts included, those of no field last."""
    found = [error for field in form for error in _errors_of(field)]
    return found + [FormError(str(text), None) for text in getattr(form, "form_errors", ())]


def _errors_of(field: wtforms.Field) -> list[FormError]:
    if isinstance(field, wtforms.FormField):
        return list_errors(field.form)
    if isinstance(field, wtforms.FieldList):
        inner = [error for entry in field.entries for error in _errors_of(entry)]
        own: Sequence[Any] = [text for text in field.errors if isinstance(text, str)]
        return inner + [FormError(text, None) for text in own]
    if field.type == "CSRFTokenField":  # Its own messages are English.
        return [FormError(OUTDATED, None)] if field.errors else []
    target = None if getattr(field, "is_hidden", False) else getattr(field, "focus_id", field.id)
    return [FormError(str(text), target) for text in field.errors]
