"""One-time links: only what was made here, for this purpose, is read."""

from base64 import urlsafe_b64encode
from string import ascii_letters, digits
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.encryption import key_ring, new_key_ring, use_key_ring
from app.kernel.tokens import make_token, read_token

ALPHABET = ascii_letters + digits + "-_"


@given(st.uuids(), st.sampled_from(["activation", "renewal", "receiver"]))
def test_a_token_leads_back_to_its_row(row_id: UUID, purpose: str) -> None:
    assert read_token(purpose, make_token(purpose, row_id)) == row_id


@given(st.uuids())
def test_a_token_is_a_word_that_an_address_can_hold(row_id: UUID) -> None:
    token = make_token("activation", row_id)
    assert set(token) <= set(ALPHABET)
    assert len(token) == 64


@given(st.uuids())
def test_a_token_for_another_purpose_is_not_read(row_id: UUID) -> None:
    assert read_token("renewal", make_token("activation", row_id)) is None


@given(
    st.one_of(st.text(max_size=200), st.text(ALPHABET + "=", max_size=100), st.text(ALPHABET, min_size=64, max_size=64))
)
def test_garbage_is_not_read(garbage: str) -> None:
    assert read_token("activation", garbage) is None


@given(st.binary(max_size=80))
def test_bytes_in_the_right_spelling_are_not_read(raw: bytes) -> None:
    assert read_token("activation", urlsafe_b64encode(raw).decode().rstrip("=")) is None


@given(st.integers(0, 63), st.sampled_from(ALPHABET))
def test_one_other_character_is_another_token(position: int, character: str) -> None:
    token = make_token("activation", UUID(int=7))
    altered = token[:position] + character + token[position + 1 :]
    assert read_token("activation", altered) == (UUID(int=7) if altered == token else None)


@pytest.mark.parametrize("spelling", ["{}=", "{}====", " {}", "{}\n", "!{}", "{}%", "{}/../x"])
def test_a_token_has_one_spelling(spelling: str) -> None:
    assert read_token("activation", spelling.format(make_token("activation", uuid4()))) is None


def test_another_installations_token_is_not_read() -> None:
    before = key_ring()
    token = make_token("activation", uuid4())
    use_key_ring(new_key_ring())
    try:
        assert read_token("activation", token) is None
    finally:
        use_key_ring(before)
