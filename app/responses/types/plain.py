"""Values to plain JSON and back. Reading is tolerant: what cannot be understood is left out, never an error.

An answer is kept for years while the questions change; an old answer must always open.
"""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return `value` as dicts, lists, texts, numbers and booleans; what nobody has answered is left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {field.name: (field.default, getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {name: to_plain(each) for name, (default, each) in named.items() if each or each != default}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def from_plain(kind: type[T], plain: object) -> T:
    """Return the dataclass `kind` with whatever in `plain` fits its fields, and defaults for the rest."""
    if not isinstance(plain, Mapping):
        return kind()
    hints = get_type_hints(kind)
    given = {name: _read(hint, plain[name]) for name, hint in hints.items() if name in plain}
    return kind(**{name: value for name, value in given.items() if value is not None})


def _read(hint: Any, plain: object) -> Any:
    """Return `plain` as the type `hint` says, or None when it is something else."""
    if get_origin(hint) in (Union, UnionType):
        return next((value for arm in get_args(hint) if (value := _read(arm, plain)) is not None), None)
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        rows = plain if isinstance(plain, list) else []
        return tuple(value for row in rows if (value := _read(item, row)) is not None)
    if hint is type(None):
        return None
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return from_plain(hint, plain) if isinstance(plain, Mapping) else None
    return _read_single(hint, plain)


def _read_single(kind: Any, plain: object) -> Any:
    if kind is bool:
        return plain if isinstance(plain, bool) else None
    if not isinstance(plain, str):
        return None
    if kind is str:
        return plain
    try:
        if issubclass(kind, StrEnum):
            return kind(plain)
        moment = kind.fromisoformat(plain)
    except ValueError:
        return None
    return None if kind is datetime and moment.tzinfo is None else moment
