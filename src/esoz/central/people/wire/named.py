"""Persons as contract 9.15 has them: names by language, papers with the country that issued them."""

from collections.abc import Iterable

from esoz.kernel.payload import JSON, omit_none
from esoz.kernel.spelling import same_number

from ..model import (
    NO_LAST_NAME,
    ConfidantPerson,
    EmergencyContact,
    NameSearch,
    Person,
    PersonDetails,
    name_in,
    names_of,
)
from .flat import confidant_person


def names_shown(person: Person | PersonDetails) -> JSON:
    """What a person is called in each language, and whom to call: where somebody has no surname, there is none."""
    return {"names": names_of(person), "emergency_contact": _contact(person.emergency_contact)}


def found_person(person: Person, criteria: NameSearch) -> JSON:
    """A person in the search: the name that was asked for, and of the rest only what the caller knew (PS-16)."""
    name = name_in(person, criteria.language)
    phone, number = criteria.phone_number, criteria.document_number
    papers = [each for each in person.documents if same_number(each.number, number)]
    return omit_none(
        id=person.id,
        names=[name] if name else [],
        birth_date=person.birth_date,
        birth_country=person.birth_country,
        birth_settlement=person.birth_settlement,
        gender=person.gender,
        tax_id=person.tax_id if criteria.tax_id else None,
        phones=[each for each in person.phones if each.number == phone] if phone else None,
        documents=[{"type": each.type, "number": each.number} for each in papers] or None,
    )


def personal_data(person: Person, confidants: Iterable[ConfidantPerson]) -> JSON:
    """Everything that is registered of a person, for a clinic."""
    return omit_none(
        id=person.id,
        **names_shown(person),
        birth_date=person.birth_date,
        birth_country=person.birth_country,
        birth_settlement=person.birth_settlement,
        gender=person.gender,
        email=person.email,
        tax_id=person.tax_id,
        no_tax_id=person.no_tax_id,
        unzr=person.unzr,
        secret=person.secret,
        death_date=person.death_date,
        documents=person.documents,
        addresses=person.addresses,
        phones=person.phones,
        verification_status=person.verification_status,
        minfin_validation_status=person.minfin_validation_status,
        confidant_person=[confidant_person(each) for each in confidants],
    )


def _contact(contact: EmergencyContact) -> JSON:
    told = {field: getattr(contact, field) for field in contact.__struct_fields__}
    return omit_none(told | {"last_name": None if contact.last_name == NO_LAST_NAME else contact.last_name})
