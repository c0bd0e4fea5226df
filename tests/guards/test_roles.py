"""Who gets what from every view: role by role, of one's own, of what was sent in, of other units and municipalities.

The table is `roles.txt`: read it as text when it changes. A view that is not in it, or answers otherwise, fails here.
"""

from difflib import unified_diff
from pathlib import Path

from tests.guards.walk import CORNERS, METHODS, NOBODY, Walker
from tests.guards.world import ACCOUNTS
from tests.pages import Page

TABLE = Path(__file__).with_name("roles.txt")
PEOPLE = [*(role.value for role in ACCOUNTS), NOBODY]
HEADING = f"{'view, method, whose':62} " + " ".join(f"{name[:5]:>5}" for name in PEOPLE)


def test_every_view_answers_each_role_as_the_table_says(walker: Walker) -> None:
    lines = [HEADING]
    for question in walker.questions(*METHODS):
        statuses = [walker.ask(question, who).status_code for who in PEOPLE]
        lines.append(f"{question.name:62} " + " ".join(f"{status:5}" for status in statuses))
    difference = unified_diff(TABLE.read_text(encoding="ascii").splitlines(), lines, "roles.txt", "the app", n=0)
    assert not (changed := list(difference)), "\n".join(changed)


def test_somebody_elses_object_and_no_object_look_the_same(walker: Walker) -> None:
    for question in walker.questions(*METHODS):
        if question.corner == CORNERS[-1] and any(name.endswith("_id") for name in question.rule.arguments):
            for who in PEOPLE:
                foreign, nothing = walker.ask(question, who), walker.ask_for_nothing(question, who)
                assert foreign.status_code == nothing.status_code, (question.name, who)
                assert foreign.status_code in ({403, 404} if who != NOBODY else {303}), (question.name, who)
                if who != NOBODY:
                    assert Page(foreign.text).text == Page(nothing.text).text, (question.name, who)
