"""Plans from files and what answers tell the round."""

from pathlib import Path

import pytest

from app.access.actor import Actor
from app.kernel import clock
from app.kernel.csv_files import FilesRefused
from app.kernel.errors import Conflict, NotFound
from app.surveys import queries, service
from app.surveys.types import EditWave, InvitationState, PlanKind, WaveDays
from tests.factories import schools, surveys
from tests.integration.surveys.town import swedish

AFTER = WaveDays(0, (3, 6), 7, 9, 10, 14)
BEFORE = WaveDays(0, (3, 5), 6, 7, 8, 12)


class TestImportPlans:
    def test_the_shipped_plans(self, session, municipality, tmp_path):
        service.import_plans(session, municipality.id, tmp_path)
        plans = queries.list_plans(session, municipality.id)
        assert [(plan.kind, plan.title, plan.days, plan.is_active) for plan in plans] == [
            (PlanKind.AFTER_SUMMER, "Kartläggning efter sommarlovet", AFTER, True),
            (PlanKind.AFTER_CHRISTMAS, "Kartläggning efter jullovet", AFTER, True),
            (PlanKind.AFTER_AUTUMN, "Kartläggning efter höstlovet", AFTER, False),
            (PlanKind.BEFORE_CHRISTMAS, "Oro inför jullovet", BEFORE, False),
            (PlanKind.BEFORE_SUMMER, "Oro inför sommarlovet", BEFORE, False),
        ]

    def test_a_municipality_s_own(self, session, municipality, tmp_path):
        self.write(tmp_path, "efter sommarlov;Saknade elever;1;4;8;20;nej")
        service.import_plans(session, municipality.id, tmp_path)
        (plan,) = queries.list_plans(session, municipality.id)
        assert (plan.title, plan.days, plan.is_active) == ("Saknade elever", WaveDays(1, (4,), 8, 10, 11, 20), False)

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ("efter sommarlov;T;4;3;8;20;ja", ("oppnar", "days_are_not_in_order")),
            ("efter sommarlov;T;0;3;8;61;ja", ("stanger", "not_a_whole_number")),
            ("efter sportlov;T;0;3;8;20;ja", ("plan", "not_a_choice")),
            ("efter sommarlov;T;0;3;8;20;kanske", ("pa", "not_yes_or_no")),
            ("efter sommarlov;T;0;3;;20;ja", ("sistasvarsdag", "value_is_missing")),
        ],
    )
    def test_what_is_wrong_is_told(self, session, municipality, tmp_path, row, problem):
        self.write(tmp_path, row)
        with pytest.raises(FilesRefused) as refused:
            service.import_plans(session, municipality.id, tmp_path)
        assert problem in [(each.column, each.code) for each in refused.value.problems]
        assert queries.list_plans(session, municipality.id) == []

    def write(self, folder: Path, row: str) -> None:
        header = "plan;rubrik;öppnar;påminner;sista svarsdag;stänger;på"
        (folder / "plans.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")


class TestEditPlan:
    def test_an_open_round_keeps_its_moments(self, database, town, tick):
        tick("2026-08-19T08:00")
        with database.transaction() as session:
            plan = queries.get_plan(session, town.plan_id, visible_to=town.coordinator)
            command = EditWave(WaveDays(0, (5,), 10, 12, 13, 20), plan.version)
            service.edit_wave(session, town.coordinator, plan, 0, command)
        with database.reading() as session:
            opened = next(each for each in queries.list_rounds(session, visible_to=town.coordinator) if each.opened_at)
            due = {each.due_at for each in queries.list_invitations(session, opened)}
        assert due == {swedish("2026-08-28T16:00"), swedish("2026-09-02T16:00")}

    def test_an_old_version_is_a_conflict(self, session, municipality):
        plan = surveys.make_plan(session, municipality)
        command = EditWave(WaveDays(0, (1,), 2, 3, 4, 5), plan.version + 1)
        with pytest.raises(Conflict):
            service.edit_wave(session, Actor.system(municipality.id), plan, 0, command)


class TestPushResponseState:
    @pytest.fixture
    def invitation(self, session, municipality):
        survey_round = surveys.make_round(session, surveys.make_plan(session, municipality))
        return surveys.make_invitation(session, survey_round, schools.make_unit(session, municipality))

    def test_it_follows_the_draft_and_then_the_answer(self, session, invitation):
        at = clock.now()
        service.push_response_state(session, invitation, state=InvitationState.STARTED, at=at, missing_count=2)
        assert (invitation.state, invitation.missing_count, invitation.has_answered) == (
            InvitationState.STARTED,
            2,
            False,
        )
        service.push_response_state(session, invitation, state=InvitationState.SUBMITTED, at=at, is_nil=True)
        session.commit()
        session.refresh(invitation)
        assert (invitation.is_nil, invitation.missing_count) == (True, 0)
        assert invitation.submitted_at == invitation.last_activity_at == at

    def test_a_new_version_replaces_the_figures_and_keeps_the_first_time(self, session, invitation, set_clock):
        first, later = swedish("2026-08-20T10:00"), swedish("2026-08-21T10:00")
        service.push_response_state(session, invitation, state=InvitationState.SUBMITTED, at=first, is_nil=True)
        service.push_response_state(session, invitation, state=InvitationState.STARTED, at=later, missing_count=1)
        assert (invitation.state, invitation.is_nil, invitation.last_activity_at) == (
            InvitationState.SUBMITTED,
            True,
            later,
        )
        service.push_response_state(session, invitation, state=InvitationState.SUBMITTED, at=later, missing_count=1)
        assert (invitation.is_nil, invitation.missing_count, invitation.submitted_at) == (False, 1, first)


def test_locking_an_invitation_that_is_not_there(session, municipality):
    with pytest.raises(NotFound):
        service.lock_invitation(session, municipality.id)
