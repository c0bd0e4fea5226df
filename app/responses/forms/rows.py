"""Questions with several rows, which grow and shrink without JavaScript."""

from typing import Any, Final, cast

from flask import request

from app.web.forms import Field, Form, PartForm, RowsField

ADD: Final = "add"
REMOVE: Final = "remove"
"""Names of the buttons that add a row and take one away; the value of the latter is the row's place in the list."""

MOST_ROWS: Final = 20


class RowForm(PartForm):
    """A row. Left blank it is no answer, and no fault."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed, right or wrong."""
        return all(cast(Field, field).is_empty and not field.process_errors for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check a row that is not blank."""
        return self.is_blank or (super().validate(extra_validators) and self.is_enough())

    def is_enough(self) -> bool:
        """Add what a row that was begun must have."""
        return True


class RowsForm(Form):
    """A form with one list of rows, called `rows`."""

    rows: RowsField

    def show_spare_row(self) -> None:
        """See that there is a row to write in."""
        if not self.rows.entries:
            self.rows.append_entry()

    def is_reshaping(self) -> bool:
        """Whether a button was pressed that changes the number of rows and saves nothing."""
        return ADD in request.form or REMOVE in request.form

    def reshape(self) -> None:
        """Add a row or take one away, and keep what stands in the others."""
        entries = self.rows.entries
        if ADD in request.form and len(entries) < MOST_ROWS:
            self.rows.append_entry()
        place = request.form.get(REMOVE, "")
        if place in map(str, range(len(entries))):
            del entries[int(place)]
        self.show_spare_row()

    def filled_rows(self) -> list[Any]:
        """Return the rows in which something was typed."""
        return [entry.form for entry in self.rows.entries if not cast(RowForm, entry.form).is_blank]
