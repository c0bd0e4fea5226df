"""What the compiled styles were made of; `python -m tests.guards.styles` notes it after a build.

The compiled files are committed, so that running and testing need no npm. A change of the sources without a build, or
of the result by hand, shows as another digest than the one noted.
"""

from hashlib import sha256

from tests.guards.source import ROOT

STATIC = ROOT / "app" / "static"
NOTE = STATIC / "styles" / "BUILT"
SOURCES = ("package.json", "package-lock.json")
RESULTS = ("app.css", "govuk-frontend.min.js")


def digest() -> str:
    """Return the digest of the styles' sources and of what they were compiled to."""
    files = [ROOT / name for name in SOURCES]
    files += sorted((STATIC / "styles").rglob("*.scss"))
    files += [STATIC / name for name in RESULTS]
    return sha256(b"\0".join(path.name.encode() + b"\0" + path.read_bytes() for path in files)).hexdigest()


if __name__ == "__main__":
    NOTE.write_text(digest() + "\n", encoding="ascii")
