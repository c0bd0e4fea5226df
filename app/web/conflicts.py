"""Two people at one form: which form of this request another has saved meanwhile, for the page that shows both."""

from typing import cast

from flask import g

from app.web.forms.differences import Comparison
from app.web.forms.form import Form


def note(form: Form, saved: Form | None = None) -> bool:
    """Let this request's page show both answers instead of its form; return whether they differ at all."""
    comparison = Comparison(form, saved)
    if comparison.differences:
        g.field_conflict = comparison
    return bool(comparison.differences)


def note_posted() -> bool:
    """Do so for the form that was sent, where it has a version; return whether there is anything to show."""
    form = cast("Form | None", g.get("posted_form"))
    return form is not None and note(form)


def found() -> Comparison | None:
    """Return what this request's page is to show instead of its form, if anything."""
    if (noted := cast("Comparison | None", g.get("field_conflict"))) is not None:
        return noted
    stale = cast("Form | None", g.get("stale_form"))
    if stale is not None and note(stale):
        return cast(Comparison, g.field_conflict)
    return None
