"""What is wrong with a file of school years, in words."""

from app.kernel.csv_files import Problem
from app.schools.pages import make_problem_rows


def test_no_more_is_shown_of_a_hopeless_file_than_somebody_can_read() -> None:
    problems = [Problem("", 1, str(at), "unknown_column") for at in range(150_000)]
    shown = make_problem_rows(problems)
    assert [row.column for row in shown] == [str(at) for at in range(100)]
