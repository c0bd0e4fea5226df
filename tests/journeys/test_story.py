"""The whole job: a round opens, schools answer, a concern reaches social services, the director sees the term."""

from collections.abc import Callable
from datetime import date

from tests.journeys.conftest import PHONE, Open, Person, Town

RESPONDENT, STAFF = "karin.lovdahl@alvhaga.example", "sara.oberg@alvhaga.example"
NIL_RESPONDENT = "elisabet.stahlgren@alvhaga.example"
COORDINATOR, DIRECTOR = "maria.ekblad@alvhaga.example", "birgitta.hallgren@alvhaga.example"
SAVE = "Spara och fortsätt"


def test_a_school_where_nobody_is_missing_answers_from_its_mail(town: Town, window: Open) -> None:
    town.wait_until(2026, 8, 19, 8, 0)
    assert len(town.mails()) >= 12, "each unit whose term has begun has a mail"
    principal = Person(window(PHONE))
    principal.visit("/")
    principal.page.goto(_invitation_path(town, "bergsholm"))
    principal.sign_in(NIL_RESPONDENT)
    assert principal.h1 == "Kartläggning efter sommarlovet 2026"
    assert "Inte inskickat ännu" in principal.page.locator("body").inner_text()
    principal.follow("Ingen elev saknas")
    for name, number in (("enrolled", "38"), ("present", "36"), ("known_absence", "1")):
        principal.write(name, number)
    principal.write("protected_known_absence", "0")
    principal.write("signed_name", "Elisabet Ståhlgren")
    principal.page.locator("[name=declared]").check()
    principal.press("Skriv under och skicka nollsvar")
    assert principal.page.title().startswith("Fel: "), "38 are not 36 and 1"
    principal.write("present", "37")
    principal.press("Skriv under och skicka nollsvar")
    assert principal.h1 == "Kvitto"
    assert "Inte inskickat ännu" not in principal.page.locator("body").inner_text()


def test_an_urgent_concern_goes_from_the_school_to_social_services_and_back(
    town: Town, person: Callable[..., Person], window: Open
) -> None:
    town.wait_until(2026, 8, 20, 9, 0)
    principal = person(RESPONDENT, PHONE)
    pupil_id = _answer_about_a_pupil(principal)
    coordinator = person(COORDINATOR)
    assert "Elin Sandhage" in coordinator.text
    coordinator.follow("K-2026-001")
    assert coordinator.h1 == "Ärende K-2026-001"
    assert "Kontakta inte vårdnadshavare" in coordinator.text

    _write_and_hand_over(principal, pupil_id)
    town.tick()
    receiver = Person(window(PHONE))
    receiver.visit(town.link_to("/mottagning/"))
    assert "Elin" not in receiver.page.content()
    receiver.press("Vi har tagit emot anmälan")
    assert "mottagandet är bekräftat" in receiver.text

    town.wait_until(2026, 8, 31, 10, 0)
    receiver.page.goto(town.link_to("/mottagning/"))
    receiver.choose("answer", "opened")
    receiver.date("on", 31, 8, 2026)
    receiver.press("Skicka svaret")
    assert receiver.h1 == "Tack, svaret är mottaget"

    again = person(COORDINATOR)
    again.follow("K-2026-001")
    assert "inlett en utredning" in again.text.lower() or "utredning inledd" in again.text.lower()


def test_a_curator_reports_a_concern_on_her_own_and_prints_it(town: Town, person: Callable[..., Person]) -> None:
    curator = person(STAFF, PHONE)
    curator.visit("/orosanmalningar/ny")
    curator.choose("is_protected", "no")
    curator.write("name", "Vera Utan Ärende")
    curator.choose("kind", "none")
    curator.page.locator("[name=school_form]").select_option("compulsory")
    curator.press(SAVE)
    _go_on(curator, "Vad är du orolig för?")
    curator.write("what_happened", "Hon sa att hon inte tror att hon kommer tillbaka.")
    _go_on(curator, "Granska innan du lämnar")
    curator.follow("Gå vidare och lämna")
    curator.choose("channels", "print")
    curator.press("Lämna anmälan nu")
    document = curator.page.request.get(f"{curator.page.url}/dokument.pdf")
    assert document.body().startswith(b"%PDF")
    coordinator = person(COORDINATOR)
    assert "Vera Utan Ärende" in coordinator.text, "somebody sees to it that the report is read"


def test_the_coordinator_follows_a_child_home(town: Town, person: Callable[..., Person]) -> None:
    town.play_until(date(2026, 8, 30))
    principal = person(RESPONDENT, PHONE)
    principal.follow("K-2026-002")
    with principal.page.expect_navigation():
        principal.page.get_by_role("button", name="Eleven har kommit tillbaka").nth(1).click()
    assert "tillbaka" in principal.text

    coordinator = person(COORDINATOR)
    coordinator.follow("Kommer tillbaka")
    coordinator.follow("K-2026-002")
    assert "Kommer tillbaka" in coordinator.text, "that the school says so does not close the case"
    case = coordinator.page.url
    coordinator.follow("Svara om barnet är tillbaka")
    coordinator.choose("is_back", "yes")
    coordinator.date("returned_on", 30, 8, 2026)
    coordinator.write("seen_by", "Mentor Eva Lund")
    coordinator.press("Spara svaret")
    coordinator.visit(case)
    coordinator.follow("Avsluta ärendet")
    coordinator.choose("utfall", "returned")
    coordinator.press("Fortsätt")
    coordinator.press("Avsluta ärendet")
    assert coordinator.page.title().startswith("Fel: "), "an outcome is shown by its evidence"
    coordinator.write("source", "Mentor Eva Lund")
    coordinator.date("confirmed_on", 30, 8, 2026)
    coordinator.press("Avsluta ärendet")
    assert "Avslutat" in coordinator.text


def test_the_director_sees_the_term_and_no_child(town: Town, person: Callable[..., Person]) -> None:
    town.play_until(date(2026, 9, 14))
    director = person(DIRECTOR)
    assert "12 av 14 skolor" in director.text
    assert "Hagtornsskolan" in director.text
    assert "Elin" not in director.page.content()
    assert "K-2026" not in director.page.content()
    for path in ("/arenden", "/kartlaggningar", "/orosanmalningar", "/logg"):
        answer = director.page.request.get(path)
        assert answer.status == 403, path
    link = director.page.get_by_role("link", name="Hämta CSV").get_attribute("href") or ""
    told = director.page.request.get(link)
    assert "terminen-ht-2026.csv" in told.headers["content-disposition"]
    assert "Hagtornsskolan" in told.text()


def _go_on(somebody: Person, until: str) -> None:
    """Save page after page until a heading comes; where nothing is chosen, nobody knows."""
    for _page in range(10):
        if somebody.h1 == until:
            return
        for unknown in somebody.page.locator("main input[type=radio][value=unknown]").all():
            chosen = somebody.page.locator(f"[name='{unknown.get_attribute('name')}']:checked")
            if unknown.is_visible() and not chosen.count():
                unknown.check()
        somebody.press(SAVE)
        assert not somebody.page.title().startswith("Fel: "), somebody.text
    raise AssertionError(f"{until} never came")


def _invitation_path(town: Town, address: str) -> str:
    mail = next(mail for mail in town.mails() if address in mail["To"])
    return "/svar/" + mail.get_content().split("/svar/")[1].split()[0]


def _answer_about_a_pupil(principal: Person) -> str:
    """Fill in everything about one pupil, urgent first, submit, and return the pupil's id."""
    principal.follow("Öppna kartläggningen")
    principal.follow("Antal elever")
    for name, number in (("enrolled", "412"), ("present", "407"), ("known_absence", "4"), ("protected_missing", "0")):
        principal.write(name, number)
    principal.press(SAVE)
    principal.visit(principal.page.url.partition("/franvarolista")[0] + "/franvarolista/ny")
    principal.choose("signs", "held_abroad")
    principal.press(SAVE)
    assert principal.h1 == "Ring nu"
    pupil_id = principal.page.url.split("/")[-2]
    assert "112" in principal.text
    assert "K-2026-001" in principal.text, "the case is open before anything is submitted"
    principal.press(SAVE)
    principal.choose("is_protected", "no")
    principal.write("name", "Elin Sandhage")
    principal.choose("kind", "personal")
    principal.write("personal", "20150302-2385")
    principal.page.locator("[name=school_form]").select_option("compulsory")
    principal.press(SAVE)
    assert principal.page.title().startswith("Fel: "), "the check digit is wrong"
    principal.write("personal", "20150302-2384")
    principal.press(SAVE)
    principal.date("last_present_on", 11, 6, 2026)
    principal.choose("precision", "exact")
    principal.choose("absence_start", "summer")
    principal.press(SAVE)
    principal.choose("place", "abroad")
    principal.write("country", "Vet inte")
    principal.page.locator("[name=explanation]").select_option("other")
    principal.write("explanation_text", "Är hos mormor till oktober.")
    principal.choose("source", "guardian")
    principal.date("said_on", 19, 8, 2026)
    principal.choose("evidence", "nothing")
    principal.press(SAVE)
    for _page in ("leave", "contacts", "siblings"):
        principal.page.locator("main input[type=radio][value=unknown]").first.check()
        principal.press(SAVE)
    principal.choose("concern", "suspected")
    principal.choose("earlier_concern", "no")
    principal.choose("report", "today")
    principal.press(SAVE)
    principal.choose("contact", "raises_risk")
    principal.press(SAVE)
    principal.write("text", "En kamrat har fått ett meddelande.")
    principal.press(SAVE if principal.page.get_by_role("button", name=SAVE).count() else "Spara")
    principal.visit(principal.page.url.partition("/franvarolista")[0] + "/skicka-in")
    principal.write("signed_name", "Karin Lövdahl")
    principal.page.locator("[name=declared]").check()
    principal.press("Skriv under och skicka in")
    assert principal.h1 == "Kvitto"
    assert "K-2026-001" in principal.text
    return pupil_id


def _write_and_hand_over(principal: Person, pupil_id: str) -> None:
    """Write the report of concern on one's own, from what the school has answered, and hand it over by mail link."""
    principal.visit(f"/orosanmalningar/ny?elev={pupil_id}")
    assert principal.page.locator("[name=personal]").input_value() == "20150302-2384"
    principal.choose("is_protected", "no")
    principal.press(SAVE)
    principal.choose("is_acute", "yes")
    principal.press(SAVE)
    if principal.h1 == "Ring nu":
        principal.follow("Fortsätt")
    principal.write("what_happened", "Eleven har inte kommit tillbaka efter sommarlovet.")
    _go_on(principal, "Granska innan du lämnar")
    assert "Elin Sandhage" in principal.text, "the preview is what the receiver gets"
    principal.follow("Gå vidare och lämna")
    principal.choose("channels", "mail_link")
    principal.press("Lämna anmälan nu")
    assert "Skickad" in principal.text
