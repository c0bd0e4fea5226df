from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.identity_number import IdentityKind
from app.pupils.types import ChildIdentity, comparable_name


class TestComparableName:
    @pytest.mark.parametrize(
        "name",
        [
            "Elin Sandhage",
            "SANDHAGE ELIN",
            " elin   sandhage ",
            "Sandhage, Elin",
            "Elin-Sandhage",
            "\u00c9lin Sandhage",
        ],
    )
    def test_order_case_accents_and_hyphens_make_no_difference(self, name):
        assert comparable_name(name) == "elin sandhage"

    def test_other_names_are_others(self):
        assert comparable_name("Elin Sandhag") != comparable_name("Elin Sandhage")

    @given(st.text())
    def test_twice_is_once(self, name):
        assert comparable_name(comparable_name(name)) == comparable_name(name)


class TestChildIdentity:
    def test_it_shows_nothing(self):
        identity = ChildIdentity(IdentityKind.PERSONAL, "201503042382", "Elin Sandhage", date(2015, 3, 4))
        assert "Elin" not in f"{identity}{identity!r}"
        assert "2015" not in f"{identity}{identity!r}"

    @pytest.mark.parametrize(("kind", "number"), [(IdentityKind.NONE, "201503042382"), (IdentityKind.PERSONAL, None)])
    def test_a_number_and_its_kind_go_together(self, kind, number):
        with pytest.raises(ValueError, match="number"):
            ChildIdentity(kind, number, "Elin Sandhage")

    def test_only_two_kinds_of_number_prove_who_somebody_is(self):
        proofs = [
            kind
            for kind in IdentityKind
            if ChildIdentity(kind, None if kind is IdentityKind.NONE else "x", "Elin").is_proof
        ]
        assert proofs == [IdentityKind.PERSONAL, IdentityKind.COORDINATION]
