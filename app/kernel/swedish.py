"""Swedish sorting: a-ring, a-umlaut and o-umlaut are letters of their own, last in the alphabet.

Other letters with accents sort as the plain letter, and u-umlaut as y, as in CLDR's rules for Swedish.
"""

import unicodedata

_OWN_PLACE = {
    "\u00e5": "{",
    "\u00e4": "|",
    "\u00f6": "}",
    "\u00e6": "|",
    "\u00f8": "}",
    "\u00fc": "y",
}
"""The three characters that follow z in ASCII stand for the three letters that follow z in Swedish."""


def swedish_key(text: str | None) -> tuple[str, str]:
    """Return a key that sorts as a Swedish reader expects; the text itself breaks ties so that the order is total."""
    text = text or ""
    return "".join(_letter(character) for character in unicodedata.normalize("NFC", text).casefold()), text


def _letter(character: str) -> str:
    if character in _OWN_PLACE:
        return _OWN_PLACE[character]
    return unicodedata.normalize("NFD", character)[0]
