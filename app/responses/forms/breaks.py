"""Narrowing down the list before a break."""

from app.web.forms import QueryForm, SelectField


class BeforeBreakForm(QueryForm):
    """Which school, as it stands in the address; the schools are set when the page is made."""

    skola = SelectField("Skola", blank="Alla skolor")
