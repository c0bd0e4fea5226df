"""What every posted form does with what is typed and not saved: shows it again, and knows what was saved meanwhile."""

from hashlib import sha256
from typing import Any, ClassVar

import wtforms
from flask import g, has_request_context, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from app.web import typed_forms

BEFORE_THE_FIRST = 0
"""A version that no row has."""

Pair = tuple[str, str]


def is_typed(field: wtforms.Field) -> bool:
    """Tell whether a person answers in the field: not a token, not a hidden value, not a file."""
    is_file = getattr(field, "input_type", "") == "file"
    return field.type != "CSRFTokenField" and not getattr(field, "is_hidden", False) and not is_file


def saved_copy(form: Any) -> Any:
    """Return a form of the same class as it stands with what was saved, whatever has been typed in this one."""
    saved = object.__new__(type(form))
    FlaskForm.__init__(saved, formdata=None, data={name: field.object_data for name, field in form._fields.items()})
    return saved


def controls_of(field: wtforms.Field) -> list[Pair]:
    """Return what the field's controls send, blank ones left out."""
    if isinstance(field, wtforms.FieldList):
        return [pair for entry in field.entries for pair in controls_of(entry)]
    if isinstance(field, wtforms.FormField):
        return [pair for part in field.form for pair in controls_of(part)]
    sent: list[Pair] = getattr(field, "sent", [])
    return [(name, text) for name, text in sent if text.strip()]


class KeptForm(FlaskForm):  # type: ignore[misc]
    """A form that, looked at, shows what was typed here and never saved.

    One with a version also knows what was saved when it was drawn (`digest_seen`), so that a change by somebody else
    elsewhere in the same object is no conflict.
    """

    is_kept: ClassVar[bool] = True
    """Whether what is typed is kept until it is saved. Not for a text that may hold many people's data."""

    def find_typed(self) -> MultiDict[str, str] | None:
        """Return what was typed here before and not saved, None when nothing was."""
        if not (has_request_context() and self.is_kept):
            return None
        typed = typed_forms.find({name for name, field in self._fields.items() if is_typed(field)})
        return typed.fields if typed else None

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Take over what is known and what was typed; note what a page about a conflict may need."""
        super().process(formdata, *args, **kwargs)
        version = self._fields.get("version")
        if version is None or formdata is None or not has_request_context():
            return
        if self.is_submitted():
            g.posted_form = self
        elif version.raw_data is not None:  # Typed before: it is saved over what is shown now, not over what was.
            if self._was_changed(version.raw_data):
                g.stale_form = self
            version.raw_data, version.data = None, version.object_data

    def _was_changed(self, typed_version: list[str]) -> bool:
        seen = typed_forms.find_seen()
        return seen != self.saved_digest if seen else typed_version != [str(self._fields["version"].object_data)]

    def take_current_version(self) -> None:
        """Excuse what others have changed elsewhere in the same object: what this form shows is as its person saw it.

        For forms that change no more than they show; never where a person vouches for the whole.
        """
        version = self._fields["version"]
        seen = request.form.get(typed_forms.SEEN) if has_request_context() and self.is_submitted() else None
        if seen == self.saved_digest:
            version.raw_data, version.data = None, version.object_data
        elif seen is not None and version.data is None and version.object_data is not None:
            version.data = BEFORE_THE_FIRST  # Seen when there was nothing; by now somebody else has begun.

    @property
    def digest_seen(self) -> str:
        """The digest of what was saved when the person first saw the form; empty for a form without a version."""
        if "version" not in self._fields:
            return ""
        posted = request.form.get(typed_forms.SEEN) if has_request_context() and self.is_submitted() else None
        return posted or self.saved_digest

    @property
    def saved_digest(self) -> str:
        """A digest of what is saved now of what the form shows."""
        saved = saved_copy(self)
        pairs = [pair for field in saved if is_typed(field) for pair in controls_of(field)]
        return sha256(repr(pairs).encode(errors="replace")).hexdigest()[:16]

    def carried_along(self, is_kept: bool = True) -> "list[Pair]":
        """Return what the form carries besides its own fields: what was seen, what is shown, whether it may be kept."""
        typed = typed_forms.shown()
        when = self.kept_when if is_kept else "never"
        pairs = (
            (typed_forms.SEEN, self.digest_seen),
            (typed_forms.KEPT_WHEN, when),
            (typed_forms.SHOWN, str(typed.id) if typed else ""),
        )
        return [(name, value) for name, value in pairs if value]

    @property
    def kept_when(self) -> str:
        """Under which condition what is typed is kept, for the page to carry; empty when there is none."""
        if not self.is_kept or self._has_secret:
            return "never"
        return typed_forms.UNPROTECTED if "is_protected" in self._fields else ""

    @property
    def keeps_typing(self) -> bool:
        """Whether there is something to type in it, and nothing that may not be kept."""
        return self.is_kept and not self._has_secret and any(is_typed(field) for field in self._fields.values())

    @property
    def _has_secret(self) -> bool:
        return any(getattr(field, "input_type", "") == "password" for field in self._fields.values())
