"""Print the longest modules, functions and templates: to look at, not to obey."""

import ast
from collections.abc import Iterator

from tests.guards.source import python, short, templates, tree

LONG_MODULE, LONG_FUNCTION, LONG_TEMPLATE = 300, 30, 100


def long_things() -> Iterator[tuple[str, int, str]]:
    """Yield what is longer than one takes in at a glance: kind, lines, where."""
    for path in python("app", "tests"):
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONG_MODULE:
            yield "module", lines, short(path)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and (length := _length(node)) > LONG_FUNCTION:
                yield "function", length, f"{short(path)}:{node.lineno} {node.name}"
    for path in templates("*.html"):
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONG_TEMPLATE:
            yield "template", lines, short(path)


def _length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


if __name__ == "__main__":
    for kind, lines, where in sorted(long_things(), key=lambda thing: (thing[0], -thing[1])):
        print(f"{lines:5} lines: {kind} {where}")  # noqa: T201 - printing is what it is for
