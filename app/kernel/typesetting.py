"""Documents as PDF: tagged for assistive technology (PDF/UA-1, ISO 14289-1) and fit to archive (PDF/A-2a, ISO 19005-2).

The template is a typst file under `templates/`; it can read nothing outside that folder and no network. What a person
has written reaches it as JSON, so that no text can become markup. Fonts are the committed ones only, so that a document
has the same bytes on every machine.
"""

import json
from collections.abc import Mapping
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


def typeset(template: str, data: Mapping[str, Any], timestamp: datetime) -> bytes:
    """Return `templates/<template>` set as PDF; the same data and moment give the same bytes.

    The template reads the data with `json(bytes(sys.inputs.data))`. `timestamp` must be aware. Raises
    `typst.TypstError` when the template fails or the result would not keep the standards.
    """
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=int(timestamp.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    """Return the committed fonts; reading them takes longer than setting a page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
