"""The form that somebody puts together of two people's answers, and the names by which the page carries both."""

from typing import Final

from werkzeug.datastructures import MultiDict

RESOLVING: Final = "resolving"
"""The hidden field that says that answers were chosen."""
CHOICE: Final = "choose-"
SAVED: Final = "saved-"
MINE_WORD: Final = "mine"
SAVED_WORD: Final = "saved"


def resolve(posted: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was posted, of each question the answer that was chosen; any other form as it is."""
    if RESOLVING not in posted:
        return posted
    chosen = {
        name.removeprefix(CHOICE) for name, value in posted.items() if name.startswith(CHOICE) and value == SAVED_WORD
    }
    fields: MultiDict[str, str] = MultiDict()
    for name, value in posted.items(multi=True):
        is_saved = name.startswith(SAVED)
        plain = name.removeprefix(SAVED)
        if not name.startswith(CHOICE) and (plain.partition("-")[0] in chosen) == is_saved:
            fields.add(plain, value)
    return fields
