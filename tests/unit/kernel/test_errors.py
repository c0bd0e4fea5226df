"""What is said of a failure: codes and places, never words about somebody."""

import pytest

from app.kernel.errors import Conflict, DomainError, InvalidTransition, NotFound, Refused, trail


def test_every_kind_is_a_domain_error() -> None:
    kinds = (NotFound(), Conflict("Case"), Refused("round_closed"), InvalidTransition("case", "open", "draft"))
    assert all(isinstance(error, DomainError) for error in kinds)


def test_a_refusal_carries_its_code() -> None:
    assert Refused("round_closed").reason == "round_closed"
    assert str(InvalidTransition("survey round", "closed", "open")) == "survey round: closed -> open"


def _read_a_number(text: str) -> int:
    return int(text)


def _wrap(text: str) -> int:
    try:
        return _read_a_number(text)
    except ValueError as error:
        raise RuntimeError(f"about {text}") from error


def test_a_trail_says_where_and_what_kind_but_not_what_it_was_about() -> None:
    with pytest.raises(RuntimeError) as raised:
        _wrap("20150412-2383")
    told = trail(raised.value)
    assert "20150412" not in told
    assert told.startswith("RuntimeError at test_errors._wrap:")
    assert "; from ValueError at test_errors._read_a_number:" in told
    assert "\n" not in told


def test_a_trail_of_an_error_never_raised_is_its_kind() -> None:
    assert trail(ValueError("secret")) == "ValueError at -"


def test_a_trail_leaves_out_what_was_hidden_on_purpose() -> None:
    def fail() -> None:
        try:
            _read_a_number("x")
        except ValueError:
            raise RuntimeError from None

    with pytest.raises(RuntimeError) as raised:
        fail()
    assert "ValueError" not in trail(raised.value)
