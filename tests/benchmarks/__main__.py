"""Measure every work and print a table; the last line is one JSON object. A missed goal is told, and is no failure.

`python -m tests.benchmarks` measures all, `python -m tests.benchmarks NAME …` some.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import URL

from tests.benchmarks import WORKS, Work
from tests.machine import postgresql
from tests.machine.databases import set_up

DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
"""What the tests' own PostgreSQL leaves out, and an installation does not."""
ROOT: Final = Path(__file__).resolve().parents[2]
TOLD: Final = ("seconds", "raw_seconds", "ratio", "peak_mb", "queries")


def main(names: Sequence[str]) -> int:
    """Measure and print. Returns 1 only when something could not be measured."""
    os.environ[postgresql.RUN] = str(os.getpid())
    postgresql.SETTINGS.update(DURABLE)
    works = [work for work in WORKS if not names or work.name in names]
    told: dict[str, dict[str, Any]] = {}
    failed = False
    _print(f"{'work':24} {'database':12} {'seconds':>9} {'raw':>9} {'ratio':>7} {'MB':>6} {'queries':>8}  goal")
    try:
        with TemporaryDirectory(prefix="aterkomst-bench-") as folder:
            for work, kind, found in _measure_all(works, Path(folder)):
                failed = failed or found is None
                _print(_line(work, kind, found))
                if found is not None and work.is_told and kind == work.kinds[0]:
                    told[work.name] = {name: round(found[name], 4) for name in TOLD if name in found}
    finally:
        postgresql.stop(os.getpid())
    _print(json.dumps(told))
    return int(failed)


def _measure_all(works: Sequence[Work], folder: Path) -> Iterator[tuple[Work, str, dict[str, Any] | None]]:
    for work in works:
        for kind in work.kinds:
            own = folder / f"{work.name}-{kind}"
            own.mkdir()
            url = _make_database(work, kind, own).render_as_string(hide_password=False)
            try:
                _part("prepare", work, url, own)
                yield work, kind, {**_part("compare", work, url, own), **_part("peak", work, url, own)}
            except subprocess.CalledProcessError as error:
                sys.stderr.write(error.stderr)
                yield work, kind, None


def _make_database(work: Work, kind: str, own: Path) -> URL:
    if kind == "sqlite":
        url = URL.create("sqlite", database=str(own / "bench.sqlite3"))
    else:
        url = postgresql.recreate(postgresql.server(), f"aterkomst_bench_{work.name}", "template0")
    set_up(url, own.parent / "keys")
    return url


def _part(part: str, work: Work, url: str, own: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.one", part, work.name, url, str(own)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _line(work: Work, kind: str, found: dict[str, Any] | None) -> str:
    if found is None:
        return f"{work.name:24} {kind:12} could not be measured"
    figures = [
        f"{found[name]:{width}.{digits}f}" if name in found else " " * (width - 1) + "-"
        for name, width, digits in (
            ("seconds", 9, 4),
            ("raw_seconds", 9, 4),
            ("ratio", 7, 2),
            ("peak_mb", 6, 0),
            ("queries", 8, 0),
        )
    ]
    return f"{work.name:24} {kind:12} {' '.join(figures)}  {_verdict(work, found)}"


def _verdict(work: Work, found: dict[str, Any]) -> str:
    goals = [
        (work.most_ratio, "ratio", "{} x"),
        (work.most_seconds, "seconds", "{} s"),
        (work.most_mb, "peak_mb", "{} MB"),
    ]
    words = []
    for most, name, text in goals:
        if most is not None:
            words.append(f"{'met' if found[name] <= most else 'missed'}: at most {text.format(most)}")
    return ", ".join(words)


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - printing is what it is for


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
