import csv
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.access.actor import Actor, Role
from app.rehearsal.types import FOLDER
from app.summaries import queries, service
from tests.factories.accounts import make_account
from tests.factories.schools import make_municipality, make_organiser, make_school_year, make_unit
from tests.factories.surveys import draft, make_plan
from tests.integration.summaries.term import CLOSED, OPENED, at, make_story

TERM = "HT 2026"


@pytest.fixture
def story(app, session):
    """A term that has begun; the application looks at the database before anybody writes."""
    story = make_story(session)
    session.commit()
    return story


@pytest.fixture
def director(story, sign_in):
    """A director of the municipality with four terms behind it, and this one counted."""
    account = make_account(story.session, story.municipality, Role.DIRECTOR, name="Birgitta Hallgren")
    service.import_history(story.session, story.system, FOLDER)
    story.session.commit()
    return sign_in(account)


def freeze(story, day=CLOSED):
    snapshot = service.freeze_term(story.session, story.municipality.id, TERM, at(day))
    story.session.commit()  # SQLite lets nobody write, not even a read trace, beside an open writer.
    return snapshot


def count_autumn(story):
    """41 missing, 7 still missing, three of four schools have answered."""
    story.answer(0, 2, 3)
    for place, (missing, located) in enumerate([(20, 18), (0, 0), (11, 8), (10, 8)]):
        story.miss(missing, place, located=located, reported=min(missing, 6), acknowledged=min(missing, 6))
    story.close()
    return freeze(story)


class TestShowTerm:
    def test_it_says_the_term_in_one_sentence_and_names_the_silent(self, story, director):
        count_autumn(story)
        page = director.page("summaries.show_term")
        assert page.h1 == "Terminen i korthet"
        assert "3 av 4 skolor har svarat. 41 elever rapporterades saknade, 7 saknas fortfarande." in page.text
        assert "Inget svar från Hagtornsskolan." in page.text
        assert "Höstterminen 2026 · läget fredag 11 september 2026" in page.text

    def test_the_steps_stand_in_a_table_beside_the_chart(self, story, director):
        count_autumn(story)
        rows = director.page("summaries.show_term").rows("Från saknad till tillbaka")
        assert [row["Elever"] for row in rows] == ["41", "34", "18", "18", "<5"]
        assert rows[1] == {"Steg": "Återfunna", "Elever": "34", "Andel": "83 %", "Dagar, median": "9"}
        assert rows[4] == {"Steg": "Tillbaka", "Elever": "<5", "Andel": "..", "Dagar, median": ".."}

    def test_it_stands_beside_the_terms_before_it(self, story, director):
        count_autumn(story)
        rows = director.page("summaries.show_term").rows("Jämfört med tidigare terminer")
        assert [row["Termin"] for row in rows] == ["HT 2024", "VT 2025", "HT 2025", "VT 2026", "HT 2026, prel."]
        assert [row["Saknade"] for row in rows] == ["52", "28", "47", "25", "41"]

    def test_small_counts_are_signs_that_are_explained(self, story, director):
        story.answer()
        story.miss(3, 1, located=1)
        freeze(story)
        page = director.page("summaries.show_term")
        assert "Färre än fem elever rapporterades saknade." in page.text
        rows = page.rows("Per skolform och årskurs")
        assert {row["Saknade"] for row in rows} == {"<5"}
        assert "<5 färre än fem, kan vara noll." in page.text

    def test_signs_that_do_not_stand_there_are_not_explained(self, story, director):
        count_autumn(story)
        page = director.page("summaries.show_term")
        notes = [note.get_text() for note in page.soup.select("#terminer .note")]
        assert notes == []

    def test_while_schools_answer_no_child_is_counted(self, story, director):
        story.answer(0)
        story.miss(9)
        freeze(story, OPENED)
        page = director.page("summaries.show_term")
        assert "1 av 4 skolor har svarat. Elevtalen visas när kartläggningen har stängt" in page.text
        assert "fredag 11 september 2026" in page.text
        assert not page.soup.select("#steg, #arskurser")

    def test_it_tells_when_children_were_counted(self, story, director):
        count_autumn(story)
        freeze(story, CLOSED + timedelta(days=5))
        page = director.page("summaries.show_term")
        assert "läget onsdag 16 september 2026" in page.text
        assert "Eleverna räknades fredag 11 september 2026." in page.text

    def test_before_the_first_round_it_says_when_that_opens(self, app, session, sign_in):
        municipality = make_municipality(session)
        organiser = make_organiser(session, municipality)
        make_unit(session, municipality, organiser_id=organiser.id)
        make_school_year(session, organiser, autumn=OPENED + timedelta(days=7))
        make_plan(session, municipality)
        draft(session, municipality)
        account = make_account(session, municipality, Role.DIRECTOR)
        session.commit()
        page = sign_in(account).page("summaries.show_term")
        assert "Inga siffror ännu" in page.text
        assert "Nästa kartläggning öppnar måndag 31 augusti 2026 kl." in page.text

    def test_nothing_leads_to_a_child(self, story, director):
        count_autumn(story)
        page = director.page("summaries.show_term")
        assert not (page.soup.main or page.soup).select("form, input, select")
        leads = {link["href"].rpartition("/")[0] for link in page.soup.main.select("a")}
        assert {lead.split("/")[1] for lead in leads} == {"terminen"}

    def test_it_costs_the_same_with_many_terms(self, story, director, count_queries):
        with count_queries() as few:
            director.page("summaries.show_term")
        count_autumn(story)
        with count_queries() as many:
            director.page("summaries.show_term")
        assert len(many) <= len(few)


class TestShowEarlierTerm:
    def test_a_term_is_shown_as_it_was(self, story, director):
        count_autumn(story)
        page = director.page("summaries.show_term")
        earlier = director.visit(page.link("HT 2025"))
        assert earlier.h1 == "Höstterminen 2025 i korthet"
        assert "47 elever rapporterades saknade, 9 saknas fortfarande." in earlier.text
        assert [row["Termin"] for row in earlier.rows("Jämfört med tidigare terminer")][-1] == "HT 2025"

    def test_another_municipalitys_term_is_not_found(self, story, director):
        foreign = make_story(story.session)
        foreign.answer()
        snapshot = freeze(foreign)
        director.page("summaries.show_earlier_term", 404, snapshot_id=snapshot.id)
        director.page("summaries.export_term", 404, snapshot_id=snapshot.id)
        director.page("summaries.show_earlier_term", 404, snapshot_id=uuid4())


class TestExportTerm:
    def rows(self, response):
        assert response.data.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(StringIO(response.data.decode("utf-8-sig"), newline=""), delimiter=";"))

    def test_the_file_holds_what_the_page_shows_and_nothing_else(self, story, director):
        snapshot = count_autumn(story)
        response = director.get(f"/terminen/{snapshot.id}/siffror.csv")
        assert response.content_type == "text/csv; charset=utf-8"
        assert response.headers["Content-Disposition"] == 'attachment; filename="terminen-ht-2026.csv"'
        rows = self.rows(response)
        assert [row["termin"] for row in rows if row["uppgift"] == "Rapporterade saknade" and row["del"] == "alla"] == [
            *("HT 2024", "VT 2025", "HT 2025", "VT 2026", "HT 2026")
        ]
        own = {(row["uppgift"], row["del"]): row["värde"] for row in rows if row["termin"] == TERM}
        assert own["Skolor", "svarat"] == "3"
        assert own["Inget svar", "Hagtornsskolan"] == ""
        assert own["Rapporterade saknade", "alla"] == "41"
        assert own["Tillbaka i skolan", "alla"] == "<5"
        assert own["Återfunna, dagar", "median"] == "9"
        assert ("Tillbaka i skolan, dagar", "median") not in own

    def test_an_earlier_term_has_no_later_ones_beside_it(self, story, director):
        count_autumn(story)
        earlier_id = queries.find_snapshot(story.session, story.municipality.id, "VT 2025").id
        story.session.rollback()
        rows = self.rows(director.get(f"/terminen/{earlier_id}/siffror.csv"))
        assert {row["termin"] for row in rows} == {"HT 2024", "VT 2025"}

    def test_a_schools_name_is_no_formula(self, story, director):
        story.units[1].name = "=HYPERLINK(1)"
        snapshot = count_autumn(story)
        rows = self.rows(director.get(f"/terminen/{snapshot.id}/siffror.csv"))
        assert "'=HYPERLINK(1)" in {row["del"] for row in rows}

    def test_it_is_recorded(self, story, director):
        snapshot = count_autumn(story)
        director.get(f"/terminen/{snapshot.id}/siffror.csv")
        exported = text("SELECT object_id FROM audit_row WHERE action = 'summary:exported'")
        assert story.session.scalars(exported).all() == [str(snapshot.id)]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.DIRECTOR, Role.SYSTEM)])
def test_nobody_but_the_director_sees_it(story, sign_in, role):
    account = make_account(story.session, story.municipality, role, story.units[0])
    snapshot = freeze(story)
    browser = sign_in(account)
    browser.page("summaries.show_term", 403)
    browser.page("summaries.show_earlier_term", 403, snapshot_id=snapshot.id)
    browser.page("summaries.export_term", 403, snapshot_id=snapshot.id)


def test_a_stranger_is_asked_to_sign_in(story, browser):
    snapshot = freeze(story)
    for path in ("/terminen", f"/terminen/{snapshot.id}", f"/terminen/{snapshot.id}/siffror.csv"):
        assert browser.get(path).status_code == 303


def test_the_actor_of_another_municipality_has_terms_of_its_own(story):
    freeze(story)
    other = make_municipality(story.session)
    assert not queries.list_snapshots(story.session, visible_to=Actor.system(other.id))
