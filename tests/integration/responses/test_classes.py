"""Going through classes: marks, the absence list and the figures follow each other, and nothing stays of the list."""

from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import typed_forms
from app.kernel.database import Database, Model
from app.kernel.errors import Conflict
from app.kernel.identity_number import IdentityKind
from app.responses import service
from app.responses.models import AbsenceList, MissingPupil, Response
from app.responses.queries.absence_lists import get_absence_list
from app.responses.types import (
    AddMissingPupil,
    PupilPage,
    SaveFigures,
    SavePupilPage,
    SubmitNilReturn,
    SubmitResponse,
    UrgentAnswers,
)
from app.responses.types.absence_lists import AbsentPupils, PreviewAbsenceList
from app.responses.types.classes import PupilsAreDescribed, SaveClass, SaveUnlisted
from app.rosters.models import Roster, RosterClass
from app.rosters.queries.rosters import get_class
from app.rosters.types import Mark, RosterState
from app.surveys.queries import get_invitation
from tests.factories.responses import complete_answers, identity
from tests.factories.rosters import NAMES, list_classes, stage_classes
from tests.integration.responses.conftest import School
from tests.integration.responses.test_at_once import CROWD, all_of, at_once

NIL = SubmitNilReturn(enrolled=8, present=8, known_absence=0, signed_name="Karin Lövdahl")


def mark(
    session: Session, school: School, roster_class: RosterClass, *exceptions: tuple[str, Mark], sure: bool = False
) -> Response:
    """Save a class where all are present but these."""
    marks = {pupil.key: dict(exceptions).get(pupil.name, Mark.PRESENT) for pupil in roster_class.pupils}
    command = SaveClass(marks, roster_class.version, removes_described=sure)
    return service.save_class(session, school.actor, school.invitation, roster_class, command)


def listed(session: Session, response: Response) -> dict[str, MissingPupil]:
    """Return the absence list by name."""
    rows = session.scalars(select(MissingPupil).where(MissingPupil.response_id == response.id))
    return {row.told.identity.name: row for row in rows if row.told.identity}


class TestSaveClass:
    def test_who_is_missing_is_listed_by_name_with_the_rest_to_be_asked(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b, ("Elin Ek", Mark.MISSING), ("Bo Björk", Mark.KNOWN))
        (pupil,) = listed(session, response).values()
        told = pupil.told.identity
        assert told is not None
        assert (told.name, told.school_class, told.grade, bool(told.number)) == ("Elin Ek", "5 B", "5", True)
        assert pupil.told.missing_required(pupil.questions)[:2] == (PupilPage.URGENT, PupilPage.IDENTITY)
        assert (response.enrolled, response.present, response.known_absence) == (8, 6, 1)
        assert response.figures(1).adds_up
        assert not pupil.is_complete

    def test_nothing_is_summed_before_every_class_is_done(self, session: Session, school: School) -> None:
        five_b, six_a = stage_classes(session, school.invitation, {"5 B": NAMES, "6 A": NAMES[:3]})
        response = mark(session, school, five_b)
        assert response.enrolled is None
        mark(session, school, six_a)
        assert (response.enrolled, response.present, response.known_absence) == (11, 11, 0)

    def test_a_class_half_marked_is_kept_and_not_done(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        first = five_b.pupils[0].key
        command = SaveClass({first: Mark.PRESENT}, five_b.version)
        response = service.save_class(session, school.actor, school.invitation, five_b, command)
        assert (five_b.is_done, five_b.present, response.present) == (False, 1, None)

    def test_unmarking_takes_away_whom_nobody_has_described(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b, ("Elin Ek", Mark.MISSING))
        mark(session, school, five_b)
        assert listed(session, response) == {}
        assert response.figures(0).adds_up

    def test_whom_somebody_has_described_is_asked_about_first(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b, ("Elin Ek", Mark.MISSING))
        pupil = listed(session, response)["Elin Ek"]
        service.save_pupil_page(session, school.actor, pupil, SavePupilPage(PupilPage.URGENT, UrgentAnswers()))
        with pytest.raises(PupilsAreDescribed) as told:
            mark(session, school, five_b)
        assert told.value.pupil_ids == (pupil.id,)
        assert five_b.missing == 1
        mark(session, school, five_b, sure=True)
        assert listed(session, response) == {}

    def test_words_typed_and_not_saved_about_a_pupil_are_asked_about_too(
        self, session: Session, school: School
    ) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b, ("Elin Ek", Mark.MISSING), ("Bo Björk", Mark.MISSING))
        elin = listed(session, response)["Elin Ek"]
        typed_forms.keep(
            session,
            municipality_id=response.municipality_id,
            account_id=school.desk.coordinator.account_id,
            path=f"/elever/{elin.id}/egna-ord",
            content={},
            is_shared=True,
        )
        with pytest.raises(PupilsAreDescribed) as told:
            mark(session, school, five_b)
        assert told.value.pupil_ids == (elin.id,), "nobody has written about Bo"

    def test_saving_again_lists_nobody_twice(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b, ("Elin Ek", Mark.MISSING))
        mark(session, school, five_b, ("Elin Ek", Mark.MISSING), ("Bo Björk", Mark.MISSING))
        assert sorted(listed(session, response)) == ["Bo Björk", "Elin Ek"]

    def test_whom_somebody_put_on_the_list_by_hand_is_the_same_pupil(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        elin = next(pupil for pupil in five_b.pupils if pupil.name == "Elin Ek")
        response = service.start_response(session, school.actor, school.invitation)
        added = service.add_missing_pupil(session, school.actor, response, AddMissingPupil(UrgentAnswers()))
        who = identity(name="Elin Ek Svensson", number=elin.number)
        service.save_pupil_page(session, school.actor, added, SavePupilPage(PupilPage.IDENTITY, who))
        mark(session, school, five_b, ("Elin Ek", Mark.MISSING))
        assert [pupil.id for pupil in listed(session, response).values()] == [added.id]
        assert response.enrolled == len(NAMES)

    def test_who_is_put_on_the_list_after_the_class_was_done_is_missing_there_too(
        self, session: Session, school: School
    ) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b)
        elin = next(pupil for pupil in five_b.pupils if pupil.name == "Elin Ek")
        added = service.add_missing_pupil(session, school.actor, response, AddMissingPupil(UrgentAnswers()))
        who = identity(name="Elin Ek", number=elin.number)
        service.save_pupil_page(session, school.actor, added, SavePupilPage(PupilPage.IDENTITY, who))
        assert (five_b.present, five_b.missing, response.enrolled) == (7, 1, 8)
        assert response.figures(1).adds_up

    def test_who_stands_on_the_absence_list_is_not_marked_present_without_asking(
        self, session: Session, school: School
    ) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = service.start_response(session, school.actor, school.invitation)
        added = service.add_missing_pupil(session, school.actor, response, AddMissingPupil(UrgentAnswers()))
        who = identity(name="Elin Ek", number=None, kind=IdentityKind.NONE, birth_date=None)
        service.save_pupil_page(session, school.actor, added, SavePupilPage(PupilPage.IDENTITY, who))
        with pytest.raises(PupilsAreDescribed):
            mark(session, school, five_b)

    def test_two_of_one_name_are_two(self, session: Session, school: School) -> None:
        five_b, six_a = stage_classes(session, school.invitation, {"5 B": ["Elin Ek"], "6 A": ["Elin Ek"]})
        response = mark(session, school, five_b, ("Elin Ek", Mark.MISSING))
        mark(session, school, six_a)
        added = service.add_missing_pupil(session, school.actor, response, AddMissingPupil(UrgentAnswers()))
        who = identity(name="Elin Ek", number=None, kind=IdentityKind.NONE, birth_date=None, school_class="")
        service.save_pupil_page(session, school.actor, added, SavePupilPage(PupilPage.IDENTITY, who))
        assert (five_b.missing, six_a.missing, response.enrolled) == (1, 1, 2)
        assert response.figures(2).adds_up

    def test_a_pupil_who_is_missing_and_on_no_list_is_enrolled_too(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b)
        service.add_missing_pupil(session, school.actor, response, AddMissingPupil(UrgentAnswers()))
        assert (response.enrolled, response.figures(1).adds_up) == (len(NAMES) + 1, True)

    def test_a_pupil_taken_off_the_absence_list_must_be_marked_again(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b, ("Elin Ek", Mark.MISSING))
        service.remove_missing_pupil(session, school.actor, listed(session, response)["Elin Ek"])
        assert (five_b.is_done, five_b.missing, response.enrolled) == (False, 0, None)

    def test_a_pupil_who_turns_out_to_be_protected_leaves_the_class_too(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b, ("Elin Ek", Mark.MISSING))
        service.withhold_pupil(session, school.actor, listed(session, response)["Elin Ek"])
        assert "Elin Ek" not in [pupil.name for pupil in five_b.pupils]
        assert (five_b.size, five_b.roster.protected_count, response.protected_missing) == (7, 1, 1)
        service.save_unlisted(session, school.actor, response, SaveUnlisted(0, 0, 0, 1))
        assert (response.enrolled, response.figures(0).adds_up) == (8, True)

    def test_a_class_whose_only_pupil_is_protected_is_done(self, session: Session, school: School) -> None:
        one_a, _ = stage_classes(session, school.invitation, {"1 A": NAMES[:1], "5 B": NAMES[1:]})
        response = mark(session, school, one_a, (NAMES[0], Mark.MISSING))
        service.withhold_pupil(session, school.actor, listed(session, response)[NAMES[0]])
        assert (one_a.size, one_a.is_done) == (0, True)

    def test_of_two_who_had_the_same_page_the_second_meets_a_conflict(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        command = SaveClass(dict.fromkeys([each.key for each in five_b.pupils], Mark.PRESENT), five_b.version)
        service.save_class(session, school.actor, school.invitation, five_b, command)
        with pytest.raises(Conflict):
            service.save_class(session, school.actor, school.invitation, five_b, command)


class TestSaveUnlisted:
    def test_the_protected_must_be_told_of_before_anything_is_summed(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation, protected=2)
        response = mark(session, school, five_b)
        assert response.enrolled is None
        service.save_unlisted(session, school.actor, response, SaveUnlisted(0, 1, 1, 1))
        assert (response.enrolled, response.present, response.known_absence) == (10, 8, 1)
        assert response.figures(0).missing == 1
        assert response.figures(0).adds_up

    def test_figures_typed_by_hand_are_not_taken_over_by_the_classes(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b)
        service.save_figures(session, school.actor, response, SaveFigures(9, 9, 0))
        service.add_missing_pupil(session, school.actor, response, AddMissingPupil(UrgentAnswers()))
        assert (response.enrolled, response.follows_classes) == (9, False)


def names_left(database: Database) -> list[str]:
    """Return where in the whole database a name of the class lists can be read, opened fields included."""
    found = []
    with database.reading() as session:
        for mapper in Model.registry.mappers:
            for row in session.scalars(select(mapper.class_)):
                values = [getattr(row, column.key) for column in mapper.column_attrs]
                opened = [getattr(row, name) for name in ("rows", "answers", "content") if hasattr(type(row), name)]
                text = repr([*values, *opened])
                found += [f"{mapper.class_.__name__}: {name}" for name in NAMES if name in text]
    return found


class TestDestruction:
    def test_after_a_nil_return_no_name_of_the_list_is_left_anywhere(
        self, database: Database, session: Session, school: School
    ) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b)
        session.commit()
        assert names_left(database), "the class is read where it can be"
        service.submit_nil_return(session, school.actor, response, NIL)
        session.commit()
        assert names_left(database) == []
        (roster,) = all_of(database, Roster)
        assert isinstance(roster, Roster)
        assert (roster.state, roster.pupils) == (RosterState.DESTROYED, 8)
        assert all_of(database, RosterClass) == []

    def test_after_an_answer_only_those_who_are_missing_are_left(
        self, database: Database, session: Session, school: School
    ) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        response = mark(session, school, five_b, ("Elin Ek", Mark.MISSING))
        pupil = listed(session, response)["Elin Ek"]
        told = complete_answers(identity=identity(name="Elin Ek"))
        for page in PupilPage:
            if (values := told.page(page)) is not None:
                service.save_pupil_page(session, school.actor, pupil, SavePupilPage(page, values))
        service.submit_response(session, school.actor, response, SubmitResponse("Karin Lövdahl"))
        session.commit()
        assert {each.partition(": ")[2] for each in names_left(database)} == {"Elin Ek"}

    def test_a_change_of_a_sent_answer_is_made_without_the_list(self, session: Session, school: School) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        service.submit_nil_return(session, school.actor, mark(session, school, five_b), NIL)
        changed = service.change_response(session, school.actor, school.invitation)
        service.save_figures(session, school.actor, changed, SaveFigures(9, 9, 0))
        assert (list_classes(session, school.invitation), changed.enrolled) == ([], 9)


class TestAtOnce:
    def test_of_colleagues_who_had_the_same_page_one_saves_the_class(
        self, database: Database, session: Session, school: School
    ) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        class_id, version, invitation_id = five_b.id, five_b.version, school.invitation.id
        marks = {pupil.key: Mark.MISSING for pupil in five_b.pupils}
        session.commit()

        def save(own: Session) -> None:
            invitation = get_invitation(own, invitation_id, visible_to=school.actor)
            roster_class = get_class(own, class_id, visible_to=school.actor)
            service.save_class(own, school.actor, invitation, roster_class, SaveClass(marks, version))

        assert at_once(database, save) == ["RosterClass"] * (CROWD - 1) + ["done"]
        assert len(all_of(database, MissingPupil)) == len(NAMES)

    def test_of_a_nil_return_and_a_pupil_marked_missing_one_is_refused(
        self, database: Database, session: Session, school: School
    ) -> None:
        (five_b,) = stage_classes(session, school.invitation)
        mark(session, school, five_b)
        class_id, invitation_id = five_b.id, school.invitation.id
        version, marks = five_b.version, {five_b.pupils[0].key: Mark.MISSING}
        session.commit()
        turns = count()

        def send_or_save(own: Session) -> None:
            invitation = get_invitation(own, invitation_id, visible_to=school.actor)
            if next(turns) % 2:
                roster_class = get_class(own, class_id, visible_to=school.actor)
                service.save_class(own, school.actor, invitation, roster_class, SaveClass(marks, version))
                return
            response = service.start_response(own, school.actor, invitation)
            service.submit_nil_return(own, school.actor, response, NIL)

        told = at_once(database, send_or_save)
        missing, sent = all_of(database, MissingPupil), [each for each in responses_of(database) if not each.is_draft]
        assert told.count("done") == 1
        assert (len(missing), len(sent)) in {(1, 0), (0, 1)}
        assert bool(names_left(database)) is not bool(sent), "after the nil return nothing is left, whoever was late"

    def test_an_absence_list_is_taken_in_once(self, database: Database, session: Session, school: School) -> None:
        absent = AbsentPupils(tuple(identity(name=name, number=None, kind=IdentityKind.NONE) for name in NAMES))
        kept = service.preview_absence_list(session, school.actor, school.invitation, PreviewAbsenceList(absent, 1))
        session.commit()

        def confirm(own: Session) -> None:
            absence_list = get_absence_list(own, kept.id, visible_to=school.actor)
            service.confirm_absence_list(own, school.actor, absence_list)

        told = at_once(database, confirm)
        assert told.count("done") == 1
        assert set(told) <= {"done", "AbsenceList", "absence list"}
        assert len(all_of(database, MissingPupil)) == len(NAMES)
        (response,) = responses_of(database)
        assert response.protected_missing == 1

    def test_a_list_that_waits_is_gone_when_the_answer_is_sent(
        self, database: Database, session: Session, school: School
    ) -> None:
        absent = AbsentPupils((identity(name="Elin Ek"),), "Namn: Elin Ek")
        service.preview_absence_list(session, school.actor, school.invitation, PreviewAbsenceList(absent, 0))
        response = service.start_response(session, school.actor, school.invitation)
        service.submit_nil_return(session, school.actor, response, NIL)
        session.commit()
        assert names_left(database) == []
        assert all_of(database, AbsenceList) == []


def responses_of(database: Database) -> list[Response]:
    """Return every version."""
    return [each for each in all_of(database, Response) if isinstance(each, Response)]
