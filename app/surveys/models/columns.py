"""Values of several parts in one column."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, TypeDecorator
from sqlalchemy.engine import Dialect

from app.surveys.types import Step, StepKind, WaveDays


class DaysColumn(TypeDecorator[WaveDays]):
    """The days of a wave as plain JSON; no days are no value, and not JSON's null."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: WaveDays | None, dialect: Dialect) -> Any:
        return None if value is None else value.as_json

    def process_result_value(self, value: Any, dialect: Dialect) -> WaveDays | None:
        return None if value is None else WaveDays.of_json(value)


class StepsColumn(TypeDecorator[tuple[Step, ...]]):
    """Steps as plain JSON, their moments in UTC."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Step, ...] | None, dialect: Dialect) -> Any:
        return None if value is None else [{"kind": step.kind.value, "at": step.at.isoformat()} for step in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Step, ...] | None:
        if value is None:
            return None
        return tuple(Step(StepKind(each["kind"]), datetime.fromisoformat(each["at"])) for each in value)
