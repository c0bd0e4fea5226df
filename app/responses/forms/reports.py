"""Beginning a report outside a round."""

from app.web.forms import Form, SelectField


class StartReportForm(Form):
    """Which school unit it is about; asked only of who answers for several."""

    school_unit = SelectField("Vilken skola gäller det?", blank="Välj skola", required="Välj skola.")
