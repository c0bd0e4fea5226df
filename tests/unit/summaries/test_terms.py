import pytest

from app.pupils.types import GradeBand, grade_band
from app.responses.types import SchoolForm
from app.summaries.types import is_autumn, same_season_before, term_order, year_of


def test_terms_come_in_order():
    terms = ["HT 2024", "VT 2025", "HT 2025", "VT 2026"]
    assert sorted(terms, key=term_order) == terms
    assert same_season_before(term_order("HT 2025")) == term_order("HT 2024")


def test_an_order_tells_the_season_and_the_year():
    assert (is_autumn(term_order("HT 2026")), year_of(term_order("HT 2026"))) == (True, 2026)
    assert (is_autumn(term_order("VT 2027")), year_of(term_order("VT 2027"))) == (False, 2027)


@pytest.mark.parametrize("text", ["", "HT", "HT 26", "ht 2026", "HT 2026 ", "XT 2026"])
def test_what_is_no_term_is_refused(text):
    with pytest.raises(ValueError, match="not a term"):
        term_order(text)


@pytest.mark.parametrize(
    ("form", "grade", "band"),
    [
        (SchoolForm.PRESCHOOL_CLASS, "", GradeBand.LOWER),
        (SchoolForm.COMPULSORY, "1", GradeBand.LOWER),
        (SchoolForm.COMPULSORY, "åk 3", GradeBand.LOWER),
        (SchoolForm.COMPULSORY, "4", GradeBand.MIDDLE),
        (SchoolForm.COMPULSORY, "6 B", GradeBand.MIDDLE),
        (SchoolForm.COMPULSORY, "7", GradeBand.UPPER),
        (SchoolForm.COMPULSORY, "10", GradeBand.UPPER),
        (SchoolForm.COMPULSORY, "", GradeBand.OTHER),
        (SchoolForm.COMPULSORY, "0", GradeBand.OTHER),
        (SchoolForm.COMPULSORY, "47", GradeBand.OTHER),
        (SchoolForm.COMPULSORY, "\u0663", GradeBand.OTHER),
        (SchoolForm.UPPER_SECONDARY, "2", GradeBand.UPPER_SECONDARY),
        (SchoolForm.ADAPTED_COMPULSORY, "7", GradeBand.OTHER),
        (SchoolForm.SAMI, "3", GradeBand.OTHER),
        (SchoolForm.UNKNOWN, "7", GradeBand.OTHER),
        (None, "7", GradeBand.OTHER),
    ],
)
def test_a_grade_has_its_band(form, grade, band):
    assert grade_band(form, grade) is band
