"""Protected pupils are only counted: what the coordinator sees and what the next answer begins with loses none."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.cases import queries as cases
from app.kernel import clock
from app.responses import queries, service
from app.responses.models import Response
from app.responses.types import SaveFigures
from app.surveys.types import Asks
from tests.factories.responses import complete_answers, identity
from tests.integration.responses.conftest import School
from tests.integration.responses.test_reports import begin, find_case, report
from tests.integration.responses.waves import ENROLLED, SIGNED, next_term, next_wave, submit

Clock = Callable[[datetime], None]


def shown(session: Session, school: School) -> list[int]:
    """Return how many the coordinator sees, by unit."""
    return [number for _, number in cases.list_protected_units(session, visible_to=school.desk.coordinator)]


def count_in(session: Session, school: School, response: Response, number: int) -> None:
    """Count protected pupils in an answer, sent unless it is a round's."""
    response.protected_missing = number
    session.flush()
    if response.asks is not Asks.RETURN:
        service.submit_response(session, school.actor, response, SIGNED)


def begin_round(session: Session, school: School, number: int | None = None) -> Response:
    """Begin the answer of a round and save its figures; None leaves the count it begins with."""
    response = service.start_response(session, school.actor, school.invitation)
    counted = response.protected_missing if number is None else number
    service.save_figures(session, school.actor, response, SaveFigures(ENROLLED, None, None, protected_missing=counted))
    return response


def test_changing_an_older_answer_takes_no_report_away(session: Session, school: School, set_clock: Clock) -> None:
    submit(session, school)
    set_clock(clock.now() + timedelta(days=1))
    count_in(session, school, begin(session, school, Asks.REPORT), 1)
    set_clock(clock.now() + timedelta(days=1))
    changed = service.change_response(session, school.actor, school.invitation)
    service.save_figures(session, school.actor, changed, SaveFigures(ENROLLED, ENROLLED - 1, 1))
    assert shown(session, school) == [1]
    service.submit_response(session, school.actor, changed, SIGNED)
    assert shown(session, school) == [1]
    assert begin_round(session, next_wave(session, school, set_clock)).protected_missing == 1


def test_a_corrected_report_is_not_counted_beside_the_answer_after_it(
    session: Session, school: School, set_clock: Clock
) -> None:
    reported = begin(session, school, Asks.REPORT)
    count_in(session, school, reported, 1)
    set_clock(clock.now() + timedelta(hours=1))
    assert begin_round(session, school).protected_missing == 1
    assert shown(session, school) == [1], "the draft began with the same child"
    submit(session, school)
    set_clock(clock.now() + timedelta(hours=1))
    corrected = service.change_response(session, school.actor, reported.invitation)
    service.submit_response(session, school.actor, corrected, SIGNED)
    assert shown(session, school) == [1]
    assert queries.count_protected_before(session, next_wave(session, school, set_clock).invitation) == 1


def test_a_report_that_counts_more_since_is_heard(session: Session, school: School, set_clock: Clock) -> None:
    reported = begin(session, school, Asks.REPORT)
    count_in(session, school, reported, 1)
    set_clock(clock.now() + timedelta(hours=1))
    begin_round(session, school)
    submit(session, school)
    set_clock(clock.now() + timedelta(hours=1))
    count_in(session, school, service.change_response(session, school.actor, reported.invitation), 2)
    assert shown(session, school) == [3], "one child twice rather than one not at all"


def test_a_draft_raises_the_count_at_once_and_never_lowers_it(
    session: Session, school: School, set_clock: Clock
) -> None:
    begin_round(session, school, 1)
    assert shown(session, school) == [1]
    submit(session, school)
    wave = next_wave(session, school, set_clock)
    begin_round(session, wave, 0)
    assert shown(session, school) == [1]
    begin_round(session, wave, 3)
    assert shown(session, school) == [3]
    begin_round(session, wave, 0)
    submit(session, wave)
    assert shown(session, school) == []


def test_a_worry_stands_until_the_school_has_answered_after_the_next_break(
    session: Session, school: School, set_clock: Clock
) -> None:
    submit(session, school)
    august = clock.now()
    set_clock(august + timedelta(days=1))
    count_in(session, school, begin(session, school, Asks.WORRY), 1)
    wave = next_wave(session, school, set_clock)
    assert begin_round(session, wave).protected_missing == 0, "nobody has missed the pupil"
    submit(session, wave)
    assert shown(session, school) == [1]
    set_clock(august)
    term = next_term(session, school, set_clock)
    assert begin_round(session, term).protected_missing == 1
    assert shown(session, school) == [1]
    begin_round(session, term, 0)
    submit(session, term)
    assert shown(session, school) == []
    assert (term.invitation.back_count, term.invitation.new_count) == (0, 0)


@pytest.mark.parametrize(("name", "asked"), [("Olle Heltannan", 2), ("Sandhage, Elin Maria", 1)])
def test_two_names_on_one_number_are_two_questions(
    session: Session, school: School, set_clock: Clock, name: str, asked: int
) -> None:
    one = report(session, school, complete_answers(identity=identity(name="Elin Sandhage")))
    other = report(session, school, complete_answers(identity=identity(name=name)))
    assert find_case(session, one) is find_case(session, other)
    wave = next_wave(session, school, set_clock)
    assert len(queries.list_carried(session, wave.invitation, None)) == asked
