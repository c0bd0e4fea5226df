from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.access.actor import Actor
from app.audit.types import AuditAction
from app.kernel.csv_files import FilesRefused
from app.kernel.errors import InvalidTransition, NotFound
from app.pupils.types import GradeBand
from app.rehearsal.types import FOLDER
from app.summaries import queries, service
from app.summaries.models import TermSnapshot
from app.summaries.types import ChildTable, Sign, Step
from tests.factories.schools import make_municipality
from tests.integration.summaries.term import CLOSED, LAST_DAY, OPENED, TermStory, at

TERM = "HT 2026"


def freeze(story: TermStory, day=OPENED, hour: int = 17) -> TermSnapshot:
    return service.freeze_term(story.session, story.municipality.id, TERM, at(day, hour))


def children(snapshot: TermSnapshot) -> ChildTable:
    table = snapshot.published.children
    assert table is not None
    return table


class TestFreezeTerm:
    def test_answers_are_counted_and_the_silent_are_named_once_their_day_has_passed(self, story):
        story.answer(0, 2)
        open_answers = freeze(story).published.answers
        assert (open_answers.units, open_answers.answered, open_answers.enrolled) == (4, 2, 800)
        assert open_answers.enrolled_in_all == 4 * 412
        assert open_answers.silent == ()
        late = freeze(story, OPENED + timedelta(days=7)).published.answers
        assert late.silent == ("Hagtornsskolan", "Norra Lindskolan")

    def test_children_are_not_counted_while_schools_still_answer(self, story):
        story.answer(0, 2)
        story.miss(6)
        published = freeze(story, OPENED + timedelta(days=10)).published
        assert published.children is None
        assert published.waits_until == CLOSED

    @pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "all answered"])
    def test_children_are_counted_when_no_further_answer_can_come(self, story, is_closed):
        story.answer(*([0] if is_closed else []))
        story.miss(8, 0, located=3, reported=7, acknowledged=6, returned=2)
        story.miss(12, 2, GradeBand.MIDDLE, located=12, reported=1, returned=11)
        if is_closed:
            story.close()
        table = children(freeze(story, CLOSED))
        assert table.counted_on == CLOSED
        whole = {step: table.cells[step] for step in Step}
        assert whole == {
            Step.MISSING: 20,
            Step.LOCATED: 15,
            Step.STILL_MISSING: 5,
            Step.REPORTED: 8,
            Step.ACKNOWLEDGED: Sign.HIDDEN,
            Step.RETURNED: Sign.HIDDEN,
        }
        assert table.days == {Step.LOCATED: 9, Step.REPORTED: 2}

    def test_a_pupil_explained_at_once_is_missing_and_located(self, story):
        response, *_others = story.answer()
        for place in range(4):
            story.miss(2, place)
        for _ in range(5):
            story.explain(response)
        table = children(freeze(story, CLOSED))
        assert table.cells[Step.MISSING] == 13
        assert table.cells[Step.LOCATED] == 5
        assert table.days[Step.LOCATED] == 0

    def test_a_pupil_of_an_answer_that_was_replaced_is_not_counted(self, story):
        response, *_others = story.answer()
        for place in range(4):
            story.miss(2, place)
        story.explain(response)
        story.answer(0, number=2)
        assert children(freeze(story, CLOSED)).cells[Step.MISSING] == 8

    def test_a_child_reported_by_two_schools_is_one_child(self, story):
        story.answer()
        for place in range(3):
            story.miss(2, place)
        joined = story.miss(1)[0]
        story.join(joined, 3)
        assert children(freeze(story, CLOSED)).cells[Step.MISSING] == 7

    def test_no_count_of_a_single_school_is_shown(self, story):
        story.answer()
        story.miss(9, 0, GradeBand.UPPER)
        assert children(freeze(story, CLOSED)).cells[Step.MISSING] is Sign.HIDDEN

    def test_the_table_stays_for_four_weeks(self, story):
        story.answer()
        story.miss(4, 0), story.miss(4, 1)
        first = children(freeze(story, CLOSED))
        story.miss(1, 2)
        assert children(freeze(story, CLOSED + timedelta(days=27))) == first
        later = children(freeze(story, CLOSED + timedelta(days=28)))
        assert (first.cells[Step.MISSING], later.cells[Step.MISSING]) == (8, 9)

    def test_it_is_final_when_the_term_is_over(self, story):
        story.answer()
        story.miss(4, 0), story.miss(4, 1)
        assert not freeze(story, CLOSED).is_final
        over = LAST_DAY + timedelta(days=1)
        final = freeze(story, over)
        assert final.is_final
        assert children(final).counted_on == over
        story.miss(9, 2)
        assert children(freeze(story, over + timedelta(days=60))).cells[Step.MISSING] == 8
        with pytest.raises(InvalidTransition):
            final.freeze(final.published, at=at(over), is_final=True)

    def test_no_hidden_count_is_kept(self, story):
        story.answer()
        story.miss(3, 0, located=2, returned=1)
        snapshot = freeze(story, CLOSED)
        cells = snapshot.figures["children"]["cells"]
        assert set(cells.values()) == {"<5"}
        assert snapshot.figures["children"]["days"] == {}

    def test_counting_is_recorded(self, story):
        freeze(story)
        story.answer()
        snapshot = freeze(story, CLOSED)
        story.session.commit()
        rows = story.session.execute(
            text("SELECT object_id, details FROM audit_row WHERE action = :action"),
            {"action": AuditAction.SUMMARY_FROZEN.value},
        ).all()
        assert rows == [(str(snapshot.id), "{}")]

    def test_a_term_without_a_round_is_not_found(self, story):
        with pytest.raises(NotFound):
            service.freeze_term(story.session, story.municipality.id, "VT 2027", at(OPENED))
        with pytest.raises(NotFound):
            service.freeze_term(story.session, uuid4(), TERM, at(OPENED))

    def test_it_takes_the_same_few_queries_however_many_children(self, story, count_queries):
        story.answer()
        story.miss(2)
        freeze(story, CLOSED)
        story.miss(20, 1)
        with count_queries() as statements:
            freeze(story, CLOSED + timedelta(days=28))
        reads = [statement for statement in statements if statement.startswith("SELECT")]
        # The snapshot under its lock, the rounds, the term's end, the units, the enrolled, the cases, the explained.
        assert len(reads) == 7


class TestImportHistory:
    def test_the_invented_history_is_taken_in_once(self, session):
        municipality = make_municipality(session)
        actor = Actor.system(municipality.id)
        service.import_history(session, actor, FOLDER)
        service.import_history(session, actor, FOLDER)
        found = queries.list_snapshots(session, visible_to=actor)
        assert [each.term for each in found] == ["VT 2026", "HT 2025", "VT 2025", "HT 2024"]
        assert [children(each).cells[Step.MISSING] for each in found] == [25, 47, 28, 52]
        assert [children(each).cells[Step.STILL_MISSING] for each in found] == [5, 9, 6, 11]
        assert all(each.is_final for each in found)

    def test_a_folder_without_history_has_none(self, session, tmp_path: Path):
        municipality = make_municipality(session)
        service.import_history(session, Actor.system(municipality.id), tmp_path)
        assert not queries.list_snapshots(session, visible_to=Actor.system(municipality.id))

    def test_every_fault_is_told_and_nothing_is_taken_in(self, session, tmp_path: Path):
        header, first, *_others = (FOLDER / "history.csv").read_text("utf-8").splitlines()
        cells = first.split(";")
        more_reported_than_missing = ";".join([*cells[:6], "99", *cells[7:]])
        no_term = ";".join(["Hösten", *cells[1:]])
        more_still_than_missing = ";".join(["HT 2023", *cells[1:14], "99", *cells[15:]])
        no_band = ";".join(["HT 2022", *cells[1:-1], "sjuan"])
        rows = [header, more_reported_than_missing, no_term, more_still_than_missing, no_band]
        (tmp_path / "history.csv").write_text("\n".join(rows), "utf-8")
        municipality = make_municipality(session)
        with pytest.raises(FilesRefused) as refused:
            service.import_history(session, Actor.system(municipality.id), tmp_path)
        assert [(problem.row, problem.code) for problem in refused.value.problems] == [
            (2, "counts_contradict_each_other"),
            (3, "not_a_term"),
            (4, "counts_contradict_each_other"),
            (5, "not_a_choice"),
        ]
