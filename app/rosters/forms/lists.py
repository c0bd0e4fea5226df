"""A file of class lists, and what is decided about one that has been read."""

from uuid import UUID

from app.web.forms import FileField, Form, HiddenTextField


class UploadListForm(Form):
    """A file with pupils. What is in it is judged by the service, row by row."""

    file = FileField(
        "Fil med elever",
        extensions=(".csv", ".txt", ".xlsx"),
        max_bytes=12_000_000,
        required="Välj en fil med elever.",
        hint="CSV eller XLSX, högst 12 MB. Filens namn sparas inte.",
    )

    def to_command(self) -> bytes:
        """Return the file's content."""
        return bytes(self.file.data.stream.read()) if self.file.data else b""

    def refuse(self, message: str) -> None:
        """Say at the file what is wrong with it."""
        self.file.errors = [message]


class DecideForm(Form):
    """Which of the lists that were read a button is about, so that nobody confirms another than was shown."""

    upload_id = HiddenTextField(max_length=36)

    def is_about(self, upload_id: UUID | None) -> bool:
        """Whether the page showed this very hand-over."""
        return upload_id is not None and self.upload_id.data == str(upload_id)
