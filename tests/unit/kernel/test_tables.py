"""Any table comes back as it was written, in every dialect; what cannot be read is refused with its place."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from time import process_time
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.csv_files import Column, FilesRefused, fold
from app.kernel.tables import Table, clean, letters, open_table
from tests.factories.tables import add_part, write_csv, write_xlsx

COLUMNS = (
    Column("name", ("namn", "elev")),
    Column("number", ("personnummer", "pnr"), is_required=False),
    Column("school_class", ("klass", "grupp"), is_required=False, max_length=40),
    Column("protected", ("skydd*", "sekretess*"), is_required=False),
)
HEADER = ("Namn", "Personnummer", "Klass")
WORD = st.text(st.sampled_from("abcåäöÅÄÖéüß ABC019.'()"), min_size=1, max_size=12).map(clean).filter(bool)
CELL = st.one_of(st.just(""), WORD, st.sampled_from(['a "b" c', "a;b", "a,b", "012345", "3,5"]))
ROWS = st.lists(st.tuples(WORD, CELL, CELL), min_size=1, max_size=8)

read = partial(open_table, columns=COLUMNS, most_rows=100)


def cells_of(table: Table) -> list[tuple[str, ...]]:
    """Return what was read, in our order of the columns."""
    return [(row.text("name"), row.text("number"), row.text("school_class")) for row in table.rows()]


def read_all(content: bytes, **limits: int) -> None:
    """Read a file to its end; raise what is wrong with it."""
    table = open_table(content, COLUMNS, **{"most_rows": 100} | limits)
    for _ in table.rows():
        pass
    table.problems.raise_if_any()


def refusal(content: bytes, **limits: int) -> list[tuple[int, str, str]]:
    """Return why a file is refused: row, column and code of everything that is wrong."""
    with pytest.raises(FilesRefused) as refused:
        read_all(content, **limits)
    return [(each.row, each.column, each.code) for each in refused.value.problems]


@given(
    ROWS,
    st.permutations(range(3)),
    st.sampled_from(";,\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
@settings(max_examples=80, deadline=None)
def test_a_table_written_in_any_dialect_reads_back_the_same(
    rows: Sequence[tuple[str, ...]], order: Sequence[int], delimiter: str, encoding: str
) -> None:
    written = [[row[at] for at in order] for row in (HEADER, *rows)]
    table = read(write_csv(written, delimiter=delimiter, encoding=encoding))
    assert cells_of(table) == [tuple(map(clean, row)) for row in rows]
    assert not table.problems.found


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_letters_are_recognised_without_a_mark_too(encoding: str) -> None:
    assert cells_of(read(write_csv([HEADER, ("Åsa", "1", "5 B")], encoding=encoding))) == [("Åsa", "1", "5 B")]


@given(ROWS, st.permutations(range(3)))
@settings(max_examples=30, deadline=None)
def test_a_table_written_as_a_workbook_reads_back_the_same(
    rows: Sequence[tuple[str, ...]], order: Sequence[int]
) -> None:
    table = read(write_xlsx([[row[at] for at in order] for row in (HEADER, *rows)]))
    assert cells_of(table) == [tuple(map(clean, row)) for row in rows]


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_table_or_are_refused(content: bytes) -> None:
    with suppress(FilesRefused):
        read_all(content)


@given(st.binary(max_size=40), st.integers(0, 5000))
@settings(max_examples=100, deadline=None)
def test_a_workbook_damaged_anywhere_is_a_table_or_is_refused(damage: bytes, at: int) -> None:
    workbook = bytearray(write_xlsx([HEADER, ("Åsa", "1", "5 B")]))
    start = at % len(workbook)
    workbook[start : start + len(damage)] = damage
    with suppress(FilesRefused):
        read_all(bytes(workbook))


def test_numbers_of_a_workbook_come_as_they_were_typed() -> None:
    rows = [HEADER, ("Åsa", 201504122381, 7), ("Bo", "0504122381", 12345678), ("Cilla", 3.5, True)]
    assert cells_of(read(write_xlsx(rows))) == [
        ("Åsa", "201504122381", "7"),
        ("Bo", "0504122381", "12345678"),
        ("Cilla", "3.5", "ja"),
    ]


def test_the_header_may_stand_below_a_title_and_empty_rows_are_skipped() -> None:
    rows = [("Klasslista", ""), ("", ""), ("Elev", "Grupp"), ("Åsa", "5 B"), ("", ""), ("Bo", "")]
    for content in (write_csv(rows), write_xlsx(rows)):
        table = read(content)
        assert table.header.row == 3
        assert [(row.number, row.text("name")) for row in table.rows()] == [(4, "Åsa"), (6, "Bo")]


def test_unknown_columns_are_left_out_and_told_by_letter_only() -> None:
    table = read(write_csv([("Skonummer", "Namn", "Klass", "", ""), ("41", "Åsa", "5 B", "", "")]))
    assert table.header.ignored == ("A",)
    assert [dict(row.cells) for row in table.rows()] == [{"name": "Åsa", "school_class": "5 B"}]


def test_a_column_without_a_header_is_told_when_it_holds_anything() -> None:
    rows = [("", "Namn", "", "Klass"), ("1", "Åsa", "Ek", "5 B")]
    assert read(write_csv(rows)).header.ignored == read(write_xlsx(rows)).header.ignored == ("A", "C")


def test_a_header_repeated_on_every_page_is_nobody() -> None:
    rows = [HEADER, ("Åsa", "", ""), HEADER, ("Bo", "", "")]
    for content in (write_csv(rows), write_xlsx(rows)):
        assert [(row.number, row.text("name")) for row in read(content).rows()] == [(2, "Åsa"), (4, "Bo")]


def test_without_a_header_the_columns_may_be_guessed_by_what_they_hold() -> None:
    content = write_csv([("", ""), ("5 B", "Åsa"), ("5 B", " Bo ")])
    guessed = read(content, guess=lambda rows: {"name": [1]} if [*rows] == [["5 B", "Åsa"], ["5 B", "Bo"]] else {})
    assert (guessed.header.row, guessed.header.ignored, guessed.columns) == (0, ("A",), {"name": "B"})
    assert [(row.number, row.text("name")) for row in guessed.rows()] == [(2, "Åsa"), (3, "Bo")]
    with pytest.raises(FilesRefused, match="header_is_missing"):
        read(content, guess=lambda _: {})


def test_of_two_words_for_a_column_the_likelier_is_taken() -> None:
    table = read(write_csv([("Grupp", "Namn", "Klass"), ("Simning", "Åsa", "5 B")]))
    assert [row.text("school_class") for row in table.rows()] == ["5 B"]
    assert table.header.ignored == ("A",)


def test_a_column_that_may_come_in_several_keeps_all_of_them() -> None:
    header = ("Namn", "Skyddade personuppgifter", "Sekretessmarkering")
    table = read(write_csv([header, ("Åsa", "nej", "ja"), ("Bo", "", "")]))
    assert [row.text("protected") for row in table.rows()] == ["nej\nja", ""]


def test_rows_with_fewer_cells_are_read_and_rows_with_more_are_refused() -> None:
    assert cells_of(read(b"Namn;Pnr;Klass\n\xc3\x85sa\nBo;1;2;;\n")) == [("Åsa", "", ""), ("Bo", "1", "2")]
    assert refusal(b"Namn;Pnr;Klass\nAda;1;2;3\n") == [(2, "", "too_many_cells")]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b"\xff\xfe", write_xlsx([])])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal(content) == [(1, "A", "file_is_empty")]


def test_a_header_alone_is_refused() -> None:
    assert refusal(write_csv([HEADER])) == [(2, "A", "no_rows")]


@pytest.mark.parametrize("content", [b"Namn\nBo\n", write_xlsx([("Namn",), ("Bo",)])])
def test_one_column_is_refused(content: bytes) -> None:
    assert refusal(content) == [(1, "A", "one_column")]


def test_a_file_without_a_header_is_refused() -> None:
    assert refusal(b"Bo;1;5 B\nAda;2;5 B\n") == [(1, "A", "header_is_missing")]
    assert refusal(b"Pnr;Klass\n1;5 B\n") == [(1, "name", "column_is_missing")]
    assert refusal(b"Namn;Namn\nBo;Bo\n") == [(1, "name", "column_given_twice")]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'Namn;Pnr\nBo;"1\nAda;2\n', (2, "B")),
        (b'Namn;Pnr\nBo;1\n"Ada;2\n', (3, "A")),
        (b'Namn;Pnr\nBo;"1"x;2\n', (2, "B")),
        (b'Namn;Pnr\nBo;"1\n' + b"Ada;2\n" * 50_000, (2, "B")),
    ],
)
def test_a_quote_that_is_not_closed_is_refused_where_it_opens(content: bytes, place: tuple[int, str]) -> None:
    assert refusal(content) == [(*place, "quotes_do_not_match")]


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_cell_of_200_kb_is_refused(quote: bytes) -> None:
    assert refusal(b"Namn;Pnr\nBo;1\nAda;" + quote + b"x" * 200_000 + quote) == [(3, "B", "value_is_too_long")]
    assert refusal(b"Namn;Pnr;Klass\nBo;1;" + b"x" * 41) == [(2, "school_class", "value_is_too_long")]


@pytest.mark.parametrize("row", [b'"' * 11_000_000, b";" * 11_000_000 + b'"a"b', b'"a\n";' * 2_000_000 + b'"a"b'])
def test_a_row_of_megabytes_is_refused_before_it_is_parted(row: bytes) -> None:
    started = process_time()
    assert refusal(b"Namn;Pnr\n" + row)[0][0] == 2
    assert process_time() - started < 2  # It took fourteen seconds, and half a gigabyte.


def test_a_cell_of_32_kb_in_a_workbook_is_refused() -> None:
    assert refusal(write_xlsx([HEADER, ("Bo", "1", "x" * 32_000)])) == [(2, "school_class", "value_is_too_long")]


def test_another_encoding_is_refused_where_it_shows() -> None:
    assert refusal("Namn;Klass\nBo;5\nÅke;5\n".encode("cp850")) == [(3, "A", "wrong_encoding")]
    assert refusal("Namn;Klass\nBo;5\nKåre;5\n".encode("cp850")) == [(3, "name", "wrong_encoding")]
    assert refusal("Namn;Klass\nBo;5\nKÃ¥re;5\n".encode()) == [(3, "name", "wrong_encoding")]
    assert refusal(b"\xef\xbb\xbfNamn;Klass\nBo;5\nK\xe5re;5\n") == [(3, "A", "wrong_encoding")]
    assert refusal("Namn;Klass\nÅsa;5\n".encode() + b"Bo;K\xe5re\n") == [(3, "B", "wrong_encoding")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 9, "not_a_table"),
        (b"%PDF-1.7\n1 0 obj\n", "not_a_table"),
        (b"<html><table><tr><td>Namn</td></tr></table></html>", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_or_locked_workbook"),
        (b"Namn;Pnr\nBo;\x00\x01\x02\n", "not_a_table"),
    ],
)
def test_another_kind_of_file_is_refused_whatever_it_is_called(content: bytes, code: str) -> None:
    assert refusal(content) == [(1, "A", code)]


def test_formulas_and_characters_that_cannot_be_seen_are_refused() -> None:
    content = write_csv([HEADER, ("=1+1", "", ""), ("Bo", "", "@a"), ("A\u202eda", "+46 70 123 45 67", "")])
    assert refusal(content) == [
        (2, "name", "formula"),
        (3, "school_class", "formula"),
        (4, "name", "control_character"),
    ]


def test_a_million_rows_are_refused() -> None:
    assert refusal(b"Namn;Pnr\n" + b"B;1\n" * 1_000_000, most_rows=100_000) == [(100_002, "A", "too_many_rows")]
    assert refusal(b"Namn;Pnr\n" + b"Bo Ek;201504122381\n" * 1_000_000) == [(0, "", "file_is_too_large")]


def test_a_million_empty_rows_are_refused_wherever_they_stand() -> None:
    assert refusal(b"Namn;Pnr\n" + b";\n" * 1_000_000)[0][2] == "too_many_rows"
    assert refusal(b"\n" * 1_000_000 + b"Namn;Pnr\nBo;1\n") == [(1, "A", "file_is_empty")]


def test_a_sheet_formatted_far_below_its_last_row_is_read() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (at, at, at) for at in range(3, 5_000))
    text = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%b</t></is></c><c r="B%d"><v>5</v></c></row>'
    filled = text % (1, 1, b"Namn", 1) + text % (2, 2, b"Bo", 2)
    assert [row.text("name") for row in read(sheet_of(filled + rows)).rows()] == ["Bo"]


def test_a_table_too_wide_is_refused() -> None:
    assert refusal(b"Namn;Pnr\nBo;1\nAda;2" + b";" * 5_000 + b"\n") == [(3, "ALM", "too_many_columns")]
    assert refusal(b"Namn;Klass" + b";" * 5_000 + b"\nBo;5 B\n") == [(1, "ALM", "too_many_columns")]


def test_reading_stops_at_a_thousand_problems() -> None:
    assert len(refusal(b"Namn;Pnr\n" + b";1\n" * 5_000, most_rows=9_000)) == 1_000


def sheet_of(rows: bytes) -> bytes:
    """Return a workbook with a sheet's rows written by hand."""
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
    return add_part(write_xlsx([HEADER]), "xl/worksheets/sheet1.xml", b'<?xml version="1.0"?>' + sheet % rows)


def test_a_million_rows_of_a_workbook_are_refused_before_they_are_read() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(1, 1_000_001))
    assert refusal(sheet_of(rows), most_rows=100_000) == [(120_001, "A", "too_many_rows")]


def test_two_cells_in_opposite_corners_are_refused_before_the_table_between_them_is_made() -> None:
    for corner in (b"XFD1048576", b"AZ99999", b"A1048576"):
        rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row><c r="%b"><v>1</v></c></row>' % corner
        assert refusal(sheet_of(rows))[0][2] in {"too_many_rows", "too_many_columns"}


@pytest.mark.parametrize("cell", [b"<c><v>1</v></c>", b"<c\nr='XFD9'><v>1</v></c>", b'<c s="1" r="XFD9"><v>1</v></c>'])
def test_cells_without_a_plain_reference_are_refused(cell: bytes) -> None:
    assert refusal(sheet_of(b"<row>" + cell + b"</row>")) == [(0, "", "not_a_workbook")]


def test_a_workbook_that_unfolds_to_gigabytes_is_refused() -> None:
    bomb = add_part(write_xlsx(), "xl/media/image1.png", bytes(200_000_000))
    assert len(bomb) < 300_000
    assert refusal(bomb) == [(0, "", "unfolds_too_large")]


def test_a_workbook_of_thousands_of_parts_is_refused_before_they_are_listed() -> None:
    written = BytesIO(write_xlsx())
    with ZipFile(written, "a") as archive:
        for number in range(2_000):
            archive.writestr(f"xl/media/{number}.png", b"")
    assert refusal(written.getvalue()) == [(0, "", "unfolds_too_large")]


def test_millions_of_strings_that_no_cell_uses_are_refused() -> None:
    strings = b'<?xml version="1.0"?><sst>' + b"<si><t>a</t></si>" * 3_000_000 + b"</sst>"
    assert refusal(add_part(write_xlsx(), "xl/sharedStrings.xml", strings)) == [(0, "", "unfolds_too_large")]


def sharing(strings: bytes, cell: bytes = b"<v>0</v>") -> bytes:
    """Return a workbook of eighty rows whose cells all say the first of these strings."""
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s">%b</c></row>' % (at, at, cell) for at in range(1, 81))
    return add_part(sheet_of(rows), "xl/sharedStrings.xml", b'<?xml version="1.0"?><sst>' + strings + b"</sst>")


def test_a_long_string_that_many_cells_share_is_refused_before_each_gets_a_copy() -> None:
    long = b"<si><t>" + b"x" * 900_000 + b"</t></si>"
    assert refusal(sharing(long)) == [(0, "", "unfolds_too_large")]
    assert refusal(sharing(long, b"<v>&#48;</v>")) == [(0, "", "unfolds_too_large")]
    assert refusal(sharing(long, b"<v><!-- -->0</v>")) == [(0, "", "not_a_workbook")]
    assert refusal(sharing(b'<!-- <si> --><si><t a="><si>">x</t></si>' + long)) == [(0, "", "not_a_workbook")]


def test_a_long_string_that_few_cells_use_is_no_fault() -> None:
    long = b"<si><t>" + b"x" * 900_000 + b"</t></si>"
    assert refusal(sharing(b"<si><t>Namn</t></si>" + long))[0][2] == "one_column"  # Read, and judged as a table.


@pytest.mark.parametrize("place", [b"other/sheet1.xml", b"worksheets/sheet1.dat", b"worksheets/sheet1&#46;xml"])
def test_a_sheet_where_it_would_not_be_measured_is_refused(place: bytes) -> None:
    plain = write_xlsx()
    with ZipFile(BytesIO(plain)) as archive:
        targets = archive.read("xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet1.xml", place)
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b"A1", b"XFD1048576")
    moved = add_part(add_part(plain, "xl/_rels/workbook.xml.rels", targets), f"xl/{place.decode()}", sheet)
    assert refusal(moved) == [(0, "", "not_a_workbook")]


def test_a_part_that_claims_to_be_small_is_measured_all_the_same() -> None:
    bomb = bytearray(add_part(write_xlsx(), "xl/media/image1.png", bytes(100_000_000)))
    size = (100_000_000).to_bytes(4, "little")
    while (at := bomb.find(size)) >= 0:
        bomb[at : at + 4] = (10).to_bytes(4, "little")
    assert refusal(bytes(bomb)) == [(0, "", "unfolds_too_large")]


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/vbaProject.bin", b"\x01", "has_macros"),
        ("xl/externalLinks/externalLink1.xml", b"<externalLink/>", "has_external_links"),
        ("xl/connections.xml", b"<connections/>", "has_external_links"),
        ("xl/sharedStrings.xml", b'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst/>', "has_entities"),
        ("xl/worksheets/sheet1.xml", '<?xml version="1.0"?><worksheet/>'.encode("utf-16"), "not_a_workbook"),
    ],
)
def test_a_workbook_that_acts_or_reaches_out_is_refused(part: str, content: bytes, code: str) -> None:
    assert refusal(add_part(write_xlsx(), part, content)) == [(0, "", code)]


def test_several_sheets_with_content_are_refused_and_empty_ones_are_not() -> None:
    rows = [HEADER, ("Åsa", "1", "5 B")]
    assert refusal(write_xlsx(rows, rows)) == [(0, "", "several_sheets")]
    assert cells_of(read(write_xlsx([], rows, []))) == [("Åsa", "1", "5 B")]


def test_another_zip_than_a_workbook_is_refused() -> None:
    word = add_part(write_xlsx(), "word/document.xml", b"<document/>").replace(b"xl/workbook.xml", b"xl/wordbook.xml")
    assert refusal(word) == [(0, "", "not_a_workbook")]
    assert refusal(write_xlsx()[:-30]) == [(0, "", "not_a_workbook")]


def test_nothing_a_cell_holds_is_in_a_refusal() -> None:
    with pytest.raises(FilesRefused) as refused:
        read_all("Namn;Klass\nHemlig\u202e;=Hemlig\n".encode())
    assert "emlig" not in str(refused.value)


def test_columns_are_lettered_as_a_spreadsheet_does() -> None:
    assert [letters(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_headers_are_compared_folded() -> None:
    assert fold("Person­nummer ") == fold("PERSONNUMMER")
