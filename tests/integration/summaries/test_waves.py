"""A term with follow-ups, reports outside rounds and worries: each child once, and the rate of the first answer."""

from datetime import timedelta

from sqlalchemy import select

from app.cases.models import Case, CaseSource
from app.responses.models import MissingPupil, Response
from app.responses.types import PupilAnswers, ResponseState
from app.summaries import queries
from app.summaries.service import freeze_term
from app.surveys.models import Invitation, SurveyPlan, SurveyRound
from app.surveys.types import Asks, RoundState
from tests.factories.surveys import make_invitation, make_round
from tests.integration.summaries.term import CLOSED, OPENED, TermStory, at


def follow_up(story: TermStory, wave: int = 1, asks: Asks = Asks.RETURN) -> SurveyRound:
    """Ask the same schools again, some weeks later."""
    plan = story.session.get_one(SurveyPlan, story.survey_round.plan_id)
    opened = at(OPENED + timedelta(days=28 * wave), 8)
    return make_round(
        story.session,
        plan,
        wave=wave,
        asks=asks,
        occurrence_key=f"after_summer:2026:{wave}:{asks}",
        opens_at=opened,
        opened_at=opened,
        closes_at=opened + timedelta(days=14),
    )


def answer(story: TermStory, survey_round: SurveyRound, place: int = 0) -> Response:
    """Let a school answer a follow-up."""
    moment = survey_round.opens_at + timedelta(days=1)
    invitation = make_invitation(
        story.session, survey_round, story.units[place], submitted_at=moment, invited_at=survey_round.opens_at
    )
    response = Response(
        municipality_id=story.municipality.id,
        invitation_id=invitation.id,
        school_unit_id=story.units[place].id,
        number=1,
        asks=survey_round.asks,
        state=ResponseState.SUBMITTED,
        enrolled=400,
        present=400,
        known_absence=0,
        signed_name="Karin",
        declared=True,
        submitted_at=moment,
        saved_at=moment,
    )
    story.session.add(response)
    story.session.flush()
    return response


def list_again(story: TermStory, response: Response, case: Case) -> None:
    """Let an answer hold a pupil that has its case since before."""
    entry_id = story.session.scalars(select(CaseSource.entry_id).where(CaseSource.case_id == case.id)).first()
    _list(story, response, entry_id)


def _list(story: TermStory, response: Response, entry_id: object) -> None:
    story.session.add(
        MissingPupil(
            municipality_id=story.municipality.id,
            response_id=response.id,
            entry_id=entry_id,
            position=1,
            answers=PupilAnswers().to_dict(),
            saved_at=response.saved_at,
        )
    )
    story.session.flush()


def count(story: TermStory) -> int:
    """Return how many children the term has."""
    rounds = queries.list_rounds_of_term(story.session, story.municipality.id, story.survey_round.term)
    alike = queries.list_alike(story.session, story.municipality.id, [each.id for each in rounds])
    return sum(group.children for group in alike)


def test_a_child_still_missing_in_a_follow_up_is_one_child(story: TermStory) -> None:
    story.answer()
    case, *_others = story.miss(3)
    list_again(story, answer(story, follow_up(story)), case)
    assert count(story) == 3


def test_an_explained_pupil_of_two_answers_is_one_child(story: TermStory) -> None:
    response, *_others = story.answer()
    explained = story.explain(response)
    _list(story, answer(story, follow_up(story)), explained.entry_id)
    assert count(story) == 1


def test_a_child_first_missing_in_a_follow_up_is_counted(story: TermStory) -> None:
    story.answer()
    story.miss(2)
    survey_round = follow_up(story)
    response = answer(story, survey_round)
    story.invitations[1] = story.session.get_one(Invitation, response.invitation_id)
    story.miss(1, 1)
    assert count(story) == 3


def test_a_child_of_an_earlier_term_is_missing_in_this_one_too(story: TermStory) -> None:
    worried = follow_up(story, wave=2, asks=Asks.WORRY)
    first = answer(story, worried)
    story.invitations[1] = story.session.get_one(Invitation, first.invitation_id)
    (case,) = story.miss(1, 1)
    assert count(story) == 0, "a worry is no missing child"
    list_again(story, answer(story, follow_up(story)), case)
    assert count(story) == 1


def test_the_response_rate_is_that_of_the_first_asking(story: TermStory) -> None:
    story.answer(0, 1)
    answer(story, follow_up(story), 2)
    make_round(
        story.session,
        story.session.get_one(SurveyPlan, story.survey_round.plan_id),
        wave=2,
        occurrence_key="after_summer:2026:2",
        state=RoundState.PLANNED,
        opened_at=None,
    )
    rounds = queries.list_rounds_of_term(story.session, story.municipality.id, story.survey_round.term)
    assert [each.wave for each in rounds] == [0, 1]
    snapshot = freeze_term(story.session, story.municipality.id, story.survey_round.term, at(CLOSED))
    assert (snapshot.published.answers.answered, snapshot.published.answers.units) == (2, 4)
