"""A client of registers that speak SS 12000:2020 (SIS), as they are and not only as the standard has them.

It knows neither the web nor the database. What goes wrong is a `RegisterFailed`, and nothing is half read.
"""

from app.rosters.service.client.connection import Connection, Limits, RegisterFailed
from app.rosters.service.client.reading import Reading, Wanted, read_register
from app.rosters.service.client.transport import RegisterClient

__all__ = [
    "Connection",
    "Limits",
    "Reading",
    "RegisterClient",
    "RegisterFailed",
    "Wanted",
    "read_register",
]
