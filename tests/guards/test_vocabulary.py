"""Permissions and audit actions are closed lists: each has its rule, and none is there for nothing."""

import ast
import re
from enum import StrEnum

import pytest

from app.access.permissions import Permission
from app.access.policy import POLICY
from app.audit.types import DETAILS, AuditAction
from tests.guards.source import python, tree

ALLOWED_DETAILS = {"shown", "sha256"}
"""Details that are neither an id nor a code, and say nothing of a person."""


def _used(enumeration: type[StrEnum]) -> set[str]:
    """Return the members that the app names anywhere but where they are defined and ruled."""
    name = enumeration.__name__
    return {
        node.attr
        for path in python("app")
        if path.name not in {"permissions.py", "policy.py"} and path.parts[-2:] != ("audit", "types.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    }


def test_every_permission_has_a_policy() -> None:
    assert set(POLICY) == set(Permission)
    for permission, ways in POLICY.items():
        assert ways, permission
        assert all(ways), f"{permission} has a way without a condition: that lets everybody in"


def test_every_action_says_which_details_it_carries() -> None:
    assert set(DETAILS) == set(AuditAction)


@pytest.mark.parametrize("enumeration", [Permission, AuditAction])
def test_no_word_is_there_for_nothing(enumeration: type[StrEnum]) -> None:
    assert not sorted({member.name for member in enumeration} - _used(enumeration))


def test_words_are_in_order_and_in_form() -> None:
    assert [each.name for each in Permission] == sorted(each.name for each in Permission)
    for word in [*Permission, *AuditAction]:
        assert re.fullmatch(r"[a-z_]+:[a-z_]+", word.value), word
