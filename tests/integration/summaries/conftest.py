import pytest

from tests.integration.summaries.term import OPENED, TermStory, at, make_story


@pytest.fixture(autouse=True)
def on_the_first_monday(set_clock):
    """Every test begins when schools have begun to answer."""
    set_clock(at(OPENED, 10))


@pytest.fixture
def story(session) -> TermStory:
    """A term that has begun."""
    return make_story(session)
