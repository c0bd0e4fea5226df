from datetime import date, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer import personnummer as oracle

from app.kernel.identity_number import (
    CoordinationNumber,
    IdentityKind,
    InvalidNumber,
    NumberProblem,
    PersonalIdentityNumber,
    TemporaryNumber,
    check_digit,
    find_number,
    parse_number,
)

TODAY = date(2026, 8, 25)
DAYS = st.dates(date(1850, 1, 1), TODAY)
SERIALS = st.integers(1, 999).map("{:03}".format)


def number(day: date, serial: str, *, coordination: bool = False) -> str:
    written = f"{day:%Y%m}{day.day + 60 * coordination:02}"
    return written + serial + str(check_digit(written[2:] + serial))


def problem(kind: IdentityKind, text: str) -> NumberProblem:
    with pytest.raises(InvalidNumber) as caught:
        parse_number(kind, text, today=TODAY)
    return caught.value.problem


def is_right_according_to_oracle(text: str) -> bool:
    with patch.object(oracle, "_get_current_date", return_value=TODAY):
        try:
            return oracle.Personnummer(text).get_date() <= TODAY
        except oracle.PersonnummerException:
            return False


class TestPersonalIdentityNumber:
    @pytest.mark.parametrize(
        "text",
        [
            "201503042382",
            "20150304-2382",
            "150304-2382",
            "1503042382",
            " 2015 03 04 - 2382 ",
            "20150304\u20132382",
            "20150304\u00a02382",
        ],
    )
    def test_every_way_of_writing_it_gives_the_same_twelve_digits(self, text):
        assert PersonalIdentityNumber.parse(text, today=TODAY).unmasked() == "201503042382"

    def test_a_plus_sign_means_a_hundred_years_earlier(self):
        assert PersonalIdentityNumber.parse("121212+1212", today=TODAY).unmasked() == "191212121212"
        assert PersonalIdentityNumber.parse("191212121212", today=TODAY).birth_date == date(1912, 12, 12)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", NumberProblem.SHAPE),
            ("1503", NumberProblem.SHAPE),
            ("20150304-TF02", NumberProblem.SHAPE),
            ("\u0662\u0660150304-2382", NumberProblem.SHAPE),
            ("20150304--2385", NumberProblem.SHAPE),
            ("1" * 100_000, NumberProblem.SHAPE),
            ("20150304\u202e2382", NumberProblem.SHAPE),
            ("=20150304-2382", NumberProblem.SHAPE),
            ("20150230-2381", NumberProblem.DATE),
            ("20151304-2380", NumberProblem.DATE),
            ("00000101-0000", NumberProblem.DATE),
            ("20260826-2388", NumberProblem.DATE),
            ("20150304-2380", NumberProblem.CHECK_DIGIT),
            ("20150304-0008", NumberProblem.CHECK_DIGIT),
            (number(date(2015, 3, 4), "238", coordination=True), NumberProblem.IS_COORDINATION_NUMBER),
        ],
    )
    def test_what_is_wrong_is_named(self, text, expected):
        assert problem(IdentityKind.PERSONAL, text) is expected

    @given(DAYS, SERIALS, st.booleans())
    def test_agrees_with_another_implementation_on_right_numbers(self, day, serial, coordination):
        text = number(day, serial, coordination=coordination)
        kind = IdentityKind.COORDINATION if coordination else IdentityKind.PERSONAL
        assert is_right_according_to_oracle(text)
        assert parse_number(kind, text, today=TODAY).birth_date == day

    @given(st.from_regex(r"\A([0-9]{2})?[0-9]{2}[01][0-9]{3}[-+]?[0-9]{4}\Z"))
    def test_agrees_with_another_implementation_on_anything_shaped_like_one(self, text):
        assert (find_number(text, today=TODAY) is not None) is is_right_according_to_oracle(text)

    @given(st.dates(date(1827, 1, 1), TODAY), SERIALS)
    def test_short_and_long_forms_are_the_same_number(self, day, serial):
        twelve = number(day, serial)
        sign = "+" if TODAY.year - day.year >= 100 else "-"
        short = f"{twelve[2:8]}{sign}{twelve[8:]}"
        assert PersonalIdentityNumber.parse(short, today=TODAY) == PersonalIdentityNumber.parse(twelve, today=TODAY)

    @given(DAYS, SERIALS, st.integers(0, 9))
    def test_one_digit_is_right_and_nine_are_wrong(self, day, serial, last):
        right = number(day, serial)
        mistyped = right[:-1] + str(last)
        assert (find_number(mistyped, today=TODAY) is not None) is (mistyped == right)


class TestCoordinationNumber:
    def test_sixty_is_added_to_the_day(self):
        text = number(date(2015, 3, 4), "238", coordination=True)
        assert text[6:8] == "64"
        assert CoordinationNumber.parse(text, today=TODAY).birth_date == date(2015, 3, 4)

    def test_a_personal_number_is_told_apart(self):
        assert problem(IdentityKind.COORDINATION, "20150304-2382") is NumberProblem.IS_PERSONAL_IDENTITY_NUMBER

    def test_the_two_kinds_are_never_equal(self):
        personal = PersonalIdentityNumber.parse("20150304-2382", today=TODAY)
        assert personal != CoordinationNumber("201503042382")


class TestTemporaryNumber:
    @pytest.mark.parametrize("text", ["20150304-TF02", "20150304tf02", "150304-TF02", "2015 03 04 - tf 02"])
    def test_a_municipality_writes_two_letters_and_two_digits(self, text):
        assert TemporaryNumber.parse(text, today=TODAY).formatted() == "20150304-TF02"

    def test_other_authorities_write_one_letter_and_three_digits(self):
        assert TemporaryNumber.parse("20150304-T238", today=TODAY).unmasked() == "20150304T238"

    @pytest.mark.parametrize("text", ["20150304-2382", "20150304-TF2", "20150304-FT02", "20150304+TF02", "TF02", ""])
    def test_other_shapes_are_refused(self, text):
        assert problem(IdentityKind.TEMPORARY, text) is NumberProblem.SHAPE

    @pytest.mark.parametrize("text", ["20150231-TF02", "20150364-TF02", "20260826-TF02", "20150300-TF02"])
    def test_impossible_dates_are_refused(self, text):
        assert problem(IdentityKind.TEMPORARY, text) is NumberProblem.DATE

    @given(DAYS, st.integers(0, 99))
    def test_the_date_is_read_back(self, day, serial):
        assert TemporaryNumber.parse(f"{day:%Y%m%d}-TF{serial:02}", today=TODAY).birth_date == day


class TestMasking:
    def test_no_ordinary_way_of_showing_a_number_shows_it(self):
        secret = PersonalIdentityNumber.parse("20150304-2382", today=TODAY)
        shown = [str(secret), repr(secret), f"{secret}", f"{secret!s:>20}", f"{[secret]}", f"{secret!a}"]
        assert not [text for text in shown if "2015" in text or "2382" in text]

    def test_the_reason_for_refusal_does_not_repeat_what_was_typed(self):
        with pytest.raises(InvalidNumber) as caught:
            PersonalIdentityNumber.parse("20150304-2380", today=TODAY)
        assert "2015" not in str(caught.value)

    def test_nothing_tells_the_sex(self):
        names = {name for kind in (PersonalIdentityNumber, TemporaryNumber) for name in dir(kind)}
        assert not [name for name in names if "sex" in name or "male" in name or "gender" in name]


class TestFindNumber:
    def test_any_kind_is_recognised(self):
        texts = ["150304-2382", number(date(2015, 3, 4), "238", coordination=True), "20150304-TF02"]
        kinds = [found.kind for text in texts if (found := find_number(text, today=TODAY))]
        assert kinds == [IdentityKind.PERSONAL, IdentityKind.COORDINATION, IdentityKind.TEMPORARY]

    @given(st.text(max_size=60))
    def test_whatever_is_typed_gives_a_number_or_nothing(self, text):
        found = find_number(text, today=TODAY)
        assert found is None or found.birth_date <= TODAY

    def test_tomorrow_has_no_numbers_yet(self):
        tomorrow = number(TODAY + timedelta(days=1), "238")
        assert find_number(tomorrow, today=TODAY) is None
