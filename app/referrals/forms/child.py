"""The first page: who the child is. Nothing of it is kept when personal data are, or may be, protected."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.referrals.documents import words
from app.referrals.types import ChildPart, Gender
from app.responses.forms.identity import IdentityForm
from app.responses.types import AnyYesNo, IdentityAnswers, ProtectedIdentity
from app.web.forms import ChoiceField, PhoneField, SelectField, TextField

YES_NO = [(AnyYesNo.YES, "Ja"), (AnyYesNo.NO, "Nej"), (AnyYesNo.UNKNOWN, "Vet inte")]


class ChildForm(IdentityForm):
    """The questions of identity as the schools meet them elsewhere, and what a receiver asks besides."""

    school_unit = SelectField("Elevens skola", choices=[])
    gender = ChoiceField("Kön", choices=[(member, words(Gender)[member.value]) for member in Gender])
    address = TextField("Adress", max_length=200, hint="Där eleven bor. Lämna tomt om du inte vet.")
    phone = PhoneField("Elevens telefon")
    language = TextField("Språk", max_length=120, hint="Språk som eleven förstår bra.")
    interpreter = ChoiceField("Behövs tolk?", choices=YES_NO)
    knows_of_report = ChoiceField(
        "Känner eleven till att du anmäler?",
        choices=YES_NO,
        hint="Eleven behöver inte veta. Socialtjänsten behöver veta om eleven vet.",
    )

    def offer_units(self, units: Sequence[tuple[UUID, str]]) -> None:
        """Let these (id, name) be the schools to choose among."""
        self.school_unit.choices = units

    @staticmethod
    def data_of_part(part: ChildPart, unit_id: UUID | None) -> dict[str, Any]:
        """Return what the form shows of a child that is known."""
        identity = IdentityAnswers(
            kind=part.kind,
            number=part.number,
            name=part.name,
            birth_date=part.birth_date,
            school_form=part.school_form,
            grade=part.grade,
            school_class=part.school_class,
            home_municipality_code=part.home_municipality_code,
        )
        return IdentityForm.data_of(identity) | {
            "school_unit": unit_id,
            "gender": part.gender,
            "address": part.address,
            "phone": part.phone,
            "language": part.language,
            "interpreter": part.interpreter,
            "knows_of_report": part.knows_of_report,
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the rest only when the child's personal data are not protected."""
        valid = super().validate(extra_validators)
        if self.stops or not self.school_unit.choices:
            return valid
        return self.need(self.school_unit, "Välj vilken skola eleven går i.") and valid

    @property
    def is_unknown(self) -> bool:
        """Whether nobody knows if personal data are protected."""
        return bool(self.is_protected.data is ProtectedIdentity.UNKNOWN)

    def to_part(self, before: ChildPart | None) -> ChildPart:
        """Return the child of a form that holds and does not stop."""
        told = self.to_values(None)
        return ChildPart(
            kind=told.kind,
            number=told.number,
            name=told.name,
            birth_date=told.birth_date,
            gender=self.gender.data,
            home_municipality_code=told.home_municipality_code,
            address=self.address.data,
            phone=self.phone.data,
            school=before.school if before else "",
            school_form=told.school_form,
            grade=told.grade,
            school_class=told.school_class,
            language=self.language.data,
            interpreter=self.interpreter.data,
            knows_of_report=self.knows_of_report.data,
        )
