"""Whatever a register answers, a reading is whole and can be kept, or there is none and it is known why."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

import httpx
from hypothesis import given
from hypothesis import strategies as st

from app.rosters.service.client import Connection, Limits, RegisterClient, RegisterFailed, read_register
from tests.machine.register_data import MARKED, make_register
from tests.machine.register_reading import CODE, WANTED

Answers = dict[str, Any]
Place = tuple[dict[str, Any] | list[Any], str | int]

VALUES: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=8)  # Halves of characters too, which JSON can hold.
    | st.sampled_from(["x" * 100_000, "\ud800", "\x00", "2026-08-19", "Ingen", 10**40, "9" * 5_000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
CHANGES: Final = st.lists(st.tuples(st.integers(0, 10_000), VALUES | st.just(...)), min_size=1, max_size=4)
"""Which of all values becomes what, or nothing at all."""


def _make_answers() -> Answers:
    data = make_register({CODE: "Strandängsskolan"}, classes=1, pupils=2)
    data.add_pupil(data.organisations[-1]["id"], marking=MARKED, givenName="Hemlig", familyName="Hemligsson")
    return {noun: {"data": getattr(data, noun), "pageToken": None} for noun in ("organisations", "persons", "groups")}


ANSWERS: Final = _make_answers()


def _list_places(value: Any) -> list[Place]:
    """Return where each value within stands, outermost first."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(value, key), *_list_places(value[key])]]


class Register(RegisterClient):
    """A register without a net, which answers what it is given."""

    answer: Callable[[str], bytes]

    def _fetch(self, url: httpx.URL) -> bytes:
        return self.answer(url.path.rpartition("/")[2])


REGISTER: Final = Register(Connection("https://register.example", "", "", "", "token"), Limits(waits=()))


def _read(answer: Callable[[str], bytes]) -> str:
    """Return all that a reading would keep as it would be kept, or why there is none."""
    REGISTER.answer = answer  # type: ignore[method-assign]
    try:
        reading = read_register(REGISTER, WANTED, lambda _step: None)
    except RegisterFailed as failed:
        return failed.failure
    pupils = [
        [each.name, each.number, each.birth_date, each.grade, each.school_class]
        for each in reading.pupils.get(CODE, ())
    ]
    kept = json.dumps([pupils, [[each.code, each.name] for each in reading.others]], ensure_ascii=False)
    assert len(kept.encode()) < 5_000
    return kept


@given(CHANGES)
def test_any_value_may_be_any_other(changes: list[tuple[int, Any]]) -> None:
    answers = deepcopy(ANSWERS)
    for number, value in changes:
        places = _list_places(answers)
        within, key = places[number % len(places)]
        if value is ...:
            del within[key]  # type: ignore[arg-type]
        else:
            within[key] = value  # type: ignore[index,call-overload]
    kept = _read(lambda noun: json.dumps(answers.get(noun)).encode())
    if "Hemlig" in kept:  # Its own marking was changed to none.
        assert "Ingen" in str(changes) or "False" in str(changes)


@given(st.sampled_from(sorted(ANSWERS)), st.binary(max_size=200), st.integers(0, 10_000))
def test_any_bytes_may_come_anywhere(broken: str, noise: bytes, where: int) -> None:
    def answer(noun: str) -> bytes:
        whole = json.dumps(ANSWERS[noun]).encode()
        return whole[: where % len(whole)] + noise if noun == broken else whole

    assert _read(answer)
