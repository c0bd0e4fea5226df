"""The Jinja environment that mails use, without a request."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES / "mail"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - mails are plain text
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def render_mail(template: str, **values: object) -> tuple[str, str]:
    """Return subject and body of `templates/mail/<template>`, whose first line is the subject after its label.

    Raises `jinja2.UndefinedError` when a value is missing and `ValueError` when the first line is no subject.
    """
    label, _, rest = _environment.get_template(template).render(**values).partition(":")
    subject, newline, body = rest.partition("\n")
    if label.strip().lower() != "\u00e4mne" or not newline:
        raise ValueError(f"{template}: the first line is the subject")
    return subject.strip(), body.lstrip("\n")


def render_text(template: str, **values: object) -> str:
    """Return a text that is no mail of its own, such as a letter within one. Raises as `render_mail` does."""
    return _environment.get_template(template).render(**values).strip()
