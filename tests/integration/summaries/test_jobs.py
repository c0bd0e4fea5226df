from datetime import timedelta

from sqlalchemy import text

from app.kernel import clock
from app.summaries import queries
from app.summaries.jobs import JOBS
from tests.integration.summaries.term import CLOSED, LAST_DAY, OPENED, at


def run(database) -> None:
    for job in JOBS:
        job.run(database)


def frozen(story):
    story.session.expire_all()
    return queries.find_snapshot(story.session, story.municipality.id, "HT 2026")


def due(story) -> bool:
    story.session.commit()  # What the test has just told; and SQLite lets no job write beside an open writer.
    found = bool(queries.list_terms_to_freeze(story.session, clock.now()))
    story.session.rollback()
    return found


class TestFreezeTerms:
    def test_a_round_that_has_opened_is_frozen(self, story, database):
        story.session.commit()
        run(database)
        assert frozen(story).published.answers.answered == 0

    def test_it_is_done_once_a_day_and_whenever_the_answers_have_moved(self, story, database, set_clock):
        story.session.commit()
        run(database)
        assert not due(story)
        story.answer(0)
        assert due(story)
        set_clock(at(OPENED, 13))
        run(database)
        assert not due(story)
        set_clock(at(OPENED + timedelta(days=1), 1))
        assert due(story)

    def test_it_is_done_when_the_last_day_passes_and_when_the_round_closes(self, story, database, set_clock):
        story.session.commit()
        due_at = story.invitations[0].due_at
        set_clock(due_at - timedelta(minutes=1))
        run(database)
        assert not due(story)
        set_clock(due_at)
        assert due(story)
        set_clock(at(CLOSED, 15))
        run(database)
        story.close()
        set_clock(at(CLOSED, 17))
        assert due(story)

    def test_it_ends_with_the_term(self, story, database, set_clock):
        story.answer()
        story.session.commit()
        set_clock(at(LAST_DAY + timedelta(days=1)))
        run(database)
        assert frozen(story).is_final
        story.session.rollback()
        set_clock(at(LAST_DAY + timedelta(days=9)))
        assert not due(story)

    def test_a_second_run_changes_nothing(self, story, database):
        story.answer()
        story.session.commit()
        run(database)
        rows = story.session.execute(text("SELECT * FROM term_snapshot")).all()
        story.session.rollback()
        run(database)
        assert story.session.execute(text("SELECT * FROM term_snapshot")).all() == rows
