"""Where Chromium is; `python -m tests.machine.chromium` prints it, or nothing."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium() -> str | None:
    """Return the path of the browser: $CHROMIUM, one on the path, or an installed application of macOS."""
    named = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    installed = [path for path in MAC_APPLICATIONS if Path(path).exists()]
    return next((path for path in [*named, *installed] if path), None)


if __name__ == "__main__":
    print(find_chromium() or "")  # noqa: T201 - the answer to the shell script that asks
