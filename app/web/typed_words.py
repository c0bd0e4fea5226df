"""What somebody wrote, given back by a page that can neither save it nor show its form again.

The child was taken off the list, the round closed, a colleague sent the answer, a permission ended: whoever wrote in
the meantime reads why, and has the sentences to copy, and nobody who has signed in since. Nothing is kept by this.
"""

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.web import requests, typed_forms
from app.web.forms.choosing import SAVED


def list_words() -> list[str]:
    """Return the sentences of the form in this request, or of what its person has typed at the address it asks for."""
    return _sentences(_sent() if requests.is_writing() else _kept())


def _sent() -> MultiDict[str, str]:
    try:
        is_own = typed_forms.is_from_here() and not typed_forms.is_somebody_elses()
        return request.form if is_own else MultiDict()
    except HTTPException:  # Too large to be read.
        return MultiDict()


def _kept() -> MultiDict[str, str]:
    typed = typed_forms.find_own(requests.find_actor())
    return typed.fields if typed else MultiDict()


def _sentences(fields: MultiDict[str, str]) -> list[str]:
    """Return what has more than one word: the rest is chosen again as quickly as it is copied."""
    if any("password" in name for name in fields):
        return []
    written = [
        value.strip()
        for name, value in fields.items(multi=True)
        if not name.startswith(SAVED) and name not in typed_forms.OWN
    ]
    return [text for text in dict.fromkeys(written) if len(text.split()) > 1]
