"""Giving up an answer that comes steadily and never ends: httpx counts only the silences in between."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from threading import Timer
from typing import Any, Final, Self

CONNECTED: Final = ("connection.connect_tcp.complete", "connection.start_tls.complete", "proxy.start_tls.complete")
"""What httpcore tells of when there is a new socket to read from."""


class Patience:
    """Within it an answer may take so many seconds; then the line is cut, which ends the reading with an error."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._sockets: list[socket.socket] = []
        self.is_over = False

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember each socket; httpx calls this as its `trace`."""
        if event.endswith(CONNECTED):
            self._sockets.append(info["return_value"].get_extra_info("socket"))

    def __enter__(self) -> Self:
        self.is_over = False
        self._timer = Timer(self._seconds, self._hang_up)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()

    def _hang_up(self) -> None:
        self.is_over = True
        for each in self._sockets:
            with suppress(OSError):  # Closed long ago.
                each.shutdown(socket.SHUT_RDWR)
