"""The report as its receiver gets it."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest

from app.kernel import typesetting
from app.kernel.identity_number import IdentityKind
from app.referrals.documents import (
    CitedLaw,
    ReportFrame,
    compose_report,
    fingerprint,
    set_report,
    word,
    words,
)
from app.referrals.types import (
    ChildPart,
    ConcernPart,
    FamilyPart,
    Gender,
    GuardianInformed,
    GuardianPart,
    Purpose,
    ReportContent,
    TravelSuspicion,
)
from app.responses.types import AnyYesNo, Place, SchoolForm
from tests.factories.referrals import full_content

OLD_DUTY = CitedLaw("14 kap. 1 § socialtjänstlagen (2001:453)", "Den gamla plikten.")
DUTY = CitedLaw("19 kap. 1 § socialtjänstlagen (2025:400)", "Plikten.")
SECRECY = CitedLaw("40 kap. 7 g § offentlighets- och sekretesslagen (2009:400)", "Stark sekretess.")


def make_frame(**values: Any) -> ReportFrame:
    return ReportFrame(
        **{
            "reference": "O-2026-003",
            "sender": "Älvhaga kommun",
            "sender_detail": "Utbildningsförvaltningen\nStrandängsskolan",
            "receiver": "Socialnämnden, Älvhaga kommun",
            "receiver_detail": "Box 12, 199 21 Älvhaga",
            "coordinator": "Maria Ekblad, 08-465 004 21",
            "signed_by": "Karin Lövdahl",
            "signed_detail": "biträdande rektor\n08-465 004 31",
            "written_at": datetime(2026, 8, 25, 8, 42, tzinfo=UTC),
            "duty": DUTY,
            "secrecy": SECRECY,
            "other_laws": (),
        }
        | values
    )


def text_of(pdf: bytes) -> str:
    """Return what is drawn, by the ToUnicode maps of its fonts."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            found.append(_text_of_page(page))
    return " ".join(" ".join(found).split())


def _text_of_page(page: pikepdf.Page) -> str:
    maps = {name: _unicode_map(font) for name, font in page.Resources.Font.items()}
    current: dict[int, str] = {}
    parts: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) == "Tj":
            parts.append(_decode(bytes(operands[0]), current))
        elif str(operator) == "TJ":
            parts += [_decode(bytes(each), current) for each in operands[0] if isinstance(each, pikepdf.String)]
        elif str(operator) == "BT":
            parts.append(" ")
    return "".join(parts)


def _decode(raw: bytes, mapping: dict[int, str]) -> str:
    return "".join(mapping.get(int.from_bytes(raw[at : at + 2], "big"), "") for at in range(0, len(raw), 2))


def _unicode_map(font: pikepdf.Object) -> dict[int, str]:
    found: dict[int, str] = {}
    is_open = ""
    for line in font.ToUnicode.read_bytes().decode("latin-1").splitlines():
        if line.endswith(("beginbfchar", "beginbfrange")):
            is_open = line.rsplit("begin", 1)[1]
        elif line.startswith("end"):
            is_open = ""
        elif is_open == "bfchar":
            code, target = line.split()
            found[int(code.strip("<>"), 16)] = bytes.fromhex(target.strip("<>")).decode("utf-16-be")
        elif is_open == "bfrange":
            first, last, target = line.split()
            start = int.from_bytes(bytes.fromhex(target.strip("<>")), "big")
            for step, code in enumerate(range(int(first.strip("<>"), 16), int(last.strip("<>"), 16) + 1)):
                found[code] = chr(start + step)
    return found


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return set_report(compose_report(full_content(), make_frame()))


class TestSetReport:
    def test_it_is_tagged_for_assistive_technology_and_fit_to_archive(self, pdf: bytes) -> None:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert opened.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in opened.Root
            assert str(opened.Root.Lang).lower().startswith("sv")
            said = opened.Root.Metadata.read_bytes().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in said
        assert "<pdfaid:part>2</pdfaid:part>" in said
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in said

    def test_its_headings_are_headings(self, pdf: bytes) -> None:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            tags = {str(each.S) for each in opened.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each}
        assert {"/H1", "/H2", "/P", "/Document"} <= tags

    def test_it_carries_the_secrecy_stamp_the_reference_and_the_pages(self, pdf: bytes) -> None:
        text = text_of(pdf)
        for expected in (
            "Sekretess",
            SECRECY.title,
            "Orosanmälan O-2026-003",
            DUTY.title,
            "Socialnämnden, Älvhaga kommun",
            "Utskriven av Karin Lövdahl",
            "2026-08-25 kl. 10.42",
            "Sida 1 (",
        ):
            assert expected in text, expected

    def test_it_says_what_was_answered(self, pdf: bytes) -> None:
        text = text_of(pdf)
        for expected in ("Elin Sandhage", "Är hos mormor", "Barnäktenskap eller tvångsäktenskap", "Vilma, 9 år"):
            assert expected in text, expected

    def test_it_says_first_what_could_harm_the_child(self, pdf: bytes) -> None:
        text = text_of(pdf)
        assert "Akut." in text
        assert "Vårdnadshavarna känner inte till anmälan." in text
        assert text.index("Får inte avslöjas") < text.index("Elin Sandhage")

    def test_neither_its_title_nor_its_properties_say_whom_it_is_about(self, pdf: bytes) -> None:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            said = " ".join(str(value) for value in opened.docinfo.values())
            said += opened.Root.Metadata.read_bytes().decode()
        assert "O-2026-003" in said
        assert "Sandhage" not in said
        assert "Elin" not in said

    def test_the_same_report_has_the_same_bytes(self, pdf: bytes) -> None:
        again = set_report(compose_report(full_content(), make_frame()))
        assert fingerprint(again) == fingerprint(pdf)

    def test_another_moment_is_another_document(self, pdf: bytes) -> None:
        later = make_frame(written_at=datetime(2026, 8, 25, 8, 43, tzinfo=UTC))
        assert set_report(compose_report(full_content(), later)) != pdf

    def test_it_cites_the_law_it_is_given(self) -> None:
        text = text_of(set_report(compose_report(full_content(), make_frame(duty=OLD_DUTY))))
        assert OLD_DUTY.title in text
        assert DUTY.title not in text

    def test_a_draft_says_that_it_has_not_left(self) -> None:
        text = text_of(set_report(compose_report(full_content(), make_frame(is_draft=True))))
        assert "Utkast. Inte lämnad ännu." in text

    def test_what_somebody_has_typed_is_text_and_nothing_else(self) -> None:
        typed = '#panic("x") *fet* = rubrik $x$ <a> @b `c` \\ // /* #include "/etc/passwd"'
        content = ReportContent(
            child=ChildPart(name=typed), concern=ConcernPart(what_happened=typed + "\n\n- " + typed)
        )
        text = text_of(set_report(compose_report(content, make_frame(signed_by=typed, receiver=typed))))
        assert '#panic("x") *fet* = rubrik' in text

    def test_a_child_s_own_words_may_be_in_arabic_script(self) -> None:
        content = ReportContent(concern=ConcernPart(child_said="\u0633\u0627\u0639\u062f\u0648\u0646\u064a"))
        assert "[" not in text_of(set_report(compose_report(content, make_frame())))

    def test_a_sign_the_fonts_lack_is_named(self) -> None:
        content = ReportContent(concern=ConcernPart(child_said="Hon skrev \U0001f622\ufe0f."))
        assert "Hon skrev [crying face]." in text_of(set_report(compose_report(content, make_frame())))

    def test_every_sign_the_fonts_are_said_to_have_can_be_set(self) -> None:
        every = " ".join(sorted(typesetting._coverage()))
        content = ReportContent(concern=ConcernPart(what_happened=every))
        assert set_report(compose_report(content, make_frame())).startswith(b"%PDF-1.7")

    @pytest.mark.parametrize(
        "text", ["x" * 4000, "å" * 3000 + "\n" * 500 + "ö", "漢字 العربية 👧 \U0001d518", "a\u0300"]
    )
    def test_any_length_and_letter_can_be_set(self, text: str) -> None:
        content = ReportContent(child=ChildPart(name="Elin"), concern=ConcernPart(what_happened=text))
        assert set_report(compose_report(content, make_frame())).startswith(b"%PDF-1.7")


class TestComposeReport:
    def test_a_row_without_an_answer_is_left_out_unless_its_absence_tells_something(self) -> None:
        document = compose_report(ReportContent(child=ChildPart(name="Elin")), make_frame())
        rows = {row.label: row for row in document.sections[0].rows}
        assert rows["Namn"].paragraphs == ("Elin",)
        assert rows["Hemkommun"].is_missing
        assert "Telefon" not in rows

    def test_a_number_is_shown_as_people_write_it(self) -> None:
        child = ChildPart(kind=IdentityKind.PERSONAL, number="201504122381", name="Elin")
        rows = compose_report(ReportContent(child=child), make_frame()).sections[0].rows
        assert ("Personnummer 20150412-2381",) in [row.paragraphs for row in rows]

    def test_guardians_are_unaware_until_one_is_said_to_know(self) -> None:
        assert compose_report(ReportContent(), make_frame()).guardians_unaware
        told = FamilyPart((GuardianPart("A"), GuardianPart("B", informed=GuardianInformed.YES)))
        assert not compose_report(ReportContent(family=told), make_frame()).guardians_unaware

    def test_each_statement_and_guardian_stands_by_itself(self) -> None:
        content = full_content()
        two = replace(content, family=FamilyPart((GuardianPart("A"), GuardianPart("B"))))
        titles = [section.title for section in compose_report(two, make_frame()).sections]
        assert "Vårdnadshavare 1" in titles
        assert "Vårdnadshavare 2" in titles
        assert "Uppgift från annan" in titles

    @pytest.mark.parametrize("kind", [Gender, GuardianInformed, Purpose, TravelSuspicion, AnyYesNo, Place, SchoolForm])
    def test_every_value_of_a_closed_list_has_a_word(self, kind: Any) -> None:
        assert all(word(member) == words(kind)[member.value] for member in kind)


def test_the_document_can_be_drawn_by_others(pdf: bytes) -> None:
    """A second reader than the one that made it opens the file without complaint."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        assert len(opened.pages) >= 2
