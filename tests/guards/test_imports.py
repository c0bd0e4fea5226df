"""The import contracts hold, and cover every capability."""

import os
import tomllib
from typing import Any

from importlinter.cli import lint_imports

from tests.guards.source import ROOT

WITHOUT_LAYERS = {"access", "kernel", "web", "static"}
"""Packages of the app that are no capability."""


def _contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return contracts


def test_the_contracts_hold() -> None:
    before = os.getcwd()
    os.chdir(ROOT)
    try:
        assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0
    finally:
        os.chdir(before)


def test_every_capability_has_the_layers() -> None:
    inside = next(contract for contract in _contracts() if contract["name"] == "Inside a capability")
    packages = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    assert {name.removeprefix("app.") for name in inside["containers"]} == packages - WITHOUT_LAYERS


def test_no_capability_is_optional() -> None:
    outer = next(contract for contract in _contracts() if contract["name"] == "Capabilities point one way")
    assert not [layer for layer in outer["layers"] if "(" in layer], "every capability is there: take the brackets away"
