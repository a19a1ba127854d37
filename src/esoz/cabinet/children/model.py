"""What a parent tells of a child, and what central is asked for."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of

from ..registration import forms
from ..registration.holder import Holder
from ..registration.model import document_of

Person = Mapping[str, Any]

CHILD_AGE = 14  # PS-31: from then on people have a signature and register themselves
COUNTRY = "Україна"  # what most are born in; it is data, in one language
GROWN = _("З 14 років людина реєструється сама: своїм ключем або в закладі. Перевірте дату народження.")
NOT_BORN = _("Ця дата ще не настала. Перевірте дату народження.")
_NAMES = ("last_name", "first_name", "second_name")


class Event(StrEnum):
    FORM_READ = "child_registration.read"
    ASKED = "child_registration.created"


def age(born: date, today: date) -> int:
    """Full years: who was born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def read_child(typed: Mapping[str, str], today: date) -> forms.Read:
    """Who the child is, and the birth certificate that proves it (PS-4, PS-9, PS-13)."""
    names, faults = forms.read_name(typed)
    about, wrong = forms.read_about(typed, today)
    # Of grown people the form of a registration asks the opposite: that they are fourteen.
    wrong = {name: text for name, text in wrong.items() if text != forms.TOO_YOUNG}
    born = day_of(about["birth_date"])
    if born is not None and "birth_date" not in wrong and age(born, today) >= CHILD_AGE:
        wrong["birth_date"] = GROWN
    if born is not None and born > today:
        wrong["birth_date"] = NOT_BORN
    holder = Holder(names["last_name"], names["first_name"], names["second_name"])
    certificate = {**typed, "type": forms.BIRTH_CERTIFICATE}
    paper, missing = forms.read_document(certificate, today, holder, born if born and born <= today else today)
    if born is None or born > today:
        missing.pop("issued_at", None)  # it is compared with a birth date that is told anew
    return names | about | paper, faults | wrong | missing


def residence_of(parent: Person) -> Mapping[str, Any]:
    """Where the parent lives, and the child with them; nothing when it is not known."""
    found = parent.get("addresses") or ()
    return next((each for each in found if each["type"] == "RESIDENCE"), {})


def phone_of(parent: Person) -> str:
    """The parent's mobile telephone: whom to call about the child; empty when it is not known."""
    return next((each["number"] for each in parent.get("phones") or () if each["type"] == "MOBILE"), "")


def values_at_first(parent: Person) -> dict[str, str]:
    """What the form lets be corrected: most children have the surname of the parent who registers them."""
    return {"last_name": parent.get("last_name") or "", "birth_country": COUNTRY}


def body_of(values: Mapping[str, str], parent: Person) -> dict[str, Any]:
    """The published person with the paper that says why the parent speaks for them."""
    paper = document_of(values)
    phones = [{"type": "MOBILE", "number": phone_of(parent)}]
    person = {name: values[name] for name in (*_NAMES, "birth_date", "birth_country", "birth_settlement", "gender")}
    contact = {name: parent.get(name) or "" for name in _NAMES}
    return {
        "person": _filled(person)
        | {
            "no_tax_id": False,
            "secret": values["secret"],
            "documents": [paper],
            "addresses": [residence_of(parent)],
            "phones": phones,
            "emergency_contact": _filled(contact) | {"phones": phones},
        },
        "documents_relationship": [{name: told for name, told in paper.items() if name != "expiration_date"}],
        "patient_signed": False,
        "process_disclosure_data_consent": True,
    }


def _filled(values: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
