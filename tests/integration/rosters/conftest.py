"""A register for these tests to read."""

from tests.machine.register_server import register_server

__all__ = ["register_server"]
