from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.access.actor import Role
from app.accounts.models import Account
from app.audit.models import AuditRow, AuditShown
from app.cases import service
from app.cases.models import Case
from app.cases.types import (
    PROOFS,
    Branch,
    CaseState,
    ContactSafety,
    DeadlineKind,
    OpenReason,
    Outcome,
    WaitForOthers,
    Whereabouts,
)
from app.surveys.types import InvitationState
from tests.factories.accounts import make_account
from tests.factories.cases import (
    make_assessed_case,
    make_case,
    make_claim,
    make_closed_case,
    make_desk,
    make_proven_claim,
)
from tests.factories.pupils import make_identity, make_nameless, make_temporary
from tests.factories.schools import make_unit
from tests.factories.surveys import make_invitation, make_plan, make_round
from tests.pages import all_of


@pytest.fixture
def visit(session, desk, sign_in):
    """Sign in the desk's coordinator, once what the test has made is kept."""

    def browser():
        account = session.get(Account, desk.coordinator.account_id)
        session.commit()
        return sign_in(account)

    return browser


@pytest.fixture
def kept(database):
    """Read what a request has kept, apart from the test's own session, which on SQLite would hold the lock."""

    def read(ask):
        with database.reading() as own:
            return ask(own)

    return read


def shown(own):
    return set(own.scalars(select(AuditShown.object_id)))


def actions_on(case):
    return lambda own: own.scalars(select(AuditRow.action).where(AuditRow.object_id == str(case.id))).all()


def again(case):
    return lambda own: own.get(Case, case.id)


class TestListCases:
    def test_the_shortest_clock_comes_first(self, session, desk, visit):
        make_case(session, desk, identity=make_identity(name="Alva Öhrling"))
        make_case(session, desk, identity=make_identity(name="Elin Sandhage"), reason=OpenReason.URGENT)
        rows = visit().page("cases.list_cases").rows()
        assert [row["Ärende"] for row in rows] == [
            "K-2026-002 Elin Sandhage Strandängsskolan, 5 B Akut enligt skolan",
            "K-2026-001 Alva Öhrling Strandängsskolan, 5 B",
        ]
        assert rows[0]["Klocka ↑"].startswith("I dag 14.00")
        assert rows[0]["Nästa steg"] == "Bedöm om skolans uppgifter räcker"
        assert rows[0]["Ansvarig"] == "Ingen ännu"
        assert "skolan svarade" in rows[0]["Senast hänt"]

    def test_every_case_shown_leaves_a_trace(self, session, desk, visit, kept):
        one, other = make_case(session, desk), make_case(session, desk)
        visit().page("cases.list_cases")
        assert kept(shown) == {one.id, other.id}

    def test_each_tab_holds_its_cases_and_counts_them(self, session, desk, visit):
        made = {
            "Att bedöma": make_case(session, desk),
            "Väntar på andra": make_assessed_case(session, desk),
            "Kommer tillbaka": make_case(session, desk, entry_id=(returned := uuid4())),
            "Avslutade": make_closed_case(session, desk),
        }
        waiting = made["Väntar på andra"]
        wait = WaitForOthers(date(2026, 8, 31), waiting.version, "hemkommunen")
        service.wait_for_others(session, desk.coordinator, waiting, wait)
        service.note_return_reported(session, desk.respondent, returned, date(2026, 8, 24))
        service.assign_case(session, desk.coordinator, made["Att bedöma"], desk.coordinator.account_id)
        made["Mina"] = made["Att bedöma"]
        browser = visit()
        page = browser.page("cases.list_cases")
        for label, case in made.items():
            tab = browser.visit(page.link(label if label == "Avslutade" else f"{label} 1"))
            assert [row["Ärende"].split()[0] for row in tab.rows()] == [case.reference]
        assert {row["Ärende"].split()[0] for row in page.rows()} == {
            case.reference for label, case in made.items() if label != "Avslutade"
        }
        assert "Alla 3" in page.links

    def test_the_next_step_follows_the_shortest_clock(self, session, desk, visit, set_clock):
        waiting, reported = make_assessed_case(session, desk), make_assessed_case(session, desk)
        wait = WaitForOthers(date(2026, 8, 31), waiting.version, "hemkommunen")
        service.wait_for_others(session, desk.coordinator, waiting, wait)
        at = datetime(2026, 8, 25, 9, 0, tzinfo=UTC)
        service.add_deadline(session, reported, DeadlineKind.REPORT_ACKNOWLEDGEMENT, at)
        set_clock(datetime(2026, 8, 25, 10, 0, tzinfo=UTC))
        rows = visit().page("cases.list_cases").rows()
        assert all_of(rows, "Nästa steg") == ["Ring socialtjänsten om mottagandet", "Invänta svar från hemkommunen"]
        assert all_of(rows, "Läge") == ["Obekräftad", "Väntar på andra"]

    def test_the_figures_on_top_open_their_rows(self, session, desk, visit, set_clock):
        late = make_case(session, desk, reason=OpenReason.URGENT)
        set_clock(datetime(2026, 8, 26, 8, 0, tzinfo=UTC))
        make_case(session, desk)
        today = make_case(session, desk, reason=OpenReason.URGENT)
        browser = visit()
        page = browser.page("cases.list_cases")
        for link, case in (("1 är försenat", late), ("1 ska vara klart senare i dag", today)):
            rows = browser.visit(page.link(link)).rows()
            assert [row["Ärende"].split()[0] for row in rows] == [case.reference]
        assert browser.visit(page.link("Öppna det som är mest bråttom")).h1 == f"Ärende {late.reference}"

    def test_closed_cases_come_back_on_the_day_somebody_was_to_look_again(self, session, desk, visit, set_clock):
        case = make_closed_case(session, desk, Outcome.LASTING_STAY_ABROAD)
        make_closed_case(session, desk, Outcome.RETURNED)
        set_clock(datetime(2027, 1, 15, 8, 0, tzinfo=UTC))
        browser = visit()
        [row] = browser.visit(browser.page("cases.list_cases").link("1 avslutat ärende")).rows()
        assert row["Ärende"].startswith(case.reference)
        assert "Följs upp 2027-01-15" in row["Klocka ↑"]

    def test_flags_stand_under_the_name(self, session, desk, visit):
        make_case(session, desk, identity=make_nameless(), contact_safety=ContactSafety.RAISES_RISK)
        make_case(session, desk, identity=make_nameless(), reason=OpenReason.URGENT)
        urgent, other = visit().page("cases.list_cases").rows()
        assert "Möjligen samma barn som K-2026-001" in urgent["Ärende"]
        assert "Kontakta inte vårdnadshavare" in other["Ärende"]

    def test_two_names_on_one_number_are_for_a_person_to_look_at(self, session, desk, visit):
        case = make_case(session, desk)
        other = make_identity(number=case.child.identity_number, name="Olle Heltannan")
        make_case(session, desk, identity=other)
        browser = visit()
        [row] = browser.page("cases.list_cases").rows()
        assert "Två olika namn på samma personnummer" in row["Ärende"]
        text = browser.page("cases.show_case", case_id=case.id).text
        assert f"Ärendet gäller {case.child.name}. En skola har skrivit Olle Heltannan med samma nummer." in text

    def test_the_schools_protected_pupils_are_only_counted(self, session, desk, visit):
        survey_round = make_round(session, make_plan(session, desk.municipality))
        begun = InvitationState.STARTED
        make_invitation(session, survey_round, desk.unit, state=begun, missing_count=1, protected_count=1)
        text = visit().page("cases.list_cases").text
        assert "1 skyddad elev på Strandängsskolan hanteras utanför systemet: ring rektor Per Hallonqvist" in text

    def test_a_case_whose_child_is_protected_says_no_name(self, session, desk, visit):
        identity, entry_id = make_identity(), uuid4()
        make_case(session, desk, identity=identity, entry_id=entry_id)
        make_case(session, desk, identity=identity, entry_id=entry_id, is_protected=True)
        [row] = visit().page("cases.list_cases").rows()
        assert row["Ärende"] == "K-2026-001 Skyddad Strandängsskolan. Identiteten finns inte i systemet."

    def test_the_choice_of_list_stands_in_the_address_and_a_name_never(self, session, desk, visit):
        other = make_unit(session, desk.municipality, name="Kvarnbackens skola")
        make_case(session, desk)
        there = make_case(session, desk, school_unit_id=other.id)
        browser = visit()
        page = browser.page("cases.list_cases")
        narrowed = browser.submit(page, {"skola": other.id, "lage": "to_assess"}, button="Visa")
        assert [row["Ärende"].split()[0] for row in narrowed.rows()] == [there.reference]
        none = browser.submit(narrowed, {"tid": "forsenade"}, button="Visa")
        assert "Inga ärenden passar filtret." in none.text

    @pytest.mark.parametrize(
        "address", ["?flik=x", "?skola=x", "?lage=x&tid=x", "?sida=-1", "?sida=9999999", "?sida=x"]
    )
    def test_a_strange_address_is_an_ordinary_list(self, session, desk, visit, address):
        make_case(session, desk)
        assert len(visit().visit(f"/arenden{address}").rows()) == 1

    def test_pages_follow_on_each_other(self, session, desk, visit):
        for _ in range(26):
            make_case(session, desk)
        browser = visit()
        page = browser.page("cases.list_cases")
        assert "Rad 1–25 av 26" in page.text
        assert len(browser.visit(page.link("Nästa sida")).rows()) == 1

    def test_it_costs_the_same_for_one_and_for_many(self, session, desk, visit, count_queries):
        def cost(number):
            for _ in range(number):
                make_case(session, desk, identity=make_nameless())
            browser = visit()
            browser.page("cases.list_cases")
            with count_queries() as statements:
                browser.page("cases.list_cases")
            return len(statements)

        assert cost(1) == cost(9)

    def test_other_municipalities_and_roles_see_nothing(self, session, desk, visit, sign_in):
        elsewhere = make_desk(session)
        make_case(session, elsewhere)
        assert "Inga ärenden här just nu." in visit().page("cases.list_cases").text
        for role in (Role.STAFF, Role.RESPONDENT, Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR):
            account = make_account(session, desk.municipality, role, desk.unit)
            session.commit()
            sign_in(account).page("cases.list_cases", status=403)


class TestSearchCases:
    @pytest.mark.parametrize("words", ["K-2026-001", "k-2026-001", "sandhage", "elin sand", "ELIN", "Sandhage, Elin"])
    def test_a_reference_or_a_name_leads_to_the_case(self, session, desk, visit, words):
        make_case(session, desk)
        make_case(session, desk, identity=make_identity(name="Noah Lindbäck"))
        browser = visit()
        page = browser.submit(browser.page("cases.list_cases"), {"words": words}, button="Visa")
        assert [row["Ärende"].split()[0] for row in page.rows()] == ["K-2026-001"]
        assert "words" not in page.url

    def test_so_does_any_way_of_writing_a_number(self, session, desk, visit):
        identity = make_identity()
        make_case(session, desk, identity=identity)
        make_case(session, desk, identity=make_temporary())
        browser = visit()
        for words, reference in (
            (identity.number, "K-2026-001"),
            (f"{identity.number[2:8]}-{identity.number[8:]}", "K-2026-001"),
            ("20150304-tf02", "K-2026-002"),
        ):
            page = browser.submit(browser.page("cases.search_cases"), {"words": words})
            assert [row["Ärende"].split()[0] for row in page.rows()] == [reference]

    def test_closed_cases_are_found_and_traced(self, session, desk, visit, kept):
        case = make_closed_case(session, desk)
        browser = visit()
        page = browser.submit(browser.page("cases.search_cases"), {"words": "Sandhage"})
        assert [row["Läge"] for row in page.rows()] == ["Avslutat"]
        assert kept(shown) == {case.id}

    @pytest.mark.parametrize("words", ["Ingen", "=1+1", "%", "_", "' or 1=1", "K-", "20150304-0000"])
    def test_what_is_not_there_is_not_found(self, session, desk, visit, words):
        make_case(session, desk)
        browser = visit()
        page = browser.submit(browser.page("cases.search_cases"), {"words": words})
        assert "Inget ärende passar det du sökte." in page.text

    @pytest.mark.parametrize("words", ["x" * 100_000, "a\x00b", "\u202enoah"])
    def test_what_cannot_be_a_word_is_refused_with_a_message(self, session, desk, visit, words):
        browser = visit()
        page = browser.submit(browser.page("cases.search_cases"), {"words": words}, status=422)
        assert page.errors

    def test_a_strange_choice_of_list_is_refused_beside_its_field(self, session, desk, visit):
        browser = visit()
        form = browser.page("cases.list_cases").form("Visa")
        for name in ("skola", "lage", "tid"):
            assert browser.post(form.action, data=form.filled({}) | {name: "x"}).status_code == 422

    def test_other_municipalities_are_not_searched(self, session, desk, visit):
        elsewhere, identity = make_desk(session), make_identity()
        make_case(session, elsewhere, identity=identity)
        browser = visit()
        for words in (identity.number, "Sandhage", "K-2026-001"):
            assert "Inget ärende" in browser.submit(browser.page("cases.search_cases"), {"words": words}).text


class TestAssignCases:
    def test_the_chosen_rows_change_hands(self, session, desk, visit):
        cases = [make_case(session, desk) for _ in range(3)]
        browser = visit()
        values = {"case_ids": [cases[0].id, cases[2].id], "assignee_id": desk.coordinator.account_id}
        page = browser.submit(browser.page("cases.list_cases"), values, button="Tilldela de valda")
        assert "2 ärenden har fått ny ansvarig." in page.text
        assert sorted(all_of(page.rows(), "Ansvarig")) == ["Ingen ännu", "Maria Ekblad", "Maria Ekblad"]

    def test_choosing_nothing_says_what_to_do_and_keeps_the_rest(self, session, desk, visit):
        make_case(session, desk)
        browser = visit()
        page = browser.submit(
            browser.page("cases.list_cases"),
            {"assignee_id": desk.coordinator.account_id},
            button="Tilldela de valda",
            status=422,
        )
        assert page.errors == ["Välj minst ett ärende i listan."]
        chosen = page.soup.select_one("select[name=assignee_id] option[selected]")
        assert chosen["value"] == str(desk.coordinator.account_id)

    def test_another_municipalitys_case_is_no_choice(self, session, desk, visit, kept):
        case, there = make_case(session, desk), make_case(session, make_desk(session))
        browser = visit()
        form = browser.page("cases.list_cases").form("Tilldela de valda")
        data = form.filled({"case_ids": case.id, "assignee_id": desk.coordinator.account_id})
        for strange in (str(there.id), "x", str(uuid4())):
            assert browser.post(form.action, data=data | {"case_ids": strange}).status_code == 422
        assert kept(again(there)).assignee_id is None


class TestShowCase:
    def test_everything_is_there(self, session, desk, visit):
        claims = (make_claim(), make_proven_claim(Whereabouts.ABROAD, text="Reste 2026-06-14"))
        case = make_case(
            session,
            desk,
            claims=claims,
            note="Mentorn har ringt.",
            contact_safety=ContactSafety.RAISES_RISK,
            contact_safety_by="rektor Per Hallonqvist",
        )
        page = visit().page("cases.show_case", case_id=case.id)
        assert page.h1 == f"Ärende {case.reference}"
        assert "Sandhage" not in page.title
        for words in (
            "Elin Sandhage, född 2012 · Strandängsskolan, 5 B · hemkommun",
            "Senast i skolan 2026-06-11",
            "Version 1, steg 1 av 1",
            "OSL 23 kap. 2 §",
            "Kontakta inte vårdnadshavare. Kontakt kan öka risken för barnet. Bedömt av rektor Per Hallonqvist tisdag",
            "Nästa steg: bedöm om skolans uppgifter räcker",
            "7 kap. 21 § skollagen (2010:800): Hemkommunen ser till",
            "Strandängsskolan rapporterade: eleven saknas utan förklaring med underlag. Mentorn har ringt.",
            "Läst 1 gång av 1 person",
        ):
            assert words in page.text, words
        rows = page.rows("Vad som sägs, och vad som är sett")
        assert {row["Påstående"].split(" Enligt")[0] for row in rows} == {claims[0].text, "Reste 2026-06-14"}

    def test_reading_leaves_a_trace_and_one_can_see_whose(self, session, desk, visit, kept):
        case = make_case(session, desk)
        browser = visit()
        page = browser.page("cases.show_case", case_id=case.id)
        assert "case:read" in kept(actions_on(case))
        readers = browser.visit(page.link("Läst 1 gång av 1 person"))
        assert readers.rows()[0]["Person"] == "Maria Ekblad"

    def test_somebody_elses_and_nobodys_look_the_same(self, session, desk, visit):
        there = make_case(session, make_desk(session))
        browser = visit()
        strange = [browser.page("cases.show_case", case_id=case_id, status=404).text for case_id in (there.id, uuid4())]
        assert strange[0] == strange[1]

    def test_a_number_is_shown_when_asked_for(self, session, desk, visit):
        identity = make_identity()
        case = make_case(session, desk, identity=identity)
        page = visit().page("cases.show_case", case_id=case.id)
        assert f"{identity.number[:8]}-{identity.number[8:]}" in page.soup.select_one("details").get_text()

    def test_a_reported_case_has_the_stronger_secrecy(self, session, desk, visit):
        case = make_assessed_case(session, desk)
        at = datetime(2026, 8, 25, 7, 0, tzinfo=UTC)
        service.note_report_handed_over(session, desk.coordinator, case, report_reference="O-2026-001", at=at)
        page = visit().page("cases.show_case", case_id=case.id)
        assert "OSL 40 kap. 7 g §" in page.text
        assert "Orosanmälan O-2026-001 Skickad" in page.text

    @pytest.mark.parametrize("branch", Branch)
    def test_every_way_has_its_page(self, session, desk, visit, branch):
        case = make_assessed_case(session, desk, branch)
        page = visit().page("cases.show_case", case_id=case.id)
        assert "Nästa steg: " in page.text

    @pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.OTHER, Outcome.LASTING_STAY_ABROAD])
    def test_a_closed_case_shows_what_showed_it(self, session, desk, visit, outcome):
        case = make_closed_case(session, desk, outcome)
        page = visit().page("cases.show_case", case_id=case.id)
        assert "Avslutat: " in page.text
        assert "Öppna ärendet igen" in page.links

    def test_new_information_is_read_and_done_with(self, session, desk, visit):
        identity = make_identity()
        case = make_assessed_case(session, desk, identity=identity)
        make_case(session, desk, identity=identity, note="Nytt.")
        browser = visit()
        page = browser.page("cases.show_case", case_id=case.id)
        assert "Skolan har lämnat nya uppgifter" in page.text
        after = browser.submit(page, button="Jag har läst dem")
        assert "Skolan har lämnat nya uppgifter" not in after.text

    def test_possible_likenesses_and_earlier_cases_are_beside_and_traced(self, session, desk, visit, kept):
        identity = make_identity()
        earlier = make_closed_case(session, desk, identity=identity)
        case = make_case(session, desk, identity=identity)
        like = make_case(session, desk, identity=make_nameless())
        page = visit().page("cases.show_case", case_id=case.id)
        assert {earlier.reference, like.reference} <= set(page.links)
        assert kept(shown) == {earlier.id, like.id}


QUESTIONS = [
    "add_claim",
    "add_note",
    "assess_case",
    "assign_case",
    "close_case",
    "complete_step",
    "confirm_return",
    "depart_from_step",
    "reopen_case",
    "resume_case",
    "set_contact_safety",
    "settle_concern",
    "wait_for_others",
]


class TestQuestions:
    @pytest.mark.parametrize("view", QUESTIONS)
    def test_each_is_a_page_that_is_traced(self, session, desk, visit, kept, view):
        case = make_assessed_case(session, desk, Branch.FOUND_IN_SCHOOL)
        page = visit().page(f"cases.{view}", case_id=case.id)
        assert "Elin Sandhage" in page.text
        assert "Sandhage" not in page.title
        assert "case:read" in kept(actions_on(case))

    @pytest.mark.parametrize("view", [view for view in QUESTIONS if view not in ("close_case", "assign_case")])
    def test_sent_empty_it_says_what_to_do(self, session, desk, visit, view):
        case = make_assessed_case(session, desk, Branch.FOUND_IN_SCHOOL)
        browser = visit()
        page = browser.page(f"cases.{view}", case_id=case.id)
        empty = dict.fromkeys(page.form(None if view != "depart_from_step" else "Hoppa över steget").names, "")
        kept = {"csrf_token", "form_key", "version", "step_key", "contact_safety"}
        button = page.form(None if view != "depart_from_step" else "Hoppa över steget").buttons[0]
        values = {name: value for name, value in empty.items() if name not in kept and not _is_choice(page, name)}
        if view == "set_contact_safety":
            values["contact_safety"] = "may"
        assert browser.submit(page, values, button=button, status=422).errors

    def test_a_claim_goes_all_the_way_to_the_assessment(self, session, desk, visit, kept):
        case = make_case(session, desk)
        browser = visit()
        page = browser.submit(
            browser.page("cases.add_claim", case_id=case.id),
            {
                "text": "Går i skola i Åbo",
                "whereabouts": "abroad",
                "claimed_by": "relative",
                "claimed_on-day": "21",
                "claimed_on-month": "8",
                "claimed_on-year": "2026",
                "evidence": "oral",
            },
        )
        assert "Uppgiften är tillagd." in page.text
        page = browser.submit(browser.visit(page.link("Bekräfta uppgiften 1")), {"how": "Talade med skolan i Åbo"})
        assert page.rows("Vad som sägs, och vad som är sett")[0]["Bekräftat"].startswith("Ja")
        page = browser.visit(page.link("Bedöm ärendet"))
        assert "Underlaget pekar på: hittad utomlands" in page.text
        page = browser.submit(page, {"branch": "found_abroad"})
        assert "Nästa steg: gör orosanmälan" in page.text
        assert kept(again(case)).branch is Branch.FOUND_ABROAD

    def test_another_way_than_the_evidence_asks_why(self, session, desk, visit):
        case = make_case(session, desk, claims=(make_claim(),))
        browser = visit()
        page = browser.submit(
            browser.page("cases.assess_case", case_id=case.id), {"branch": "found_abroad"}, status=422
        )
        assert page.errors == ["Skriv varför du väljer en annan väg."]
        assert page.soup.select_one("input[value=found_abroad][checked]")
        page = browser.submit(page, {"motivation": "Mormodern svarade i telefon"})
        assert "Mormodern svarade i telefon" in page.text

    def test_a_note_is_corrected_and_both_stay(self, session, desk, visit):
        case = make_case(session, desk)
        browser = visit()
        page = browser.submit(
            browser.page("cases.add_note", case_id=case.id), {"kind": "phone_call", "text": "Resan skedde 24 juni."}
        )
        [link] = [link for link in page.links if link.startswith("Rätta anteckningen")]
        page = browser.submit(browser.visit(page.link(link)), {"text": "Resan skedde 14 juni."})
        assert page.soup.select_one("s").get_text(" ").endswith("Resan skedde 24 juni.")
        assert "Resan skedde 14 juni." in page.text

    def test_a_note_from_the_future_is_sent_back_with_everything_typed(self, session, desk, visit):
        case = make_case(session, desk)
        browser = visit()
        page = browser.submit(
            browser.page("cases.add_note", case_id=case.id),
            {"kind": "note", "text": "Skrivet", "happened_at-day": "26"},
            status=422,
        )
        assert page.soup.select_one("textarea").get_text().strip() == "Skrivet"
        assert page.errors

    def test_a_step_is_written_up_and_the_next_one_comes(self, session, desk, visit):
        case = make_assessed_case(session, desk, Branch.FOUND_IN_SCHOOL)
        browser = visit()
        page = browser.submit(browser.page("cases.complete_step", case_id=case.id), {"text": "Rektor bekräftade."})
        assert "Nästa steg: se till att någon pratar med eleven" in page.text
        assert "Klart: Få skolgången bekräftad. Rektor bekräftade." in page.text

    def test_a_step_is_left_out_with_reasons(self, session, desk, visit):
        case = make_assessed_case(session, desk, Branch.NOT_FOUND)
        browser = visit()
        page = browser.visit(browser.page("cases.show_case", case_id=case.id).link("Välj en annan väg, med motivering"))
        page = browser.submit(page, {"text": "Skolan anmälde i går."}, button="Hoppa över steget")
        assert "Steget gjordes inte: Gör orosanmälan. Skolan anmälde i går." in page.text

    def test_waiting_and_taking_up(self, session, desk, visit):
        case = make_assessed_case(session, desk, Branch.FOUND_IN_SCHOOL)
        browser = visit()
        values = {"waiting_for": "hemkommunen", "until-day": "31", "until-month": "8", "until-year": "2026"}
        page = browser.submit(browser.page("cases.wait_for_others", case_id=case.id), values)
        assert "Nästa steg: invänta svar från hemkommunen" in page.text
        page = browser.submit(browser.visit(page.link("Ta upp ärendet")), {"text": "Svar kom."})
        assert "Ärendet togs upp igen. Svar kom." in page.text

    def test_a_return_is_confirmed(self, session, desk, visit, kept):
        entry_id = uuid4()
        case = make_case(session, desk, entry_id=entry_id)
        service.note_return_reported(session, desk.respondent, entry_id, date(2026, 8, 24))
        browser = visit()
        page = browser.visit(browser.page("cases.show_case", case_id=case.id).link("Svara om barnet är tillbaka"))
        page = browser.submit(page, {"is_back": "yes"}, status=422)
        assert page.errors == ["Skriv vilken dag eleven var på plats.", "Skriv vem som har sett eleven."]
        day = {"returned_on-day": "24", "returned_on-month": "8", "returned_on-year": "2026"}
        page = browser.submit(page, day | {"seen_by": "Mentor"})
        assert "Återkomsten är bekräftad: på plats 2026-08-24, sedd av Mentor." in page.text
        assert kept(again(case)).returned_on == date(2026, 8, 24)

    def test_contact_is_judged(self, session, desk, visit):
        case = make_case(session, desk)
        browser = visit()
        page = browser.submit(
            browser.page("cases.set_contact_safety", case_id=case.id),
            {"contact_safety": "raises_risk", "judged_by": "kurator"},
        )
        assert "Kontakta inte vårdnadshavare. Kontakt kan öka risken för barnet. Bedömt av kurator" in page.text

    def test_a_case_is_given_to_somebody(self, session, desk, visit, kept):
        case = make_case(session, desk)
        browser = visit()
        browser.submit(browser.page("cases.assign_case", case_id=case.id), {"assignee_id": desk.coordinator.account_id})
        assert kept(again(case)).assignee_id == desk.coordinator.account_id


def _is_choice(page, name):
    return bool(page.soup.select(f'input[type=radio][name="{name}"], select[name="{name}"]'))


class TestCloseCase:
    @pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.UNKNOWN])
    def test_each_outcome_asks_for_what_shows_it_and_closes(self, session, desk, visit, kept, outcome):
        case = make_assessed_case(session, desk)
        browser = visit()
        page = browser.submit(
            browser.page("cases.close_case", case_id=case.id), {"utfall": outcome.value}, button="Fortsätt"
        )
        form = page.form()
        empty = browser.submit(page, status=422)
        assert len(empty.errors) == len(PROOFS[outcome])
        page = browser.submit(empty, _proofs(form.names))
        assert "Ärendet är avslutat." in page.text
        assert kept(again(case)).outcome is outcome

    def test_no_outcome_chosen_says_so(self, session, desk, visit):
        case = make_assessed_case(session, desk)
        page = visit().visit(f"/arenden/{case.id}/avsluta?utfall=", 422)
        assert page.errors == ["Välj vad som förklarar det."]

    @pytest.mark.parametrize("word", ["x", "%00", "RETURNED", "returned%20"])
    def test_nor_does_a_strange_one_break_anything(self, session, desk, visit, word):
        case = make_assessed_case(session, desk)
        assert visit().visit(f"/arenden/{case.id}/avsluta?utfall={word}", 422).errors

    def test_a_concern_stops_it(self, session, desk, visit):
        case = make_assessed_case(session, desk, reason=OpenReason.SUSPECTED)
        page = visit().visit(f"/arenden/{case.id}/avsluta?utfall=moved_abroad")
        assert "Det finns en oro för barnet som ingen har utrett." in page.text
        assert "Skriv vem som har utrett oron" in page.links
        assert not [form for form in page.forms if "Avsluta ärendet" in form.buttons]

    def test_one_that_came_meanwhile_stops_it_too_and_everything_typed_stays(
        self, session, desk, visit, kept, database
    ):
        identity = make_identity()
        case = make_assessed_case(session, desk, identity=identity)
        browser = visit()
        page = browser.visit(f"/arenden/{case.id}/avsluta?utfall=moved_abroad")
        with database.transaction() as own:
            make_case(own, desk, identity=identity, reason=OpenReason.URGENT)
        changed = browser.submit(page, _proofs(page.form().names), status=409)
        refused = browser.submit(changed, button="Avsluta ärendet", status=422)
        assert "Det finns en oro" in refused.errors[0]
        assert refused.soup.select_one("input[name=source]")["value"] == "Uppgift"
        assert kept(again(case)).state is CaseState.INVESTIGATING

    def test_what_somebody_was_quicker_with_is_shown_and_can_be_sent_again(self, session, desk, visit):
        case = make_assessed_case(session, desk)
        browser = visit()
        page = browser.visit(f"/arenden/{case.id}/avsluta?utfall=returned")
        with_other = browser.submit(
            browser.page("cases.assign_case", case_id=case.id), {"assignee_id": desk.coordinator.account_id}
        )
        assert with_other
        conflict = browser.submit(page, _proofs(page.form().names), status=409)
        assert "Någon annan har ändrat ärendet" in conflict.errors[0]
        assert conflict.soup.select_one("input[name=source]")["value"] == "Uppgift"
        assert "Ärendet är avslutat." in browser.submit(conflict).text

    def test_closed_and_opened_again(self, session, desk, visit, kept):
        case = make_closed_case(session, desk)
        browser = visit()
        page = browser.visit(browser.page("cases.show_case", case_id=case.id).link("Öppna ärendet igen"))
        page = browser.submit(page, {"reason": "Borta igen."})
        assert "Ärendet öppnades igen. Borta igen." in page.text
        assert kept(again(case)).state is CaseState.TO_ASSESS

    def test_a_closed_case_is_not_closed_again(self, session, desk, visit):
        case = make_assessed_case(session, desk)
        browser = visit()
        page = browser.visit(f"/arenden/{case.id}/avsluta?utfall=returned")
        browser.submit(page, _proofs(page.form().names))
        again = browser.visit(f"/arenden/{case.id}/avsluta?utfall=returned")
        browser.submit(again, _proofs(again.form().names), status=409)

    def test_the_concern_is_settled_on_its_own_page(self, session, desk, visit, kept):
        case = make_assessed_case(session, desk, reason=OpenReason.SUSPECTED)
        browser = visit()
        page = browser.page("cases.settle_concern", case_id=case.id)
        day = {"settled_on-day": "25", "settled_on-month": "8", "settled_on-year": "2026"}
        page = browser.submit(page, day | {"settled_by": "Socialsekreterare", "reasons": "Utredningen är klar."})
        assert "Oron är utredd enligt Socialsekreterare, 2026-08-25. Utredningen är klar." in page.text
        assert not kept(again(case)).is_concern_open


def _proofs(names):
    days = {"confirmed_on": "24 8 2026", "decided_on": "24 8 2026", "until": "1 10 2026", "review_on": "15 1 2027"}
    values = {}
    for name in names - {"csrf_token", "form_key", "version"}:
        field, _, part = name.rpartition("-")
        if part in ("day", "month", "year"):
            values[name] = dict(zip(("day", "month", "year"), days[field].split(), strict=True))[part]
        else:
            values[name] = "Uppgift"
    return values
