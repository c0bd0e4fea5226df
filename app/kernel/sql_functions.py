"""Functions that a statement needs on both databases, for writing thousands of rows without fetching them first."""

from typing import Any, Final, cast

from sqlalchemy import JSON, CursorResult, Executable, String, Uuid
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_PARTS: Final = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
"""Where the five parts of an id stand in its 32 digits (RFC 9562, 4)."""


def execute_many(session: Session, statement: Executable) -> int:
    """Run a statement that writes many rows, past those the session holds, and return how many it wrote."""
    result = session.execute(statement, execution_options={"synchronize_session": False, "preserve_rowcount": True})
    return cast("CursorResult[Any]", result).rowcount


class new_id(FunctionElement[Any]):  # noqa: N801 - named as the function it is
    """A new random id for each row (RFC 9562, 5.4)."""

    type = Uuid()
    inherit_cache = True


class id_text(FunctionElement[str]):  # noqa: N801
    """An id as `str` writes it, with its hyphens."""

    type = String()
    inherit_cache = True


class json_pair(FunctionElement[Any]):  # noqa: N801
    """A JSON object with one name and its value."""

    type = JSON()
    inherit_cache = True


@compiles(new_id, "postgresql")
def _new_id_on_postgresql(element: new_id, compiler: SQLCompiler, **_: Any) -> str:
    return "gen_random_uuid()"


@compiles(new_id, "sqlite")
def _new_id_on_sqlite(element: new_id, compiler: SQLCompiler, **_: Any) -> str:
    return (
        "lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || substr('89AB', 1 + (random() & 3), 1)"
        " || substr(hex(randomblob(2)), 2) || hex(randomblob(6)))"
    )


@compiles(id_text, "postgresql")
def _id_text_on_postgresql(element: id_text, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **how)} AS TEXT)"


@compiles(id_text, "sqlite")
def _id_text_on_sqlite(element: id_text, compiler: SQLCompiler, **how: Any) -> str:
    digits = compiler.process(element.clauses, **how)
    return "(" + " || '-' || ".join(f"substr({digits}, {first}, {length})" for first, length in _PARTS) + ")"


@compiles(json_pair, "postgresql")
def _json_pair_on_postgresql(element: json_pair, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **how)})"


@compiles(json_pair, "sqlite")
def _json_pair_on_sqlite(element: json_pair, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **how)})"
