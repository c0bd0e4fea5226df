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
from app.responses.types.absence_lists import is_same_pupil
from app.web.forms import list_errors
from tests.factories.responses import identity

ELIN, BO = "201504122381", "201203102387"
Read = Callable[..., PreviewAbsenceListForm]


@pytest.fixture
def read(set_clock: Callable[[datetime], None]) -> Read:
    """Give a form that was sent with a pasted text or a file, and validated."""
    set_clock(datetime(2026, 8, 25, 8, tzinfo=UTC))

    def sent(text: str = "", file: bytes | None = None, name: str = "lista.csv") -> PreviewAbsenceListForm:
        files = MultiDict({"file": FileStorage(BytesIO(file), name, "file")} if file is not None else {})
        with Flask(__name__).app_context():
            form = PreviewAbsenceListForm(
                formdata=CombinedMultiDict([MultiDict({"text": text}), files]), meta={"csrf": False}
            )
            form.validate()
        return form

    return sent


def told(form: PreviewAbsenceListForm) -> list[str]:
    """Return what is said to be wrong."""
    return [error.text for error in list_errors(form)]


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
    ("text", "words"),
    [
        ("Namn\tPersonnummer\nElin\t20150412-2382", "Rad 2, kolumnen Personnummer: sista siffran stämmer inte"),
        ("Namn\tPersonnummer\nElin\t12", "Rad 2, kolumnen Personnummer: skriv numret med tolv siffror"),
        ("Namn\tPersonnummer\nElin\t19560101-2387", "äldre än 30 år"),
        (f"Namn\tPersonnummer\n\t{ELIN}", "Rad 2, kolumnen Namn: elevens namn saknas"),
        ("Namn\tKlass\nElin\t5 B\nElin\t5b", "Rad 3, kolumnen Namn: eleven står redan på en rad ovanför"),
        ("Namn\tKlass\nElin\t=1+1", "Rad 2, kolumnen Klass: cellen innehåller en formel"),
        ("Namn\tFödelsedatum\nElin\ti maj", "Rad 2, kolumnen Födelsedatum: skriv dagen som"),
        ("Elin Sandhage\t5 B\nBo Björk\t8 A", "Första raden ska vara rubriker"),
        ("Klass\tÅrskurs\n5 B\t5", "Det finns ingen kolumn med elevernas namn"),
        ("Namn\tKlass\n", "inga elever under den"),
        ('Namn;Klass\n"Elin;5 B\n', "citattecken"),
        ("", "Klistra in listan, eller välj en fil."),
        ("Namn\n" + "\n".join(f"Elev {number}" for number in range(301)), "inte hela skolan"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column_and_never_by_what_it_says(read: Read, text: str, words: str) -> None:
    form = read(text)
    (error,) = told(form)
    assert words in error
    assert "Elin" not in error
    assert form.text.shown == text.strip("\n") or form.text.shown == text, "the text is there to be corrected"


def test_everything_wrong_is_told_at_once_and_no_more_than_one_can_read(read: Read) -> None:
    form = read("Namn\tPersonnummer\n" + "\n".join(f"Elev {number}\t1" for number in range(30)))
    errors = told(form)
    assert (len(errors), errors[-1]) == (21, "Och 10 fel till. Rätta de här först.")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "elever.csv"),
        (b"PK\x03\x04" + b"\x00" * 50, "elever.xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 50, "elever.xlsx"),
        (b"Namn;Klass\nElin;" + b"x" * 200_000, "elever.csv"),
        (b" ", "elever.csv"),
    ],
)
def test_what_is_no_list_is_refused_in_words(read: Read, data: bytes, name: str) -> None:
    (error,) = told(read(file=data, name=name))
    assert error[0].isupper()


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
