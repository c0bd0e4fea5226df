"""Classes and absence lists, walked as a person walks them, without JavaScript."""

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Role
from app.accounts.models import Account
from app.audit.models import AuditRow
from app.audit.types import AuditAction
from app.kernel.database import Database
from app.responses import jobs
from app.responses.models import AbsenceList, MissingPupil, Response
from app.rosters.models import RosterClass
from app.rosters.types import Mark
from tests.factories.accounts import make_account
from tests.factories.rosters import NAMES, stage_classes
from tests.integration.responses.conftest import TUESDAY, School
from tests.integration.responses.test_routes import browser, one, respondent, rows, start  # noqa: F401 - fixtures
from tests.pages import Browser, Page

SAVE, LATER, REST = "Spara klassen", "Spara och gör klart senare", "Markera alla som på plats"


@pytest.fixture
def five_b(school: School, session: Session, respondent: Account) -> RosterClass:  # noqa: F811
    """A class of eight that has been staged."""
    (roster_class,) = stage_classes(session, school.invitation)
    session.commit()
    return roster_class


def show(browser: Browser, roster_class: RosterClass) -> Page:  # noqa: F811
    """Return the page of a class."""
    return browser.page("responses.save_class", class_id=roster_class.id)


def key_of(roster_class: RosterClass, name: str) -> str:
    """Return the name of a pupil's choice."""
    return "mark_" + next(pupil.key for pupil in roster_class.pupils if pupil.name == name)


def everyone(roster_class: RosterClass, mark: Mark = Mark.PRESENT) -> dict[str, str]:
    """Return choices for the whole class."""
    return {f"mark_{pupil.key}": mark.value for pupil in roster_class.pupils}


class TestClasses:
    def test_the_whole_way_from_the_task_list_to_figures_that_fill_themselves_in(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        database: Database,
        five_b: RosterClass,
    ) -> None:
        tasks = start(browser, school)
        assert "0 av 1 klass klar" in tasks.text
        classes = browser.visit(tasks.link("Gå igenom klasserna"))
        page = browser.visit(classes.link("Börja med 5 B"))
        filled = browser.submit(page, button=REST, status=422)
        assert filled.text.count("Inget är sparat än") == 1
        assert one(database, RosterClass).marked == 0
        away = {key_of(five_b, "Elin Ek"): "missing", key_of(five_b, "Bo Björk"): "known"}
        done = browser.submit(filled, away, button=SAVE)
        assert "1 av 1 klass är klar." in done.text
        assert "8 inskrivna = 6 på plats + 1 känd frånvaro + 1 saknas" in done.text
        absent = browser.visit(done.link("Beskriv elever som saknas"))
        assert "Elin Ek, 5 B" in absent.text
        urgent = browser.visit(absent.link("Fortsätt: Är något akut?"))
        who = browser.submit(urgent, {"signs": ["none"]}, button="Spara och fortsätt")
        assert who.h1 == "Vem är eleven?"
        form = who.form("Spara och fortsätt").filled({})
        assert (form["name"], form["school_class"], form["kind"]) == ("Elin Ek", "5 B", "personal")
        assert "is_protected" not in form, "what a list cannot know is asked"

    def test_a_class_is_not_done_before_the_counters_add_up(
        self,
        browser: Browser,  # noqa: F811
        database: Database,
        five_b: RosterClass,
    ) -> None:
        page = show(browser, five_b)
        some = everyone(five_b) | {}
        some.pop(key_of(five_b, "Elin Ek"))
        refused = browser.submit(page, some, button=SAVE, status=422)
        assert refused.errors == ["En elev är inte markerad. Det är Elin Ek."]
        assert "7 på plats + 0 känd frånvaro + 0 saknas 1 är inte markerad." in refused.text
        assert one(database, RosterClass).marked == 0
        kept = browser.submit(refused, {}, button=LATER)
        assert "7 av 8 elever är markerade" in kept.text
        assert not one(database, RosterClass).is_done

    def test_who_has_answered_questions_is_asked_before_the_answers_go(
        self,
        browser: Browser,  # noqa: F811
        database: Database,
        five_b: RosterClass,
    ) -> None:
        browser.submit(show(browser, five_b), everyone(five_b) | {key_of(five_b, "Elin Ek"): "missing"}, button=SAVE)
        pupil = one(database, MissingPupil)
        urgent = browser.page("responses.save_urgent", pupil_id=pupil.id)
        browser.submit(urgent, {"signs": ["none"]}, button="Spara och fortsätt")
        asked = browser.submit(show(browser, five_b), everyone(five_b), button=SAVE, status=422)
        assert "Ni har skrivit om Elin Ek, 5 B i frånvarolistan" in asked.errors[0]
        assert len(rows(database, MissingPupil)) == 1
        browser.submit(asked, {"removes_described": "ja"}, button=SAVE)
        assert rows(database, MissingPupil) == []

    def test_two_colleagues_meet_and_nothing_marked_is_lost(
        self,
        browser: Browser,  # noqa: F811
        respondent: Account,  # noqa: F811
        sign_in: Callable[[Account], Browser],
        database: Database,
        five_b: RosterClass,
    ) -> None:
        colleague = sign_in(respondent)
        mine, theirs = show(browser, five_b), show(colleague, five_b)
        elin, bo = key_of(five_b, "Elin Ek"), key_of(five_b, "Bo Björk")
        colleague.submit(theirs, everyone(five_b) | {elin: "missing"}, button=SAVE)
        met = browser.submit(mine, everyone(five_b) | {bo: "known"}, button=SAVE, status=409)
        assert met.text.count("Sparat av kollegan: Saknas") == 1
        assert met.text.count("Sparat av kollegan: På plats") == 1
        form = met.form(SAVE).filled({})
        assert (form[elin], form[bo]) == ("present", "known")
        browser.submit(met, {elin: "missing"}, button=SAVE)
        kept = one(database, RosterClass)
        assert (kept.present, kept.known_absence, kept.missing) == (6, 1, 1)

    def test_who_passes_a_class_over_is_led_on_and_back_to_it_last(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        session: Session,
    ) -> None:
        _, five_b, six_a = stage_classes(session, school.invitation, {"4 A": NAMES, "5 B": NAMES, "6 A": NAMES})
        session.commit()
        page = browser.submit(show(browser, five_b), everyone(five_b), button=SAVE)
        assert "6 A, 8 elever (klass 3 av 3)" in page.text
        page = browser.submit(page, everyone(six_a), button=SAVE)
        assert "4 A, 8 elever (klass 1 av 3)" in page.text

    def test_looking_at_a_class_leaves_a_trace_of_it(
        self,
        browser: Browser,  # noqa: F811
        database: Database,
        five_b: RosterClass,
    ) -> None:
        show(browser, five_b)
        traced = [row for row in rows(database, AuditRow) if row.action == AuditAction.ROSTER_READ]
        assert [row.object_id for row in traced] == [str(five_b.id)]

    def test_protected_pupils_are_counted_by_hand_and_none_is_forgotten(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        session: Session,
        database: Database,
    ) -> None:
        (roster_class,) = stage_classes(session, school.invitation, protected=2)
        session.commit()
        classes = browser.submit(show(browser, roster_class), everyone(roster_class), button=SAVE)
        unlisted = browser.visit(classes.link("Räkna elever utanför klasslistorna"))
        refused = browser.submit(unlisted, {"present": 1, "known_absence": 0, "protected_missing": 0}, status=422)
        assert "2 elever har skyddade personuppgifter, men här är bara 1 räknade" in refused.errors[0]
        done = browser.submit(refused, {"protected_missing": 1})
        assert "10 inskrivna = 9 på plats + 0 känd frånvaro + 1 saknas, varav 1 skyddad" in done.text
        assert one(database, Response).enrolled == 10

    def test_without_class_lists_the_number_is_typed(
        self,
        browser: Browser,  # noqa: F811
        school: School,
    ) -> None:
        assert browser.page("responses.list_classes", invitation_id=school.invitation.id).h1 == "Antal elever"
        assert browser.page("responses.save_unlisted", invitation_id=school.invitation.id).h1 == "Antal elever"

    def test_nobody_but_the_school_sees_a_class(
        self,
        sign_in: Callable[[Account], Browser],
        school: School,
        database: Database,
        five_b: RosterClass,
    ) -> None:
        with database.reading() as own:
            coordinator = own.get_one(Account, school.desk.coordinator.account_id)
        sign_in(coordinator).page("responses.save_class", class_id=five_b.id, status=403)


def paste(browser: Browser, school: School, text: str, status: int = 200) -> Page:  # noqa: F811
    """Paste a list and return the page that follows."""
    page = browser.page("responses.preview_absence_list", invitation_id=school.invitation.id)
    return browser.submit(page, {"text": text}, button="Läs in och granska", status=status)


class TestAbsenceLists:
    def test_a_list_pasted_is_looked_at_and_becomes_pupils_whose_questions_are_asked(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        database: Database,
    ) -> None:
        preview = paste(browser, school, "Namn\tPersonnummer\tKlass\nElin Ek\t20150412-2381\t5 B\nBo Björk\t\t6 A")
        assert preview.h1 == "Stämmer listan?"
        assert [row["Elev"] for row in preview.rows()] == ["Elin Ek 20150412-••••, 5 B", "Bo Björk Inget nummer, 6 A"]
        assert "2381" not in preview.html
        assert rows(database, MissingPupil) == []
        absent = browser.submit(preview, button="Lägg in 2 elever")
        assert "2 elever är inlagda." in absent.text
        assert rows(database, AbsenceList) == []
        first = browser.visit(absent.link("Fortsätt: Är något akut?"))
        second = browser.submit(first, {"signs": ["none"]}, button="Spara och fortsätt")
        assert second.h1 == "Är något akut?", "it is asked about everybody before anything else"
        assert "Elev 2 av 2" in second.text
        who = browser.submit(second, {"signs": ["none"]}, button="Spara och fortsätt")
        assert (who.h1, "Elev 1 av 2: Elin Ek, 5 B" in who.text) == ("Vem är eleven?", True)

    def test_whom_something_is_urgent_about_comes_first_once_all_are_asked_about(
        self,
        browser: Browser,  # noqa: F811
        school: School,
    ) -> None:
        rows = "Namn\nElin Ek\nBo Björk\nCilla Ceder"
        page = browser.submit(paste(browser, school, rows), button="Lägg in 3 elever")
        assert "Klara: 0 av 3 elever. Näst på tur: Elin Ek." in page.text
        page = browser.visit(page.link("Fortsätt: Är något akut?"))
        page = browser.submit(page, {"signs": ["none"]}, button="Spara och fortsätt")
        page = browser.submit(page, {"signs": ["danger_now"]}, button="Spara och fortsätt")
        page = browser.submit(page, button="Spara och fortsätt")
        assert (page.h1, "Elev 3 av 3: Cilla Ceder" in page.text) == ("Är något akut?", True)
        page = browser.submit(page, {"signs": ["none"]}, button="Spara och fortsätt")
        assert (page.h1, "Elev 2 av 3: Bo Björk" in page.text) == ("Vem är eleven?", True)

    def test_a_file_is_read_like_a_paste(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        database: Database,
    ) -> None:
        page = browser.page("responses.preview_absence_list", invitation_id=school.invitation.id)
        file = (BytesIO("namn;klass\nÅsa Öberg;5 B\n".encode("cp1252")), "lista.csv")
        form = page.form("Läs in och granska")
        sent = browser.post(
            form.action, data={**form.filled({}), "file": file}, content_type="multipart/form-data",
            follow_redirects=True,
        )  # fmt: skip
        preview = Page(sent.text, sent.request.path)
        assert [row["Elev"] for row in preview.rows()] == ["Åsa Öberg Inget nummer, 5 B"]
        browser.submit(preview, button="Lägg in 1 elev")
        assert one(database, MissingPupil).told.identity.name == "Åsa Öberg"

    def test_the_text_comes_back_to_be_corrected(
        self,
        browser: Browser,  # noqa: F811
        school: School,
    ) -> None:
        wrong = "Namn\tPersonnummer\nElin Ek\t20150412-2382"
        refused = paste(browser, school, wrong, status=422)
        assert refused.errors == ["Listan har ett fel, så ingenting är inläst."]
        words = "sista siffran stämmer inte med de andra"
        assert refused.rows("Fel i listan") == [{"Plats": "Rad 2 Personnummer", "Vad som är fel": words}]
        assert refused.form("Läs in och granska").filled({})["text"] == wrong
        preview = browser.submit(refused, {"text": wrong[:-1] + "1"}, button="Läs in och granska")
        again = browser.visit(preview.link("Rätta i texten"))
        assert again.form("Läs in och granska").filled({})["text"] == wrong[:-1] + "1"

    def test_a_list_without_its_header_is_understood_and_told_how(
        self,
        browser: Browser,  # noqa: F811
        school: School,
    ) -> None:
        asked = paste(browser, school, "Ek\tElin\t5 B", status=422)
        assert asked.errors == ["Välj vad som står i de två kolumnerna med namn."]
        preview = browser.submit(asked, {"order": "last_name_first"}, button="Läs in och granska")
        assert "A efternamn, B förnamn, C klass. Stämmer det inte" in preview.text
        assert preview.form("Lägg in 1 elev")

    def test_who_is_on_the_list_already_is_told_and_not_listed_twice(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        database: Database,
    ) -> None:
        browser.submit(paste(browser, school, "Namn\tKlass\nElin Ek\t5 B"), button="Lägg in 1 elev")
        preview = paste(browser, school, "Namn\tKlass\nElin Ek\t5b\nBo Björk\t6 A")
        assert [row["I frånvarolistan"] for row in preview.rows()] == ["Står redan där", "Läggs in"]
        browser.submit(preview, button="Lägg in 1 elev")
        assert len(rows(database, MissingPupil)) == 2

    def test_protected_pupils_are_counted_and_not_named_anywhere(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        database: Database,
    ) -> None:
        preview = paste(browser, school, "Namn\tSkyddad\nElin Ek\tja")
        assert "1 elev är märkt med skyddade personuppgifter" in preview.text
        assert "Elin" not in repr(one(database, AbsenceList).content)
        browser.submit(preview, button="Räkna de skyddade eleverna")
        assert one(database, Response).protected_missing == 1
        assert rows(database, MissingPupil) == []

    def test_a_list_is_thrown_away(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        database: Database,
    ) -> None:
        browser.submit(paste(browser, school, "Namn\nElin Ek"), button="Släng listan")
        assert rows(database, AbsenceList) == rows(database, MissingPupil) == []

    def test_a_list_nobody_confirms_is_gone_after_a_day(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        database: Database,
        set_clock,
    ) -> None:
        paste(browser, school, "Namn\nElin Ek")
        jobs.forget_absence_lists(database)
        assert len(rows(database, AbsenceList)) == 1
        set_clock(TUESDAY.replace(day=26))
        jobs.forget_absence_lists(database)
        assert rows(database, AbsenceList) == []

    def test_a_colleague_does_not_see_a_list_before_it_is_confirmed(
        self,
        browser: Browser,  # noqa: F811
        school: School,
        session: Session,
        database: Database,
        sign_in: Callable[[Account], Browser],
    ) -> None:
        paste(browser, school, "Namn\nElin Ek")
        other = make_account(session, school.desk.municipality, Role.RESPONDENT, school.desk.unit)
        session.commit()
        colleague = sign_in(other)
        kept = one(database, AbsenceList)
        colleague.page("responses.confirm_absence_list", absence_list_id=kept.id, status=404)


def test_the_number_enrolled_is_the_class_lists_first(browser: Browser, school: School, five_b: RosterClass) -> None:  # noqa: F811
    page = browser.page("responses.submit_nil_return", invitation_id=school.invitation.id)
    assert page.form("Skriv under och skicka nollsvar").filled({})["enrolled"] == str(len(NAMES))
    assert "Talet kommer från klasslistorna" in page.text
