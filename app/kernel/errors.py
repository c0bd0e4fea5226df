"""Failures a person can act on. They name things by code and id, never by what a row says about somebody."""


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
