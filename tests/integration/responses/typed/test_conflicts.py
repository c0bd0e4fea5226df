"""Two who write on the same page at once are shown both answers."""

import pytest

from app.kernel.database import Database
from app.responses.models import MissingPupil
from tests.integration.responses.conftest import School
from tests.integration.responses.typed.words import (
    SAVE,
    kept,
    own_words,
    shown,
    told,
    typing,
)
from tests.pages import Browser, Page


class TestConflicts:
    def test_two_pages_of_one_pupil_are_no_conflict(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        mine, theirs = own_words(karin, pupil), anna.page("responses.save_guardians", pupil_id=pupil.id)
        anna.submit(theirs, {"contact": "may_not"}, button=SAVE)
        karin.submit(mine, {"text": "Hon"}, button=SAVE)
        assert told(database).own_words.text == "Hon"
        assert told(database).guardians.contact == "may_not"

    @pytest.fixture
    def compared(self, karin: Browser, anna: Browser, pupil: MissingPupil) -> Page:
        """What Karin sees when Anna has saved the same page."""
        mine, theirs = (browser.page("responses.save_whereabouts", pupil_id=pupil.id) for browser in (karin, anna))
        known = {"place": "abroad", "explanation": "delayed_return", "source": "guardian", "evidence": ["nothing"]}
        anna.submit(theirs, {**known, "country": "Somalia"}, button=SAVE)
        return karin.submit(mine, {**known, "country": "Kenya", "source": "relative"}, button=SAVE, status=409)

    def test_both_stand_side_by_side(self, compared: Page, database: Database) -> None:
        assert "Någon annan hann före" in compared.text
        assert [legend.get_text() for legend in compared.soup.select(".compared legend")] == [
            "Land, och ort om ni vet",
            "Vem har sagt det?",
        ]
        assert "Kenya" in compared.text
        assert "Somalia" in compared.text
        assert told(database).whereabouts.country == "Somalia"

    def test_one_chooses_question_by_question(self, compared: Page, karin: Browser, database: Database) -> None:
        chosen = {"choose-country": "saved", "choose-source": "mine"}
        karin.submit(compared, chosen, button="Spara det jag har valt")
        assert told(database).whereabouts.country == "Somalia"
        assert told(database).whereabouts.source == "relative"

    def test_keeping_the_saved_throws_the_own_away(self, compared: Page, karin: Browser, database: Database) -> None:
        page = karin.submit(compared, button="Behåll det som är sparat och kasta mitt")
        assert shown(page, "country") == "Somalia"
        assert kept(database) == []

    def test_it_happens_again_when_a_third_is_quicker(
        self, compared: Page, karin: Browser, anna: Browser, pupil: MissingPupil
    ) -> None:
        page = anna.page("responses.save_whereabouts", pupil_id=pupil.id)
        anna.submit(page, {"country": "Irak"}, button=SAVE)
        page = karin.submit(compared, button="Spara det jag har valt", status=409)
        assert "Irak" in page.text

    def test_figures_begun_by_two_at_once(self, karin: Browser, anna: Browser, school: School) -> None:
        mine, theirs = (
            browser.page("responses.save_figures", invitation_id=school.invitation.id) for browser in (karin, anna)
        )
        anna.submit(theirs, {"enrolled": 412, "present": 400, "known_absence": 3, "protected_missing": 0}, button=SAVE)
        given = {"enrolled": 412, "present": 410, "known_absence": 1, "protected_missing": 0}
        page = karin.submit(mine, given, button=SAVE, status=409)
        assert [legend.get_text() for legend in page.soup.select(".compared legend")] == [
            "Hur många är på plats?",
            "Hur många har känd frånvaro?",
        ]

    def test_words_from_before_a_colleague_saved_are_compared_on_return(
        self, karin: Browser, anna: Browser, pupil: MissingPupil, database: Database
    ) -> None:
        typing(karin, own_words(karin, pupil), {"text": "Karins"})
        page = own_words(anna, pupil)
        anna.submit(page, {"text": "Annas"}, button=SAVE)
        assert kept(database) == [], "Anna was shown what Karin wrote and went on from it"
        stale = own_words(karin, pupil)
        anna.submit(own_words(anna, pupil), {"text": "Annas nya"}, button=SAVE)
        typing(karin, stale, {"text": "Karins nya"})
        page = own_words(karin, pupil)
        assert "Någon annan hann före" in page.text
        karin.submit(page, button="Spara det jag har valt")
        assert told(database).own_words.text == "Karins nya"
