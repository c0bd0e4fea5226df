"""Single values of a register are read as they really come, and nothing that comes makes the reading fail."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import STOCKHOLM
from app.kernel.identity_number import check_digit
from app.rosters.service.client import values

TODAY = date(2026, 8, 19)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
DAYS = st.dates(date(1, 1, 2), date(9999, 12, 30))
BIRTHS = st.dates(date(1950, 1, 1), TODAY - timedelta(days=1))


@given(ANYTHING)
def test_nothing_that_comes_makes_a_reader_fail(value: object) -> None:
    assert len(values.read_text(value)) <= values.LONGEST_TEXT
    values.read_id(value)
    values.read_day(value)
    values.read_marking(value)
    values.read_school_unit_code(value)
    values.read_identity(value, TODAY)
    values.read_grade(value)


@given(DAYS)
def test_a_day_is_read_with_and_without_a_time(day: date) -> None:
    for written in (
        day.isoformat(),
        f"{day:%Y%m%d}" if day.year > 999 else str(day),
        f"{day}T00:00:00",
        f"{day}T07:30",
    ):
        assert values.read_day(written) == day


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1900 < at.year < 2100))
def test_a_moment_with_a_zone_is_read_on_a_swedish_clock(moment: datetime) -> None:
    here = moment.astimezone(STOCKHOLM)
    assert {values.read_day(each.isoformat()) for each in (moment, here)} == {here.date()}


def test_midnight_in_sweden_written_in_universal_time_is_the_day_that_begins() -> None:
    assert values.read_day("2026-06-11T22:00:00Z") == date(2026, 6, 12)


@pytest.mark.parametrize("written", ["", "snart", "2026-13-01", "9999-12-31T23:59:59-11:00", None, 20260811, "0001"])
def test_what_is_no_day_is_none(written: object) -> None:
    assert values.read_day(written) is None


@pytest.mark.parametrize("written", ["120618-5132", "20120618-5132", "201206185132", " 20120618 5132 ", "120618 5132"])
def test_a_number_is_read_in_ten_and_in_twelve_digits(written: str) -> None:
    assert values.read_identity({"value": written, "nationality": "SE"}, TODAY)[0] == "201206185132"


@given(BIRTHS, st.integers(1, 999))
def test_every_valid_number_comes_out_in_twelve_positions(born: date, serial: int) -> None:
    nine = f"{born:%y%m%d}{serial:03}"
    twelve = f"{born:%Y%m%d}{serial:03}{check_digit(nine)}"
    assert values.read_identity({"value": twelve}, TODAY)[0] == twelve
    assert values.read_identity(f"{twelve[:8]}-{twelve[8:]}", TODAY)[0] == twelve


def test_a_temporary_number_is_a_number_and_a_wrong_one_is_none() -> None:
    assert values.read_identity({"value": "20120618-TF12"}, TODAY)[0] == "20120618TF12"
    assert values.read_identity({"value": "20120618-5131"}, TODAY)[0] == ""
    assert values.read_identity({"value": None}, TODAY)[0] == ""


@pytest.mark.parametrize("written", ["120618-5131", "20120618-5131", "201206185132", "20120618-TF12"])
def test_a_day_of_birth_is_in_the_number_though_its_check_digit_is_wrong(written: str) -> None:
    assert values.read_identity({"value": written}, TODAY)[1] == date(2012, 6, 18)
    assert values.read_identity({"value": "okänt"}, TODAY) == ("", None)


@given(ANYTHING.filter(lambda value: value not in (None, "", False)))
def test_only_one_word_means_that_nothing_is_protected(value: object) -> None:
    is_the_word = isinstance(value, str) and value.strip().lower() == "ingen"
    assert values.read_marking(value) is not is_the_word


@pytest.mark.parametrize("word", ["Sekretessmarkering", "Skyddad folkbokföring", "Något nytt", "nej", " ", True, 1, {}])
def test_a_word_nobody_knows_means_protected(word: object) -> None:
    assert values.read_marking(word) is True
    assert values.read_marking({"value": word}) is True


@pytest.mark.parametrize("word", ["Ingen", " ingen", False, {"value": "Ingen", "context": "x"}, {"value": False}])
def test_a_plain_no_is_a_no_however_it_is_wrapped(word: object) -> None:
    assert values.read_marking(word) is False


@pytest.mark.parametrize("nothing", [None, "", {"value": None}])
def test_what_says_nothing_is_nothing_said(nothing: object) -> None:
    assert values.read_marking(nothing) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [("01990011", "01990011"), (1990011, "01990011"), (" 01990011 ", "01990011"), ("", None), ("0199001x", None)],
)
def test_a_school_unit_code_gets_its_lost_zeros_back(written: object, code: str | None) -> None:
    assert values.read_school_unit_code(written) == code


def test_the_same_id_is_equal_however_it_is_written() -> None:
    spellings = ("046B6C7F-0B8A", " 046b6c7f-0b8a", {"id": "046b6c7f-0b8a", "displayName": "x"})
    assert {values.read_id(each) for each in spellings} == {"046b6c7f-0b8a"}
    assert values.read_id(17) == "17"
    nothing: tuple[object, ...] = (None, "", " ", True, [], {}, "x" * 500)
    assert {values.read_id(each) for each in nothing} == {None}


@pytest.mark.parametrize(
    ("written", "grade"),
    [(0, "F"), (5, "5"), (9.0, "9"), ("3", "3"), ("Åk 3", "Åk 3"), (None, ""), (-1, ""), (True, "")],
)
def test_a_grade_is_written_as_people_do(written: object, grade: str) -> None:
    assert values.read_grade(written) == grade


def test_a_text_is_one_line_without_what_cannot_be_seen() -> None:
    assert values.read_text("  Elin\u200b\n\tSand\u202ehage ") == "Elin Sand hage"
    assert values.read_text("e\u0301") == "é"
