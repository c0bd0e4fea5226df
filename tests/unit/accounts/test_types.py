"""A password is long, and not easy to guess for one who knows its owner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.actor import Role
from app.accounts.types import LONGEST_PASSWORD, AddAccount, PasswordFault, find_password_fault

NAME, EMAIL = "Karin Lövdahl", "karin.lovdahl@strandang.alvhaga.example"


def fault(password: str) -> PasswordFault | None:
    return find_password_fault(password, NAME, EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "ovning-alvhaga-2026",
        "häst stapel batteri korrekt",
        "fyra ord utan samband",
        "x7#Kq9!mZ2$vB4&",
        "a" * 5 + "bcdefghijklmno",
        "åäöÅÄÖ-åäöÅÄÖ-éü",
    ],
)
def test_four_words_will_do(password: str) -> None:
    assert fault(password) is None


@pytest.mark.parametrize("password", ["", "kort", "fjorton tecken"])
def test_short_is_too_short(password: str) -> None:
    assert fault(password) is PasswordFault.SHORT


def test_the_shortest_and_the_longest_have_their_limits() -> None:
    assert fault("abcdeåäöxyz1234") is None
    assert fault("abcdeåäöxyz123") is PasswordFault.SHORT
    assert fault(("abcdeåäöxyz-" * 20)[:LONGEST_PASSWORD]) is None
    assert fault(("abcdeåäöxyz-" * 20)[: LONGEST_PASSWORD + 1]) is PasswordFault.LONG


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaaa",
        "abababababababababab",
        "passwordpassword",
        "PASSWORDpassword1",
        "qwertyqwertyqwerty",
        "123456789123456789",
        "losenordlosenord12",
        "Aterkomst2026qwerty",
    ],
)
def test_what_everybody_tries_is_too_common(password: str) -> None:
    assert fault(password) is PasswordFault.COMMON


@pytest.mark.parametrize(
    "password",
    ["karinlövdahl2026", "LövdahlKarinKarin", "karin.lovdahl@strandang", "lovdahlstrandang1", "Alvhaga-strandang-1"],
)
def test_ones_own_name_and_address_are_too_near(password: str) -> None:
    assert fault(password) is PasswordFault.NAME


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(password: str) -> None:
    assert fault(password) in {None, *PasswordFault}


def test_a_command_shows_nobody() -> None:
    shown = repr(AddAccount(NAME, "biträdande rektor", EMAIL, "08-465 004 31", Role.RESPONDENT))
    assert not any(word in shown for word in ("Karin", "rektor", "@", "465"))
