"""Values of a report of concern."""

from datetime import UTC, datetime, timedelta

import pytest

from app.referrals.types import (
    PAGES,
    ChildPart,
    ConcernPart,
    DangerPart,
    GuardianPart,
    HandOverReport,
    ReportContent,
    ReporterPart,
    ReportPage,
    ReportState,
    ReportStatus,
    status_of,
)
from app.referrals.types.choices import GuardianInformed
from app.responses.types import AnyYesNo
from tests.factories.referrals import full_content

NOW = datetime(2026, 8, 25, 8, tzinfo=UTC)
READY = {
    "child": ChildPart(name="Elin"),
    "concern": ConcernPart(what_happened="Borta."),
    "reporter": ReporterPart("Karin", "lärare", "Strandängsskolan", "08-465 004 31"),
}


class TestReportContent:
    def test_what_was_kept_comes_back_as_it_was(self) -> None:
        content = full_content()
        assert ReportContent.from_dict(content.to_dict()) == content

    def test_what_can_no_longer_be_understood_is_left_out(self) -> None:
        plain = {"child": {"name": "Elin", "kind": "passport", "gone": 1}, "danger": "yes", "unheard_of": {}}
        content = ReportContent.from_dict(plain)
        assert content.child == ChildPart(name="Elin")
        assert content.danger is None

    @pytest.mark.parametrize("plain", [None, [], "text", 7, {"told": {"statements": "no list"}}])
    def test_anything_at_all_can_be_read(self, plain: object) -> None:
        assert isinstance(ReportContent.from_dict(plain), ReportContent)

    def test_three_pages_are_needed_and_no_more(self) -> None:
        assert ReportContent().missing_pages == (ReportPage.CHILD, ReportPage.CONCERN, ReportPage.REPORTER)
        assert ReportContent(**READY).missing_pages == ()

    @pytest.mark.parametrize(
        ("page", "part"),
        [
            (ReportPage.CHILD, ChildPart(grade="5")),
            (ReportPage.CONCERN, ConcernPart(why_now="Nu")),
            (ReportPage.REPORTER, ReporterPart("Karin", "lärare", "Strandängsskolan")),
        ],
    )
    def test_an_answered_page_may_still_lack_what_a_receiver_needs(self, page: ReportPage, part: object) -> None:
        assert ReportContent(**READY).with_page(page, part).missing_pages == (page,)

    def test_a_page_takes_only_its_own_answers(self) -> None:
        with pytest.raises(TypeError):
            ReportContent().with_page(ReportPage.CHILD, DangerPart())

    def test_it_is_acute_only_when_somebody_says_so(self) -> None:
        assert ReportContent(danger=DangerPart(AnyYesNo.YES)).is_acute
        assert not ReportContent(danger=DangerPart(AnyYesNo.UNKNOWN)).is_acute
        assert not ReportContent().is_acute

    def test_guardians_have_not_been_told_and_feedback_is_wanted_from_the_beginning(self) -> None:
        assert GuardianPart().informed is GuardianInformed.NO
        assert ReporterPart().wants_feedback

    def test_nothing_of_it_shows_itself_in_a_log(self) -> None:
        assert "Sandhage" not in repr(full_content())


class TestReportPage:
    def test_the_pages_follow_each_other(self) -> None:
        assert [page.number for page in PAGES] == list(range(1, 9))
        assert PAGES[0].preceding is None
        assert PAGES[-1].following is None
        assert all(page.following is None or page.following.preceding is page for page in PAGES)


class TestStatusOf:
    @pytest.mark.parametrize("state", [s for s in ReportState if s is not ReportState.HANDED_OVER])
    def test_other_states_are_shown_as_they_are(self, state: ReportState) -> None:
        late = NOW - timedelta(days=9)
        assert status_of(state, acknowledge_by=late, is_mail_dead=True, at=NOW).value == state.value

    @pytest.mark.parametrize(
        ("acknowledge_by", "is_mail_dead", "expected"),
        [
            (NOW + timedelta(hours=1), False, ReportStatus.HANDED_OVER),
            (NOW - timedelta(hours=1), False, ReportStatus.UNACKNOWLEDGED),
            (NOW + timedelta(hours=1), True, ReportStatus.BOUNCED),
            (NOW - timedelta(hours=1), True, ReportStatus.BOUNCED),
            (None, False, ReportStatus.HANDED_OVER),
        ],
    )
    def test_one_that_has_left_is_waited_for(
        self, acknowledge_by: datetime | None, is_mail_dead: bool, expected: ReportStatus
    ) -> None:
        shown = status_of(ReportState.HANDED_OVER, acknowledge_by=acknowledge_by, is_mail_dead=is_mail_dead, at=NOW)
        assert shown is expected


def test_a_report_leaves_in_some_way() -> None:
    with pytest.raises(ValueError, match="some way"):
        HandOverReport((), 1)
