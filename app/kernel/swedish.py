"""Swedish sorting: a-ring, a-umlaut and o-umlaut are letters of their own, last in the alphabet; e-acute sorts as e."""

import unicodedata

_LAST = {
    "\u00e5": "{",
    "\u00e4": "|",
    "\u00f6": "}",
    "\u00e6": "|",
    "\u00f8": "}",
}  # The three characters that follow z in ASCII.


def swedish_key(text: str | None) -> tuple[str, str]:
    """Return a key that sorts as a Swedish reader expects; the text itself breaks ties so that the order is total."""
    text = text or ""
    return "".join(_letter(character) for character in unicodedata.normalize("NFC", text).casefold()), text


def _letter(character: str) -> str:
    if character in _LAST:
        return _LAST[character]
    return unicodedata.normalize("NFD", character)[0]
