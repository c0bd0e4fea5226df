from uuid import uuid4

import pytest

from app.access.actor import Actor, Role
from app.cases import queries
from app.cases.types import CaseState, QueueFilter, QueueTab, ReportedStatus
from app.kernel.errors import NotFound
from tests.factories.accounts import make_actor
from tests.factories.cases import make_assessed_case, make_case, make_claim, make_closed_case, make_desk
from tests.factories.pupils import make_identity
from tests.factories.schools import make_unit
from tests.factories.surveys import make_invitation, make_plan, make_round


def references(page):
    return [row.case.reference for row in page.items]


class TestGetCase:
    def test_only_a_coordinator_of_the_municipality_has_it(self, session, desk):
        case = make_case(session, desk)
        assert queries.get_case(session, case.id, visible_to=desk.coordinator) is case
        strangers = [make_desk(session).coordinator, Actor.system(desk.municipality.id), desk.respondent]
        roles = (Role.STAFF, Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR)
        for actor in strangers + [make_actor(session, desk.municipality, role, desk.unit) for role in roles]:
            with pytest.raises(NotFound):
                queries.get_case(session, case.id, visible_to=actor)

    def test_what_hangs_on_another_case_is_not_found(self, session, desk):
        case, other = make_case(session, desk, claims=(make_claim(),)), make_case(session, desk)
        [claim], [note] = queries.list_claims(session, case), queries.list_notes(session, case)
        assert queries.get_claim(session, case.id, claim.id, visible_to=desk.coordinator).id == case.id
        assert queries.get_note(session, case.id, note.id, visible_to=desk.coordinator).note is note
        with pytest.raises(NotFound):
            queries.get_claim(session, other.id, claim.id, visible_to=desk.coordinator)
        with pytest.raises(NotFound):
            queries.get_note(session, other.id, note.id, visible_to=desk.coordinator)

    def test_a_use_case_finds_it_by_its_row_within_the_municipality(self, session, desk):
        entry_id = uuid4()
        case = make_case(session, desk, entry_id=entry_id)
        assert queries.find_case_of_entry(session, desk.municipality.id, entry_id) is case
        assert queries.find_case(session, desk.municipality.id, case.id) is case
        assert queries.find_case(session, make_desk(session).municipality.id, case.id) is None
        assert queries.find_case_of_entry(session, make_desk(session).municipality.id, entry_id) is None


class TestListQueue:
    def test_lists_search_and_counts_agree(self, session, desk):
        make_case(session, desk)
        make_assessed_case(session, desk)
        make_closed_case(session, desk)
        counts = queries.get_counts(session, visible_to=desk.coordinator)
        for tab, number in counts.by_tab.items():
            assert queries.list_queue(session, visible_to=desk.coordinator, tab=tab).total == number
        found = queries.list_found_cases(session, "Sandhage", visible_to=desk.coordinator)
        everything = [
            row.case.id
            for tab in (QueueTab.ALL, QueueTab.CLOSED)
            for row in queries.list_queue(session, visible_to=desk.coordinator, tab=tab).items
        ]
        assert {row.case.id for row in found} == set(everything)

    def test_a_school_that_joined_is_a_school_of_the_case(self, session, desk):
        other, identity = make_unit(session, desk.municipality), make_identity()
        case = make_case(session, desk, identity=identity)
        make_case(session, desk, identity=identity, school_unit_id=other.id)
        make_case(session, desk)
        narrow = QueueFilter(school_unit_id=other.id)
        page = queries.list_queue(session, visible_to=desk.coordinator, tab=QueueTab.ALL, narrow=narrow)
        assert references(page) == [case.reference]

    def test_state_narrows(self, session, desk):
        make_case(session, desk)
        case = make_assessed_case(session, desk)
        narrow = QueueFilter(state=CaseState.INVESTIGATING)
        page = queries.list_queue(session, visible_to=desk.coordinator, tab=QueueTab.ALL, narrow=narrow)
        assert references(page) == [case.reference]

    def test_nobody_else_has_a_queue(self, session, desk):
        make_case(session, desk)
        for actor in (desk.respondent, Actor.system(desk.municipality.id), make_desk(session).coordinator):
            assert queries.list_queue(session, visible_to=actor, tab=QueueTab.ALL).total == 0
            assert queries.list_found_cases(session, "Sandhage", visible_to=actor) == []
            assert queries.get_counts(session, visible_to=actor).by_tab[QueueTab.ALL] == 0
            assert queries.find_most_urgent(session, visible_to=actor) is None


class TestListReportedStatus:
    def test_a_school_knows_reference_and_state_of_its_own(self, session, desk):
        entry_id = uuid4()
        invitation = make_invitation(session, make_round(session, make_plan(session, desk.municipality)), desk.unit)
        case = make_case(session, desk, entry_id=entry_id, invitation_id=invitation.id)
        status = queries.list_reported_status(session, [entry_id, uuid4()], visible_to=desk.respondent)
        assert status == {entry_id: ReportedStatus(case.reference, CaseState.TO_ASSESS)}

    def test_and_of_nobody_elses(self, session, desk):
        entry_id = uuid4()
        make_case(session, desk, entry_id=entry_id)
        neighbour = make_actor(session, desk.municipality, Role.RESPONDENT, make_unit(session, desk.municipality))
        for actor in (neighbour, make_desk(session).respondent):
            assert queries.list_reported_status(session, [entry_id], visible_to=actor) == {}
