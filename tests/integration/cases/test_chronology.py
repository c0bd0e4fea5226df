from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.access.actor import Actor
from app.cases import queries, service
from app.cases.models import CaseNote
from app.cases.types import WRITTEN_BY_HAND, AddNote, CorrectNote, NoteKind
from app.kernel.errors import InvalidTransition, Refused
from tests.factories.cases import make_case, make_claim

NOW = datetime(2026, 8, 25, 8, 0, tzinfo=UTC)
MORNING = NOW - timedelta(hours=2)


def note(session, desk, case, text="Ringde skolan.", *, kind=NoteKind.NOTE, happened_at=MORNING):
    return service.add_note(session, desk.coordinator, case, AddNote(kind, happened_at, text))


class TestAddNote:
    def test_when_it_happened_stands_apart_from_when_it_was_written(self, session, desk):
        written = note(session, desk, make_case(session, desk))
        assert (written.happened_at, written.recorded_at) == (MORNING, NOW)
        assert (written.author_label, written.author_id) == ("Maria Ekblad", desk.coordinator.account_id)

    @pytest.mark.parametrize("kind", [kind for kind in NoteKind if kind not in WRITTEN_BY_HAND])
    def test_nobody_writes_what_comes_from_what_is_done(self, session, desk, kind):
        with pytest.raises(Refused, match="note_kind_is_automatic"):
            note(session, desk, make_case(session, desk), kind=kind)

    def test_nor_what_has_not_happened(self, session, desk):
        with pytest.raises(Refused, match="happened_in_the_future"):
            note(session, desk, make_case(session, desk), happened_at=NOW + timedelta(minutes=1))

    def test_the_words_are_encrypted(self, session, desk):
        case = make_case(session, desk)
        note(session, desk, case, "Hemlig uppgift")
        assert not [row for row in session.scalars(select(CaseNote.text_sealed)) if b"Hemlig" in row]

    def test_the_newest_happening_stands_first(self, session, desk):
        case = make_case(session, desk)
        for hours in (5, 1, 3):
            note(session, desk, case, str(hours), happened_at=NOW - timedelta(hours=hours))
        assert [each.text for each in queries.list_notes(session, case)][1:] == ["1", "3", "5"]


class TestCorrectNote:
    def test_the_first_stays_and_the_second_points_at_it(self, session, desk):
        case = make_case(session, desk)
        first = note(session, desk, case, "24 juni", kind=NoteKind.PHONE_CALL)
        command = CorrectNote(MORNING, "14 juni")
        second = service.correct_note(session, desk.coordinator, first, case, command)
        assert (first.text, second.text, second.corrects_id) == ("24 juni", "14 juni", first.id)
        assert second.kind is NoteKind.PHONE_CALL

    def test_once_and_then_the_correction(self, session, desk):
        case = make_case(session, desk)
        first = note(session, desk, case)
        second = service.correct_note(session, desk.coordinator, first, case, CorrectNote(MORNING, "b"))
        with pytest.raises(Refused, match="note_is_corrected"):
            service.correct_note(session, desk.coordinator, first, case, CorrectNote(MORNING, "c"))
        service.correct_note(session, desk.coordinator, second, case, CorrectNote(MORNING, "c"))
        assert session.scalar(select(func.count()).where(CaseNote.case_id == case.id)) == 4

    def test_what_the_system_noted_is_not_corrected(self, session, desk):
        case = make_case(session, desk)
        [opened] = queries.list_notes(session, case)
        with pytest.raises(Refused, match="note_kind_is_automatic"):
            service.correct_note(session, desk.coordinator, opened, case, CorrectNote(MORNING, "b"))


class TestClaims:
    def test_said_and_verified_are_two_things(self, session, desk):
        case = make_case(session, desk)
        claim = service.add_claim(session, desk.coordinator, case, make_claim())
        assert not claim.is_verified
        service.verify_claim(session, desk.coordinator, claim, case, "Talade med mormodern")
        assert (claim.verified_by_id, claim.verified_at) == (desk.coordinator.account_id, NOW)
        assert {NoteKind.CLAIM_ADDED, NoteKind.CLAIM_VERIFIED} < {
            each.kind for each in queries.list_notes(session, case)
        }

    def test_verified_once(self, session, desk):
        case = make_case(session, desk)
        claim = service.add_claim(session, desk.coordinator, case, make_claim())
        service.verify_claim(session, desk.coordinator, claim, case, "Talade med mormodern")
        with pytest.raises(InvalidTransition):
            service.verify_claim(session, desk.coordinator, claim, case, "Igen")

    def test_by_a_person(self, session, desk):
        case = make_case(session, desk)
        claim = service.add_claim(session, desk.coordinator, case, make_claim())
        with pytest.raises(Refused, match="nobody_verifies"):
            service.verify_claim(session, Actor.system(desk.municipality.id), claim, case, "Av sig självt")

    def test_nothing_is_said_tomorrow(self, session, desk):
        with pytest.raises(Refused, match="claimed_in_the_future"):
            service.add_claim(
                session, desk.coordinator, make_case(session, desk), make_claim(claimed_on=date(2026, 8, 26))
            )

    def test_the_table_refuses_a_verification_by_nobody(self, session, desk):
        claim = service.add_claim(session, desk.coordinator, make_case(session, desk), make_claim())
        claim.verified_at = NOW
        with pytest.raises(IntegrityError):
            session.flush()
