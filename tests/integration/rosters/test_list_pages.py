"""Class lists handed over, looked at and decided on, as the coordinator and a school's respondent do it."""

import logging
from collections.abc import Mapping
from io import BytesIO

import pytest
from flask import Flask, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.accounts.models import Account
from app.audit.models import AuditRow
from app.kernel import clock
from app.kernel.database import Database
from app.rosters import service
from app.rosters.models import Roster, RosterClass, RosterUpload
from app.rosters.queries import find_roster, get_class
from app.rosters.types import Mark, RosterState, SaveMarks
from app.surveys.types import RoundState
from app.web.security import LARGEST_REQUEST, LARGEST_UPLOAD
from tests.conftest import SignIn
from tests.factories.accounts import make_account
from tests.factories.rosters import make_pupils, make_roster, make_upload
from tests.factories.schools import make_unit
from tests.factories.surveys import make_invitation
from tests.factories.tables import HEADER, ROWS, add_part, write_csv, write_xlsx
from tests.integration.rosters.conftest import School
from tests.pages import Browser, Page

READ, CONFIRM, CONFIRM_OWN, DISCARD = "Läs in och granska", "Bekräfta klasslistorna", "Bekräfta klasslistan", "Kasta"
SECRET = "Hemlig Elev"


@pytest.fixture
def coordinator(session: Session, school: School, sign_in: SignIn) -> Browser:
    """The coordinator's browser."""
    account = session.get_one(Account, school.coordinator.account_id)
    session.commit()
    return sign_in(account)


@pytest.fixture
def respondent(session: Session, school: School, sign_in: SignIn) -> Browser:
    """The browser of who answers for the unit."""
    account = session.get_one(Account, school.respondent.account_id)
    session.commit()
    return sign_in(account)


def lists(browser: Browser, school: School, status: int = 200) -> Page:
    """Return the coordinator's page."""
    return browser.page("rosters.show_lists", status, round_id=school.survey_round.id)


def own_list(browser: Browser, school: School, status: int = 200) -> Page:
    """Return the school's page."""
    return browser.page("rosters.show_own_list", status, invitation_id=school.invitation.id)


def hand_over(browser: Browser, page: Page, content: bytes, name: str = "lista.csv", status: int = 200) -> Page:
    """Choose a file and send it."""
    return browser.submit(page, {"file": (BytesIO(content), name)}, button=READ, status=status)


def rows_of(school: School) -> list[tuple[str, ...]]:
    """Return the factory's rows as the school's own, one of them protected."""
    code = school.desk.unit.school_unit_code
    pupils = [(*row[:4], code, row[5]) for row in ROWS]
    return [HEADER, *pupils, (SECRET, "", "5", "5 B", code, "ja")]


def states(database: Database) -> list[RosterState]:
    """Return the states of all rosters."""
    with database.reading() as session:
        return list(session.scalars(select(Roster.state).order_by(Roster.staged_at, Roster.id)))


def test_the_coordinator_reads_a_file_sees_counts_and_confirms(
    coordinator: Browser, school: School, session: Session, database: Database
) -> None:
    make_unit(session, school.desk.municipality, name="Ängsskolan")
    session.commit()
    preview = hand_over(coordinator, lists(coordinator, school), write_csv([*rows_of(school)]))
    (row,) = preview.rows("Skolor i listan")
    assert row["Elever"] == "3"
    assert row["Skyddade"] == "1"
    assert row["Klasser"] == "2 klasser 4 A, 5 B"
    assert row["Mot inskrivna"] == "408 färre än 412"
    assert "1 skola finns inte med: Ängsskolan" in preview.text
    assert states(database) == [RosterState.PREVIEWED]
    confirmed = coordinator.submit(preview, button=CONFIRM)
    assert "Klasslistorna är på plats" in confirmed.text
    assert "1 skola har en klasslista, med tillsammans 3 elever" in confirmed.text
    assert states(database) == [RosterState.STAGED]
    code, pupil = "01990099", rows_of(school)[1]
    make_unit(session, school.desk.municipality, name="Nya skolan", school_unit_code=code)
    answered = make_unit(session, school.desk.municipality, name="Klara skolan")
    make_invitation(session, school.survey_round, answered, submitted_at=clock.now())
    session.commit()
    other = hand_over(coordinator, confirmed, write_csv([HEADER, (*pupil[:4], code, pupil[5])]))
    assert "1 skola finns inte med: Ängsskolan" in other.text
    assert f"1 skola som inte är med behåller den klasslista de redan har: {school.desk.unit.name}" in other.text
    assert "Klara skolan" not in other.text
    for page in (preview, confirmed):
        assert "Ödman" not in page.html, "the coordinator needs no names"


def test_a_school_sees_the_names_of_its_own_list_with_a_trace(
    respondent: Browser, school: School, database: Database
) -> None:
    preview = hand_over(respondent, own_list(respondent, school), write_xlsx(rows_of(school)), "6a.xlsx")
    assert "Åsa Ödman" in preview.text
    assert SECRET not in preview.html
    assert "1 elev med skyddade personuppgifter" in preview.text
    assert "2381" not in preview.html, "numbers are not needed to recognise a list"
    with database.reading() as session:
        upload = session.scalars(select(RosterUpload)).one()
        traced = session.scalars(select(AuditRow.object_id).where(AuditRow.action == "roster:read")).all()
    assert str(upload.id) in traced
    confirmed = respondent.submit(preview, button=CONFIRM_OWN)
    assert "Klasslistan är på plats" in confirmed.text
    assert "Ödman" not in confirmed.html


def test_a_list_is_dropped(respondent: Browser, coordinator: Browser, school: School, database: Database) -> None:
    for browser, page in ((respondent, own_list(respondent, school)), (coordinator, lists(coordinator, school))):
        after = browser.submit(hand_over(browser, page, write_csv(rows_of(school))), button=DISCARD)
        assert "Listan är kastad" in after.text
        assert states(database) == []


def test_faults_are_told_by_row_and_column_and_never_by_content(coordinator: Browser, school: School) -> None:
    wrong = [*rows_of(school), (SECRET, "20150412-0000", "5", "5 B", "99999999", "")]
    page = hand_over(coordinator, lists(coordinator, school), write_csv(wrong), status=422)
    assert page.errors == ["Filen har 2 fel, så ingenting är inläst."]
    assert page.rows("Fel i filen") == [
        {"Plats": "Rad 6 Skolenhetskod", "Vad som är fel": "kommunen har ingen sådan skolenhet"},
        {"Plats": "Rad 6 Personnummer", "Vad som är fel": "sista siffran stämmer inte med de andra"},
    ]
    assert SECRET not in page.html
    assert "99999999" not in page.html


def test_only_the_first_fifty_faults_are_told_and_the_rest_counted(respondent: Browser, school: School) -> None:
    wrong = [HEADER, *[("", "", "5", "5 B", "", "")] * 70]
    page = hand_over(respondent, own_list(respondent, school), write_csv(wrong), status=422)
    assert len(page.rows("Fel i filen")) == 50
    assert "Och 20 fel till" in page.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "Filen är ingen tabell"),
        (b"Namn\nBo\n", "bara en kolumn"),
        (b'Namn;Klass\n"Bo;5 B\n', "Ett citattecken börjar men slutar inte"),
        (add_part(write_xlsx(), "xl/vbaProject.bin", b"1"), "makron"),
        (add_part(write_xlsx(), "xl/media/a.png", bytes(90_000_000)), "orimligt stor"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(
    respondent: Browser, school: School, database: Database, content: bytes, words: str
) -> None:
    page = hand_over(respondent, own_list(respondent, school), content, status=422)
    assert words in page.text
    assert states(database) == []


def test_without_a_file_nothing_happens(respondent: Browser, school: School) -> None:
    page = respondent.submit(own_list(respondent, school), button=READ, status=422)
    assert page.errors == ["Välj en fil med elever."]


def test_the_page_warns_when_the_file_cannot_tell_who_is_protected(respondent: Browser, school: School) -> None:
    content = write_csv([("Namn", "Klass", "Kön"), ("Åsa", "5 B", "K")])
    page = hand_over(respondent, own_list(respondent, school), content)
    assert "Filen säger inte vem som har skyddade personuppgifter" in page.text
    assert "Kolumn C lästes inte" in page.text


@pytest.mark.parametrize(
    "header",
    [
        ("Elevens namn", "Person-/samordningsnr", "Avdelning/grupp", "Åk"),
        ("Namn", "Personnummer/samordningsnummer", "Klass/grupp", "Årskurs"),
        ("Efternamn, förnamn", "Pnr.", "Grupp/avdelning", "Åk."),
    ],
)
def test_the_headers_that_schools_use_are_understood(
    respondent: Browser, school: School, database: Database, header: tuple[str, ...]
) -> None:
    content = write_csv([header, ("Ödman, Åsa", "20150412-2381", "5 B", "5")])
    page = hand_over(respondent, own_list(respondent, school), content)
    assert "Lästa kolumner: Namn, Personnummer, Årskurs, Klass." in page.text
    assert "lästes inte" not in page.text
    assert "hittades" not in page.text
    with database.reading() as session:
        each = session.scalars(select(RosterClass)).one()
        (pupil,) = each.pupils
    assert (each.name, pupil.name, pupil.number, pupil.grade) == ("5 B", "Åsa Ödman", "201504122381", "5")


def test_a_column_of_classes_or_numbers_that_was_not_understood_is_warned_of(
    respondent: Browser, coordinator: Browser, school: School
) -> None:
    content = write_csv([("Namn", "Siffror", "Hylla", "Skolenhetskod"), ("Åsa", "1", "5 B", "")])
    own = hand_over(respondent, own_list(respondent, school), content)
    code = school.desk.unit.school_unit_code.encode()
    all_lists = hand_over(coordinator, lists(coordinator, school), content.rstrip() + code + b"\r\n")
    for page in (own, all_lists):
        assert "Ingen kolumn med klass hittades Alla hamnar i en klass utan namn" in page.text
        assert "Ingen kolumn med personnummer hittades" in page.text
        assert "Lästa kolumner: Namn, Skolenhetskod. Kolumn B, C lästes inte." in page.text


def test_what_is_refused_stands_alone_and_the_earlier_list_a_link_away(
    respondent: Browser, coordinator: Browser, school: School, database: Database
) -> None:
    for browser, first, button in (
        (respondent, own_list(respondent, school), CONFIRM_OWN),
        (coordinator, lists(coordinator, school), CONFIRM),
    ):
        preview = hand_over(browser, first, write_csv(rows_of(school)))
        assert preview.form(button)
        with database.reading() as session:
            traced = len(session.scalars(select(AuditRow).where(AuditRow.action == "roster:read")).all())
        refused = hand_over(browser, preview, write_csv([*rows_of(school), (SECRET, "1", "", "", "", "")]), status=422)
        assert refused.rows("Fel i filen")
        assert not [form for form in refused.forms if {button, DISCARD} & {*form.buttons}]
        assert "Ödman" not in refused.html
        with database.reading() as session:
            again = len(session.scalars(select(AuditRow).where(AuditRow.action == "roster:read")).all())
        assert again == traced, "nobody was shown, so nobody was read"
        assert "väntar fortfarande på att bekräftas" in refused.text
        assert browser.visit(refused.link("Visa den tidigare listan")).form(button)


def test_nobody_confirms_another_list_than_was_shown(
    respondent: Browser, school: School, session: Session, database: Database
) -> None:
    page = hand_over(respondent, own_list(respondent, school), write_csv(rows_of(school)))
    with database.transaction() as other:
        unit_id = school.desk.unit.id
        make_upload(other, school.respondent, school.survey_round, {unit_id: make_pupils(2)}, school_unit_id=unit_id)
    refused = respondent.submit(page, button=CONFIRM_OWN, status=409)
    assert "någon läst in en nyare" in refused.text
    assert states(database) == [RosterState.PREVIEWED]


def test_a_list_somebody_has_begun_on_is_not_replaced(
    respondent: Browser, coordinator: Browser, school: School, database: Database
) -> None:
    with database.transaction() as session:
        make_roster(session, school.respondent, school.invitation)
        roster = find_roster(session, school.invitation)
        assert roster is not None
        found = get_class(session, roster.classes[0].id, visible_to=school.respondent)
        service.save_marks(session, school.respondent, found, SaveMarks({"1": Mark.PRESENT}, found.version))
    page = hand_over(coordinator, lists(coordinator, school), write_csv(rows_of(school)))
    assert "Listan går inte att bekräfta" in page.text
    assert not [form for form in page.forms if CONFIRM in form.buttons]
    own = hand_over(respondent, own_list(respondent, school), write_csv(rows_of(school)))
    assert not [form for form in own.forms if CONFIRM_OWN in form.buttons]
    assert "1 elev är markerad" in own.text
    removed = respondent.submit(own, button="Ta bort klasslistan")
    assert "Klasslistan är borttagen" in removed.text


def test_the_coordinator_takes_the_lists_away(coordinator: Browser, school: School, database: Database) -> None:
    with database.transaction() as session:
        make_roster(session, school.respondent, school.invitation)
    page = coordinator.submit(lists(coordinator, school), button="Ta bort klasslistorna")
    assert "Klasslistorna är borttagna" in page.text
    assert states(database) == [RosterState.DESTROYED]
    with database.reading() as session:
        assert not session.scalars(select(RosterClass)).all()


def test_a_round_that_is_over_shows_no_form(
    coordinator: Browser, respondent: Browser, school: School, database: Database
) -> None:
    with database.transaction() as session:
        survey_round = session.merge(school.survey_round)
        survey_round.state, survey_round.closed_at = RoundState.CLOSED, clock.now()
    for page in (lists(coordinator, school), own_list(respondent, school)):
        assert not [form for form in page.forms if READ in form.buttons]


def test_others_do_not_get_in(school: School, session: Session, sign_in: SignIn) -> None:
    other = make_unit(session, school.desk.municipality)
    stranger = make_account(session, school.desk.municipality, Role.RESPONDENT, other)
    staff = make_account(session, school.desk.municipality, Role.STAFF, school.desk.unit)
    session.commit()
    own_list(sign_in(stranger), school, 404)
    own_list(sign_in(staff), school, 403)
    lists(sign_in(stranger), school, 403)


def test_nothing_of_a_file_is_logged_or_named(
    respondent: Browser, school: School, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    name = "klass-6a-hemlig.csv"
    page = hand_over(respondent, own_list(respondent, school), write_csv(rows_of(school)), name)
    hand_over(respondent, page, write_csv([*rows_of(school), (SECRET, "1", "", "", "", "")]), name, status=422)
    assert "hemlig" not in page.html
    assert not any(word in caplog.text for word in ("Ödman", SECRET, "hemlig"))
    with database.reading() as session:
        assert "hemlig" not in repr(session.scalars(select(RosterUpload.notes)).all())


def send(browser: Browser, url: str, fields: Mapping[str, object], content: bytes) -> int:
    """Post a form with a file, written by hand: the client would leave a large one lying on the disk."""
    parts = [
        *(
            b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), str(value).encode())
            for name, value in fields.items()
        ),
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + content + b"\r\n--x--\r\n",
    ]
    return browser.post(url, data=b"".join(parts), content_type="multipart/form-data; boundary=x").status_code


def test_only_views_that_take_files_are_sent_large_requests(respondent: Browser, school: School) -> None:
    form = own_list(respondent, school).form(READ)
    large = write_csv(rows_of(school)) + (b" " * 1_000 + b"\n") * (LARGEST_REQUEST // 1_000)
    assert send(respondent, form.action, form.filled({}), large) == 303
    assert send(respondent, f"{form.action}/kasta", form.filled({}), large) == 413
    assert send(respondent, form.action, form.filled({}), bytes(LARGEST_UPLOAD)) == 413


def test_files_that_are_sent_stay_in_memory(app: Flask) -> None:
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n%b\r\n--x--\r\n' % bytes(
        3_000_000
    )
    about = {"method": "POST", "data": file, "content_type": "multipart/form-data; boundary=x"}
    with app.test_request_context("/", **about):
        assert isinstance(request.files["file"].stream, BytesIO)
