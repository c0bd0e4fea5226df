"""One part of one work, in a process of its own: prepare, compare or peak. Prints what it found as JSON."""

import json
import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks import WORKS
from tests.benchmarks.place import Place, Watch, compare, peak_mb


def main(part: str, name: str, url: str, folder: str) -> None:
    """Do the part and print the figures."""
    (work,) = (each for each in WORKS if each.name == name)
    module = import_module(f"tests.benchmarks.{work.module}")
    place = Place.at(url, Path(folder))
    found = {}
    if part == "prepare":
        module.prepare(place)
    elif part == "compare":
        found = compare(place, module.ours, getattr(module, "raw", None), work.rounds)
    else:
        module.ours(place, Watch())
        found = {"peak_mb": peak_mb()}
    place.database.dispose()
    print(json.dumps(found))  # noqa: T201 - the answer to the process that asked


if __name__ == "__main__":
    main(*sys.argv[1:])
