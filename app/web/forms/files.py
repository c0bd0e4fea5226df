"""Files that are handed over."""

import os
from typing import Any

from werkzeug.datastructures import FileStorage

from app.web.forms.form import Field, Unacceptable


class FileField(Field):
    """A file of a known kind and size. What is inside is judged by whoever reads it."""

    data: FileStorage | None
    input_type = "file"

    def __init__(
        self,
        label: str = "",
        *,
        extensions: tuple[str, ...] = (".csv", ".xlsx"),
        max_bytes: int = 5_000_000,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.extensions, self.max_bytes = extensions, max_bytes

    @property
    def accept(self) -> str:
        """The kinds of file that the browser offers."""
        return ",".join(self.extensions)

    @property
    def shown(self) -> str:
        """Nothing: a browser does not let a page choose a file."""
        return ""

    @property
    def _kinds(self) -> str:
        *others, last = self.extensions
        return f"{', '.join(others)} eller {last}" if others else last

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first file that has a name."""
        self.data = None
        chosen = next((value for value in valuelist if isinstance(value, FileStorage) and value.filename), None)
        if chosen is None:
            return
        if not str(chosen.filename).lower().endswith(self.extensions):
            raise Unacceptable(f"Välj en fil av typen {self._kinds}")
        size = chosen.stream.seek(0, os.SEEK_END)
        chosen.stream.seek(0)
        if size > self.max_bytes:
            raise Unacceptable(f"Filen är för stor. Den får vara högst {self.max_bytes // 1_000_000} MB.")
        if size == 0:
            raise Unacceptable("Filen är tom. Välj en annan fil.")
        self.data = chosen
