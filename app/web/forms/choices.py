"""Answers picked from a list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.web.forms.form import Field, Unacceptable

NOT_AN_OPTION = "Välj ett av alternativen"
NOT_OPTIONS = "Välj bland alternativen"

Choice = tuple[Any, str] | tuple[Any, str, str]
"""Value and label, perhaps a hint. The value is what `data` becomes: a text, a member of an enum, an id."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option as the template draws it."""

    key: str
    label: str
    hint: str
    id: str
    is_chosen: bool
    is_exclusive: bool


def key_of(value: object) -> str:
    """Return the text by which a value travels in a page."""
    return str(value.value) if isinstance(value, Enum) else str(value)


class _OptionsField(Field):
    """What one-of and some-of have in common. `choices` may be set after the form is made."""

    def __init__(
        self, label: str = "", choices: Iterable[Choice] | Callable[[], Iterable[Choice]] = (), *,
        coerce: Callable[[Any], Any] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        self._choices: tuple[Choice, ...] = tuple(choices() if callable(choices) else choices)
        self._coerce = coerce
        super().__init__(label, **kwargs)

    @property
    def choices(self) -> Sequence[Choice]:
        """What can be chosen."""
        return self._choices

    @choices.setter
    def choices(self, choices: Iterable[Choice]) -> None:
        self._choices = tuple(choices)
        if self.raw_data is not None:
            self.process_errors = []
            try:
                self.process_formdata(self.raw_data)
            except Unacceptable as failure:
                self.process_errors = [str(failure)]

    @property
    def exclusive_keys(self) -> frozenset[str]:
        """The options that cannot be chosen together with others."""
        return frozenset()

    @property
    def chosen_keys(self) -> frozenset[str]:
        """What is chosen, as it travels in a page."""
        raise NotImplementedError

    @property
    def sent(self) -> list[tuple[str, str]]:
        """The options chosen, in an order that does not depend on how they were."""
        return [(self.name, key) for key in sorted(self.chosen_keys)]

    @property
    def options(self) -> list[Option]:
        """The options in order. The first has the field's own id, so that an error leads to it."""
        return [self._option(place, *choice) for place, choice in enumerate(self._choices)]

    def _option(self, place: int, value: Any, label: str, hint: str = "") -> Option:
        key = key_of(value)
        return Option(
            key=key,
            label=label,
            hint=hint,
            id=f"{self.id}-{place}" if place else self.id,
            is_chosen=key in self.chosen_keys,
            is_exclusive=key in self.exclusive_keys,
        )

    def _values_by_key(self) -> dict[str, Any]:
        return {key_of(value): self._coerce(value) if self._coerce else value for value, *_ in self._choices}


class ChoiceField(_OptionsField):
    """One of a few options, all in sight (radio buttons)."""

    data: Any

    @property
    def chosen_keys(self) -> frozenset[str]:
        """The one option chosen, if any."""
        return frozenset() if self.data is None else frozenset({key_of(self.data)})

    def read(self, text: str) -> Any:
        """Return the value of the option."""
        if text == "":
            return None
        values = self._values_by_key()
        if text not in values:
            raise Unacceptable(NOT_AN_OPTION)
        return values[text]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the option; anything that is not one gets the same answer."""
        self.data = None
        if valuelist and not isinstance(valuelist[0], str):
            raise Unacceptable(NOT_AN_OPTION)
        if valuelist:
            self.data = self.read(valuelist[0])


class SelectField(ChoiceField):
    """One of many options, folded away. `blank` is the first line, which chooses nothing."""

    def __init__(self, label: str = "", choices: Any = (), *, blank: str = "Välj", **kwargs: Any) -> None:
        super().__init__(label, choices, **kwargs)
        self.blank = blank


class ChoicesField(_OptionsField):
    """Some of several options (check boxes). `exclusive` ones, such as "vet inte", stand alone."""

    data: tuple[Any, ...]

    def __init__(self, label: str = "", choices: Any = (), *, exclusive: Iterable[Any] = (), **kwargs: Any) -> None:
        self._exclusive = frozenset(key_of(value) for value in exclusive)
        super().__init__(label, choices, **kwargs)

    @property
    def nothing(self) -> tuple[Any, ...]:
        """No option."""
        return ()

    @property
    def exclusive_keys(self) -> frozenset[str]:
        """The options that cannot be chosen together with others."""
        return self._exclusive

    @property
    def chosen_keys(self) -> frozenset[str]:
        """The options chosen; what was posted is shown again even when it contradicts itself."""
        values = self.data if self.raw_data is None else self.raw_data
        return frozenset(key_of(value) for value in values)

    def process_data(self, value: Any) -> None:
        """Take over known values."""
        self.data = tuple(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the options, in the order in which they stand on the page."""
        self.data = ()
        values = self._values_by_key()
        if any(not isinstance(value, str) or value not in values for value in valuelist):
            raise Unacceptable(NOT_OPTIONS)
        posted = frozenset(valuelist)
        alone = posted & self._exclusive
        if alone and len(posted) > 1:
            label = next(label for value, label, *_ in self._choices if key_of(value) in alone)
            raise Unacceptable(f"Välj antingen ”{label}” eller de andra alternativen")
        self.data = tuple(value for key, value in values.items() if key in posted)


class CheckField(Field):
    """One thing to agree with, or not."""

    data: bool

    @property
    def nothing(self) -> bool:
        """Not ticked."""
        return False

    @property
    def is_chosen(self) -> bool:
        """Whether the box is ticked."""
        return self.data

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Something when the box is ticked, else nothing."""
        return [(self.name, "1")] if self.data else []

    def process_data(self, value: Any) -> None:
        """Take over what is known."""
        self.data = bool(value)

    def read(self, text: str) -> bool:
        """Return whether the box was ticked: a browser then sends its value, otherwise nothing at all."""
        return text != ""
