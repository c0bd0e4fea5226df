"""Failures a person can act on. They name things by code and id, never by what a row says about somebody."""

import traceback
from pathlib import Path


class DomainError(Exception):
    """Something the rules of the domain do not allow; one file in `web` turns each kind into a page."""


class NotFound(DomainError):
    """The object does not exist, or not for this actor: the two must look the same."""


class InvalidTransition(DomainError):
    """An object was asked to go to a state it cannot reach from where it is."""

    def __init__(self, noun: str, current: object, wanted: object) -> None:
        super().__init__(f"{noun}: {current} -> {wanted}")
        self.noun, self.current, self.wanted = noun, current, wanted


class Conflict(DomainError):
    """Someone else changed the object after this person read it."""


class Refused(DomainError):
    """A rule said no. `reason` is a code in English, such as "sum_does_not_add_up"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def trail(error: BaseException) -> str:
    """Return where an error nobody foresaw arose, for the log: classes and lines of code.

    Never its text, which may quote a form, a row or a mail address.
    """
    frames = " < ".join(
        f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    own = f"{type(error).__name__} at {frames or '-'}"
    return own if cause is None else f"{own}; from {trail(cause)}"
