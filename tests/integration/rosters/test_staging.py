"""Class lists are shown, confirmed as a whole, marked, and destroyed; and nobody protected is ever in them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.audit.models import AuditRow
from app.kernel import clock, typed_forms
from app.kernel.csv_files import FilesRefused
from app.kernel.database import Database
from app.kernel.encryption import key_ring
from app.kernel.errors import Conflict, NotFound, Refused
from app.rosters import jobs, queries, service
from app.rosters.models import Roster, RosterClass, RosterUpload
from app.rosters.types import Mark, RosterState, SaveMarks
from app.surveys.types import Asks, InvitationState, RoundState
from tests.factories.accounts import make_account
from tests.factories.rosters import make_pupils, make_roster, make_upload
from tests.factories.schools import make_unit
from tests.factories.surveys import make_invitation
from tests.factories.tables import HEADER, ROWS, write_csv, write_xlsx
from tests.integration.rosters.conftest import TUESDAY, School


def count(session: Session, model: type[object]) -> int:
    """Return how many rows a table has."""
    return session.scalar(select(func.count()).select_from(model)) or 0


def rows_of(school: School, *rows: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the factory's rows, and others, as the school's own."""
    code = school.desk.unit.school_unit_code
    return [HEADER, *((*row[:4], code, row[5]) for row in (*ROWS, *rows))]


def submit(session: Session, school: School) -> None:
    """Let the unit have answered."""
    school.invitation.submitted_at = clock.now()
    school.invitation.state = InvitationState.SUBMITTED
    school.invitation.next_at = None
    session.flush()


def test_a_municipal_file_is_split_by_unit_and_class_and_sealed(session: Session, school: School) -> None:
    other = make_unit(session, school.desk.municipality, name="Bruksskolan")
    rows = [*rows_of(school), ("Dan Fors", "", "1", "1 A", other.school_unit_code, "")]
    upload_id = service.stage_municipal_file(session, school.coordinator, school.survey_round, write_csv(rows))
    rosters = {each.school_unit_id: each for each in queries.list_rosters_of_upload(session, upload_id)}
    assert {unit_id: each.pupils for unit_id, each in rosters.items()} == {school.desk.unit.id: 3, other.id: 1}
    assert [(each.name, each.size) for each in rosters[school.desk.unit.id].classes] == [("4 A", 1), ("5 B", 2)]
    assert queries.find_roster(session, school.invitation) is None, "what is not confirmed is nobody's to work from"
    sealed = session.scalars(select(RosterClass.pupils_sealed)).all()
    assert all("Ödman".encode() not in each and b"2381" not in each for each in sealed)


def test_a_confirmed_list_is_what_the_school_works_from(session: Session, school: School) -> None:
    upload_id = service.stage_own_file(session, school.respondent, school.invitation, write_xlsx(rows_of(school)))
    service.confirm_upload(session, school.respondent, upload_id)
    roster = queries.find_roster(session, school.invitation)
    assert roster is not None
    assert roster.state is RosterState.STAGED
    found = queries.get_class(session, roster.classes[1].id, visible_to=school.respondent)
    assert [(each.key, each.name, each.number, each.grade) for each in found.pupils] == [
        ("1", "Åsa Ödman", "201504122381", "5"),
        ("2", "Bo Ek", "201503012393", "5"),
    ]


def test_nothing_is_kept_of_who_is_protected_in_any_of_the_common_words(session: Session, school: School) -> None:
    words = ("ja", "JA", "x", "1", "Sekretessmarkering", "skyddad folkbokföring", "fingerad", "vet ej")
    words += ("?", "nej?", "nej*")
    hidden = [(f"Hemlig{chr(97 + at)} Person", "", "5", "5 B", "", word) for at, word in enumerate(words)]
    shown = [
        (f"Synlig{chr(97 + at)} Person", "", "5", "5 B", "", word) for at, word in enumerate(("", "nej", "N", "0", "-"))
    ]
    content = write_csv([HEADER, *hidden, *shown])
    upload_id = service.stage_own_file(session, school.respondent, school.invitation, content)
    roster = queries.list_rosters_of_upload(session, upload_id)[0]
    assert (roster.pupils, roster.protected_count) == (len(shown), len(hidden))
    kept = [pupil.name for each in queries.list_classes_with_pupils(session, upload_id) for pupil in each.pupils]
    assert kept == [row[0] for row in shown]


def test_a_remark_or_a_mark_by_the_name_protects_as_well(session: Session, school: School) -> None:
    rows = [
        ("Namn", "Klass", "Anmärkning", "Skyddad"),
        ("Synlig Person", "5 B", "Skolsekreteraren ringer", "nej"),
        ("Hemliga Person", "5 B", "Skyddade personuppgifter", "nej"),
        ("Hemligb Person (skyddad identitet)", "5 B", "", ""),
        ("Hemligc Person *", "5 B", "", ""),
    ]
    upload_id = service.stage_own_file(session, school.respondent, school.invitation, write_csv(rows))
    roster = queries.list_rosters_of_upload(session, upload_id)[0]
    kept = [pupil.name for each in queries.list_classes_with_pupils(session, upload_id) for pupil in each.pupils]
    assert (roster.protected_count, kept) == (3, ["Synlig Person"])


def test_who_is_protected_at_one_school_is_protected_at_every_school(session: Session, school: School) -> None:
    other = make_unit(session, school.desk.municipality)
    codes = school.desk.unit.school_unit_code, other.school_unit_code
    rows = [
        ("Åsa Ödman", "20150412-2381", "5", "5 B", codes[0], ""),
        ("Bo Ek", "", "5", "5 B", codes[0], ""),
        ("Åsa Ödman", "150412-2381", "5", "5 B", codes[1], "ja"),
    ]
    upload_id = service.stage_municipal_file(
        session, school.coordinator, school.survey_round, write_csv([HEADER, *rows])
    )
    counts = {
        each.school_unit_id: (each.pupils, each.protected_count)
        for each in queries.list_rosters_of_upload(session, upload_id)
    }
    assert counts == {school.desk.unit.id: (1, 1), other.id: (0, 1)}


def test_who_is_protected_on_one_row_is_never_open_on_another(session: Session, school: School) -> None:
    rows = [
        ("Åsa Ödman", "20150412-2381", "5", "5 B", "", "nej"),
        ("Åsa Ödman", "150412-2381", "5", "5 B", "", "ja"),
        ("Bo Ek", "", "5", "5 B", "", "ja"),
        ("Bo Ek", "", "5", "5 B", "", ""),
        ("", "", "5", "5 B", "", "ja"),
        ("Cilla Dahl", "", "5", "5 B", "", ""),
    ]
    upload_id = service.stage_own_file(session, school.respondent, school.invitation, write_csv([HEADER, *rows]))
    (roster,) = queries.list_rosters_of_upload(session, upload_id)
    assert (roster.pupils, roster.protected_count) == (1, 3)
    (kept,) = queries.list_classes_with_pupils(session, upload_id)
    assert [pupil.name for pupil in kept.pupils] == ["Cilla Dahl"]


def test_namesakes_without_a_number_are_told_with_both_rows(session: Session, school: School) -> None:
    content = write_csv([HEADER[:4], *[("Bo Ek", "", "5", "5 B")] * 2, ("Bo Ek", "", "5", "5 C")])
    with pytest.raises(FilesRefused) as refused:
        service.stage_own_file(session, school.respondent, school.invitation, content)
    (problem,) = refused.value.problems
    assert (problem.row, problem.column, problem.code, problem.earlier) == (3, "name", "name_given_twice", 2)


def test_what_nobody_asked_for_is_never_kept(session: Session, school: School) -> None:
    header = (*HEADER[:4], "Nationalitet", "Religion", "Kön", "Modersmål")
    content = write_csv([header, ("Åsa Ödman", "", "5", "5 B", "norsk", "ingen", "K", "bokmål")])
    upload_id = service.stage_own_file(session, school.respondent, school.invitation, content)
    upload = queries.get_upload(session, upload_id, visible_to=school.respondent)
    assert upload.notes["ignored_columns"] == ["E", "F", "G", "H"]
    row = session.scalars(select(RosterClass)).one()
    plain = key_ring().open(row.pupils_sealed, f"roster_class.pupils_sealed:{row.id}").decode()
    assert not any(word in plain for word in ("norsk", "ingen", "bokmål"))


def test_a_fault_anywhere_leaves_nothing_behind(session: Session, school: School) -> None:
    rows = rows_of(school, ("Eva Falk", "20150412-2382", "5", "5 B", "", ""), ("", "", "", "7 C", "", ""))
    rows.append(("Finn Gren", "", "5", "5 B", "99999999", ""))
    with pytest.raises(FilesRefused) as refused:
        service.stage_municipal_file(session, school.coordinator, school.survey_round, write_csv(rows))
    assert [(each.row, each.column, each.code) for each in refused.value.problems] == [
        (5, "number", "wrong_check_digit"),
        (6, "name", "value_is_missing"),
        (7, "unit_code", "unknown_unit"),
    ]
    assert "Falk" not in str(refused.value)
    assert count(session, RosterUpload) == 0


def test_the_same_number_twice_in_a_unit_is_refused_and_in_two_units_is_not(session: Session, school: School) -> None:
    other = make_unit(session, school.desk.municipality)
    codes = school.desk.unit.school_unit_code, other.school_unit_code
    pupil = ("Åsa Ödman", "20150412-2381", "5", "5 B")
    twice = write_csv([HEADER, (*pupil, codes[0], ""), (*pupil[:1], "150412-2381", *pupil[2:], codes[0], "")])
    with pytest.raises(FilesRefused) as refused:
        service.stage_municipal_file(session, school.coordinator, school.survey_round, twice)
    assert [(each.row, each.column, each.code, each.earlier) for each in refused.value.problems] == [
        (3, "number", "given_twice", 2)
    ]
    both = write_csv([HEADER, *((*pupil, code, "") for code in codes)])
    service.stage_municipal_file(session, school.coordinator, school.survey_round, both)


def test_a_school_hands_over_its_own_pupils_only(session: Session, school: School) -> None:
    other = make_unit(session, school.desk.municipality)
    content = write_csv([HEADER, ("Åsa Ödman", "", "5", "5 B", other.school_unit_code, "")])
    with pytest.raises(FilesRefused) as refused:
        service.stage_own_file(session, school.respondent, school.invitation, content)
    assert [(each.row, each.column, each.code) for each in refused.value.problems] == [(2, "unit_code", "other_unit")]


def test_a_list_is_replaced_until_somebody_has_begun_on_it(session: Session, school: School) -> None:
    first = make_roster(session, school.respondent, school.invitation)
    second = make_roster(session, school.respondent, school.invitation, make_pupils(4))
    assert first.state is RosterState.DESTROYED
    found = queries.get_class(session, session.scalars(select(RosterClass.id)).one(), visible_to=school.respondent)
    service.save_marks(session, school.respondent, found, SaveMarks({"1": Mark.MISSING}, found.version))
    third = make_upload(session, school.coordinator, school.survey_round, {school.desk.unit.id: make_pupils(2)})
    with pytest.raises(Refused, match="classes_started"):
        service.confirm_upload(session, school.coordinator, third)
    assert second.state is RosterState.STAGED


def test_an_upload_is_confirmed_once_and_discarded_never_after(session: Session, school: School) -> None:
    upload_id = make_upload(session, school.coordinator, school.survey_round, {school.desk.unit.id: make_pupils(2)})
    service.confirm_upload(session, school.coordinator, upload_id)
    for again in (service.confirm_upload, service.discard_upload):
        with pytest.raises(Refused, match="upload_is_gone"):
            again(session, school.coordinator, upload_id)


def test_a_new_hand_over_takes_the_place_of_one_that_nobody_confirmed(session: Session, school: School) -> None:
    lists = {school.desk.unit.id: make_pupils(2)}
    make_upload(session, school.coordinator, school.survey_round, lists)
    own = make_upload(session, school.respondent, school.survey_round, lists, school_unit_id=school.desk.unit.id)
    latest = make_upload(session, school.coordinator, school.survey_round, lists)
    assert set(session.scalars(select(RosterUpload.id))) == {own, latest}
    assert count(session, RosterClass) == 2


def test_another_municipality_and_another_school_find_nothing(session: Session, school: School) -> None:
    roster = make_roster(session, school.respondent, school.invitation)
    stranger = make_account(
        session, school.desk.municipality, Role.RESPONDENT, make_unit(session, school.desk.municipality)
    )
    class_id = session.scalars(select(RosterClass.id)).first()
    assert class_id is not None
    for actor in (stranger.as_actor(clock.today()), school.coordinator):
        with pytest.raises(NotFound):
            queries.get_class(session, class_id, visible_to=actor)
    with pytest.raises(NotFound):
        queries.get_upload(session, roster.upload_id, visible_to=stranger.as_actor(clock.today()))


def test_marks_add_up_and_a_second_editor_meets_a_conflict(session: Session, school: School) -> None:
    make_roster(session, school.respondent, school.invitation, make_pupils(3))
    found = queries.get_class(session, session.scalars(select(RosterClass.id)).one(), visible_to=school.respondent)
    seen = found.version
    marks = {"1": Mark.PRESENT, "2": Mark.KNOWN, "3": Mark.MISSING, "99": Mark.MISSING}
    service.save_marks(session, school.respondent, found, SaveMarks(marks, seen))
    assert (found.present, found.known_absence, found.missing, found.size, found.is_done) == (1, 1, 1, 3, True)
    with pytest.raises(Conflict):
        service.save_marks(session, school.respondent, found, SaveMarks({"1": None}, seen))
    service.save_marks(session, school.respondent, found, SaveMarks({"1": None}, found.version))
    assert (found.present, found.marked, found.is_done) == (0, 2, False)


def test_an_answer_destroys_the_list_and_leaves_the_counts(session: Session, school: School) -> None:
    roster = make_roster(session, school.respondent, school.invitation, protected=1)
    service.destroy_roster(session, school.respondent, school.invitation)
    assert roster.state is RosterState.DESTROYED
    assert roster.destroyed_at == TUESDAY
    assert (roster.pupils, roster.protected_count) == (5, 1)
    assert count(session, RosterClass) == 0
    service.destroy_roster(session, school.respondent, school.invitation)


def test_what_somebody_marked_and_did_not_save_goes_with_the_list(session: Session, school: School) -> None:
    make_roster(session, school.respondent, school.invitation)
    assert school.respondent.account_id
    typed_forms.keep(
        session,
        municipality_id=school.respondent.municipality_id,
        account_id=school.respondent.account_id,
        path=f"/klasser/{session.scalars(select(RosterClass.id).limit(1)).one()}",
        content={"fields": []},
        is_shared=True,
    )
    service.destroy_roster(session, school.respondent, school.invitation)
    assert count(session, typed_forms.TypedForm) == 0


def test_nothing_is_kept_of_a_unit_that_has_answered(session: Session, school: School) -> None:
    other = make_unit(session, school.desk.municipality)
    lists = {school.desk.unit.id: make_pupils(2), other.id: make_pupils(3)}
    before = make_upload(session, school.coordinator, school.survey_round, lists)
    submit(session, school)
    service.confirm_upload(session, school.coordinator, before)
    assert queries.find_roster(session, school.invitation) is None
    assert count(session, RosterClass) == 1
    after = make_upload(session, school.coordinator, school.survey_round, lists)
    assert [each.school_unit_id for each in queries.list_rosters_of_upload(session, after)] == [other.id]
    with pytest.raises(Refused, match="list_is_empty"):
        make_upload(session, school.coordinator, school.survey_round, {school.desk.unit.id: make_pupils(2)})


def test_a_round_that_is_over_takes_no_lists(session: Session, school: School) -> None:
    upload_id = make_upload(session, school.coordinator, school.survey_round, {school.desk.unit.id: make_pupils(2)})
    school.survey_round.state, school.survey_round.closed_at = RoundState.CLOSED, clock.now()
    session.flush()
    with pytest.raises(Refused, match="round_takes_no_lists"):
        service.confirm_upload(session, school.coordinator, upload_id)
    with pytest.raises(Refused, match="round_takes_no_lists"):
        service.stage_municipal_file(session, school.coordinator, school.survey_round, write_csv(rows_of(school)))
    with pytest.raises(Refused, match="round_takes_no_lists"):
        service.stage_own_file(session, school.respondent, school.invitation, write_csv(rows_of(school)))


@pytest.mark.parametrize("asks", [Asks.WORRY, Asks.REPORT])
def test_lists_belong_only_where_it_is_asked_who_has_not_come_back(
    session: Session, school: School, asks: Asks
) -> None:
    school.survey_round.asks = asks
    with pytest.raises(Refused, match="round_takes_no_lists"):
        make_roster(session, school.respondent, school.invitation)
    assert count(session, RosterUpload) == 0


def test_the_coordinator_takes_away_the_lists_that_nobody_has_begun_on(session: Session, school: School) -> None:
    other = make_unit(session, school.desk.municipality)
    make_roster(session, school.respondent, make_invitation(session, school.survey_round, other))
    make_roster(session, school.respondent, school.invitation, make_pupils(2))
    roster = queries.find_roster(session, school.invitation)
    assert roster is not None
    found = queries.get_class(session, roster.classes[0].id, visible_to=school.respondent)
    service.save_marks(session, school.respondent, found, SaveMarks({"1": Mark.PRESENT}, found.version))
    assert service.remove_untouched_lists(session, school.coordinator, school.survey_round) == 1
    assert [each.school_unit_id for each in queries.list_staged(session, school.survey_round.id)] == [
        school.desk.unit.id
    ]
    service.remove_own_list(session, school.respondent, school.invitation)
    assert count(session, RosterClass) == 0


def test_a_list_that_nobody_confirms_is_gone_after_a_day(
    database: Database, session: Session, school: School, set_clock: Callable[[object], None]
) -> None:
    make_upload(session, school.coordinator, school.survey_round, {school.desk.unit.id: make_pupils(2)})
    session.commit()
    session.close()
    set_clock(TUESDAY + timedelta(hours=23))
    jobs.drop_stale_uploads(database)
    with database.reading() as later:
        assert count(later, RosterClass) == 1
    set_clock(TUESDAY + timedelta(hours=25))
    jobs.drop_stale_uploads(database)
    with database.reading() as later:
        assert (count(later, RosterUpload), count(later, Roster), count(later, RosterClass)) == (0, 0, 0)


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.CANCELLED])
def test_the_lists_of_a_round_that_is_over_are_destroyed(
    database: Database, session: Session, school: School, state: RoundState
) -> None:
    make_roster(session, school.respondent, school.invitation)
    make_upload(session, school.coordinator, school.survey_round, {school.desk.unit.id: make_pupils(2)})
    school.survey_round.state = state
    school.survey_round.closed_at = clock.now() if state is RoundState.CLOSED else None
    session.commit()
    session.close()
    jobs.destroy_needless(database)
    with database.reading() as later:
        assert {each.state for each in later.scalars(select(Roster))} == {RosterState.DESTROYED}
        assert count(later, RosterClass) == 0
        said = later.scalars(select(AuditRow.details).where(AuditRow.action == "roster:destroyed")).all()
    assert len(said) == 1
    assert '"reason":"round_is_over"' in said[0]


def test_a_list_left_when_a_unit_has_answered_is_destroyed_by_the_job(
    database: Database, session: Session, school: School
) -> None:
    make_roster(session, school.respondent, school.invitation)
    submit(session, school)
    session.commit()
    session.close()
    jobs.destroy_needless(database)
    with database.reading() as later:
        assert count(later, RosterClass) == 0


def test_the_audit_has_counts_and_never_a_name(session: Session, school: School) -> None:
    upload_id = service.stage_own_file(session, school.respondent, school.invitation, write_csv(rows_of(school)))
    service.confirm_upload(session, school.respondent, upload_id)
    service.destroy_roster(session, school.respondent, school.invitation)
    session.commit()
    wanted = select(AuditRow.action, AuditRow.details).where(AuditRow.action.like("roster:%"))
    said = session.execute(wanted.order_by(AuditRow.sequence)).all()
    assert [action for action, _ in said] == ["roster:staged", "roster:confirmed", "roster:destroyed"]
    assert not any("Åsa" in details or "2381" in details for _, details in said)
