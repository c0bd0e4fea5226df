"""Boards, and reports of concern written and handed over the way they are."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor, Role
from app.accounts.models import Account
from app.kernel import clock
from app.kernel.identity_number import IdentityKind
from app.referrals import queries, service
from app.referrals.models import Receiver, ReportOfConcern
from app.referrals.types import (
    BackgroundPart,
    ChildPart,
    ConcernPart,
    DangerPart,
    FamilyPart,
    Gender,
    GuardianInformed,
    GuardianPart,
    HandOverChannel,
    HandOverReport,
    Purpose,
    ReportContent,
    ReporterPart,
    ReportPage,
    SaveReportPage,
    StartReport,
    StatementPart,
    ToldPart,
    TravelPart,
    TravelSuspicion,
)
from app.responses.types import AnyYesNo, Place, SchoolForm
from app.schools.models import Municipality, SchoolUnit
from tests.factories.accounts import make_account
from tests.factories.pupils import make_number
from tests.factories.routine import make_routine
from tests.factories.schools import make_municipality, make_unit

_numbers = count(1)
CHILD = "Elin Sandhage"


@dataclass(frozen=True, slots=True)
class Office:
    """A municipality with its law and routine, a school unit, who may write there, and the own board."""

    municipality: Municipality
    unit: SchoolUnit
    staff: Account
    respondent: Account
    coordinator: Account
    administrator: Account
    receiver: Receiver

    def actor(self, account: Account) -> Actor:
        """Return the actor that an account is today."""
        return account.as_actor(clock.today())


def make_office(session: Session) -> Office:
    """Add what reports need around them."""
    municipality = make_municipality(session)
    make_routine(session, municipality)
    unit = make_unit(session, municipality, name="Strandängsskolan")
    return Office(
        municipality,
        unit,
        make_account(session, municipality, Role.STAFF, unit, name="Karin Lövdahl"),
        make_account(session, municipality, Role.RESPONDENT, unit, name="Per Hallonqvist", title="rektor"),
        make_account(session, municipality, Role.COORDINATOR, name="Maria Ekblad", title="samordnare"),
        make_account(session, municipality, Role.ADMINISTRATOR, name="Ali Nyman", title="systemförvaltare"),
        make_receiver(session, municipality),
    )


def make_receiver(session: Session, municipality: Municipality, **values: Any) -> Receiver:
    """Add a board to a register, the municipality's own unless told otherwise."""
    receiver = Receiver(
        **{
            "municipality_id": municipality.id,
            "municipality_code": municipality.code,
            "municipality_name": municipality.name,
            "board_name": "Socialnämnden",
            "email": f"mottagning{next(_numbers)}@socialnamnden.example",
            "phone": "08-465 004 60",
            "address": "Box 12, 199 21 Älvhaga",
            "is_active": True,
        }
        | values
    )
    session.add(receiver)
    session.flush()
    return receiver


def child_part(**values: Any) -> ChildPart:
    """A child with a personnummer."""
    return ChildPart(
        **{
            "kind": IdentityKind.PERSONAL,
            "number": make_number(date(2015, 4, 12)),
            "name": CHILD,
            "birth_date": date(2015, 4, 12),
            "gender": Gender.GIRL,
            "school_form": SchoolForm.COMPULSORY,
            "grade": "5",
            "school_class": "5 B",
        }
        | values
    )


def full_content() -> ReportContent:
    """A report in which every page says something."""
    return ReportContent(
        child=child_part(school="Strandängsskolan", address="Vretgränd 4", language="sorani"),
        danger=DangerPart(AnyYesNo.YES, "Ett bröllop sägs vara planerat.", "Socialjouren i dag", Place.ABROAD, "Irak"),
        concern=ConcernPart("Kom inte tillbaka efter lovet.", "Hon grät den 10 juni.", "”Jag får inte åka hem.”"),
        told=ToldPart((StatementPart("Är hos mormor", "Vårdnadshavare", date(2026, 8, 20), "Inget"),)),
        background=BackgroundPart(AnyYesNo.YES, "Oro i maj.", "Ringt hem.", "Inget svar.", "Tala inte med brodern."),
        travel=TravelPart(
            suspicion=TravelSuspicion.TAKEN,
            last_seen_on=date(2026, 6, 11),
            purposes=(Purpose.MARRIAGE, Purpose.UPBRINGING),
            destination="Irak",
            do_not_reveal="Att syskonet har berättat.",
        ),
        family=FamilyPart(
            (GuardianPart("Sara Sandhage", informed=GuardianInformed.MUST_NOT, informed_because="Ökar risken."),),
            "Vilma, 9 år, Kvarnbackens skola",
        ),
        reporter=ReporterPart("Karin Lövdahl", "biträdande rektor", "Strandängsskolan", "08-465 004 31"),
    )


def make_report(session: Session, office: Office, author: Account | None = None, **child: Any) -> ReportOfConcern:
    """Write a draft that may be handed over, by a member of staff unless told otherwise."""
    author = author or office.staff
    actor = office.actor(author)
    report = service.start_report(session, actor, StartReport())
    own = report.told.reporter or ReporterPart()
    for page, part in (
        (ReportPage.CHILD, child_part(**child)),
        (ReportPage.CONCERN, ConcernPart(what_happened="Kom inte tillbaka efter sommarlovet.")),
        (ReportPage.REPORTER, replace(own, workplace="Strandängsskolan")),
    ):
        command = SaveReportPage(page, part, report.version, office.unit.id, report.receiver_id)
        service.save_report(session, actor, report, command)
    return reread(session, report, actor)


def make_handed_over(
    session: Session,
    office: Office,
    author: Account | None = None,
    channels: tuple[HandOverChannel, ...] = (HandOverChannel.PRINT, HandOverChannel.MAIL_LINK),
    **child: Any,
) -> ReportOfConcern:
    """Write a report and hand it over."""
    author = author or office.staff
    report = make_report(session, office, author, **child)
    service.hand_over(session, office.actor(author), report, HandOverReport(channels, report.version))
    return reread(session, report, office.actor(author))


def reread(session: Session, report: ReportOfConcern, actor: Actor) -> ReportOfConcern:
    """Return a report with what stands around it, as a request would find it."""
    session.flush()
    session.expire(report)
    return queries.get_report(session, report.id, visible_to=actor)
