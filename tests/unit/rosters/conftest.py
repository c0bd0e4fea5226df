"""A register with one school and nobody in it."""

import pytest

from tests.machine.register_data import RegisterData
from tests.machine.register_reading import CODE


@pytest.fixture
def data() -> RegisterData:
    return RegisterData()


@pytest.fixture
def unit(data: RegisterData) -> str:
    return data.add_organisation("Strandängsskolan", CODE)
