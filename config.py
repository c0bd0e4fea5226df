"""Settings: frozen, from the environment, every default safe in production and fit to publish."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
DEFAULT_PORT = 8000


@dataclass(frozen=True, slots=True)
class Config:
    """What an installation may choose. Only `DATABASE_URL` is ever needed, and it too has a default."""

    instance: Path = ROOT / "instance"
    database_url: str = ""
    port: int = DEFAULT_PORT
    public_url: str = ""
    """The address people reach the pages at; it is what links in mails begin with."""
    mail_sender: str = "aterkomst@localhost"
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_username: str | None = None
    smtp_password: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.instance / 'aterkomst.sqlite3'}")
        if not self.public_url:
            object.__setattr__(self, "public_url", f"http://127.0.0.1:{self.port}")
        object.__setattr__(self, "public_url", self.public_url.rstrip("/"))

    @property
    def is_plain_loopback(self) -> bool:
        """Whether the pages are reached without encryption from this machine only."""
        address = urlsplit(self.public_url)
        return address.scheme == "http" and address.hostname in {"127.0.0.1", "::1", "localhost"}

    @property
    def keys(self) -> Path:
        """The folder of the keys: beside the database, never in it."""
        return self.instance / "keys"

    @property
    def maildir(self) -> Path:
        """Where the mail of a rehearsal lands."""
        return self.instance / "maildir"


def from_environment(environment: Mapping[str, str] = os.environ) -> Config:
    """Return the settings that the environment asks for.

    Raises `ValueError` when a port is not a number.
    """
    return Config(
        database_url=environment.get("DATABASE_URL", ""),
        port=int(environment.get("PORT") or DEFAULT_PORT),
        public_url=environment.get("PUBLIC_URL", ""),
        mail_sender=environment.get("MAIL_SENDER") or "aterkomst@localhost",
        smtp_host=environment.get("SMTP_HOST") or "localhost",
        smtp_port=int(environment.get("SMTP_PORT") or 25),
        smtp_username=environment.get("SMTP_USERNAME"),
        smtp_password=environment.get("SMTP_PASSWORD"),
    )
