"""`data_to_be_signed`: who chooses whom, where, until when, and the printed form; fixed when the patient approves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from esoz.central.organisations import Division, LegalEntity
from esoz.central.people import AuthenticationMethod, ConfidantPerson, Person, person_to_be_signed
from esoz.central.workforce import Employee
from esoz.kernel.payload import JSON, omit_none

from ..model import Channel, DeclarationRequest
from .printout import printout

SIGNED_BY_PATIENT = "Patient must sign declaration form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Everyone who stands in a declaration."""

    person: Person
    confidants: Sequence[ConfidantPerson]
    methods: Sequence[AuthenticationMethod]
    employee: Employee
    division: Division
    legal_entity: LegalEntity


def to_be_signed(request: DeclarationRequest, parties: Parties, seed: str) -> dict[str, Any]:
    """The document of a request as JSON values."""
    # DC-12: the printed form is part of it; DC-20: so is the seed. Cabinets are shown two statuses more.
    is_own = request.channel is Channel.PIS
    whole: dict[str, Any] = msgspec.to_builtins(
        omit_none(
            id=request.id,
            status=request.status if is_own else None,
            declaration_number=request.declaration_number,
            declaration_id=request.declaration_id,
            start_date=request.start_date,
            end_date=request.end_date,
            channel=request.channel,
            person=person_to_be_signed(parties.person, parties.confidants, parties.methods),
            employee=_employee(parties.employee),
            legal_entity=_legal_entity(parties.legal_entity),
            division=_division(parties.division) | ({"status": parties.division.status} if is_own else {}),
            seed=seed,
            authorize_with=request.authorize_with,
        )
    )
    return whole | {"content": printout(whole)}


def as_signed(document: dict[str, Any]) -> dict[str, Any]:
    """The same with the patient's signature on the printed form."""
    return document | {"person": document["person"] | {"patient_signed": True}}


def is_signed_by_patient(content: Any) -> bool:
    """Whether a signed document says that the patient signed the printed form."""
    person = content.get("person") if isinstance(content, dict) else None
    return isinstance(person, dict) and person.get("patient_signed") is True


def _employee(employee: Employee) -> JSON:
    party = employee.party
    return omit_none(
        id=employee.id,
        position=employee.position,
        party=omit_none(
            id=party.id,
            first_name=party.first_name,
            last_name=party.last_name,
            second_name=party.second_name,
            no_tax_id=party.no_tax_id,
            email=party.email,
            phones=party.phones,
        ),
    )


def _legal_entity(entity: LegalEntity) -> JSON:
    return omit_none(
        id=entity.id,
        name=entity.name,
        short_name=entity.edr.short_name or entity.name,
        legal_form=entity.edr.legal_form,
        public_name=entity.edr.public_name,
        edrpou=entity.edrpou,
        licenses=[_license(entity)] if entity.license else [],
        accreditation=entity.accreditation,
        addresses=[entity.residence_address],
        phones=entity.phones,
        email=entity.email,
    )


def _license(entity: LegalEntity) -> JSON:
    licence = entity.license
    assert licence is not None
    return omit_none(
        license_number=licence.license_number,
        issued_by=licence.issued_by,
        issued_date=licence.issued_date,
        expiry_date=licence.expiry_date,
        active_from_date=licence.active_from_date,
        what_licensed=licence.what_licensed,
        order_no=licence.order_no,
    )


def _division(division: Division) -> JSON:
    return omit_none(
        id=division.id,
        legal_entity_id=division.legal_entity_id,
        name=division.name,
        addresses=division.addresses,
        phones=division.phones,
        email=division.email,
        type=division.type,
        external_id=division.external_id,
        dls_id=division.dls_id,
        dls_verified=division.dls_verified,
    )
