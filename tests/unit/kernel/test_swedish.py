"""Swedish order, by a list that a Swedish dictionary would agree with."""

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.swedish import swedish_key

GOLDEN = [
    "",
    "1:a klass",
    "Abdi",
    "al-Khatib",
    "Andersson",
    "Elin",
    "Elisa",
    "Élise",
    "Hagtornsskolan",
    "Kvarnbackens skola",
    "Kvarnbacksskolan",
    "Mustafa",
    "Müller",
    "Norra Lindskolan",
    "Sjöviksgymnasiet",
    "Sjövägen",
    "Strandängsskolan",
    "Ulla",
    "Valfrid",
    "Vera",
    "Wanja",
    "Wikström",
    "Xerxes",
    "Yngve",
    "Zara",
    "Zetterlund",
    "Åberg",
    "Åsa",
    "Ärlig",
    "Æsop",
    "Äter",
    "Öberg",
    "Øystein",
    "Özdemir",
]


def test_the_golden_list_is_in_order() -> None:
    shuffled = random.Random(7).sample(GOLDEN, len(GOLDEN))  # noqa: S311 - an order to undo
    assert sorted(shuffled, key=swedish_key) == GOLDEN


def test_small_and_large_letters_and_accents_stand_together() -> None:
    assert sorted(["élise", "Elsa", "ELIAS", "eli"], key=swedish_key) == ["eli", "ELIAS", "élise", "Elsa"]


def test_letters_written_in_two_parts_are_the_same_letters() -> None:
    for name in GOLDEN:
        assert swedish_key(unicodedata.normalize("NFD", name))[0] == swedish_key(name)[0]


def test_nothing_sorts_first() -> None:
    assert swedish_key(None) == swedish_key("")
    assert sorted(["A", None], key=swedish_key) == [None, "A"]


@given(st.lists(st.text(max_size=20), max_size=20))
def test_the_order_is_total(names: list[str]) -> None:
    once = sorted(names, key=swedish_key)
    once.reverse()
    assert sorted(once, key=swedish_key) == once[::-1]
