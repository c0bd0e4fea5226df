"""The import contracts hold, and cover every capability."""

import subprocess
import sys
import tomllib
from typing import Any

from tests.guards.source import ROOT

WITHOUT_LAYERS = {"access", "kernel", "web", "static"}
"""Packages of the app that are no capability."""


def _contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return contracts


def test_the_contracts_hold() -> None:
    # In a process of its own: the linter sets up logging for all.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; exit(lint_imports(no_cache=True))"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_the_readme_tries_by_hand_needs_no_test_runner() -> None:
    told = "import sys; sys.modules['pytest'] = None; import tests.machine.bounce, tests.machine.register_server"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_capability_has_the_layers() -> None:
    inside = next(contract for contract in _contracts() if contract["name"] == "Inside a capability")
    packages = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    assert {name.removeprefix("app.") for name in inside["containers"]} == packages - WITHOUT_LAYERS


def test_no_capability_is_optional() -> None:
    outer = next(contract for contract in _contracts() if contract["name"] == "Capabilities point one way")
    assert not [layer for layer in outer["layers"] if "(" in layer], "every capability is there: take the brackets away"
