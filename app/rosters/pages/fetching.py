"""What is shown of fetches: how far they have come, what they found in counts, or what went wrong and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.kernel.swedish import swedish_key
from app.rosters.models import RegisterConnection, RosterFetch
from app.rosters.types.fetching import FetchedUnit, FetchFailure, FetchResult, FetchState, FetchStep
from app.surveys.models import SurveyRound

ORDERED: Final = "Hämtningen är beställd. Ladda om sidan om en stund."
TRIAL_ORDERED: Final = "Provet är beställt. Ladda om sidan om en stund."
CONNECTION_SAVED: Final = "Anslutningen är sparad. Prova den, så ser ni om den fungerar."
CONNECTION_REMOVED: Final = "Anslutningen är borttagen och hemligheten raderad."

STEPS: Final[Mapping[FetchStep | None, str]] = {
    None: "Väntar på sin tur",
    FetchStep.UNITS: "Läser skolenheter",
    FetchStep.PUPILS: "Läser elever",
    FetchStep.GUARDIANS: "Kontrollerar vårdnadshavares skydd",
    FetchStep.CLASSES: "Läser klasser",
    FetchStep.STAGING: "Lägger upp listorna",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, and what to do about it."""

    title: str
    advice: str
    own_advice: str = ""
    """The advice to the administrator, where everybody else is told to ask the administrator."""


FAULTS: Final[Mapping[FetchFailure, Fault]] = {
    FetchFailure.CHANGED: Fault(
        "Registret ändrade id",
        "Samma elev eller skolenhet fanns med olika id eller skolenhetskod, så det går inte att veta vem som hör vart."
        " Försök igen om en stund. Händer det igen: be administratören prova anslutningen och leverantören rätta"
        " registret.",
        "Samma elev eller skolenhet fanns med olika id eller skolenhetskod, så det går inte att veta vem som hör vart."
        " Prova igen om en stund. Händer det igen: be leverantören rätta registret.",
    ),
    FetchFailure.DOWN: Fault(
        "Registret är nere",
        "Det gick inte att nå. Försök igen om en stund, eller be administratören kontrollera adressen.",
        "Det gick inte att nå. Kontrollera adressen, eller försök igen om en stund.",
    ),
    FetchFailure.ENDLESS: Fault(
        "Registret slutade aldrig",
        "Det skickade sida efter sida utan slut. Be leverantören av registret rätta det, eller läs in en fil.",
    ),
    FetchFailure.ERROR: Fault(
        "Registret svarade fel",
        "Det sade att något gick sönder hos det. Försök igen om en stund. Händer det igen: kontakta leverantören.",
    ),
    FetchFailure.INSECURE: Fault(
        "Anslutningen är inte säker",
        "Registrets certifikat gäller inte, eller adressen är okrypterad. Be leverantören rätta det.",
    ),
    FetchFailure.INTERRUPTED: Fault(
        "Hämtningen avbröts hos oss",
        "Den började om en gång och avbröts igen. Beställ den på nytt.",
    ),
    FetchFailure.MARKINGS_MISSING: Fault(
        "Registret säger inte vem som har skyddade personuppgifter",
        "Då kan vi inte ta emot några namn. Be leverantören lämna ut skyddsmarkering (securityMarking) för elever och"
        " vårdnadshavare. Administratören kan också ange att registret bara markerar den som är skyddad.",
        "Då kan vi inte ta emot några namn. Be leverantören lämna ut skyddsmarkering (securityMarking) för elever och"
        " vårdnadshavare. Markerar registret bara den som är skyddad: kryssa i det här ovanför.",
    ),
    FetchFailure.MOVED: Fault(
        "Registret hänvisade till en annan adress",
        "Vi följer inte med dit av säkerhetsskäl. Be administratören kontrollera adressen.",
        "Vi följer inte med dit av säkerhetsskäl. Kontrollera adressen.",
    ),
    FetchFailure.NOT_FOUND: Fault(
        "Det finns inget register på adressen",
        "Servern svarade, men det som vi frågade efter finns inte där. Be administratören kontrollera adressen.",
        "Servern svarade, men det som vi frågade efter finns inte där. Kontrollera registrets adress och adressen för"
        " inloggning.",
    ),
    FetchFailure.NO_CONNECTION: Fault(
        "Registret är inte anslutet",
        "Anslutningen togs bort innan hämtningen var klar. Be administratören ansluta registret, eller läs in en fil.",
        "Anslutningen togs bort innan hämtningen var klar.",
    ),
    FetchFailure.NO_PUPILS: Fault(
        "Registret har inga elever vid våra skolor",
        "Det svarade, men ingen elev är inskriven vid någon av skolenheterna. Kontrollera skolenhetskoderna och vad vår"
        " inloggning får se.",
    ),
    FetchFailure.ROUND_OVER: Fault(
        "Kartläggningen stängde medan registret lästes",
        "Därför lades inga listor upp.",
    ),
    FetchFailure.SIGN_IN: Fault(
        "Det gick inte att logga in i registret",
        "Be administratören kontrollera klient-id och hemlighet, och vad inloggningen får läsa.",
        "Kontrollera klient-id och hemlighet, och fråga leverantören vad inloggningen får läsa.",
    ),
    FetchFailure.SLOW: Fault(
        "Registret hinner inte svara",
        "Det svarade inte i tid, eller bad oss vänta. Försök igen senare, gärna när färre använder det.",
    ),
    FetchFailure.TOO_MUCH: Fault(
        "Registret skickade för mycket",
        "Det var mer än någon kommuns register rymmer. Be leverantören av registret rätta det.",
    ),
    FetchFailure.UNREADABLE: Fault(
        "Registrets svar gick inte att läsa",
        "Det följde inte SS 12000. Be leverantören av registret rätta det, eller läs in en fil i stället.",
        "Det följde inte SS 12000. Leder adressen till en vanlig webbsida? Annars får leverantören rätta registret.",
    ),
}


@dataclass(frozen=True, slots=True)
class FetchEntry:
    """One fetch in words."""

    fetch: RosterFetch
    is_waiting: bool = False
    """Whether the lists it brought wait to be confirmed."""
    is_for_administrator: bool = False
    """Whether whoever reads it is the one who connects the register."""

    @property
    def state(self) -> FetchState:
        """How far it has come."""
        return self.fetch.state

    @property
    def what(self) -> str:
        """What was ordered."""
        return "Prov" if self.fetch.is_dry_run else "Klasslistor"

    @property
    def step(self) -> str:
        """What is being done now."""
        return STEPS[self.fetch.step]

    @property
    def fault(self) -> Fault | None:
        """What went wrong."""
        return FAULTS[self.fetch.failure] if self.fetch.failure else None

    @property
    def advice(self) -> str:
        """What to do about what went wrong, as the reader can do it."""
        fault = self.fault
        if fault is None:
            return ""
        return fault.own_advice or fault.advice if self.is_for_administrator else fault.advice

    @property
    def found(self) -> FetchResult | None:
        """What it found."""
        return self.fetch.found

    @property
    def units(self) -> Sequence[FetchedUnit]:
        """The school units it found, in Swedish order."""
        found = self.fetch.found
        return sorted(found.units, key=lambda unit: swedish_key(unit.name)) if found else ()


@dataclass(frozen=True, slots=True)
class FetchesPage:
    """What was ordered for a round."""

    survey_round: SurveyRound
    is_connected: bool
    takes_lists: bool
    is_busy: bool
    """Whether the municipality has a fetch under way, for this round or another."""
    latest: FetchEntry | None
    earlier: Sequence[FetchEntry]


def tell_connection(connection: RegisterConnection | None, latest: FetchEntry | None) -> str:
    """Return how it stands with the connection: saved is not connected, until the register has answered."""
    if connection is None:
        return "Registret är inte anslutet."
    has_failed = latest is not None and latest.fault is not None
    if connection.has_answered:
        return "Registret är anslutet, men det senaste provet misslyckades." if has_failed else "Registret är anslutet."
    return "Sparat. Inget prov har lyckats ännu." if has_failed else "Sparat. Inte provat ännu."


def make_trials(fetches: Sequence[RosterFetch]) -> Sequence[FetchEntry]:
    """Return trials of the connection in words, for the administrator who ordered them."""
    return [FetchEntry(fetch, is_for_administrator=True) for fetch in fetches]


def make_entries(fetches: Sequence[RosterFetch], waiting_upload_id: object = None) -> Sequence[FetchEntry]:
    """Return fetches in words; the lists of one of them may wait to be confirmed."""
    return [
        FetchEntry(fetch, is_waiting=fetch.upload_id is not None and fetch.upload_id == waiting_upload_id)
        for fetch in fetches
    ]
