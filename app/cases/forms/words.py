"""What the words of a case are called in Swedish, on forms and pages alike."""

from typing import Final

from app.cases.types import (
    Branch,
    CaseState,
    ClaimedBy,
    ContactSafety,
    DeadlineKind,
    Evidence,
    NoteKind,
    OpenReason,
    Outcome,
    Proof,
    SuggestionReason,
    Whereabouts,
)

STATES: Final = {
    CaseState.TO_ASSESS: "Att bedöma",
    CaseState.INVESTIGATING: "Utreds",
    CaseState.WAITING: "Väntar på andra",
    CaseState.RETURNING: "Kommer tillbaka",
    CaseState.CLOSED: "Avslutat",
}
REASONS: Final = {
    OpenReason.UNEXPLAINED: "eleven saknas utan förklaring med underlag",
    OpenReason.WORRY: "oro inför lovet",
    OpenReason.SUSPECTED: "misstanke om att barnet har förts bort eller ska föras bort",
    OpenReason.URGENT: "något är akut",
    OpenReason.REPORT_OF_CONCERN: "en orosanmälan",
}
BRANCHES: Final = {
    Branch.FOUND_IN_SCHOOL: (
        "Hittad och i skolan",
        "Eleven är på plats, i sin egen eller i en ny skola, och någon annan än familjen säger det.",
    ),
    Branch.FOUND_IN_SWEDEN: (
        "Hittad i Sverige, inte i skolan",
        "Någon annan än familjen har sett eller talat med barnet här.",
    ),
    Branch.FOUND_ABROAD: (
        "Hittad utomlands",
        "Det finns underlag för att barnet är utomlands. Att familjen säger det räcker inte.",
    ),
    Branch.NOT_FOUND: ("Inte hittad", "Ingen vet säkert var barnet är, eller uppgifterna går isär."),
}
CLAIMED_BY: Final = {
    ClaimedBy.GUARDIAN: "Vårdnadshavare",
    ClaimedBy.SIBLING: "Syskon",
    ClaimedBy.RELATIVE: "Annan släkting",
    ClaimedBy.FRIEND: "Kamrat",
    ClaimedBy.CHILD: "Barnet självt",
    ClaimedBy.SCHOOL_STAFF: "Personal på skolan",
    ClaimedBy.OTHER_SCHOOL: "En annan skola",
    ClaimedBy.AUTHORITY: "En myndighet",
    ClaimedBy.OTHER: "Någon annan",
    ClaimedBy.UNKNOWN: "Vet inte vem",
}
EVIDENCE: Final = {
    Evidence.NONE: "Inget",
    Evidence.ORAL: "Sagt i samtal",
    Evidence.DOCUMENT_SEEN: "Dokument, sett av någon",
    Evidence.DOCUMENT_STORED: "Dokument, finns i diariet",
}
WHEREABOUTS: Final = {
    Whereabouts.IN_SCHOOL: "I skolan",
    Whereabouts.IN_SWEDEN: "I Sverige, inte i skolan",
    Whereabouts.ABROAD: "Utomlands",
    Whereabouts.UNKNOWN: "Vet inte, eller uppgifterna går isär",
}
CONTACT: Final = {
    ContactSafety.MAY: ("Får kontaktas", "Någon har bedömt att det inte ökar risken för barnet."),
    ContactSafety.MAY_NOT: ("Kontakta inte", "Av andra skäl än att det ökar risken."),
    ContactSafety.RAISES_RISK: ("Kontakta inte, det kan öka risken för barnet", "Visas överst i ärendet."),
    ContactSafety.UNKNOWN: ("Inte bedömt ännu", "Kontakta inte förrän någon har bedömt det."),
}
NOTE_KINDS: Final = {
    NoteKind.NOTE: "Anteckning",
    NoteKind.PHONE_CALL: "Telefonsamtal",
    NoteKind.MEETING: "Möte",
    NoteKind.LETTER: "Brev eller meddelande",
}
LAST_EVENTS: Final = {
    NoteKind.SCHOOL_ANSWERED: "skolan svarade",
    NoteKind.SCHOOL_CHANGED: "skolan ändrade",
    NoteKind.REPORT_WRITTEN: "orosanmälan skriven",
    NoteKind.NOTE: "anteckning skriven",
    NoteKind.PHONE_CALL: "telefonsamtal",
    NoteKind.MEETING: "möte",
    NoteKind.LETTER: "brev",
    NoteKind.IDENTITY_CHANGED: "skolan rättade vem eleven är",
    NoteKind.OTHER_NAME: "två namn på samma nummer",
    NoteKind.IDENTITY_WITHHELD: "skyddade personuppgifter",
    NoteKind.ASSESSED: "bedömt",
    NoteKind.ASSIGNED: "fick ansvarig",
    NoteKind.STEP_COMPLETED: "steg klart",
    NoteKind.CLAIM_ADDED: "ny uppgift",
    NoteKind.CLAIM_VERIFIED: "uppgift bekräftad",
    NoteKind.CONTACT_SAFETY_SET: "kontakt bedömd",
    NoteKind.WAITING: "väntar på andra",
    NoteKind.RESUMED: "togs upp igen",
    NoteKind.REPORT_HANDED_OVER: "orosanmälan lämnad",
    NoteKind.REPORT_ACKNOWLEDGED: "orosanmälan mottagen",
    NoteKind.REPORT_ANSWERED: "socialtjänsten svarade",
    NoteKind.CONCERN_SETTLED: "oron utredd",
    NoteKind.STILL_AWAY: "skolan: kvar borta",
    NoteKind.BACK_AFTER_BREAK: "skolan: tillbaka efter lovet",
    NoteKind.RETURN_TAKEN_BACK: "skolan: inte tillbaka ändå",
    NoteKind.RETURN_REPORTED: "skolan: eleven är tillbaka",
    NoteKind.RETURN_CONFIRMED: "återkomst bekräftad",
    NoteKind.PROTECTION_DENIED: "inte skyddade personuppgifter",
    NoteKind.RETURN_DENIED: "återkomsten stämde inte",
    NoteKind.CLOSED: "avslutat",
    NoteKind.REOPENED: "öppnat igen",
}
DEADLINES: Final = {
    DeadlineKind.NEW_INFORMATION: "Läs skolans nya uppgifter",
    DeadlineKind.PROTECTION: "Svara om uppgifterna är skyddade",
    DeadlineKind.WAITING: "Fråga igen",
    DeadlineKind.REPORT_ACKNOWLEDGEMENT: "Orosanmälan bekräftad mottagen",
    DeadlineKind.REPORT_ANSWER: "Svar från socialtjänsten",
}
DEADLINES_TO_DO: Final = {
    DeadlineKind.NEW_INFORMATION: "Läs skolans nya uppgifter",
    DeadlineKind.PROTECTION: "Svara om uppgifterna är skyddade",
    DeadlineKind.REPORT_ACKNOWLEDGEMENT: "Ring socialtjänsten om mottagandet",
    DeadlineKind.REPORT_ANSWER: "Fråga socialtjänsten efter svar",
}
"""What the queue says is next when one of these presses more than the routine's step."""
PROTECTED_TO_DO: Final = "Ring rektor, skyddade personuppgifter"
SUGGESTIONS: Final = {
    SuggestionReason.SAME_NUMBER: "samma personnummer eller samordningsnummer",
    SuggestionReason.SAME_TEMPORARY_NUMBER: "samma TF-nummer",
    SuggestionReason.SAME_NAME_AND_BIRTH_DATE: "samma namn och födelsedatum",
}
ANSWERS: Final = {
    "opened": "utredning inledd",
    "not_opened": "utredning inte inledd",
    "ongoing": "utredning pågår redan",
}
OUTCOMES: Final = {
    Outcome.RETURNED: ("Tillbaka i skolan", "Någon på skolan har sett eleven på plats."),
    Outcome.SICK: ("Sjuk", "Någon annan än familjen bekräftar, och ett intyg har visats."),
    Outcome.LEAVE_GRANTED: ("Beviljad ledighet", "Rektors beslut med sista dag."),
    Outcome.DELAYED_RETURN: ("Försenad hemresa", "Bekräftad, med underlag och den dag eleven kommer."),
    Outcome.CHANGED_SCHOOL: ("Har bytt skola", "Den nya skolan bekräftar själv."),
    Outcome.MOVED_MUNICIPALITY: ("Har flyttat till en annan kommun", "Den nya hemkommunen har tagit över."),
    Outcome.MOVED_ABROAD: ("Har flyttat utomlands", "Folkbokföringen är ändrad."),
    Outcome.LASTING_STAY_ABROAD: (
        "Varaktigt utomlands, beslut",
        "Hemkommunens beslut, underlag och besked om kontakten med barnet självt.",
    ),
    Outcome.SCHOOLED_OTHERWISE: ("Fullgör skolplikten på annat sätt, beslut", "Hemkommunens beslut, högst ett år."),
    Outcome.LEFT_THE_COUNTRY: ("Har fått avslag eller utvisats och lämnat landet", "Migrationsverket bekräftar."),
    Outcome.PLACED_BY_SOCIAL_SERVICES: (
        "Placerad av socialtjänsten eller i skyddat boende",
        "Socialtjänsten bekräftar. Skriv aldrig var, och sök inte vidare.",
    ),
    Outcome.IN_SWEDEN_NOT_ATTENDING: (
        "I Sverige men kommer inte till skolan",
        "Skolan utreder frånvaron. Någon har talat med barnet.",
    ),
    Outcome.LEFT_UPPER_SECONDARY: ("Har hoppat av gymnasiet", "Det kommunala aktivitetsansvaret har tagit över."),
    Outcome.DECEASED: ("Avliden", "En myndighet bekräftar."),
    Outcome.OTHER: ("Annat", "Med skäl, underlag och vem som har beslutat."),
    Outcome.UNKNOWN: (
        "Okänt",
        "Bara när socialtjänsten har fått en orosanmälan och någon har beslutat att kommunen inte kommer längre.",
    ),
}
PROOFS: Final = {
    Proof.SOURCE: ("Vem bekräftar det?", "Namn och roll, eller myndighet. Inte bara familjen."),
    Proof.EVIDENCE: ("Vilket underlag finns?", "Vilket dokument, vem har sett det och var finns det?"),
    Proof.CONFIRMED_ON: ("Vilken dag bekräftades det?", ""),
    Proof.UNTIL: ("Till och med vilken dag?", ""),
    Proof.NEW_SCHOOL: ("Vilken är den nya skolan?", "Skolans namn och kommun."),
    Proof.HANDED_TO: ("Vem har tagit över?", "Namn, roll och verksamhet."),
    Proof.DECISION_MAKER: ("Vem har beslutat?", "Namn och roll."),
    Proof.DECIDED_ON: ("Vilken dag togs beslutet?", ""),
    Proof.REGISTRATION_NUMBER: ("Vilket diarienummer har beslutet?", ""),
    Proof.CHILD_CONTACT: (
        "Vem har talat med barnet självt, när och hur?",
        "Att en vårdnadshavare talar för barnet är inte kontakt med barnet. Har ingen gjort det, skriv det.",
    ),
    Proof.REASONS: ("Varför?", "Skriv det ni vet, inte slutsatser."),
    Proof.REVIEW_ON: ("Vilken dag ser någon över det igen?", "Ärendet visas då bland dem som ska följas upp."),
}
REFUSALS: Final = {
    "child_has_an_open_case": "Barnet har redan ett annat öppet ärende. Fortsätt i det.",
    "claimed_in_the_future": "Dagen då det sades ligger i framtiden. Rätta dagen.",
    "concern_is_open": (
        "Det finns en oro för barnet som ingen har utrett. Då är detta ingen förklaring. "
        "Skriv först vem som har utrett oron, eller låt ärendet vara öppet."
    ),
    "happened_in_the_future": "Tiden ligger i framtiden. Rätta den.",
    "judge_required": "Skriv vem som har bedömt det.",
    "motivation_required": "Skriv varför du väljer en annan väg än den underlaget pekar på.",
    "not_a_coordinator": "Personen är inte samordnare längre. Välj någon annan.",
    "nobody_asks_about_protection": "Någon har redan svarat om uppgifterna är skyddade.",
    "note_is_corrected": "Anteckningen är redan rättad. Rätta den nyare i stället.",
    "note_kind_is_automatic": "Raden kommer av något som gjordes och kan inte rättas. Skriv en ny anteckning.",
    "proof_misdated": "En av dagarna kan inte stämma. Kontrollera dem.",
    "proof_missing": "Något som behövs för att avsluta så saknas.",
    "report_is_unacknowledged": (
        "En orosanmälan är lämnad, men ingen har bekräftat att den kom fram. "
        "Ring socialtjänsten och skriv att den är mottagen, avsluta sedan."
    ),
    "return_is_confirmed": "Återkomsten är redan bekräftad.",
    "returned_in_the_future": "Dagen ligger i framtiden. Rätta dagen.",
    "settled_in_the_future": "Dagen ligger i framtiden. Rätta dagen.",
    "step_ends_otherwise": "Steget avslutas på ett annat sätt. Gå tillbaka till ärendet.",
    "unknown_is_not_reported": (
        "Ett barn som ingen vet var det är avslutas inte utan att socialtjänsten vet om det. Gör en orosanmälan först."
    ),
    "waits_until_the_past": "Välj en dag som kommer.",
    "words_required": "Skriv vad som har gjorts eller varför.",
}
CHANGED_MEANWHILE: Final = (
    "Någon annan har ändrat ärendet sedan du öppnade sidan. Det du har skrivit står kvar och är inte sparat. "
    "Läs vad som är nytt i ärendet och spara igen om det fortfarande stämmer."
)
UNEXPECTED: Final = "Det går inte att göra nu. Gå tillbaka till ärendet och se hur det står till."
