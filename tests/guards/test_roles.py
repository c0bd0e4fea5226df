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


def test_every_view_answers_each_role_as_the_table_says(walker: Walker, tmp_path: Path) -> None:
    answers: dict[str, dict[str, list[str]]] = {}
    for question in walker.questions(*METHODS):
        statuses = " ".join(f"{walker.ask(question, who).status_code:5}" for who in PEOPLE)
        view = f"{question.rule.endpoint} {question.method}"
        answers.setdefault(view, {}).setdefault(statuses, []).append(question.corner)
    lines = [HEADING]
    for view, corners in answers.items():
        lines += [f"{f'{view} {whose}':62} {statuses}" for statuses, whose in _joined(corners)]
    (found := tmp_path / TABLE.name).write_text("\n".join(lines) + "\n", encoding="ascii")
    difference = unified_diff(TABLE.read_text(encoding="ascii").splitlines(), lines, "roles.txt", "the app", n=0)
    assert not (changed := list(difference)), "\n".join([*changed, f"If that is right, copy {found}"])
    assert not walker.complaints, "\n".join(dict.fromkeys(walker.complaints))


def _joined(corners: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return the corners that get the same answers as one."""
    return [(statuses, "+".join(whose)) for statuses, whose in corners.items()]


def test_somebody_elses_object_and_no_object_look_the_same(walker: Walker) -> None:
    for question in walker.questions(*METHODS):
        if question.corner == CORNERS[-1] and any(name.endswith("_id") for name in question.rule.arguments):
            for who in PEOPLE:
                foreign, nothing = walker.ask(question, who), walker.ask_for_nothing(question, who)
                assert foreign.status_code == nothing.status_code, (question.name, who)
                assert foreign.status_code in ({403, 404} if who != NOBODY else {303}), (question.name, who)
                if who != NOBODY:
                    assert Page(foreign.text).text == Page(nothing.text).text, (question.name, who)
