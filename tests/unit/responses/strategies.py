"""Any answer there can be, for Hypothesis."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import get_type_hints

from hypothesis import strategies as st

from app.responses.types import PupilAnswers
from app.responses.types.page_answers import ANSWERS_OF_PAGE

_KNOWN = {
    str: st.text(max_size=20),
    date: st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    datetime: st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
}

for _kind, _strategy in _KNOWN.items():
    st.register_type_strategy(_kind, _strategy)


def _any_page(kind: type) -> st.SearchStrategy[object]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: st.from_type(hints[field.name]) for field in fields(kind)})


any_answers = st.builds(
    PupilAnswers, **{page.value: st.none() | _any_page(kind) for page, kind in ANSWERS_OF_PAGE.items()}
)

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
