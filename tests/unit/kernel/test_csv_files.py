"""Reading the files people hand over."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import csv_files
from app.kernel.csv_files import Column, FilesRefused, Problems, fold, read_table, require_unique

COLUMNS = (
    Column("name", ("namn",), max_length=20),
    Column("starts_on", ("borjar", "startar")),
    Column("phone", ("telefon",), is_required=False),
)


def read(tmp_path: Path, content: bytes | str, columns=COLUMNS):
    (tmp_path / "a.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    problems = Problems()
    return read_table(tmp_path, "a.csv", columns, problems), problems


def codes(problems: Problems) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in problems.found]


GOOD = "Namn;Börjar\nÅsa;2026-08-19\n"


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.replace(";", ","),
        GOOD.replace(";", "\t"),
        GOOD.replace("\n", "\r\n"),
        "börjar;NAMN\n2026-08-19;Åsa",
        '\n"Namn";"Börjar"\n\n"A\u030asa" ; "2026-08-19"\n;\n'.replace('" ; "', '";"'),
    ],
)
def test_the_usual_forms_are_all_read(tmp_path, content):
    rows, problems = read(tmp_path, content)
    assert not problems.found
    assert [(row.text("name"), row.day("starts_on"), row.phone("phone")) for row in rows] == [
        ("Åsa", date(2026, 8, 19), "")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [(0, "", "file_is_empty")]),
        (b"\xef\xbb\xbf \n", [(0, "", "file_is_empty")]),
        (b";;;;\n;;\n", [(0, "", "file_is_empty")]),
        (GOOD.encode("cp1252"), [(0, "", "file_is_not_utf8")]),
        (b"\x89PNG\r\n\x1a\n\x00\x00", [(0, "", "file_is_not_utf8")]),
        ("Namn;Börjar\n", [(2, "", "no_rows")]),
        ("Namn\nÅsa\n", [(1, "starts_on", "column_is_missing")]),
        ("Namn;Börjar;Startar\nÅsa;1;2\n", [(1, "starts_on", "column_given_twice")]),
        ("Namn;Börjar;Åsa Ek\nÅsa;1;2\n", [(1, "3", "unknown_column")]),
        ('Namn;Börjar\n"Åsa;2026-08-19\nBo;2026-08-19\n', [(2, "", "quotes_do_not_match")]),
        ('Namn;Börjar\n"Å"sa;2026-08-19\n', [(2, "", "quotes_do_not_match")]),
        ("Namn;Börjar\nÅsa\n", [(2, "", "wrong_number_of_cells")]),
        ("Namn;Börjar\nÅsa;2026-08-19;x\n", [(2, "", "wrong_number_of_cells")]),
        ("Namn;Börjar\n;2026-08-19\n", [(2, "name", "value_is_missing")]),
        (f"Namn;Börjar\n{'å' * 21};2026-08-19\n", [(2, "name", "value_is_too_long")]),
        ("Namn;Börjar\nÅ\u202esa;2026-08-19\n", [(2, "name", "control_character")]),
        ('Namn;Börjar\n"Å\nsa";2026-08-19\n', [(2, "name", "control_character")]),
        ("Namn;Börjar\nÅ\0sa;2026-08-19\n", [(2, "name", "control_character")]),
        ("Namn;Börjar\n=1+1;2026-08-19\n", [(2, "name", "formula")]),
        ("Namn;Börjar\n@SUM;2026-08-19\n", [(2, "name", "formula")]),
    ],
)
def test_a_wrong_shape_is_told_by_row_and_column_and_never_quoted(tmp_path, content, expected):
    _, problems = read(tmp_path, content)
    assert codes(problems) == expected
    with pytest.raises(FilesRefused) as refused:
        problems.raise_if_any()
    assert "sa" not in str(refused.value).replace("missing", "")


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    problems = Problems()
    (tmp_path / "b.csv").mkdir()
    assert read_table(tmp_path, "a.csv", COLUMNS, problems) == []
    assert read_table(tmp_path, "b.csv", COLUMNS, problems) == []
    assert [problem.code for problem in problems.found] == ["file_is_missing", "file_is_missing"]


def test_a_huge_file_and_a_long_one_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "MAX_ROWS", 2)
    assert codes(read(tmp_path, GOOD + "Bo;2026-08-19\nEva;2026-08-19\n")[1]) == [(4, "", "too_many_rows")]
    monkeypatch.setattr(csv_files, "MAX_BYTES", 10)
    assert codes(read(tmp_path, GOOD)[1]) == [(0, "", "file_is_too_large")]


def test_a_cell_of_more_than_the_reader_holds_is_refused(tmp_path):
    assert codes(read(tmp_path, f"Namn;Börjar\n{'x' * 200_000};2026-08-19\n")[1]) == [(2, "", "quotes_do_not_match")]


@pytest.mark.parametrize("value", ["2026-02-30", "19/8 2026", "20260819", "2026-8-19", "9999999999", "2026-W34-3"])
def test_a_day_that_is_none_is_noted(tmp_path, value):
    rows, problems = read(tmp_path, f"Namn;Börjar\nÅsa;{value}\n")
    rows[0].day("starts_on")
    assert codes(problems) == [(2, "starts_on", "not_a_date")]


class TestCells:
    COLUMNS = (Column("value", ("varde",), is_required=False, max_length=80), Column("name", ("namn",)))

    def row(self, tmp_path, value):
        rows, problems = read(tmp_path, f"Värde;Namn\n{value};x\n", self.COLUMNS)
        return rows[0], problems

    @pytest.mark.parametrize(("value", "expected"), [("0", 0), ("412", 412), ("1 068", 1068), ("", None), ("007", 7)])
    def test_whole_numbers(self, tmp_path, value, expected):
        row, problems = self.row(tmp_path, value)
        assert row.whole("value", at_most=9999) == expected
        assert not problems.found

    @pytest.mark.parametrize("value", ["4.5", "10000", "1e3", "²", "٣", "999999999999999999999"])
    def test_what_is_no_whole_number_is_noted(self, tmp_path, value):
        row, problems = self.row(tmp_path, value)
        assert row.whole("value", at_most=9999) is None
        assert codes(problems) == [(2, "value", "not_a_whole_number")]

    @pytest.mark.parametrize("value", ["a@b.example", "KARIN.Ö@skola.example"])
    def test_addresses(self, tmp_path, value):
        row, problems = self.row(tmp_path, value)
        assert row.email("value") == value.lower()
        assert not problems.found

    @pytest.mark.parametrize("value", ["a", "a@b", "a b@c.example", "a@b@c.example", "a@.example", "a@b..example"])
    def test_what_is_no_address_is_noted(self, tmp_path, value):
        row, problems = self.row(tmp_path, value)
        row.email("value")
        assert codes(problems) == [(2, "value", "not_an_email")]

    @pytest.mark.parametrize("value", ["112", "114 14", "08-465 004 10", "+46 8 465 004 10", "010-223 57 60"])
    def test_telephone_numbers_are_no_formulas(self, tmp_path, value):
        row, problems = self.row(tmp_path, value)
        assert row.phone("value") == value
        assert not problems.found

    def test_choices_and_flags(self, tmp_path):
        row, problems = self.row(tmp_path, "Hösttermin")
        assert row.choice("value", {"varlov": 0, "hosttermin": 1}) == 1
        assert not row.flag("value")
        assert codes(problems) == [(2, "value", "not_yes_or_no")]
        row, problems = self.row(tmp_path, "Ja")
        assert row.flag("value")
        assert row.choice("value", {"varlov": 0}) == 0
        assert codes(problems) == [(2, "value", "not_a_choice")]


def test_a_repeated_row_is_noted(tmp_path):
    rows, problems = read(tmp_path, GOOD + "åsa;2026-08-19\nÅsa;2026-08-20\n")
    require_unique(rows, "name", "starts_on")
    assert codes(problems) == [(3, "starts_on", "given_twice")]


def test_folding_takes_off_accents_spaces_and_capitals():
    assert fold(" E-post ") == "epost"
    assert fold("FÖRVALTNING") == "forvaltning"
    assert fold("Påminner (dagar)") == "paminnerdagar"


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_problems_and_never_an_exception(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    rows, problems = read(folder, b"Namn;Telefon\n" + content)
    assert problems.found or all(row.number > 1 for row in rows)
