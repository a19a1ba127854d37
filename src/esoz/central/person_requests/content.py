"""What is signed of a request: the published object, and the form that the person reads and signs on paper (DC-12)."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from typing import Any

import msgspec

from esoz.central.dictionaries import dictionaries
from esoz.central.people import (
    NO_LAST_NAME,
    AuthenticationDetails,
    AuthenticationType,
    ConfidantDetails,
    PersonDetails,
    flat_documents,
    names_of,
    names_shown,
)
from esoz.kernel.payload import JSON, omit_none

from .model import PersonRequest, Status
from .model.relationships import RelationshipRequest
from .model.requests import NAMES_BY_LANGUAGE

_TITLES = {True: "Реєстрація особи в ЕСОЗ", False: "Зміна даних особи в ЕСОЗ"}
_CONSENT = (
    "Я підтверджую, що наведені дані правильні, і даю згоду на обробку моїх персональних даних"
    " (даних особи, яку я представляю) в електронній системі охорони здоров’я."
)
_NAMES = {"uk": "Прізвище, ім’я, по батькові", "en": "Прізвище, ім’я латинськими літерами"}
_METHODS = {
    AuthenticationType.OTP: "код у SMS",
    AuthenticationType.OFFLINE: "документи в закладі",
    AuthenticationType.THIRD_PERSON: "через законного представника",
    AuthenticationType.NA: "",
}


def shown(request: PersonRequest) -> JSON:
    """The request as published, without what is printed."""
    return omit_none(
        id=request.id,
        status=request.status,
        person=_person(request),
        patient_signed=False,
        process_disclosure_data_consent=True,
        channel=request.channel,
        authorize_with=request.authorize_with,
    )


def whole(request: PersonRequest) -> JSON:
    """The same with the printed form: what an employee signs, once `patient_signed` is true."""
    return {**shown(request), "content": request.content}


def to_be_signed(request: PersonRequest) -> Mapping[str, Any]:
    """What the signed document has to say, as JSON."""
    content: Mapping[str, Any] = msgspec.to_builtins({**whole(request), "patient_signed": True})
    return content


def _person(request: PersonRequest) -> JSON:
    details = request.details
    return omit_none(
        _told(request),
        id=None if request.is_new else request.person_id,
        phones=details.phones or None,
        authentication_methods=[_method(each) for each in details.authentication_methods] or None,
        confidant_person=next((_confidant(each) for each in details.confidant_persons), None),
    )


def _told(request: PersonRequest) -> JSON:
    """What was told, what somebody is called as the version of the request knows it."""
    details = request.details
    told = {name: getattr(details, name) for name in _AS_TOLD}
    return told | (names_shown(details) if request.version == NAMES_BY_LANGUAGE else _flat(details))


def _flat(details: PersonDetails) -> JSON:
    """What another version has in its place."""
    names = {name: getattr(details, name) for name in ("first_name", "last_name", "second_name")}
    return {**names, "documents": flat_documents(details.documents)}


_AS_TOLD = (
    "birth_date",
    "birth_country",
    "birth_settlement",
    "gender",
    "email",
    "no_tax_id",
    "tax_id",
    "secret",
    "documents",
    "addresses",
    "unzr",
    "emergency_contact",
)


def _method(method: AuthenticationDetails) -> JSON:
    return omit_none(type=method.type, phone_number=method.phone_number, value=method.value, alias=method.alias)


def _confidant(confidant: ConfidantDetails) -> JSON:
    return {"person_id": confidant.person_id, "documents_relationship": confidant.documents_relationship}


def relationship_request(request: RelationshipRequest) -> JSON:
    """A request about who speaks for a person, as published: what an employee signs once it is approved."""
    ending = {"id": request.relationship_id, "documents_relationship": request.documents}
    return omit_none(
        id=request.id,
        status=request.status,
        action=request.action,
        channel=request.channel,
        confidant_person_id=request.confidant_person_id,
        documents_relationship=None if request.relationship_id else request.documents,
        confidant_person_relationship=ending if request.relationship_id else None,
        authorize_with=request.authorize_with,
    )


def relationship_to_be_signed(request: RelationshipRequest) -> Mapping[str, Any]:
    """What the signed document has to say, as JSON."""
    content: Mapping[str, Any] = msgspec.to_builtins(relationship_request(request))
    return content


def own_shown(request: PersonRequest) -> JSON:
    """A request of the person's own as published: what they sign, to the last letter."""
    details = request.details
    status = _OWN_STATUS.get(request.status, str(request.status))
    return omit_none(
        id=request.id,
        status=status,
        channel=request.channel,
        inserted_at=request.inserted_at,
        updated_at=request.updated_at,
        patient_signed=True,
        process_disclosure_data_consent=True,
        content=request.content,
        person=omit_none(
            _told(request),
            id=request.person_id,
            phones=details.phones or None,
            confidant_person=next((_confidant(each) for each in details.confidant_persons), None),
            preferred_way_communication=details.preferred_way_communication,
        ),
    )


_OWN_STATUS = {Status.CANCELLED: "CANCELED"}  # the published spelling of this one answer


def own_to_be_signed(request: PersonRequest) -> Mapping[str, Any]:
    """What the person's signed document has to say, as JSON."""
    content: Mapping[str, Any] = msgspec.to_builtins(own_shown(request))
    return content


def printed_form(details: PersonDetails, source: str, today: date, *, is_new: bool) -> str:
    """The form as HTML; nothing that was typed becomes markup. `source`: who wrote it down."""
    title = _TITLES[is_new]
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in _rows(details)
        if value
    )
    return (
        f'<!doctype html><html lang="uk"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>"
        f"<p>{escape(source)}, {_day(today)}</p><table>{rows}</table>"
        f"<p>{_CONSENT}</p><p>Підпис особи або законного представника: ____________________</p></body></html>"
    )


def _rows(details: PersonDetails) -> Iterable[tuple[str, str]]:
    for name in names_of(details):
        yield _NAMES[name.language], name.full
    yield "Дата народження", _day(details.birth_date)
    yield "Місце народження", f"{details.birth_country}, {details.birth_settlement}"
    yield "Стать", _label("GENDER", details.gender)
    yield "РНОКПП", details.tax_id or ("відмова від прийняття" if details.no_tax_id else "")
    yield "УНЗР", details.unzr or ""
    for document in details.documents:
        issued = _words(document.issued_by, _day(document.issued_at) if document.issued_at else None)
        country = document.issuing_country and _label("COUNTRY", document.issuing_country)
        told = (document.number, issued, country)
        yield _label("DOCUMENT_TYPE", document.type), ", ".join(each for each in told if each)
    for address in details.addresses:
        yield _label("ADDRESS_TYPE", address.type), address.text()
    yield "Телефони", ", ".join(phone.number for phone in details.phones)
    yield "Електронна пошта", details.email or ""
    contact = details.emergency_contact
    phones = ", ".join(phone.number for phone in contact.phones)
    surname = None if contact.last_name == NO_LAST_NAME else contact.last_name
    yield "Кого повідомити", _words(surname, contact.first_name, contact.second_name, phones)
    for method in details.authentication_methods:
        yield "Підтвердження дій", _words(_METHODS[method.type], method.phone_number)
    for confidant in details.confidant_persons:
        for paper in confidant.documents_relationship:
            label = _label("DOCUMENT_RELATIONSHIP_TYPE", paper.type)
            yield "Документ законного представника", f"{label}, {paper.number}"


def _label(dictionary: str, code: str) -> str:
    return dictionaries.describe(dictionary, code) or code


def _words(*words: str | None) -> str:
    return " ".join(word for word in words if word)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
