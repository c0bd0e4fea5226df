from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from app.cases.forms import (
    AddClaimForm,
    AssessCaseForm,
    ConfirmReturnForm,
    ListCasesForm,
    SetContactSafetyForm,
    WaitForOthersForm,
    address_of,
    make_close_form,
    read_tab,
    words,
)
from app.cases.forms.queue import TAB_WORDS, TIME_WORDS
from app.cases.pages.chronology import SENTENCES
from app.cases.types import (
    PROOFS,
    Branch,
    CaseState,
    ClaimedBy,
    ContactSafety,
    DeadlineKind,
    Evidence,
    NoteKind,
    OpenReason,
    Outcome,
    Proof,
    QueueFilter,
    QueueTab,
    QueueTime,
    SuggestionReason,
    Whereabouts,
)


def posted(**values):
    return MultiDict({name.replace("__", "-"): value for name, value in values.items()})


class TestWords:
    @pytest.mark.parametrize(
        ("kinds", "named"),
        [
            (CaseState, words.STATES),
            (OpenReason, words.REASONS),
            (Branch, words.BRANCHES),
            (ClaimedBy, words.CLAIMED_BY),
            (Evidence, words.EVIDENCE),
            (Whereabouts, words.WHEREABOUTS),
            (ContactSafety, words.CONTACT),
            (NoteKind, words.LAST_EVENTS),
            (NoteKind, SENTENCES),
            (SuggestionReason, words.SUGGESTIONS),
            (Outcome, words.OUTCOMES),
            (Proof, words.PROOFS),
            (QueueTab, TAB_WORDS),
            (QueueTime, TIME_WORDS),
        ],
    )
    def test_everything_has_a_name(self, kinds, named):
        assert set(named) == set(kinds)

    def test_every_deadline_but_the_steps_has_a_name(self):
        assert set(words.DEADLINES) == set(DeadlineKind) - {DeadlineKind.STEP}


class TestAssessCaseForm:
    def form(self, recommended=Branch.NOT_FOUND, **values):
        return AssessCaseForm(recommended=recommended, formdata=posted(version="3", **values))

    def test_the_recommended_way_needs_no_words(self):
        form = self.form(branch="not_found")
        assert form.validate()
        assert form.to_command().branch is Branch.NOT_FOUND

    def test_another_does(self):
        form = self.form(branch="found_abroad", motivation=" ")
        assert not form.validate()
        assert form.motivation.errors == ["Skriv varför du väljer en annan väg."]

    @pytest.mark.parametrize("branch", ["", "x", "FOUND_ABROAD"])
    def test_no_way_is_none(self, branch):
        assert not self.form(branch=branch).validate()

    def test_a_version_that_is_none_is_an_old_page(self):
        form = AssessCaseForm(recommended=Branch.NOT_FOUND, formdata=posted(version="x", branch="not_found"))
        assert not form.validate()


class TestAddClaimForm:
    def form(self, **values):
        base = {"text": "Är hos mormor", "whereabouts": "abroad", "claimed_by": "guardian", "evidence": "none"}
        return AddClaimForm(formdata=posted(**base | values))

    def test_what_is_said_is_kept_apart_from_what_is_shown(self):
        form = self.form(claimed_on__day="21", claimed_on__month="8", claimed_on__year="2026")
        assert form.validate(), form.errors
        claim = form.to_command()
        assert (claim.whereabouts, claim.evidence, claim.evidence_text) == (Whereabouts.ABROAD, Evidence.NONE, None)
        assert claim.claimed_on == date(2026, 8, 21)

    def test_a_claim_about_something_else_places_nobody(self):
        form = self.form(whereabouts="other")
        assert form.validate()
        assert form.to_command().whereabouts is None

    @pytest.mark.parametrize("evidence", ["document_seen", "document_stored"])
    def test_a_document_is_named(self, evidence):
        assert self.form(evidence=evidence).validate() is False
        assert self.form(evidence=evidence, evidence_text="Bokning").validate() is True

    @pytest.mark.parametrize(
        "values",
        [
            {"text": ""},
            {"text": "x" * 1001},
            {"text": "a\x00b"},
            {"claimed_by": "x"},
            {"claimed_on__day": "31", "claimed_on__month": "2", "claimed_on__year": "2026"},
        ],
    )
    def test_what_cannot_be_is_refused(self, values):
        assert not self.form(**values).validate()


class TestSetContactSafetyForm:
    def test_somebody_has_judged_it_unless_nobody_has(self):
        assert not SetContactSafetyForm(formdata=posted(contact_safety="may", version="1")).validate()
        assert SetContactSafetyForm(formdata=posted(contact_safety="unknown", version="1")).validate()


class TestConfirmReturnForm:
    def test_yes_takes_a_day_and_a_name(self):
        form = ConfirmReturnForm(formdata=posted(is_back="yes", version="1"))
        assert not form.validate()
        assert form.returned_on.errors
        assert form.seen_by.errors

    def test_no_takes_what_was_found(self):
        assert not ConfirmReturnForm(formdata=posted(is_back="no", version="1")).validate()
        form = ConfirmReturnForm(formdata=posted(is_back="no", why_not="Ett syskon", version="1"))
        assert form.validate()
        assert form.to_command().returned_on is None


class TestWaitForOthersForm:
    @pytest.mark.parametrize("year", ["2020", "0", "99999"])
    def test_a_day_to_come(self, year):
        values = {"until__day": "1", "until__month": "9", "until__year": year}
        assert not WaitForOthersForm(formdata=posted(waiting_for="hemkommunen", **values)).validate()


class TestCloseCaseForm:
    @pytest.mark.parametrize("outcome", Outcome)
    def test_it_asks_for_what_the_outcome_must_be_shown_by(self, outcome):
        form = make_close_form(outcome, formdata=MultiDict())
        assert [field.name for field in form.proofs] == [proof.value for proof in PROOFS[outcome]]
        assert not form.validate()
        assert len(form.errors) == len(PROOFS[outcome])

    def test_its_answers_become_the_command(self):
        days = {"confirmed_on__day": "24", "confirmed_on__month": "8", "confirmed_on__year": "2020"}
        form = make_close_form(Outcome.RETURNED, formdata=posted(source="mentor", version="2", **days))
        assert form.validate(), form.errors
        command = form.to_command()
        assert (command.outcome, command.version) == (Outcome.RETURNED, 2)
        assert command.proofs == {Proof.SOURCE: "mentor", Proof.CONFIRMED_ON: "2020-08-24"}


class TestListCasesForm:
    def test_words_in_the_address_become_a_filter_and_back(self):
        form = ListCasesForm(formdata=posted(lage="waiting", tid="forsenade"))
        form.validate()
        assert form.to_filter() == QueueFilter(state=CaseState.WAITING, time=QueueTime.LATE)
        assert address_of(form) == {"lage": "waiting", "tid": "forsenade"}

    def test_strange_words_narrow_nothing(self):
        form = ListCasesForm(formdata=posted(lage="x", tid="x", skola="x"))
        form.validate()
        assert form.to_filter() == QueueFilter()

    def test_a_strange_tab_is_all(self):
        assert read_tab("x") is read_tab(None) is QueueTab.ALL
