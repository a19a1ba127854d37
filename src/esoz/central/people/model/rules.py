"""What a person's record must satisfy, as pure functions: facts in, faults out."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from esoz.central.dictionaries import Address, Phone
from esoz.central.workforce import age, tax_id_is_valid
from esoz.kernel.clock import Days
from esoz.kernel.errors import Invalid

from .identifiers import unzr_is_valid
from .names import NO_LAST_NAME, PARTS, UKRAINIAN, UKRAINIAN_NAME, Name, name_faults, principal
from .person import AuthenticationType, Document, EmergencyContact, RelationshipDocument

HOME_COUNTRY = "UA"
ADULT_AGE = 18  # GP-1: adult_age
# What proves that somebody is, or is not, a child's parent: it gives no right over an adult.
PAPERS_OF_PARENTS = frozenset({"BIRTH_CERTIFICATE", "DEPRIVATION_OF_PARENTAL_RIGHTS"})
TAX_ID_AGE = 14  # PS-1, PS-4, PS-8
LONGEST = 255
OLDEST = 150  # DC-4: birth date 0…150 years
PHONE_LIMIT = 5  # PS-12: phone_number_auth_limit has no published value; five fits a family

# PS-10
EXPIRING = frozenset(
    {
        "NATIONAL_ID",
        "COMPLEMENTARY_PROTECTION_CERTIFICATE",
        "PERMANENT_RESIDENCE_PERMIT",
        "REFUGEE_CERTIFICATE",
        "TEMPORARY_CERTIFICATE",
        "TEMPORARY_PASSPORT",
    }
)
_LETTERS = "А-ЩЬЮЯҐЇІЄ"  # capital ones, without Ы Ъ Э Ё
_PERMIT = re.compile(rf"(?:[{_LETTERS}]{{2}}\d{{4,6}}|\d{{9}}|[{_LETTERS}]{{2}}\d{{5}}/\d{{5}})", re.ASCII)
_NUMBERS = {
    "PASSPORT": re.compile(rf"[{_LETTERS}]{{2}}\d{{6}}", re.ASCII),
    "NATIONAL_ID": re.compile(r"\d{9}", re.ASCII),
    "BIRTH_CERTIFICATE": re.compile(rf"[0-9A-Z{_LETTERS}№\\/()\- ]{{2,25}}"),
    "COMPLEMENTARY_PROTECTION_CERTIFICATE": _PERMIT,
    "REFUGEE_CERTIFICATE": _PERMIT,
    "PERMANENT_RESIDENCE_PERMIT": _PERMIT,
    "TEMPORARY_CERTIFICATE": _PERMIT,
}
_ZIP = re.compile(r"\d{5}", re.ASCII)
_PHONE = re.compile(r"\+380\d{9}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationDetails:
    """How the person wants to authenticate."""

    type: AuthenticationType
    phone_number: str | None = None
    value: UUID | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidantDetails:
    """Who speaks for the person and by which papers."""

    person_id: UUID
    documents_relationship: Sequence[RelationshipDocument]
    relation_type: str = "PRIMARY"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """What is told of a person at registration, in the published fields; names as in `Person`."""

    first_name: str
    last_name: str
    birth_date: date
    birth_country: str
    birth_settlement: str
    gender: str
    secret: str
    documents: Sequence[Document]
    addresses: Sequence[Address]
    emergency_contact: EmergencyContact
    authentication_methods: Sequence[AuthenticationDetails]
    no_tax_id: bool = False
    second_name: str | None = None
    name_language: str = UKRAINIAN
    names: Sequence[Name] = ()
    email: str | None = None
    tax_id: str | None = None
    unzr: str | None = None
    phones: Sequence[Phone] = ()
    preferred_way_communication: str | None = None
    confidant_persons: Sequence[ConfidantDetails] = ()


def called(person: PersonDetails, names: Sequence[Name]) -> PersonDetails:
    """The same with these names by language; with none of them the three fields are all that is known."""
    if not names:
        return person
    first = principal(names)
    return replace(
        person,
        first_name=first.first_name,
        last_name=first.last_name or NO_LAST_NAME,
        second_name=first.second_name,
        name_language=first.language,
        names=tuple(names),
    )


def is_of_ukraine(document: Document) -> bool:
    """Whether a paper has the numbers that papers of Ukraine have; who tells no country means it."""
    return document.issuing_country in (None, HOME_COUNTRY)


def last_birthday_of_adults(today: date) -> date:
    """PS-15, GP-1: who was born on this day or earlier has come of age; who was born on 29 February, on 1 March."""
    try:
        return today.replace(year=today.year - ADULT_AGE)
    except ValueError:
        return date(today.year - ADULT_AGE, 2, 28)


def last_day_of(documents: Sequence[RelationshipDocument], active_to: date | None, birth_date: date) -> date | None:
    """PS-15: the last day on which somebody speaks for another; a parent's is the day before the child comes of age."""
    days = [active_to] if active_to else []
    if all(paper.type in PAPERS_OF_PARENTS for paper in documents):
        days.append(adult_on(birth_date) - timedelta(days=1))
    return min(days, default=None)


def adult_on(birth_date: date) -> date:
    """GP-1: the day on which somebody comes of age; of who was born on 29 February it is 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + ADULT_AGE)
    except ValueError:
        return date(birth_date.year + ADULT_AGE, 3, 1)


def person_faults(person: PersonDetails, days: Days, *, is_known: bool = False) -> list[Invalid]:
    """All faults of a registration, in the order of the published checks; entries begin with `$.person`.

    `is_known`: the data of somebody who is registered already; how they confirm, and who speaks for them, is not told.
    """
    return [
        Invalid(f"$.person{place}", rule, message)
        for check in _CHECKS
        if not (is_known and check in _OF_REGISTRATION)
        for place, rule, message in check(person, days)
    ]


_Fault = tuple[str, str, str]  # place below $.person, rule, sentence


def _names(person: PersonDetails, _days: Days) -> Iterator[_Fault]:
    # PS-13, PS-29
    yield from name_faults(person.names)
    for field in () if person.names else PARTS:
        name = getattr(person, field)
        if name is not None and not UKRAINIAN_NAME.fullmatch(name):
            yield f".{field}", "format", "string does not match pattern of Ukrainian names"


def _birth_date(person: PersonDetails, days: Days) -> Iterator[_Fault]:
    # DC-4: "Invalid birth date."
    if not (person.birth_date <= days.latest and age(person.birth_date, days.today) <= OLDEST):
        yield ".birth_date", "invalid", "Invalid birth date."


def _tax_id(person: PersonDetails, days: Days) -> Iterator[_Fault]:
    # PS-1, PS-2, DC-4; "in not valid" is how the published text reads.
    if person.no_tax_id and person.tax_id:
        yield ".tax_id", "invalid", "Persons who refused the tax_id should be without tax_id"
    elif not person.no_tax_id and not person.tax_id and age(person.birth_date, days.today) >= TAX_ID_AGE:
        yield ".tax_id", "invalid", "Only persons who refused the tax_id could be without tax_id"
    elif person.tax_id and not tax_id_is_valid(person.tax_id):
        yield ".tax_id", "invalid", "Person's tax ID in not valid."


def _unzr(person: PersonDetails, _days: Days) -> Iterator[_Fault]:
    # PS-3
    if person.unzr and not unzr_is_valid(person.unzr, person.birth_date):
        yield ".unzr", "invalid", "Birthdate or unzr is not correct"
    own_cards = [paper for paper in person.documents if paper.type == "NATIONAL_ID" and is_of_ukraine(paper)]
    if own_cards and not person.unzr:
        yield ".unzr", "required", "unzr is mandatory for document type NATIONAL_ID"


def _document_set(person: PersonDetails, days: Days) -> Iterator[_Fault]:
    # PS-4, PS-5
    types = [document.type for document in person.documents]
    if not types:
        yield ".documents", "length", "expected at least 1 items"
    if age(person.birth_date, days.today) < TAX_ID_AGE and "BIRTH_CERTIFICATE" not in types:
        yield ".documents", "invalid", "Must contain required item of type BIRTH_CERTIFICATE"
    yield from _unique(types, ".documents", "type")
    if {"NATIONAL_ID", "PASSPORT"} <= set(types):
        yield ".documents", "invalid", "Person can have only new passport NATIONAL_ID or old PASSPORT"


def _document_content(person: PersonDetails, days: Days) -> Iterator[_Fault]:
    # PS-9, PS-10, PS-13
    for number, document in enumerate(person.documents):
        place = f".documents[{number}]"
        pattern = _NUMBERS.get(document.type) if is_of_ukraine(document) else None
        if pattern and not pattern.fullmatch(document.number):
            yield f"{place}.number", "format", "string does not match pattern of the document"
        if document.issued_at and document.issued_at > days.latest:
            yield f"{place}.issued_at", "invalid", "Document issued date should be in the past"
        if document.issued_at and document.issued_at < person.birth_date:
            yield f"{place}.issued_at", "invalid", "Document issued date should greater than person.birth_date"
        if document.type in EXPIRING and document.expiration_date is None:
            yield (
                f"{place}.expiration_date",
                "required",
                "expiration_date is mandatory for document_type " + document.type,
            )
        if document.expiration_date and document.expiration_date < days.earliest:
            yield f"{place}.expiration_date", "invalid", "Document expiration_date should be in the future"


def _phones(person: PersonDetails, _days: Days) -> Iterator[_Fault]:
    # PS-6, PS-13
    for place, phones in ((".phones", person.phones), (".emergency_contact.phones", person.emergency_contact.phones)):
        yield from _unique([phone.type for phone in phones], place, "type")
        for number, phone in enumerate(phones):
            if not _PHONE.fullmatch(phone.number):
                yield f"{place}[{number}].number", "format", "string does not match pattern ^\\+380\\d{9}$"


def _authentication(person: PersonDetails, days: Days) -> Iterator[_Fault]:
    # PS-7: exactly one; OTP needs a phone. Under 14 a third person confirms (API of 2026).
    if len(person.authentication_methods) != 1:
        yield ".authentication_methods", "length", "expected exactly 1 item"
        return
    method = person.authentication_methods[0]
    place = ".authentication_methods[0]"
    if method.type is AuthenticationType.OTP and not method.phone_number:
        yield f"{place}.phone_number", "required", "required property phone_number was not present"
    if method.phone_number and not _PHONE.fullmatch(method.phone_number):
        yield f"{place}.phone_number", "format", "string does not match pattern ^\\+380\\d{9}$"
    by_another = method.type is AuthenticationType.THIRD_PERSON
    if by_another and method.value not in {confidant.person_id for confidant in person.confidant_persons}:
        yield f"{place}.value", "invalid", "Authentication method value should be equal to confidant_person.person_id"
    if age(person.birth_date, days.today) < TAX_ID_AGE and not by_another:
        yield f"{place}.type", "inclusion", "Person under 14 must be authenticated by a third person"


def _confidants(person: PersonDetails, days: Days) -> Iterator[_Fault]:
    # PS-8
    place = ".confidant_person"
    confidants = person.confidant_persons
    if not confidants:
        if age(person.birth_date, days.today) < TAX_ID_AGE:
            yield place, "required", "Confidant person is mandatory for children"
        return
    yield from _unique([confidant.relation_type for confidant in confidants], place, "relation_type")
    if sum(confidant.relation_type == "PRIMARY" for confidant in confidants) != 1:
        yield place, "invalid", "one and only one confidant person with type PRIMARY is required"
    for number, confidant in enumerate(confidants):
        papers = f"{place}[{number}].documents_relationship"
        if not confidant.documents_relationship:
            yield papers, "length", "expected at least 1 items"
        yield from _unique([document.type for document in confidant.documents_relationship], papers, "type")


def _addresses(person: PersonDetails, _days: Days) -> Iterator[_Fault]:
    # DC-3, AD-3: exactly one RESIDENCE; five digits of the post code.
    if sum(address.type == "RESIDENCE" for address in person.addresses) != 1:
        yield ".addresses", "invalid", "Addresses with type RESIDENCE should be one and only one"
    for number, address in enumerate(person.addresses):
        if address.zip is not None and not _ZIP.fullmatch(address.zip):
            yield f".addresses[{number}].zip", "format", "string does not match pattern ^[0-9]{5}$"


def _lengths(person: PersonDetails, _days: Days) -> Iterator[_Fault]:
    # PS-13: 255 signs of a name; what has no published bound has the same.
    texts: dict[str, str | None] = {
        ".birth_country": person.birth_country,
        ".birth_settlement": person.birth_settlement,
    }
    for number, document in enumerate(person.documents):
        texts |= {f".documents[{number}].{field}": getattr(document, field) for field in ("number", "issued_by")}
    contact = person.emergency_contact
    texts |= {f".emergency_contact.{field}": getattr(contact, field) for field in ("first_name", "last_name")}
    texts |= {".emergency_contact.second_name": contact.second_name, ".email": person.email}
    for place, text in texts.items():
        if text is not None and len(text) > LONGEST:
            yield place, "length", f"expected at most {LONGEST} characters"


def _words(person: PersonDetails, _days: Days) -> Iterator[_Fault]:
    # PS-13, PS-14
    if not 6 <= len(person.secret) <= 20:
        yield ".secret", "length", "expected 6 to 20 characters"
    if person.preferred_way_communication not in (None, "email", "phone"):
        yield ".preferred_way_communication", "inclusion", "value is not allowed in enum"


def _unique(values: Iterable[str], place: str, field: str) -> Iterator[_Fault]:
    seen: set[str] = set()
    for number, value in enumerate(values):
        if value in seen:
            yield f"{place}[{number}].{field}", "invalid", "No duplicate values."
        seen.add(value)


_CHECKS: tuple[Callable[[PersonDetails, Days], Iterator[_Fault]], ...] = (
    _names,
    _birth_date,
    _tax_id,
    _unzr,
    _document_set,
    _document_content,
    _phones,
    _authentication,
    _confidants,
    _addresses,
    _lengths,
    _words,
)

_OF_REGISTRATION = (_authentication, _confidants)


def initial_verification(person: PersonDetails) -> dict[str, dict[str, object]]:
    """The state of verification of a new person by register: asked only of what the person has."""
    types = {document.type for document in person.documents}
    has = {
        "drfo": person.tax_id is not None,
        "unzr": person.unzr is not None,
        "dracs_death": True,
        "dracs_birth": "BIRTH_CERTIFICATE" in types,
        "mvs_passport": "PASSPORT" in types,
        "dms_passport": "NATIONAL_ID" in types,
    }
    return {
        register: {
            "verification_status": "VERIFICATION_NEEDED" if known else "VERIFICATION_NOT_NEEDED",
            "verification_reason": "AUTO" if known else "AUTO_DATA_ABSENT",
        }
        for register, known in has.items()
    }
