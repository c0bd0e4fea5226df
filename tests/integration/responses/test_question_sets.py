"""A municipality asks in its own way from a moment on; what was begun before that keeps its questions."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.accounts.models import Account
from app.kernel.database import Database
from app.kernel.errors import Conflict
from app.responses import service
from app.responses.models import MissingPupil, QuestionVersion, Response
from app.responses.types import AddMissingPupil, AdoptQuestions, PupilPage, UrgentAnswers
from app.responses.types.questions import ALL_PAGES
from app.surveys.queries import get_invitation
from tests.conftest import SignIn
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality
from tests.integration.responses.conftest import School
from tests.pages import Browser, Page

SAVE = "Spara och fortsätt"
ADOPT = "Spara som ny version"
OWN = "Skriv <b>kort</b>."


@pytest.fixture
def coordinator(school: School, session: Session, sign_in: SignIn) -> Browser:
    """The coordinator's browser."""
    account = session.get_one(Account, school.desk.coordinator.account_id)
    session.commit()
    return sign_in(account)


@pytest.fixture
def karin(school: School, session: Session, sign_in: SignIn) -> Browser:
    """The browser of the one who answers."""
    account = session.get_one(Account, school.actor.account_id)
    session.commit()
    return sign_in(account)


def edit(coordinator: Browser, page: PupilPage) -> Page:
    return coordinator.page("responses.edit_question", number=ALL_PAGES.index(page) + 1)


def begin(database: Database, school: School) -> MissingPupil:
    """Put a pupil on the school's list."""
    with database.transaction() as session:
        invitation = get_invitation(session, school.invitation.id, visible_to=school.actor)
        response = service.start_response(session, school.actor, invitation)
        return service.add_missing_pupil(session, school.actor, response, AddMissingPupil(UrgentAnswers()))


def versions(database: Database) -> Sequence[QuestionVersion]:
    with database.reading() as session:
        return session.scalars(select(QuestionVersion).order_by(QuestionVersion.number)).all()


def without(page: Page, name: str) -> dict[str, Any]:
    """Return what is sent when a box is not ticked."""
    sent = page.form(ADOPT).filled({})
    sent.pop(name)
    return sent


def test_every_page_can_be_looked_at_and_previewed(coordinator: Browser) -> None:
    page = coordinator.page("responses.list_questions")
    assert "Frågorna är som de följer med Återkomst." in page.text
    assert "Elever som saknas och oro inför lov" in {row["Ställs om"] for row in page.rows("Frågorna i dag")}
    for number in range(1, len(ALL_PAGES) + 1):
        coordinator.page("responses.edit_question", number=number)
        preview = coordinator.page("responses.preview_question", number=number)
        assert "förhandsvisning, inget sparas" in preview.text
    coordinator.page("responses.edit_question", status=404, number=len(ALL_PAGES) + 1)


def test_a_preview_saves_nothing(coordinator: Browser) -> None:
    page = coordinator.page("responses.preview_question", number=ALL_PAGES.index(PupilPage.OWN_WORDS) + 1)
    back = coordinator.submit(page, {"text": "Prov"}, button=SAVE)
    assert "Det var en förhandsvisning. Inget är sparat." in back.text


def test_a_change_can_be_looked_at_before_it_holds(coordinator: Browser, database: Database) -> None:
    page, change = edit(coordinator, PupilPage.OWN_WORDS), {"hint_text": "Skriv kort."}
    seen = coordinator.submit(page, change, button="Förhandsvisa i en ny flik", status=422)
    assert "Skriv kort." in seen.text
    assert versions(database) == []
    coordinator.submit(page, change, button=ADOPT)
    assert len(versions(database)) == 1


def test_two_who_change_two_pages_are_in_nobodys_way_and_on_one_page_both_are_shown(
    coordinator: Browser, database: Database
) -> None:
    leave, words, again = (edit(coordinator, page) for page in (PupilPage.LEAVE, *[PupilPage.OWN_WORDS] * 2))
    coordinator.post(leave.form(ADOPT).action, data=without(leave, "is_asked"))
    coordinator.submit(words, {"hint_text": "Skriv kort."}, button=ADOPT)
    (_first, second) = versions(database)
    assert second.question_set.pages_off == {PupilPage.LEAVE}
    seen = coordinator.submit(again, {"hint_text": "Skriv mycket."}, button=ADOPT, status=409)
    assert "Skriv kort." in seen.text
    assert "Skriv mycket." in seen.text


def test_a_page_left_out_is_skipped_and_not_counted(
    coordinator: Browser, karin: Browser, school: School, database: Database
) -> None:
    page = edit(coordinator, PupilPage.LEAVE)
    after = coordinator.post(page.form(ADOPT).action, data=without(page, "is_asked"), follow_redirects=True)
    listed = Page(after.text)
    assert "”Är ledighet sökt?” ställs inte längre." in listed.text
    assert [row["Ändrat här"] for row in listed.rows("Frågorna i dag") if row["Läge"] == "Hoppas över"] == ["1 ändring"]
    pupil = begin(database, school)
    page = karin.page("responses.save_whereabouts", pupil_id=pupil.id)
    assert "Fråga 4 av 9" in page.text
    known = {"place": "sweden", "explanation": "sick", "source": "guardian", "evidence": ["nothing"]}
    assert karin.submit(page, known, button=SAVE).h1 == "Vem har ni försökt nå?"
    karin.page("responses.save_leave", status=404, pupil_id=pupil.id)
    listed = karin.page("responses.list_missing_pupils", invitation_id=school.invitation.id)
    assert "ledighet" not in listed.text


def test_an_answer_keeps_the_questions_it_was_begun_under(
    coordinator: Browser, karin: Browser, school: School, database: Database
) -> None:
    pupil = begin(database, school)
    page = edit(coordinator, PupilPage.LEAVE)
    coordinator.post(page.form(ADOPT).action, data=without(page, "is_asked"))
    assert "Fråga 5 av 10" in karin.page("responses.save_leave", pupil_id=pupil.id).text


def test_the_first_page_about_a_new_pupil_asks_as_the_answer_does(
    coordinator: Browser, karin: Browser, school: School, database: Database
) -> None:
    coordinator.submit(edit(coordinator, PupilPage.URGENT), {"hint_signs": "Ring hellre."}, button=ADOPT)
    place = {"invitation_id": school.invitation.id}
    assert "Ring hellre." in karin.page("responses.add_missing_pupil", **place).text, "nothing is begun yet"
    begin(database, school)
    coordinator.submit(edit(coordinator, PupilPage.URGENT), {"hint_signs": "Ring alltid."}, button=ADOPT)
    assert "Ring hellre." in karin.page("responses.add_missing_pupil", **place).text, "as the answer was begun"


def test_own_help_texts_and_the_way_back(
    coordinator: Browser, karin: Browser, school: School, database: Database
) -> None:
    page = edit(coordinator, PupilPage.OWN_WORDS)
    said = coordinator.submit(page, {"hint_text": OWN}, button=ADOPT)
    assert (
        "är ”Skriv <b>kort</b>.”, förut ”Skriv det ni sett och hört, inte slutsatser. Får lämnas tomt.”." in said.text
    )
    pupil = begin(database, school)
    assert OWN in karin.page("responses.save_own_words", pupil_id=pupil.id).text, "no markup"
    coordinator.submit(edit(coordinator, PupilPage.OWN_WORDS), {"hint_text": ""}, button=ADOPT)
    assert [version.settings["hints"] for version in versions(database)] == [
        {"own_words.text": "Skriv <b>kort</b>."},
        {},
    ]


def test_an_option_is_retired_but_an_answer_that_has_it_shows_it(
    coordinator: Browser, karin: Browser, school: School, database: Database
) -> None:
    pupil = begin(database, school)
    page = karin.page("responses.save_whereabouts", pupil_id=pupil.id)
    known = {"place": "sweden", "explanation": "sick", "source": "guardian", "evidence": ["met_child"]}
    karin.submit(page, known, button=SAVE)
    page = edit(coordinator, PupilPage.WHEREABOUTS)
    left = [option for option in page.form(ADOPT).filled({})["offers_explanation"] if option != "sick"]  # type: ignore[attr-defined]
    said = coordinator.submit(page, {"offers_explanation": left}, button=ADOPT)
    assert "Förklaringar: ”Sjuk” går inte längre att välja." in said.text
    with database.transaction() as session:
        session.scalars(select(Response)).one().question_version = session.scalars(select(QuestionVersion)).one()
    page = karin.page("responses.save_whereabouts", pupil_id=pupil.id)
    assert page.form(SAVE).filled({})["explanation"] == "sick"
    karin.submit(page, button=SAVE)
    with database.reading() as session:
        assert session.scalars(select(MissingPupil)).one().told.whereabouts.explanation == "sick"


def test_a_retired_option_cannot_be_chosen_anew(
    coordinator: Browser, karin: Browser, school: School, database: Database
) -> None:
    page = edit(coordinator, PupilPage.CONCERN)
    left = [option for option in page.form(ADOPT).filled({})["offers_sign"] if option != "watched"]  # type: ignore[attr-defined]
    coordinator.submit(page, {"offers_sign": left}, button=ADOPT)
    pupil = begin(database, school)
    page = karin.page("responses.save_concern", pupil_id=pupil.id)
    assert not page.soup.select('[name="rows-0-sign"] [value=watched]')
    sent = {**page.form(SAVE).filled({"concern": "none", "earlier_concern": "no"}), "rows-0-sign": "watched"}
    assert karin.post(page.form(SAVE).action, data=sent).status_code == 422


def test_a_single_question_left_out_keeps_what_was_answered(
    coordinator: Browser, karin: Browser, school: School, database: Database
) -> None:
    pupil = begin(database, school)
    page = karin.page("responses.save_guardians", pupil_id=pupil.id)
    karin.submit(page, {"contact": "may_not", "because": "Skolsköterskan"}, button=SAVE)
    page = edit(coordinator, PupilPage.GUARDIANS)
    coordinator.post(page.form(ADOPT).action, data=without(page, "asks_because"))
    with database.transaction() as session:
        session.scalars(select(Response)).one().question_version = session.scalars(select(QuestionVersion)).one()
    page = karin.page("responses.save_guardians", pupil_id=pupil.id)
    assert "because" not in page.form(SAVE).names
    karin.submit(page, {"contact": "may"}, button=SAVE)
    with database.reading() as session:
        told = session.scalars(select(MissingPupil)).one().told.guardians
        assert (told.contact, told.because) == ("may", "Skolsköterskan")


def test_saving_what_is_unchanged_makes_no_version(coordinator: Browser, database: Database) -> None:
    said = coordinator.submit(edit(coordinator, PupilPage.LEAVE), button=ADOPT)
    assert "Inget är ändrat." in said.text
    assert versions(database) == []


def test_two_changes_at_once_are_not_written_over_each_other(school: School, session: Session) -> None:
    def change(page: PupilPage, number: int) -> AdoptQuestions:
        return AdoptQuestions(page, False, frozenset(), {}, {}, number)

    service.adopt_questions(session, school.desk.coordinator, change(PupilPage.LEAVE, 0))
    with pytest.raises(Conflict):
        service.adopt_questions(session, school.desk.coordinator, change(PupilPage.SIBLINGS, 0))


def test_another_municipality_asks_as_it_did(
    coordinator: Browser, school: School, session: Session, sign_in: SignIn, database: Database
) -> None:
    page = edit(coordinator, PupilPage.OWN_WORDS)
    coordinator.submit(page, {"hint_text": "Skriv kort."}, button=ADOPT)
    with database.transaction() as opened:
        other = make_account(opened, make_municipality(opened), Role.COORDINATOR)
    assert "Skriv kort." not in edit(sign_in(other), PupilPage.OWN_WORDS).html


@pytest.mark.parametrize("role", [Role.RESPONDENT, Role.STAFF, Role.DIRECTOR, Role.AUDITOR])
def test_the_questions_are_the_coordinators_and_the_administrators(
    school: School, session: Session, sign_in: SignIn, role: Role
) -> None:
    account = make_account(session, school.desk.municipality, role)
    session.commit()
    sign_in(account).page("responses.list_questions", status=403)
