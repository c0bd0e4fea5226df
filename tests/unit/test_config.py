"""Settings from the environment: nothing need be said, and nothing secret shows."""

from pathlib import Path

import pytest

from config import ROOT, Config, from_environment


def test_nothing_need_be_said() -> None:
    config = from_environment({})
    assert config.database_url == f"sqlite:///{ROOT / 'instance' / 'aterkomst.sqlite3'}"
    assert (config.public_url, config.port) == ("http://127.0.0.1:8000", 8000)
    assert (config.keys, config.maildir) == (ROOT / "instance" / "keys", ROOT / "instance" / "maildir")


def test_what_is_said_holds() -> None:
    config = from_environment(
        {
            "DATABASE_URL": "postgresql://localhost/aterkomst",
            "PORT": "9000",
            "SMTP_HOST": "mail.alvhaga.example",
            "SMTP_PORT": "587",
            "SMTP_USERNAME": "aterkomst",
            "SMTP_PASSWORD": "hemligt",
            "MAIL_SENDER": "aterkomst@alvhaga.example",
        }
    )
    assert (config.database_url, config.public_url) == ("postgresql://localhost/aterkomst", "http://127.0.0.1:9000")
    assert (config.smtp_host, config.smtp_port) == ("mail.alvhaga.example", 587)
    assert (config.smtp_username, config.smtp_password) == ("aterkomst", "hemligt")
    assert config.mail_sender == "aterkomst@alvhaga.example"


def test_what_is_said_with_nothing_is_not_said() -> None:
    names = ("DATABASE_URL", "PORT", "PUBLIC_URL", "SMTP_HOST", "SMTP_PORT", "MAIL_SENDER")
    assert from_environment(dict.fromkeys(names, "")) == from_environment({})


def test_an_address_ends_without_a_slash() -> None:
    assert from_environment({"PUBLIC_URL": "https://x.example/"}).public_url == "https://x.example"


@pytest.mark.parametrize("name", ["PORT", "SMTP_PORT"])
def test_a_port_is_a_number(name: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        from_environment({name: "eight thousand"})


def test_a_password_does_not_show() -> None:
    assert "hemligt" not in repr(Config(smtp_password="hemligt"))


@pytest.mark.parametrize(
    ("address", "is_plain"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://[::1]:8000", True),
        ("https://localhost", False),
        ("http://192.168.1.7:8000", False),
        ("http://localhost.evil.example", False),
        ("http://evil.example/@127.0.0.1", False),
        ("http://127.0.0.1@evil.example", False),
    ],
)
def test_only_this_machine_is_reached_without_encryption(address: str, *, is_plain: bool) -> None:
    assert Config(instance=Path("x"), public_url=address).is_plain_loopback is is_plain
