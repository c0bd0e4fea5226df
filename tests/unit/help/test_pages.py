from uuid import uuid4

import pytest

from app.access.actor import Actor, Role
from app.help.pages import SOS, KnownNumber, part_for, with_sos
from app.kernel.rendering import TEMPLATES

SUPPORT = KnownNumber("Stödtelefonen", "010-223 57 60", "", is_urgent=False)


def test_a_list_without_112_gets_it_first():
    assert with_sos([]) == [SOS]
    assert with_sos([SUPPORT]) == [SOS, SUPPORT]


def test_a_list_with_112_stays_as_the_municipality_ordered_it():
    own = KnownNumber("Larma", "112", "", is_urgent=True)
    assert with_sos([SUPPORT, own]) == [SUPPORT, own]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_every_role_has_its_help(role):
    actor = Actor(account_id=uuid4(), municipality_id=uuid4(), role=role)
    assert (TEMPLATES / part_for(actor)).exists()


def test_so_has_somebody_without_an_account():
    assert (TEMPLATES / part_for(None)).exists()
