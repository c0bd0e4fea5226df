"""Documents as PDF: tagged for assistive technology (PDF/UA-1, ISO 14289-1) and fit to archive (PDF/A-2a, ISO 19005-2).

The template is a typst file under `templates/`; it can read nothing outside that folder and no network. What a person
has written reaches it as JSON, so that no text can become markup. Fonts are the committed ones only, so that a document
has the same bytes on every machine; Arabic script is among them, since a child's own words may be.
"""

import json
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from app.kernel.rendering import TEMPLATES

if TYPE_CHECKING:
    from typst import PDFStandard  # It exists in the stubs only.

FONTS: Final = Path(__file__).resolve().parents[1] / "static" / "fonts"
STANDARDS: Final[list["PDFStandard"]] = ["ua-1", "a-2a"]

_UNSHOWN: Final = frozenset({"Cc", "Cf", "Mn", "Cs", "Co", "Cn"})
"""Categories of what has no shape of its own: left out where the fonts lack it."""
_FORBIDDEN: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_MARK: Final = "\ufeff"
"""What PDF/A does not allow in a text, whatever a font says."""
_SEGMENTS, _GROUPS = 4, 12
"""The two formats of a font's character map that are in use (OpenType, cmap)."""


def typeset(template: str, data: Mapping[str, Any], timestamp: datetime) -> bytes:
    """Return `templates/<template>` set as PDF; the same data and moment give the same bytes.

    The template reads the data with `json(bytes(sys.inputs.data))`. `timestamp` must be aware. Raises
    `typst.TypstError` when the template fails or the result would not keep the standards.
    """
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(_showable(data), ensure_ascii=False, sort_keys=True)},
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=int(timestamp.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    """Return the committed fonts; reading them takes longer than setting a page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _showable(value: Any) -> Any:
    """Return `value` with every text in it such that the fonts can show it: PDF/A allows no missing letters."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value)
        return text if _coverage().issuperset(text) else "".join(_shown(character) for character in text)
    if isinstance(value, Mapping):
        return {key: _showable(each) for key, each in value.items()}
    return [_showable(each) for each in value] if isinstance(value, list | tuple) else value


def _shown(character: str) -> str:
    """Return a character, or its name in brackets where the fonts lack it, so that nothing is lost unseen."""
    if character in _coverage():
        return character
    if unicodedata.category(character) in _UNSHOWN:
        return ""
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"


@cache
def _coverage() -> frozenset[str]:
    """Return every character that at least one of the committed fonts can show, and the standards allow."""
    found: set[str] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        found.update(map(chr, _code_points(path.read_bytes())))
    return frozenset({each for each in found if unicodedata.category(each) not in _FORBIDDEN} - {_MARK} | {"\n"})


def _code_points(font: bytes) -> Iterator[int]:
    """Yield the code points of a font's character map (OpenType, cmap)."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    start = tables[b"cmap"]
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">I", font, start + 4 + 8 * number + 4)[0]
        kind = struct.unpack_from(">H", font, at)[0]
        if kind == _SEGMENTS:
            segments = struct.unpack_from(">H", font, at + 6)[0] // 2
            lasts = struct.unpack_from(f">{segments}H", font, at + 14)
            firsts = struct.unpack_from(f">{segments}H", font, at + 16 + 2 * segments)
            for first, last in zip(firsts, lasts, strict=True):
                yield from range(first, min(last, 0xFFFE) + 1)
        elif kind == _GROUPS:
            groups = struct.unpack_from(">I", font, at + 12)[0]
            for group in range(groups):
                first, last = struct.unpack_from(">II", font, at + 16 + 12 * group)
                yield from range(first, last + 1)
