"""The fields that every form is made of. They speak Swedish, keep what was typed, and never raise, whatever is posted.

A field says what is wrong with the shape of an answer and what to do about it. What the answer means is settled by the
command the form hands over; what is unusual but possible is never refused here.
"""

from app.web.forms.choices import CheckField, ChoiceField, ChoicesField, Option, SelectField
from app.web.forms.days import ClockField, DayField, MomentField, PartsField
from app.web.forms.files import FileField
from app.web.forms.form import (
    Field,
    Form,
    FormError,
    HiddenTextField,
    PartForm,
    QueryForm,
    RowsField,
    VersionField,
    list_errors,
)
from app.web.forms.numbers import IntegerField
from app.web.forms.texts import EmailField, LongTextField, PasswordField, PhoneField, TextField

__all__ = [
    "CheckField",
    "ChoiceField",
    "ChoicesField",
    "ClockField",
    "DayField",
    "EmailField",
    "Field",
    "FileField",
    "Form",
    "FormError",
    "HiddenTextField",
    "IntegerField",
    "LongTextField",
    "MomentField",
    "Option",
    "PartForm",
    "PartsField",
    "PasswordField",
    "PhoneField",
    "QueryForm",
    "RowsField",
    "SelectField",
    "TextField",
    "VersionField",
    "list_errors",
]
