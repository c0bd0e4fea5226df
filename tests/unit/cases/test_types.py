from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.types import (
    DATES,
    PROOFS,
    Branch,
    ClaimedBy,
    CloseCase,
    ContactSafety,
    Evidence,
    NewClaim,
    OpenReason,
    Outcome,
    Proof,
    Whereabouts,
    recommended_branch,
)
from tests.factories.cases import make_claim, make_proofs, make_proven_claim

TODAY = date(2026, 8, 25)
CLAIMS = st.builds(
    NewClaim,
    text=st.just(""),
    claimed_by=st.sampled_from(ClaimedBy),
    claimed_on=st.none() | st.dates(date(2026, 8, 1), TODAY),
    evidence=st.sampled_from(Evidence),
    evidence_text=st.none(),
    whereabouts=st.none() | st.sampled_from(Whereabouts),
)
SAID = st.lists(st.tuples(CLAIMS, st.booleans()), max_size=8)
BRANCH_OF = {
    Whereabouts.IN_SCHOOL: Branch.FOUND_IN_SCHOOL,
    Whereabouts.IN_SWEDEN: Branch.FOUND_IN_SWEDEN,
    Whereabouts.ABROAD: Branch.FOUND_ABROAD,
    Whereabouts.UNKNOWN: Branch.NOT_FOUND,
}


class TestRecommendedBranch:
    def test_what_the_guardians_say_is_no_answer(self):
        assert recommended_branch([(make_claim(whereabouts=Whereabouts.ABROAD), False)]) is Branch.NOT_FOUND

    def test_nothing_said_is_not_found(self):
        assert recommended_branch([]) is Branch.NOT_FOUND

    @pytest.mark.parametrize("place", Whereabouts)
    def test_a_document_decides(self, place):
        assert recommended_branch([(make_proven_claim(place), False)]) is BRANCH_OF[place]

    @pytest.mark.parametrize("place", Whereabouts)
    def test_so_does_someone_who_stands_for_it(self, place):
        assert recommended_branch([(make_claim(whereabouts=place), True)]) is BRANCH_OF[place]

    def test_the_latest_proof_rules(self):
        earlier = make_proven_claim(Whereabouts.ABROAD, claimed_on=date(2026, 8, 20))
        later = make_proven_claim(Whereabouts.IN_SCHOOL, claimed_on=date(2026, 8, 24))
        assert recommended_branch([(later, False), (earlier, False)]) is Branch.FOUND_IN_SCHOOL

    @given(SAID)
    def test_words_alone_never_change_it(self, said):
        counting = [each for each in said if each[1] or each[0].evidence.is_document]
        assert recommended_branch(said) is recommended_branch(counting)

    @given(SAID, st.randoms())
    def test_the_order_in_which_things_were_said_makes_no_difference(self, said, random):
        shuffled = random.sample(said, len(said))
        assert recommended_branch(said) is recommended_branch(shuffled)

    @given(SAID)
    def test_it_is_where_some_proof_points_or_not_found(self, said):
        places = {BRANCH_OF[claim.whereabouts] for claim, _ in said if claim.whereabouts}
        assert recommended_branch(said) in places | {Branch.NOT_FOUND}


class TestContactSafety:
    @given(st.sampled_from(ContactSafety), st.sampled_from(ContactSafety))
    def test_nobody_makes_it_less_strict_by_joining(self, one, other):
        assert one.stricter(other) is other.stricter(one)
        assert one.stricter(other) in (one, other)

    @pytest.mark.parametrize("other", ContactSafety)
    def test_a_raised_risk_beats_everything(self, other):
        assert other.stricter(ContactSafety.RAISES_RISK) is ContactSafety.RAISES_RISK

    def test_who_knows_beats_who_does_not(self):
        assert ContactSafety.UNKNOWN.stricter(ContactSafety.MAY) is ContactSafety.MAY


class TestOpenReason:
    def test_a_missing_pupil_is_no_concern_yet_and_everything_else_is(self):
        assert [reason for reason in OpenReason if not reason.is_concern] == [OpenReason.UNEXPLAINED]

    def test_what_is_urgent_weighs_most(self):
        assert max(OpenReason, key=lambda reason: reason.weight) is OpenReason.URGENT


class TestCloseCase:
    @pytest.mark.parametrize("outcome", Outcome)
    def test_every_outcome_must_be_shown_by_something(self, outcome):
        assert set(CloseCase(outcome, 1, {}).missing()) == set(PROOFS[outcome])
        assert CloseCase(outcome, 1, make_proofs()).missing() == ()

    @given(st.sampled_from(Outcome), st.data())
    def test_one_thing_left_out_is_missed(self, outcome, data):
        left_out = data.draw(st.sampled_from(PROOFS[outcome]))
        assert CloseCase(outcome, 1, make_proofs() | {left_out: "  "}).missing() == (left_out,)

    def test_what_happened_is_not_in_the_future_and_what_comes_is(self):
        tomorrow, today = (TODAY + timedelta(days=1)).isoformat(), TODAY.isoformat()
        proofs = make_proofs(confirmed_on=tomorrow, decided_on=tomorrow, review_on=today, until=today)
        wrong = CloseCase(Outcome.OTHER, 1, proofs).misdated(TODAY)
        assert set(wrong) == {Proof.CONFIRMED_ON, Proof.DECIDED_ON, Proof.REVIEW_ON}

    def test_that_a_stay_abroad_is_lasting_needs_a_decision_and_word_of_the_child(self):
        assert {Proof.DECISION_MAKER, Proof.DECIDED_ON, Proof.REGISTRATION_NUMBER, Proof.CHILD_CONTACT} <= set(
            PROOFS[Outcome.LASTING_STAY_ABROAD]
        )

    def test_a_new_school_confirms_for_itself(self):
        assert {Proof.NEW_SCHOOL, Proof.SOURCE, Proof.CONFIRMED_ON} == set(PROOFS[Outcome.CHANGED_SCHOOL])

    def test_every_proof_is_asked_for_by_some_outcome(self):
        assert {proof for proofs in PROOFS.values() for proof in proofs} == set(Proof)
        assert set(Proof) > DATES


def test_commands_show_nothing_of_what_they_carry():
    claim = make_claim(text="hemlig uppgift", evidence_text="hemligt underlag")
    command = CloseCase(Outcome.OTHER, 1, {Proof.REASONS: "hemlig uppgift"})
    assert "hemlig" not in f"{claim!r}{command!r}"
