import json
from datetime import date

from app.pupils.types import GradeBand
from app.summaries.types import AnswerFigures, BandFigures, ChildFigures, ChildTable, PublishedTerm, Sign, Step
from tests.factories.summaries import child_figures

DAY = date(2026, 10, 12)


def table(**values) -> ChildTable:
    return ChildTable.publish(child_figures(**values), counted_on=DAY, enrolled=6214)


class TestChildTable:
    def test_shares_and_rates_are_made_of_printed_counts(self):
        whole = table(reported=16, acknowledged=14, returned=26)
        assert whole.share(Step.LOCATED) == 34 / 41
        assert whole.share(Step.ACKNOWLEDGED) is None
        assert whole.per_thousand == 1000 * 41 / 6214

    def test_nothing_is_made_of_a_hidden_whole(self):
        few = table(bands=[(2, 1), *[(0, 0)] * 4])
        assert few.share(Step.LOCATED) is None
        assert few.per_thousand is None

    def test_a_hidden_count_has_no_median(self):
        days = {Step.LOCATED: 9.5, Step.REPORTED: 2.0}
        assert table(reported=3, days=days).days == {Step.LOCATED: 10}

    def test_without_pupils_there_is_no_rate(self):
        assert ChildTable.publish(child_figures(), counted_on=DAY, enrolled=0).per_thousand is None

    def test_signs_are_found_where_they_stand(self):
        assert table(reported=16, acknowledged=16, returned=26).signs_in(Step) == frozenset()
        assert table(reported=3).signs_in([Step.REPORTED, Step.MISSING]) == {Sign.FEW}


class TestPublishedTerm:
    def test_it_comes_back_from_storage_as_it_was(self):
        answers = AnswerFigures(14, 12, 6214, 7031, silent=("Hagtornsskolan", "Friskolan Tallgläntan"))
        for term in (
            PublishedTerm(answers, table(reported=16, acknowledged=14, returned=3, days={Step.LOCATED: 9.0})),
            PublishedTerm(answers, None, waits_until=DAY),
        ):
            assert PublishedTerm.from_dict(json.loads(json.dumps(term.to_dict()))) == term

    def test_nothing_hidden_is_stored(self):
        bands = {band: BandFigures(3, 2) for band in GradeBand}
        figures = ChildFigures(bands=bands, reported=4, acknowledged=3, returned=2, days={Step.RETURNED: 5.0})
        stored = ChildTable.publish(figures, counted_on=DAY, enrolled=400).to_dict()
        assert {cell for cell in stored["cells"].values() if isinstance(cell, int)} == {15, 10, 5}
        assert stored["days"] == {}


def test_the_response_rate_of_nobody_is_none():
    assert AnswerFigures(0, 0, 0, 0).response_rate is None
    assert not AnswerFigures(0, 0, 0, 0).is_complete
    assert AnswerFigures(14, 12, 0, 0).response_rate == 12 / 14
