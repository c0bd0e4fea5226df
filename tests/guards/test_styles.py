"""The committed styles are those that the sources give."""

from tests.guards.styles import NOTE, digest


def test_the_styles_were_built_after_they_were_changed() -> None:
    assert NOTE.read_text(encoding="ascii").strip() == digest(), "run `make styles` and commit what it makes"
