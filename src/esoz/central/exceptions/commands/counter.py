"""The pharmacy's side of an act: who stands at the counter, of which division, with whose signature."""

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec

from esoz.central.organisations import (
    Division,
    LegalEntity,
    client_of,
    division_short,
    is_place_licensed,
    known_division,
    known_legal_entity,
    legal_entity_short,
    must_be_verified,
    user_of,
)
from esoz.central.workforce import Party, known_employees_of_user, known_party_of_user
from esoz.kernel.errors import Conflict, Forbidden, NotFound, rejected
from esoz.kernel.payload import JSON
from esoz.kernel.signed import Opened, must_be_signed_by, open_signed
from esoz.kernel.spelling import same_name
from esoz.kernel.work import Work

from .. import policy
from ..content import party_short

DISPENSING_TYPES = frozenset({"PHARMACY", "MSP_PHARMACY"})


@dataclass(frozen=True, slots=True)
class Counter:
    """Who hands over."""

    legal_entity: LegalEntity
    party: Party
    user_id: UUID


async def counter(work: Work) -> Counter:
    """The caller's pharmacy, which works and is verified, and its pharmacist (MD-1). Raises Conflict, Forbidden."""
    legal_entity = await known_legal_entity(work, client_of(work.actor))
    if legal_entity.status != "ACTIVE":
        raise Conflict("Legal entity is not active")
    if legal_entity.type not in DISPENSING_TYPES:
        raise Conflict("Invalid legal entity type")
    must_be_verified(legal_entity, work.now)
    user_id = user_of(work.actor)
    party = await known_party_of_user(work, user_id)
    policy.must_be_pharmacist(await known_employees_of_user(work, user_id, legal_entity.id))
    return Counter(legal_entity, party, user_id)


async def licensed_division(work: Work, division_id: UUID, day: date) -> Division:
    """Our working division that was licensed that day (MD-1). Raises Rejected, Forbidden, Conflict."""
    try:
        division = await known_division(work, division_id)
    except NotFound as fault:
        raise rejected("$.division_id", "Division not found") from fault
    if division.legal_entity_id != work.actor.client_id:
        raise Forbidden("Division doesn't belong to the legal entity")
    if not division.acts:
        raise Conflict("Division is not active")
    is_licensed = division.dls_id is None or await is_place_licensed(work.db, division.dls_id, day)
    if not (division.dls_verified and is_licensed):
        raise Conflict("Invalid division dls status")
    return division


async def open_own(work: Work, document: str, counter: Counter, *, field: str) -> Opened:
    """The document that the pharmacist at the counter has signed (SG-4, SG-6). Raises Rejected naming the field."""
    opened = await open_signed(work, document, field=field)
    must_be_signed_by(opened.signer, counter.party.tax_id, field=field)
    if not same_name(opened.signer.surname, counter.party.last_name):
        told = (opened.signer.surname, counter.party.last_name)
        raise rejected(field, "Does not match the signer last name", params=told)
    return opened


def name_of(folder: str, id: UUID, opened: Opened) -> str:
    """Under which name the document of an act is kept: it tells whether one that comes again is the same."""
    return f"{folder}/{id}/{hashlib.sha256(opened.document).hexdigest()}"


def shown_counter(counter: Counter, division: Division) -> JSON:
    """The pharmacy as it was that day."""
    shown: JSON = msgspec.to_builtins(
        {
            "legal_entity": legal_entity_short(counter.legal_entity),
            "division": division_short(division),
            "party": party_short(counter.party),
        }
    )
    return shown


def region_of(division: Division) -> str:
    """The region where a division stands, for statistics."""
    found = sorted(division.addresses, key=lambda address: address.type != "RESIDENCE")
    return found[0].area if found else ""
