"""Typing into the pages about a pupil, as a browser does it, and looking at what came of it."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel.database import Database
from app.kernel.typed_forms import TypedForm
from app.responses import service
from app.responses.models import MissingPupil
from app.responses.types import PupilPage, SaveFigures, SavePupilPage
from app.web import typed_forms
from tests.integration.responses.conftest import School
from tests.integration.responses.waves import named
from tests.pages import Browser, Page

PASSWORD: Final = "fyra-ord-utan-samband"
SAVE: Final = "Spara och fortsätt"
SEND: Final = "Skriv under och skicka in"
KEPT_BUTTON: Final = "Kasta det som inte är sparat"


def own_words(browser: Browser, pupil: MissingPupil, status: int = 200) -> Page:
    return browser.page("responses.save_own_words", status, pupil_id=pupil.id)


def typing(browser: Browser, page: Page, values: dict[str, Any], button: str = SAVE) -> TestResponse:
    """Send what the page's script sends a moment after typing stops."""
    form = page.form(button)
    return browser.post(form.action, data=form.filled(values), headers={typed_forms.HEADER: "1"})


def shown(page: Page, name: str = "text") -> object:
    return page.form(SAVE).filled({})[name]


def kept(database: Database) -> list[TypedForm]:
    with database.reading() as session:
        return list(session.scalars(select(TypedForm)))


def told(database: Database) -> Any:
    with database.reading() as session:
        return session.scalars(select(MissingPupil)).one().told


def describe(session: Session, school: School, pupil: MissingPupil) -> MissingPupil:
    """Answer every question about the pupil and give the figures, so that the answer may be sent."""
    response = service.start_response(session, school.actor, school.invitation)
    row, answers = session.get_one(MissingPupil, pupil.id), named("Elin Sandhage")
    for page in answers.answered:
        if page is not PupilPage.URGENT and (values := answers.page(page)) is not None:
            service.save_pupil_page(session, school.actor, row, SavePupilPage(page, values))
    service.save_figures(session, school.actor, response, SaveFigures(412, 408, 3))
    session.commit()
    return row
