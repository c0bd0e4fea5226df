from datetime import UTC, date, datetime
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.access.actor import Actor
from app.audit.models import AuditRow
from app.cases import queries, service
from app.cases.models import Case, CaseSource
from app.cases.types import (
    Branch,
    CaseState,
    CloseCase,
    ContactSafety,
    DeadlineKind,
    NoteKind,
    OpenReason,
    Outcome,
    ReopenCase,
    SettleConcern,
    SuggestionReason,
)
from app.kernel.errors import InvalidTransition, NotFound, Refused
from app.kernel.identity_number import IdentityKind
from tests.factories.cases import (
    make_assessed_case,
    make_case,
    make_claim,
    make_closed_case,
    make_desk,
    make_open_case,
    make_proofs,
)
from tests.factories.pupils import make_identity, make_nameless, make_number, make_temporary
from tests.factories.schools import make_municipality, make_unit

WEDNESDAY_AT_FOUR = datetime(2026, 8, 26, 14, 0, tzinfo=UTC)


def kinds(session, case):
    return [note.kind for note in queries.list_notes(session, case)]


class TestOpenCase:
    def test_a_missing_pupil_is_to_be_assessed_within_one_working_day(self, session, desk):
        case = make_case(session, desk)
        [deadline] = queries.list_running_deadlines(session, case.id)
        assert case.state is CaseState.TO_ASSESS
        assert (deadline.kind, deadline.label_key, deadline.due_at) == (DeadlineKind.STEP, "assess", WEDNESDAY_AT_FOUR)
        assert case.next_due_at == WEDNESDAY_AT_FOUR

    def test_a_weekend_is_no_working_day(self, session, desk, set_clock):
        set_clock(datetime(2026, 8, 28, 8, 0, tzinfo=UTC))
        assert make_case(session, desk).next_due_at == datetime(2026, 8, 31, 14, 0, tzinfo=UTC)

    @pytest.mark.parametrize("reason", [OpenReason.URGENT, OpenReason.SUSPECTED])
    def test_what_is_urgent_is_counted_in_hours(self, session, desk, reason):
        case = make_case(session, desk, reason=reason)
        assert case.next_due_at == datetime(2026, 8, 25, 12, 0, tzinfo=UTC)

    def test_references_are_counted_by_municipality_and_year(self, session, desk, set_clock):
        other = make_desk(session)
        assert [make_case(session, desk).reference for _ in range(2)] == ["K-2026-001", "K-2026-002"]
        assert make_case(session, other).reference == "K-2026-001"
        set_clock(datetime(2027, 1, 11, 8, 0, tzinfo=UTC))
        assert make_case(session, desk).reference == "K-2027-001"

    def test_the_claims_and_words_of_the_school_are_kept(self, session, desk):
        case = make_case(session, desk, claims=(make_claim(),), note="Mentorn har ringt hem två gånger.")
        [claim], [note] = queries.list_claims(session, case), queries.list_notes(session, case)
        assert claim.to_new_claim() == make_claim()
        assert (note.kind, note.text) == (NoteKind.SCHOOL_ANSWERED, "Mentorn har ringt hem två gånger.")
        assert note.author_label == "Karin Lövdahl"

    def test_opening_is_audited_without_a_word_about_the_child(self, session, desk):
        case = make_case(session, desk)
        session.commit()
        row = session.scalars(select(AuditRow).where(AuditRow.action == "case:opened")).one()
        assert row.object_id == str(case.id)
        assert "Sandhage" not in row.details

    def test_without_a_routine_there_is_nothing_to_follow(self, session):
        municipality = make_municipality(session)
        unit = make_unit(session, municipality)
        with pytest.raises(NotFound):
            service.open_case(
                session,
                Actor.system(municipality.id),
                make_open_case_for(unit),
            )

    def test_nothing_about_the_child_stands_in_the_tables(self, session, desk):
        case = make_case(session, desk, note="hemlig", claims=(make_claim(),), contact_safety_by="rektor Hallonqvist")
        session.flush()
        stored = repr(
            [
                session.execute(select(table)).all()
                for table in Case.metadata.sorted_tables
                if table.name in ("case", "child", "case_note", "claim", "case_source")
            ]
        )
        for secret in ("Sandhage", case.child.identity_number, "hemlig", "mormor", "5 B", "Hallonqvist"):
            assert secret not in stored


def make_open_case_for(unit):
    class Around:
        pass

    around = Around()
    around.unit = unit
    return make_open_case(around)


class TestJoinCase:
    def test_two_schools_with_one_number_have_one_case(self, session, desk):
        identity = make_identity()
        first = make_case(session, desk, identity=identity, claims=(make_claim(),), note="Från den första.")
        other_unit = make_unit(session, desk.municipality, name="Kvarnbackens skola")
        said = make_claim(text="Har flyttat")
        second = make_case(
            session,
            desk,
            identity=make_identity(number=identity.number, name="Sandhage Elin"),
            school_unit_id=other_unit.id,
            claims=(make_claim(), said),
            note="Från den andra.",
        )
        assert second is first
        assert {source.school_unit.name for source in queries.list_sources(session, first)} == {
            "Strandängsskolan",
            "Kvarnbackens skola",
        }
        assert {claim.text for claim in queries.list_claims(session, first)} == {make_claim().text, "Har flyttat"}
        assert {note.text for note in queries.list_notes(session, first)} == {"Från den första.", "Från den andra."}

    def test_a_coordination_number_is_proof_too(self, session, desk):
        identity = make_identity(kind=IdentityKind.COORDINATION, number=make_number(coordination=True))
        assert make_case(session, desk, identity=identity) is make_case(session, desk, identity=identity)

    def test_another_name_for_the_number_is_not_lost(self, session, desk):
        identity = make_identity()
        case = make_case(session, desk, identity=identity)
        make_case(session, desk, identity=make_identity(number=identity.number, name="Elin Åkervall"))
        details = [note.details for note in queries.list_notes(session, case)]
        assert [each["name"] for each in details if "name" in each] == ["Elin Åkervall"]
        assert case.child.name == "Elin Sandhage"

    @pytest.mark.parametrize("is_closed", [False, True])
    def test_a_name_without_a_word_in_common_may_be_another_child(self, session, desk, is_closed):
        case = make_closed_case(session, desk, Outcome.RETURNED) if is_closed else make_case(session, desk)
        number = case.child.identity_number
        again = make_case(session, desk, identity=make_identity(number=number, name="Olle Heltannan"))
        make_case(session, desk, identity=make_identity(number=number, name=f"{case.child.name} Maria"))
        (told,) = [note for note in queries.list_notes(session, again) if note.kind is NoteKind.OTHER_NAME]
        assert told.details["name"] == "Olle Heltannan"

    def test_another_municipality_never_meets_it(self, session, desk):
        identity, elsewhere = make_identity(), make_desk(session)
        assert make_case(session, desk, identity=identity) is not make_case(session, elsewhere, identity=identity)

    def test_a_more_pressing_reason_shortens_the_clock(self, session, desk):
        identity = make_identity()
        case = make_case(session, desk, identity=identity)
        make_case(session, desk, identity=identity, reason=OpenReason.URGENT)
        assert case.opened_because is OpenReason.URGENT
        assert case.next_due_at == datetime(2026, 8, 25, 12, 0, tzinfo=UTC)

    def test_a_less_pressing_one_changes_nothing(self, session, desk):
        identity = make_identity()
        case = make_case(session, desk, identity=identity, reason=OpenReason.SUSPECTED)
        make_case(session, desk, identity=identity)
        assert case.opened_because is OpenReason.SUSPECTED
        assert case.next_due_at == datetime(2026, 8, 25, 12, 0, tzinfo=UTC)

    def test_the_stricter_word_on_contact_stays(self, session, desk):
        identity = make_identity()
        case = make_case(session, desk, identity=identity, contact_safety=ContactSafety.MAY)
        for safety in (ContactSafety.RAISES_RISK, ContactSafety.MAY, ContactSafety.UNKNOWN):
            make_case(session, desk, identity=identity, contact_safety=safety, contact_safety_by="rektor")
        assert case.contact_safety is ContactSafety.RAISES_RISK

    def test_the_last_day_seen_is_the_latest(self, session, desk):
        identity = make_identity()
        case = make_case(session, desk, identity=identity, last_present_on=date(2026, 6, 11))
        make_case(session, desk, identity=identity, last_present_on=date(2026, 8, 20))
        make_case(session, desk, identity=identity, last_present_on=None)
        assert case.last_present_on == date(2026, 8, 20)

    def test_a_case_under_way_says_that_there_is_something_new(self, session, desk):
        identity = make_identity()
        case = make_assessed_case(session, desk, identity=identity)
        make_case(session, desk, identity=identity, reason=OpenReason.URGENT)
        running = {each.kind: each.due_at for each in queries.list_running_deadlines(session, case.id)}
        assert running[DeadlineKind.NEW_INFORMATION] == datetime(2026, 8, 25, 12, 0, tzinfo=UTC)
        assert case.next_due_at == running[DeadlineKind.NEW_INFORMATION]
        service.mark_information_read(session, desk.coordinator, case)
        assert case.next_due_at == running[DeadlineKind.STEP]

    def test_a_settled_concern_wakes_up(self, session, desk):
        identity = make_identity()
        case = make_assessed_case(session, desk, identity=identity, reason=OpenReason.SUSPECTED)
        settled = SettleConcern(date(2026, 8, 25), case.version, "Socialnämnden", "Utredd")
        service.settle_concern(session, desk.coordinator, case, settled)
        assert not case.is_concern_open
        make_case(session, desk, identity=identity, reason=OpenReason.URGENT)
        assert case.is_concern_open


class TestOneOpenCasePerChild:
    def test_the_table_refuses_a_second(self, session, desk):
        case = make_case(session, desk)
        columns = {column.key: getattr(case, column.key) for column in Case.__mapper__.column_attrs}
        columns |= {"id": uuid4(), "reference": "K-2026-999"}
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(Case.__table__.insert().values(**columns))

    def test_a_closed_one_makes_room_for_the_next(self, session, desk):
        identity = make_identity()
        closed = make_closed_case(session, desk, identity=identity)
        opened = make_case(session, desk, identity=identity)
        assert opened is not closed
        assert list(queries.list_earlier_cases(session, opened)) == [closed]

    def test_two_schools_at_the_same_moment_open_one(self, database, session, desk):
        session.commit()
        identity, barrier, opened, failed = make_identity(), Barrier(4), [], []

        def report() -> None:
            try:
                barrier.wait()
                with database.transaction() as own:
                    opened.append(make_case(own, desk, identity=identity).id)
            except Exception as error:
                failed.append(error)

        threads = [Thread(target=report) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert len(set(opened)) == 1
        assert session.scalar(select(func.count()).select_from(CaseSource)) == 4

    def test_many_at_once_get_a_reference_each(self, database, session, desk):
        session.commit()
        barrier, references, failed = Barrier(4), [], []

        def report() -> None:
            try:
                barrier.wait()
                for _ in range(3):
                    with database.transaction() as own:
                        references.append(make_case(own, desk).reference)
            except Exception as error:
                failed.append(error)

        threads = [Thread(target=report) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert sorted(references) == [f"K-2026-{number:03}" for number in range(1, 13)]


class TestTheSameRowAgain:
    def test_the_same_said_twice_changes_nothing(self, session, desk):
        command = make_open_case(desk, claims=(make_claim(),))
        first = service.open_case(session, desk.respondent, command)
        session.flush()
        version = first.version
        assert service.open_case(session, desk.respondent, command) is first
        session.flush()
        assert first.version == version
        assert kinds(session, first) == [NoteKind.SCHOOL_ANSWERED]

    def test_something_new_is_added(self, session, desk):
        entry_id = uuid4()
        case = make_case(session, desk, entry_id=entry_id, identity=make_nameless())
        again = make_case(
            session, desk, entry_id=entry_id, identity=make_nameless(), claims=(make_claim(),), note="Nytt."
        )
        assert again is case
        assert set(kinds(session, case)) == {NoteKind.SCHOOL_CHANGED, NoteKind.SCHOOL_ANSWERED}
        assert len(queries.list_claims(session, case)) == 1

    def test_a_closed_case_is_not_woken_by_the_same_words(self, session, desk):
        command = make_open_case(desk)
        case = service.open_case(session, desk.respondent, command)
        service.close_case(session, desk.coordinator, case, CloseCase(Outcome.RETURNED, case.version, make_proofs()))
        service.open_case(session, desk.respondent, command)
        assert case.state is CaseState.CLOSED

    def test_a_closed_case_is_taken_up_again_by_news(self, session, desk):
        identity, entry_id = make_identity(), uuid4()
        case = make_closed_case(session, desk, identity=identity, entry_id=entry_id)
        make_case(session, desk, identity=identity, entry_id=entry_id, reason=OpenReason.URGENT)
        assert case.state is CaseState.TO_ASSESS
        assert case.outcome is None
        assert NoteKind.REOPENED in kinds(session, case)
        assert case.next_due_at == datetime(2026, 8, 25, 12, 0, tzinfo=UTC)

    def test_news_go_to_the_open_case_when_the_child_has_another(self, session, desk):
        identity, entry_id = make_identity(), uuid4()
        closed = make_closed_case(session, desk, identity=identity, entry_id=entry_id)
        opened = make_case(session, desk, identity=identity)
        assert make_case(session, desk, identity=identity, entry_id=entry_id, note="Nytt.") is opened
        assert closed.state is CaseState.CLOSED


class TestIdentityOfOneRow:
    def test_a_number_that_arrives_later_is_taken_in(self, session, desk):
        entry_id, number = uuid4(), make_number()
        case = make_case(session, desk, entry_id=entry_id, identity=make_temporary())
        make_case(session, desk, entry_id=entry_id, identity=make_identity(number=number))
        assert (case.child.identity_kind, case.child.identity_number) == (IdentityKind.PERSONAL, number)
        assert case.child.temporary_index is None
        assert NoteKind.IDENTITY_CHANGED in kinds(session, case)

    def test_a_number_that_another_open_case_has_only_suggests(self, session, desk):
        entry_id, known = uuid4(), make_identity()
        there = make_case(session, desk, identity=known)
        case = make_case(session, desk, entry_id=entry_id, identity=make_nameless(name="E. Sandhage"))
        make_case(session, desk, entry_id=entry_id, identity=known)
        assert case.child_id != there.child_id
        suggested = queries.suggestions_by_case(session, [case.id], visible_to=desk.coordinator)
        assert suggested[case.id] == [(there, SuggestionReason.SAME_NUMBER)]

    def test_a_mistyped_number_leads_to_the_right_child(self, session, desk):
        entry_id, right = uuid4(), make_identity()
        case = make_case(session, desk, entry_id=entry_id)
        make_case(session, desk, entry_id=entry_id, identity=right)
        assert case.child.identity_number == right.number

    def test_one_school_does_not_move_what_another_relies_on(self, session, desk):
        entry_id, identity = uuid4(), make_identity()
        case = make_case(session, desk, entry_id=entry_id, identity=identity)
        make_case(session, desk, identity=identity)
        make_case(session, desk, entry_id=entry_id, identity=make_identity())
        assert case.child.identity_number == identity.number

    def test_a_number_once_given_is_not_forgotten(self, session, desk):
        entry_id, identity = uuid4(), make_identity()
        case = make_case(session, desk, entry_id=entry_id, identity=identity)
        make_case(session, desk, entry_id=entry_id, identity=make_nameless())
        assert case.child.identity_number == identity.number


class TestSuggestions:
    @pytest.mark.parametrize(
        ("one", "other", "reason"),
        [
            (
                make_temporary(name="A B", birth_date=None),
                make_temporary(name="C D", birth_date=None),
                SuggestionReason.SAME_TEMPORARY_NUMBER,
            ),
            (make_nameless(), make_nameless(name="sandhage, ELIN"), SuggestionReason.SAME_NAME_AND_BIRTH_DATE),
            (make_nameless(), make_identity(), SuggestionReason.SAME_NAME_AND_BIRTH_DATE),
            (make_temporary(), make_identity(), SuggestionReason.SAME_NAME_AND_BIRTH_DATE),
        ],
    )
    def test_what_looks_the_same_is_suggested_both_ways_and_never_merged(self, session, desk, one, other, reason):
        first, second = make_case(session, desk, identity=one), make_case(session, desk, identity=other)
        assert first is not second
        found = queries.suggestions_by_case(session, [first.id, second.id], visible_to=desk.coordinator)
        assert found == {first.id: [(second, reason)], second.id: [(first, reason)]}

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (make_identity(), make_identity()),
            (make_nameless(birth_date=None), make_nameless(birth_date=None)),
            (make_nameless(), make_nameless(birth_date=date(2013, 5, 5))),
            (make_temporary("20150304TF02", birth_date=None), make_temporary("20150304TF03", birth_date=None)),
        ],
    )
    def test_what_is_told_apart_is_not(self, session, desk, one, other):
        first, second = make_case(session, desk, identity=one), make_case(session, desk, identity=other)
        assert not queries.suggestions_by_case(session, [first.id, second.id], visible_to=desk.coordinator)

    def test_other_municipalities_are_not_compared(self, session, desk):
        elsewhere = make_desk(session)
        first = make_case(session, desk, identity=make_nameless())
        make_case(session, elsewhere, identity=make_nameless())
        assert not queries.suggestions_by_case(session, [first.id], visible_to=desk.coordinator)


class TestReopenCase:
    def test_it_begins_from_the_start(self, session, desk, set_clock):
        case = make_closed_case(session, desk)
        set_clock(datetime(2026, 9, 1, 8, 0, tzinfo=UTC))
        service.reopen_case(session, desk.coordinator, case, ReopenCase(case.version, "Eleven är borta igen"))
        assert (case.state, case.branch, case.step_key) == (CaseState.TO_ASSESS, None, "assess")
        assert (case.outcome, case.returned_on, case.closed_at) == (None, None, None)
        assert case.next_due_at == datetime(2026, 9, 2, 14, 0, tzinfo=UTC)

    def test_not_while_the_child_has_another(self, session, desk):
        identity = make_identity()
        closed = make_closed_case(session, desk, identity=identity)
        make_case(session, desk, identity=identity)
        with pytest.raises(Refused, match="child_has_an_open_case"):
            service.reopen_case(session, desk.coordinator, closed, ReopenCase(closed.version, "Igen"))

    def test_an_open_case_is_not_reopened(self, session, desk):
        case = make_assessed_case(session, desk, Branch.NOT_FOUND)
        with pytest.raises(InvalidTransition):
            service.reopen_case(session, desk.coordinator, case, ReopenCase(case.version, "Igen"))


def test_a_row_leads_to_one_case_in_the_table_too(session, desk):
    case, entry_id = make_case(session, desk), uuid4()
    for _ in range(2):
        session.add(
            CaseSource(
                municipality_id=case.municipality_id,
                case_id=case.id,
                school_unit_id=desk.unit.id,
                entry_id=entry_id,
                content_index=b"",
            )
        )
    with pytest.raises(IntegrityError):
        session.flush()


def test_every_case_of_one_answer_is_opened_in_few_questions(session, desk, count_queries):
    def asked(number: int) -> int:
        with count_queries() as statements:
            service.open_cases(session, desk.respondent, [make_open_case(desk) for _ in range(number)])
        return len(statements)

    asked(1)
    assert (
        asked(11) - asked(1) <= 10 * 20
    )  # child, case, clock, source, claims, note and hints, each looked for and kept


def test_a_savepoint_that_fails_takes_no_audit_row_with_it(session, desk):
    case = make_case(session, desk)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(CaseSource(municipality_id=case.municipality_id, case_id=uuid4(), content_index=b""))
    session.commit()
    assert "case:opened" in session.scalars(select(AuditRow.action)).all()


class TestProtectedIdentity:
    def test_who_the_child_is_goes_and_stays_away(self, session, desk):
        identity, entry_id = make_identity(), uuid4()
        case = make_case(session, desk, identity=identity, entry_id=entry_id)
        make_case(session, desk, identity=identity, entry_id=entry_id, is_protected=True)
        for _ in range(2):
            child = case.child
            assert case.is_protected
            assert (child.name, child.identity_number, child.birth_date, case.school_class) == ("", None, None, None)
            assert (child.number_index, child.temporary_index, child.loose_index) == (None, None, None)
            make_case(session, desk, identity=identity, entry_id=entry_id, note="Rättat.")

    def test_nothing_leads_to_it_any_more(self, session, desk):
        identity, entry_id = make_identity(), uuid4()
        case = make_case(session, desk, identity=identity, entry_id=entry_id)
        make_case(session, desk, identity=identity, entry_id=entry_id, is_protected=True)
        for words in (identity.number, "Sandhage"):
            assert queries.list_found_cases(session, words, visible_to=desk.coordinator) == []
        assert queries.list_found_cases(session, case.reference, visible_to=desk.coordinator)[0].case is case
