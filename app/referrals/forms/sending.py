"""Handing over, and what comes back."""

from typing import Any

from markupsafe import Markup, escape

from app.referrals.types import (
    HandOverChannel,
    HandOverReport,
    ReceiverAnswer,
    RecordAcknowledgement,
    RecordAnswer,
)
from app.responses.forms.absence import long_ago
from app.web.forms import ChoiceField, ChoicesField, DayField, Form, MomentField, VersionField

ANSWERS = [
    (ReceiverAnswer.OPENED, "Utredning inledd"),
    (ReceiverAnswer.NOT_OPENED, "Utredning inte inledd"),
    (ReceiverAnswer.ONGOING, "Utredning pågår redan"),
]

REFUSALS = {
    "report_is_incomplete": "Något som mottagaren måste veta saknas. Se listan på anmälans första sida.",
    "report_has_no_receiver": "Välj vilken nämnd som ska få anmälan på sidan ”Vem anmäler, och till vem?”.",
    "report_has_no_school_unit": "Välj elevens skola på sidan ”Vem gäller anmälan?”.",
    "receiver_takes_no_mail": "Nämnden har ingen funktionsadress i registret. Lämna anmälan på papper.",
    "mail_is_not_dead": "Det förra mejlet är fortfarande på väg, eller har kommit fram.",
    "report_has_no_waiting_link": "Anmälan väntar inte längre på en bekräftelse.",
    "before_hand_over": "Tidpunkten är före det att anmälan lämnades. Kontrollera dagen.",
    "in_the_future": "Tidpunkten har inte varit än. Kontrollera dagen.",
    "identity_is_protected": "Barnet har skyddade personuppgifter. Lämna inte anmälan här: ring socialtjänsten nu.",
    "report_has_not_left": "Anmälan är inte lämnad. Ändra i den i stället.",
    "link_has_expired": "Länken har gått ut.",
}


class HandOverReportForm(Form):
    """How the report leaves. The mail is offered when the board has a function address."""

    channels = ChoicesField(
        "Hur lämnar du anmälan?",
        choices=[
            (HandOverChannel.PRINT, "På papper", "Skriv ut, och lämna eller skicka i förslutet kuvert."),
            (
                HandOverChannel.DOWNLOAD,
                "Som fil i en säker tjänst",
                "Spara som PDF och skicka i kommunens säkra meddelandetjänst, aldrig i vanlig e-post.",
            ),
        ],
        required="Välj hur du lämnar anmälan.",
    )
    version = VersionField()

    def offer_mail(self, address: str) -> None:
        """Let the board be told by mail too."""
        self.channels.choices = [
            *self.channels.choices,
            (
                HandOverChannel.MAIL_LINK,
                "Meddela nämnden med ett mejl",
                Markup(
                    "Till {}, utan personuppgifter. Mejlet har en länk där de bekräftar och svarar. "
                    "Själva anmälan måste ändå lämnas på något av de andra sätten."
                ).format(escape(address).replace("@", Markup("<wbr>@"))),
            ),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that the report itself leaves: the mail tells only that it comes."""
        valid = bool(super().validate(extra_validators))
        if valid and self.channels.data == (HandOverChannel.MAIL_LINK,):
            self.channels.errors = ["Välj också hur själva anmälan lämnas: på papper eller som fil i en säker tjänst."]
            return False
        return valid

    def to_command(self) -> HandOverReport:
        """Return the command of a form that holds."""
        return HandOverReport(self.channels.data, self.version.data or 0)


class RecordAcknowledgementForm(Form):
    """The board has said, in another way than by the link, that it has the report."""

    at = MomentField("När sade de att anmälan har kommit?", required="Skriv dag och klockslag.", not_in_future=True)
    version = VersionField()

    def to_command(self) -> RecordAcknowledgement:
        """Return the command of a form that holds."""
        if self.at.data is None:
            raise ValueError("the form does not hold")
        return RecordAcknowledgement(self.at.data, self.version.data or 0)


class RecordAnswerForm(Form):
    """The board has said what it decided."""

    answer = ChoiceField("Vad svarade nämnden?", choices=ANSWERS, required="Välj vad nämnden svarade.")
    on = DayField(
        "Vilken dag beslutades det?", required="Skriv vilken dag det beslutades.", not_in_future=True, earliest=long_ago
    )
    version = VersionField()

    def to_command(self) -> RecordAnswer:
        """Return the command of a form that holds."""
        if self.on.data is None:
            raise ValueError("the form does not hold")
        return RecordAnswer(self.answer.data, self.on.data, self.version.data or 0)


class AcknowledgeReportForm(Form):
    """A button: nothing but the token against forgery."""


class AnswerReportForm(Form):
    """What the board itself answers by its link."""

    answer = ChoiceField("Vad har ni beslutat?", choices=ANSWERS, required="Välj vad ni har beslutat.")
    on = DayField(
        "Vilken dag beslutade ni det?",
        required="Skriv vilken dag ni beslutade det.",
        not_in_future=True,
        earliest=long_ago,
        hint="Pågår utredningen redan: dagen då den inleddes.",
    )


class WithdrawReportForm(Form):
    """A button that takes a draft away."""

    version = VersionField()


class SendLinkAgainForm(Form):
    """A button that sends the mail once more."""

    version = VersionField()


CHANGED = (
    "Anmälan ändrades i ett annat fönster medan du hade sidan öppen. Inget är sparat nu. "
    "Det du skrev står kvar: kontrollera att det stämmer och spara igen."
)

FLASHES = {
    "handed_over": "Anmälan är lämnad.",
    "sent_again": "Mejlet skickas igen.",
    "not_sent_again": "Mejlet skickades inte. Försök igen.",
    "acknowledged": "Bekräftelsen är antecknad.",
    "answered": "Svaret är antecknat.",
    "receiver_kept": "Mottagaren är sparad.",
}
"""What a page says after something has been done."""
