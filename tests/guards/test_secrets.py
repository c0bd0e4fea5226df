"""Nothing in the repository is secret, or says where a machine fetches its packages."""

import re
from pathlib import Path

import pytest

from tests.guards.source import short, tracked

# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a private key": "-----BEGIN [A-Z ]*PRIVATE " + "KEY-----",
    "a registry's address": r"https?://[^\s\"']*(pypi|pythonhosted|npmjs|deb\.debian)" + r"\.[a-z]+",
    "an index option": "--(extra-)?" + "index-url",
    "a resolved address in a lock file": '"resolved": *"' + "http",
    "a registry setting": "registry" + r" *= *.?https?",
}
GENERATED = {".woff2", ".ttf", ".otf", ".png", ".ico", ".pdf"}
FILES = [path for path in tracked() if path.suffix not in GENERATED]


def test_nothing_is_secret_and_no_registry_is_named() -> None:
    found = []
    for path in FILES:
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{short(path)}: {what}" for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", [path for path in FILES if path.name.startswith("requirements")], ids=short)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", path.read_text(encoding="ascii").strip())
    assert not [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]


def test_keys_databases_and_lock_files_stay_out() -> None:
    names = [short(path) for path in FILES]
    assert not [name for name in names if name.startswith("instance/") or Path(name).name == "uv.lock"]
    assert not [name for name in names if Path(name).suffix in {".sqlite", ".db", ".key", ".pem"}]
