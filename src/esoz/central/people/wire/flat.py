"""Persons as published where they have one name, in three fields, and papers without a country."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from esoz.kernel.db import Row
from esoz.kernel.payload import JSON, omit_none

from ..model import (
    Access,
    AuthenticationMethod,
    AuthenticationType,
    ConfidantPerson,
    Document,
    Method,
    Person,
    PersonMatch,
    Relationship,
    SearchCriteria,
    Ward,
    mask_number,
    mask_phone,
    short_name,
)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class RelationshipsQuery(msgspec.Struct, frozen=True):
    is_expired: bool | None = None


class SettlementBody(msgspec.Struct, frozen=True):
    signed_content: str


class MergedQuery(msgspec.Struct, frozen=True):
    status: str | None = None


class AccessLogQuery(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    start: Moment | None = None
    end: Moment | None = None
    event: str | None = None


def found_person(match: PersonMatch, criteria: SearchCriteria) -> JSON:
    """A person in the search: what was asked for, plus what tells namesakes apart (PS-16)."""
    person, phone = match.person, criteria.phone_number
    return omit_none(
        id=person.id,
        **_names(person),
        birth_date=person.birth_date,
        gender=person.gender,
        birth_settlement=person.birth_settlement,
        birth_country=person.birth_country,
        tax_id=person.tax_id if criteria.tax_id else None,
        phones=[each for each in person.phones if each.number == phone] if phone else None,
        merged_persons=[dict(row) for row in match.merged],
    )


def merged_person(row: Row) -> JSON:
    """A record that was merged into another."""
    return {
        "id": row["id"],
        "merge_person_id": row["merge_person_id"],
        "master_person_id": row["person_id"],
        "status": "MERGED",
        "inserted_at": row["inserted_at"],
        "updated_at": row["updated_at"],
    }


def personal_data(person: Person, confidants: Iterable[ConfidantPerson]) -> JSON:
    """Everything that is registered of a person, for a clinic."""
    return _whole(person) | omit_none(
        death_date=person.death_date,
        verification_status=person.verification_status,
        minfin_validation_status=person.minfin_validation_status,
        confidant_person=[confidant_person(each) for each in confidants],
    )


def own_record(person: Person) -> JSON:
    """Everything that is registered of a person, for that person."""
    return _whole(person) | {"verification": verification(person)}


def cabinet_record(person: Person, methods: Iterable[AuthenticationMethod]) -> JSON:
    """The same in the first cabinet: with ways to authenticate, their telephones masked."""
    return own_record(person) | {
        "authentication_methods": [
            omit_none(type=each.type, phone_number=each.phone_number and mask_phone(each.phone_number))
            for each in methods
        ],
        "process_disclosure_data_consent": person.process_disclosure_data_consent,
    }


def factor(method: AuthenticationMethod, user_id: UUID | None) -> JSON:
    """A telephone that codes go to, as the first cabinet calls it."""
    return omit_none(id=method.id, type="sms", factor=method.phone_number, is_active=method.is_active, user_id=user_id)


def verification(person: Person) -> JSON:
    """The state of verification by registers."""
    return {"verification_status": person.verification_status, "details": person.verification_details}


def own_verification(person: Person) -> JSON:
    """The state of verification by registers, for that person; nobody verifies relations to confidants yet."""
    return {"person_verification": verification(person)}


def confidant_person(confidant: ConfidantPerson) -> JSON:
    """Who speaks for a person."""
    person = confidant.person
    return omit_none(
        relation_type=confidant.relation_type,
        **_names(person),
        birth_date=person.birth_date,
        birth_country=person.birth_country,
        birth_settlement=person.birth_settlement,
        gender=person.gender,
        email=person.email,
        tax_id=person.tax_id,
        secret=person.secret,
        unzr=person.unzr,
        preferred_way_communication=person.preferred_way_communication,
        documents_person=flat_documents(person.documents),
        documents_relationship=confidant.documents_relationship,
        phones=person.phones,
    )


def person_for_declaration(person: Person, confidants: Iterable[ConfidantPerson]) -> JSON:
    """A person inside the details of a declaration."""
    return omit_none(
        id=person.id,
        **_names(person),
        birth_date=person.birth_date,
        gender=person.gender,
        tax_id=person.tax_id,
        phones=person.phones,
        birth_settlement=person.birth_settlement,
        birth_country=person.birth_country,
        verification_status=person.verification_status,
        minfin_validation_status=person.minfin_validation_status,
        emergency_contact=person.emergency_contact,
        confidant_person=[confidant_person(each) for each in confidants],
    )


def person_to_be_signed(
    person: Person, confidants: Iterable[ConfidantPerson], methods: Iterable[AuthenticationMethod]
) -> JSON:
    """A person inside a document that is signed: everything registered, phones of authentication masked."""
    speakers = [confidant_person(each) for each in confidants]
    return _whole(person) | omit_none(
        authentication_methods=[
            omit_none(type=each.type, phone_number=each.phone_number and mask_phone(each.phone_number))
            for each in methods
        ],
        confidant_person=speakers or None,
        process_disclosure_data_consent=person.process_disclosure_data_consent,
        patient_signed=False,
    )


def authentication_method(entry: Method) -> JSON:
    """A way to authenticate as a clinic sees it: phones, numbers of papers masked."""
    method, other = entry.method, entry.confidant
    return _method(method) | omit_none(
        phone_number=method.phone_number and mask_phone(method.phone_number),
        confidant_person=other
        and omit_none(
            id=other.id,
            name=_short(other),
            gender=other.gender,
            tax_id=other.tax_id and mask_number(other.tax_id),
            no_tax_id=other.no_tax_id,
            unzr=other.unzr and mask_number(other.unzr),
            documents_person=[_masked(document) for document in other.documents],
            phones={"number": mask_phone(other.phones[0].number) if other.phones else ""},
        ),
    )


def relationship(entry: tuple[Relationship, Person]) -> JSON:
    """Who speaks for a person, as any clinic sees it: names, numbers and telephones masked."""
    found, other = entry
    return omit_none(
        id=found.id,
        active_to=found.active_to,
        documents_relationship=[
            {"type": paper.type, "number": mask_number(paper.number)} for paper in found.documents_relationship
        ],
        relationship_verification_details={
            "verification_status": found.verification_status,
            "verification_reason": found.verification_reason,
        },
        confidant_person=omit_none(
            person_id=other.id,
            name=_short(other),
            gender=other.gender,
            tax_id=other.tax_id and mask_number(other.tax_id),
            no_tax_id=other.no_tax_id,
            unzr=other.unzr and mask_number(other.unzr),
            documents_person=[_masked(document) for document in other.documents],
            phones=[{"type": phone.type, "number": mask_phone(phone.number)} for phone in other.phones] or None,
        ),
    )


def own_authentication_method(entry: Method) -> JSON:
    """A way to authenticate as the patient sees it: the own phone in full."""
    method, other = entry.method, entry.confidant
    return _method(method) | omit_none(
        phone_number=method.phone_number,
        confidant_person=other and {"name": _short(other), "phones": other.phones},
    )


def authentication_method_current(method: AuthenticationMethod | None) -> JSON:
    """The block `urgent.authentication_method_current`: kind and masked phone (DC-10)."""
    if method is None:
        return {"type": AuthenticationType.NA}
    return omit_none(type=method.type, number=method.phone_number and mask_phone(method.phone_number))


def access(access: Access) -> JSON:
    """A line of the access log."""
    user = omit_none(name=access.user_name, position=access.position) if access.user_name else {}
    if access.role:
        user = omit_none(role=access.role, reason=access.reason)  # an official is told by the role, not by the name
    return omit_none(
        at=access.at,
        event=access.event,
        operation=access.operation,
        resource_id=access.resource_id,
        outcome=access.outcome,
        is_own=access.is_own,
        legal_entity=access.legal_entity_id and omit_none(id=access.legal_entity_id, name=access.legal_entity_name),
        user=user or None,
        confidant=access.confidant_name and {"name": access.confidant_name},
    )


def ward(found: Ward) -> JSON:
    """Whom the caller speaks for, with what names them at a sign-in for them (POST /api/pis/confidant/sign-in)."""
    person = found.person
    return omit_none(
        id=person.id,
        **_names(person),
        birth_date=person.birth_date,
        tax_id=person.tax_id,
        documents=[{"type": each.type, "number": each.number} for each in person.documents],
        relation_type=found.relation_type,
        speaks_until=found.last_day,
    )


def _whole(person: Person) -> JSON:
    return omit_none(
        id=person.id,
        **_names(person),
        birth_date=person.birth_date,
        birth_country=person.birth_country,
        birth_settlement=person.birth_settlement,
        gender=person.gender,
        email=person.email,
        tax_id=person.tax_id,
        no_tax_id=person.no_tax_id,
        secret=person.secret,
        documents=flat_documents(person.documents),
        addresses=person.addresses,
        phones=person.phones,
        preferred_way_communication=person.preferred_way_communication,
        unzr=person.unzr,
        emergency_contact=person.emergency_contact,
    )


def flat_documents(documents: Iterable[Document]) -> list[Document]:
    """Papers as the versions know them that ask for no country."""
    return [msgspec.structs.replace(each, issuing_country=None) for each in documents]


def _method(method: AuthenticationMethod) -> JSON:
    nobody: UUID = UUID(int=0)
    return omit_none(
        id=method.id,
        type=method.type,
        value=method.value,
        alias=method.alias,
        ended_at=method.ended_at,
        started_at=method.started_at,
        is_active=method.is_active,
        inserted_by=method.inserted_by or nobody,
        updated_by=method.updated_by,
        person_id=method.person_id,
        inserted_at=method.inserted_at,
        updated_at=method.updated_at,
    )


def _masked(document: Document) -> JSON:
    return {"type": document.type, "number": mask_number(document.number)}


def _short(person: Person) -> str:
    return short_name((person.last_name, person.first_name, person.second_name))


def _names(person: Person) -> Mapping[str, object]:
    return omit_none(first_name=person.first_name, last_name=person.last_name, second_name=person.second_name)
