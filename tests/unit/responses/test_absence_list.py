"""Absence lists as people paste and save them: what is understood, what is refused and how that is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import xlsxwriter
from flask import Flask
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict

from app.kernel.identity_number import IdentityKind
from app.responses.forms.absence_list import PreviewAbsenceListForm
from app.responses.pages.absence_list import tell_list_faults
from app.responses.types.absence_lists import ReadColumn, is_same_pupil
from app.responses.types.unheaded import NameOrder
from app.web.forms import list_errors
from tests.factories.responses import identity

ELIN, BO = "201504122381", "201203102387"
Read = Callable[..., PreviewAbsenceListForm]


@pytest.fixture
def read(set_clock: Callable[[datetime], None]) -> Read:
    """Give a form that was sent with a pasted text or a file, and validated."""
    set_clock(datetime(2026, 8, 25, 8, tzinfo=UTC))

    def sent(
        text: str = "", file: bytes | None = None, name: str = "lista.csv", order: str = ""
    ) -> PreviewAbsenceListForm:
        files = MultiDict({"file": FileStorage(BytesIO(file), name, "file")} if file is not None else {})
        with Flask(__name__).app_context():
            form = PreviewAbsenceListForm(
                formdata=CombinedMultiDict([MultiDict({"text": text, "order": order}), files]), meta={"csrf": False}
            )
            form.validate()
        return form

    return sent


def told(form: PreviewAbsenceListForm) -> list[str]:
    """Return what is said to be wrong, with the list or with how it was handed over."""
    if (faults := tell_list_faults(form.problems)) is None:
        return [error.text for error in list_errors(form)]
    return [f"Rad {fault.row}, {fault.column or '-'}: {fault.words}" for fault in faults.told]


def workbook(*rows: tuple[object, ...]) -> bytes:
    """Return an XLSX file with these rows."""
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        f"Namn\tPersonnummer\tKlass\nElin Sandhage\t{ELIN}\t5 B\nBo Björk\t20120310-2387\t8 A\n",
        f"Klass;Namn;Personnr\n5 B;Elin Sandhage;150412-2381\n8 A;Bo Björk;{BO}",
        f"klass,efternamn,förnamn,personnummer\n5 B,Sandhage,Elin,{ELIN}\n8 A,Björk,Bo,{BO}",
        f"Saknade HT 2026\n\nElev;Personnummer;Klass;Telefon\nElin Sandhage;{ELIN};5 B;070\nBo Björk;{BO};8 A;\n",
    ],
)
def test_a_list_is_understood_however_it_is_headed_and_parted(read: Read, text: str) -> None:
    form = read(text)
    assert told(form) == []
    elin, bo = form.to_command().absent.pupils
    assert (elin.name, elin.number, elin.school_class, elin.kind) == (
        "Elin Sandhage",
        ELIN,
        "5 B",
        IdentityKind.PERSONAL,
    )
    assert (bo.name, bo.number, bo.birth_date) == ("Bo Björk", BO, date(2012, 3, 10))
    assert not elin.is_confirmed


def test_a_file_may_be_a_workbook_or_text_in_windows_letters(read: Read) -> None:
    rows = (("Namn", "Födelsedatum"), ("Åsa Öberg", "2015-04-12"))
    text = "\r\n".join(";".join(row) for row in rows)
    for data, name in ((workbook(*rows), "a.xlsx"), (text.encode("cp1252"), "a.csv"), (text.encode("utf-16"), "a.txt")):
        form = read(file=data, name=name)
        assert told(form) == []
        (who,) = form.to_command().absent.pupils
        assert (who.name, who.birth_date, who.kind) == ("Åsa Öberg", date(2015, 4, 12), IdentityKind.NONE)


def test_names_alone_are_enough(read: Read) -> None:
    assert [who.name for who in read("Namn\nElin\nBo\n").to_command().absent.pupils] == ["Elin", "Bo"]


def test_a_day_of_birth_where_the_number_should_be_is_a_day(read: Read) -> None:
    (who,) = read("Namn\tPersonnummer\nElin\t2015-04-12").to_command().absent.pupils
    assert (who.number, who.birth_date) == (None, date(2015, 4, 12))


@pytest.mark.parametrize("number", ["20150472-2388", "20150412-TF01"])
def test_coordination_numbers_and_temporary_ones_are_numbers_too(read: Read, number: str) -> None:
    (who,) = read(f"Namn\tPersonnummer\nElin\t{number}").to_command().absent.pupils
    assert who.kind in (IdentityKind.COORDINATION, IdentityKind.TEMPORARY)


@pytest.mark.parametrize("marking", ["Ja", "x", "Sekretessmarkering", "vet ej", "Skyddad folkbokföring"])
def test_of_a_protected_pupil_only_that_there_is_one_is_kept(read: Read, marking: str) -> None:
    form = read(f"Namn\tSkyddade personuppgifter\nElin\t{marking}\nBo\tNej\nEva\t\n")
    command = form.to_command()
    assert (command.protected_count, [who.name for who in command.absent.pupils]) == (1, ["Bo", "Eva"])


@pytest.mark.parametrize(
    "row",
    [
        "Hemlig Person\t7A\tSkyddad identitet",
        "Hemlig Person\t7A\tElev KVARSKRIVEN, ring mentor",
        "Hemlig Person (sekretessmarkerad)\t7A",
        "Person, Hemlig (fingerade uppgifter)\t7A",
        "Hemlig Person *\t7A",
        "Skyddad identitet\t7A",
        "Hemlig Person\t7A skydd",
    ],
)
def test_who_is_marked_anywhere_on_the_row_is_protected(read: Read, row: str) -> None:
    command = read(f"Namn\tKlass\tAnm\nEva Ek\t7A\tRing skolsekreteraren\n{row}").to_command()
    assert (command.protected_count, [who.name for who in command.absent.pupils]) == (1, ["Eva Ek"])


def test_who_is_marked_by_the_name_is_known_without_the_mark(read: Read) -> None:
    rows = "Bo Björk *\t7A\nBjörk, Bo (skyddad)\t7A\nBo Björk\t7A\nSkyddad\t7A\nSkyddad\t7A\nEva Ek\t7A"
    command = read(f"Namn\tKlass\n{rows}").to_command()
    assert (command.protected_count, [who.name for who in command.absent.pupils]) == (3, ["Eva Ek"])


def test_who_is_protected_on_one_row_is_protected_on_every_row(read: Read) -> None:
    rows = f"Elin S\t150412-2381\tnej\nElin Sandhage\t{ELIN}\tja\nBo Björk\t\tja\nBo Björk\t\tja\nBo Björk\t{BO}\tnej\n"
    command = read(f"Namn\tPersonnummer\tSekretess\n{rows}\t\tja\n\t\tja\nEva\t\t").to_command()
    assert (command.protected_count, [who.name for who in command.absent.pupils]) == (4, ["Eva"])
    assert command.absent.text == ""


def test_what_spreadsheets_do_to_names_and_numbers_is_undone(read: Read) -> None:
    rows = ("Namn", "Personnummer"), ("Sandhage, Elin", 504122383), ("Bo Björk", 201203102387.0)
    elin, bo = read(file=workbook(*rows), name="a.xlsx").to_command().absent.pupils
    assert (elin.name, elin.number, bo.number) == ("Elin Sandhage", "200504122383", BO)


class TestWithoutAHeader:
    @pytest.mark.parametrize(
        ("text", "columns"),
        [
            (f"Elin Sandhage\t{ELIN}\t5 B\nBo Björk\t{BO}\t8A", "A name, B number, C school_class"),
            (
                "5b;2015-04-12;Elin Sandhage;F\n8a;2012-03-10;Bo Björk;1",
                "A school_class, B birth_date, C name, D grade",
            ),
            ("1\tSandhage, Elin\tåk 5\n2\tBjörk, Bo\t8", "B name, C grade"),
            ("Elin Sandhage\nBo Björk\n", "A name"),
            (f"Elin\t{ELIN}\t070-123 45 67", "A name, B number"),
        ],
    )
    def test_the_columns_are_told_by_what_they_hold(self, read: Read, text: str, columns: str) -> None:
        form = read(text)
        assert told(form) == []
        absent = form.to_command().absent
        assert (", ".join(f"{each.letters} {each.name}" for each in absent.read), absent.has_header) == (columns, False)
        assert absent.pupils[0].name in ("Elin Sandhage", "Elin")
        assert absent.lacks_protection

    @pytest.mark.parametrize(
        "text",
        [
            "Barn\tNummer\tKontakt",
            "Elin\nBo\n",
            "5 B\t5 C",
            f"Elin Sandhage\t{ELIN}\tnej\nBo Björk\t{BO}\tja",
            f"Elin Sandhage\t{ELIN}\t\nBo Björk\t{BO}\tfingerade uppgifter",
            f"Elin Sandhage\t{ELIN}\tN\nBo Björk\t{BO}\tJ",
            f"Elin Sandhage\t{ELIN}\t0\nBo Björk\t{BO}\t1",
            f"Elin Sandhage\t{ELIN}\tFALSKT\nBo Björk\t{BO}\tSANT",
            f"Elin Sandhage\t{ELIN}\t\nBo Björk\t{BO}\t*",
            f"Elin Sandhage\t{ELIN}\t{BO}",
        ],
    )
    def test_what_may_mean_several_things_or_protection_is_not_guessed(self, read: Read, text: str) -> None:
        (fault,) = told(read(text))
        assert fault.startswith("Rad 1, Kolumn A: Det går inte att se vad kolumnerna innehåller. Ta med rubrikraden")

    def test_a_slip_of_the_pen_is_told_by_row_and_column(self, read: Read) -> None:
        assert told(read(f"Elin Sandhage\t{ELIN}\nEva Ek\t{ELIN[:-1]}2\nBo Björk\t{BO}")) == [
            "Rad 2, Personnummer: sista siffran stämmer inte med de andra"
        ]

    @pytest.mark.parametrize(
        ("order", "name"),
        [
            (NameOrder.FIRST_NAME_FIRST, "Sandhage Elin"),
            (NameOrder.LAST_NAME_FIRST, "Elin Sandhage"),
            (NameOrder.FIRST_COLUMN, "Sandhage"),
        ],
    )
    def test_of_two_columns_with_names_the_order_is_asked_for(self, read: Read, order: NameOrder, name: str) -> None:
        text = "Sandhage\tElin\t5 B"
        form = read(text)
        assert told(form) == ["Välj vad som står i de två kolumnerna med namn."]
        assert not form.order.is_left_out
        (who,) = read(text, order=order.value).to_command().absent.pupils
        assert (who.name, who.school_class) == (name, "5 B")


def test_what_was_read_is_told_by_letter(read: Read) -> None:
    absent = read("Klass;Skonummer;Namn\n5 B;38;Elin").to_command().absent
    assert (absent.read, absent.unread) == ((ReadColumn("A", "school_class"), ReadColumn("C", "name")), ("B",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Namn\tPersonnummer\nElin\t20150412-2382", "Rad 2, Personnummer: sista siffran stämmer inte"),
        ("Namn\tPersonnummer\nElin\t12", "Rad 2, Personnummer: skriv numret med tolv siffror"),
        ("Namn\tPersonnummer\nElin\t19560101-2387", "äldre än 30 år"),
        (f"Namn\tPersonnummer\n\t{ELIN}", "Rad 2, Namn: elevens namn saknas"),
        ("Namn\tKlass\nElin\t5 B\nElin\t5b", "Rad 3, Namn: samma namn och klass som på rad 2"),
        (f"Namn\tPnr\nElin\t{ELIN}\nBo\t\nElin\t150412-2381", "Rad 4, Personnummer: eleven står redan på rad 2"),
        ("Namn\tKlass\nElin\t=1+1", "Rad 2, Klass: cellen börjar som en formel"),
        ("Namn\tKlass\n0\t5 B", "Rad 2, Namn: det här är inget namn"),
        ("Namn\tFödelsedatum\nElin\ti maj", "Rad 2, Födelsedatum: skriv dagen som"),
        ("Namn\tFödelsedatum\nElin\t2026-08-26", "Rad 2, Födelsedatum: dagen finns inte eller ligger framåt"),
        ("Klass\tÅrskurs\n5 B\t5", "Det finns ingen kolumn med elevernas namn"),
        ("Namn\tKlass\n", "inga elever under den"),
        ('Namn;Klass\n"Elin;5 B\n', "Rad 2, Kolumn A: Ett citattecken"),
        ("", "Klistra in listan, eller välj en fil."),
        ("Namn\n" + "\n".join(f"Elev {number}" for number in range(301)), "Rad 302, Kolumn A: För många rader"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column_and_never_by_what_it_says(read: Read, text: str, words: str) -> None:
    form = read(text)
    (error,) = told(form)
    assert words in error
    assert "Elin" not in error
    assert form.text.shown == text.strip("\n") or form.text.shown == text, "the text is there to be corrected"


def test_everything_wrong_is_told_at_once_and_no_more_than_one_can_read(read: Read) -> None:
    form = read("Namn\tPersonnummer\n" + "\n".join(f"Elev {number}\t1" for number in range(70)))
    faults = tell_list_faults(form.problems)
    assert faults is not None
    assert (len(faults.told), faults.rest, faults.summary) == (50, 20, "Listan har 70 fel, så ingenting är inläst.")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "Rad 1, Kolumn A: Filen är ingen tabell"),
        (b"PK\x03\x04" + b"\x00" * 50, "Arbetsboken är skadad"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 50, "Arbetsboken är låst"),
        (b"Namn;Klass\nElin;" + b"x" * 200_000, "Rad 2, Kolumn B: texten är för lång"),
        (b" ", "Listan är tom"),
    ],
)
def test_what_is_no_list_is_refused_in_words(read: Read, data: bytes, words: str) -> None:
    (error,) = told(read(file=data, name="elever.xlsx"))
    assert words in error


def test_either_text_or_file(read: Read) -> None:
    assert told(read("Namn\nElin", file=b"Namn\nElin")) == [
        "Du har både klistrat in en lista och valt en fil. Ta bort det ena."
    ]


def test_empty_cells_at_the_end_of_the_last_line_are_cells(read: Read) -> None:
    assert told(read("Namn\tKlass\tÅrskurs\nElin\t\t\n\n")) == []


class TestIsSamePupil:
    def test_two_numbers_decide(self) -> None:
        assert is_same_pupil(identity(name="Elin S"), identity(name="Elin Sandhage"))
        assert not is_same_pupil(identity(number=ELIN), identity(number=BO))

    def test_without_numbers_a_name_does_unless_class_or_day_speaks_against_it(self) -> None:
        bare = {"kind": IdentityKind.NONE, "number": None}
        assert is_same_pupil(identity(**bare, name="elin  sandhage"), identity(school_class="5b"))
        assert not is_same_pupil(identity(**bare, school_class="6 A"), identity())
        assert not is_same_pupil(identity(**bare, birth_date=date(2014, 1, 1)), identity())
        assert is_same_pupil(identity(**bare, birth_date=None, school_class=""), identity())
