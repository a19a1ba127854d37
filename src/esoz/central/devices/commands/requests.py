"""Writing a request of a device: may it be, the signature, number and code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.care_plans import check_wish, take
from esoz.central.people import ContactMethod, contact_method, find_person, must_be_active
from esoz.central.prescriptions import new_code, seal
from esoz.central.programmes import Programme, known_programme
from esoz.central.workforce import known_party_of_user
from esoz.kernel import documents
from esoz.kernel.amounts import rounded
from esoz.kernel.errors import Forbidden, NotFound, Problem, rejected
from esoz.kernel.references import Target
from esoz.kernel.signed import Opened, must_be_signed_by
from esoz.kernel.work import Work

from .. import policy
from ..content.requests import request_document
from ..model import Event, Order, Request, Status
from ..model import orders as rules
from ..model.requests import is_told_by_phone, new_requisition
from ..store import requests
from .evaluation import Facts, asked_for, must_be_acceptable, must_suit_programme, settings_of
from .notices import send_code

FIELD = "$.signed_data"
INFORM_WITH = "$.inform_with"
PREQUALIFIED = "$.device_request"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a programme takes the request; `reason` is empty when it does."""

    programme: Programme
    reason: str


async def prequalify(work: Work, person_id: UUID, order: Order, programme_ids: Sequence[UUID]) -> list[Verdict]:
    """Try a request with each programme without storing anything (DVR-17)."""
    must_be_active(await find_person(work.db, person_id))
    facts = await must_be_acceptable(work, person_id, order, msgspec.to_builtins(order), PREQUALIFIED)
    if (wish := rules.wish_of(order, person_id, PREQUALIFIED)) is not None:
        await check_wish(work, person_id, wish)
    verdicts = [await _verdict(work, order, facts, n, each) for n, each in enumerate(programme_ids)]
    work.record(Event.PREQUALIFIED, person_id, patient_id=person_id)
    return verdicts


async def _verdict(work: Work, order: Order, facts: Facts, place: int, programme_id: UUID) -> Verdict:
    programme = await _programme(work, programme_id, f"$.programs[{place}].identifier.value")
    try:
        await must_suit_programme(work, order, facts, programme, PREQUALIFIED)
    except Problem as refusal:
        return Verdict(programme, refusal.invalid[0].description if refusal.invalid else refusal.message)
    return Verdict(programme, "")


async def _programme(work: Work, programme_id: UUID, entry: str) -> Programme:
    try:
        return await known_programme(work, programme_id)
    except NotFound as fault:
        raise rejected(entry, "Medical program not found") from fault


async def create(work: Work, person_id: UUID, order: Order, signed: Opened) -> Request:
    """Make a request of what its doctor signed (DVR-1 … DVR-10). Raises Rejected, Conflict, Forbidden, NotFound."""
    assert order.id is not None  # its shape has it
    if await requests.exists(work.db, order.id):
        raise rejected("$.id", f"Device request with id '{order.id}' already exists")
    facts = await must_be_acceptable(work, person_id, order, signed.content)
    await _must_be_signed_by_requester(work, facts, signed)
    programme = None
    if order.program is not None:
        programme = await _programme(work, order.program.id, "$.program.identifier.value")
    await must_suit_programme(work, order, facts, programme)
    if (wish := rules.wish_of(order, order.id)) is not None:
        await take(work, person_id, wish)
    contact = await contact_method(work, person_id, order.inform_with, field=INFORM_WITH)
    kept = await documents.keep(work.db, f"device_requests/{order.id}", signed.document)
    code = new_code(work.dependencies.random) if programme is not None else None
    request = _request(work, order, facts, (programme, code), (signed.content, kept))
    await requests.add(work.db, request)
    work.record(Event.CREATED, request.id, patient_id=person_id)
    await _tell(work, request, programme, contact, code)
    return request


async def _must_be_signed_by_requester(work: Work, facts: Facts, signed: Opened) -> None:
    """DVR-2: the signer is the doctor who asks, and calls."""
    party = await known_party_of_user(work, policy.user_of(work.actor))
    if facts.requester.party.id != party.id:
        raise Forbidden("Only the requester of the device request can sign it")
    must_be_signed_by(signed.signer, party.tax_id, field=FIELD)


def _request(
    work: Work,
    order: Order,
    facts: Facts,
    paid: tuple[Programme | None, str | None],
    document: tuple[Mapping[str, Any], str],
) -> Request:
    assert order.id is not None
    programme, code = paid
    content, kept = document
    columns: dict[str, Any] = {
        "requisition": new_requisition(work.dependencies.random),
        "legal_entity_id": facts.legal_entity.id,
        "last_day": rules.last_day(order, settings_of(programme)),
    }
    by, secret, random = policy.user_of(work.actor), work.dependencies.secret, work.dependencies.random
    return Request(
        id=order.id,
        person_id=facts.person_id,
        status=Status.ACTIVE,
        **columns,
        **asked_for(order),
        **_named(order),
        episode_id=facts.encounter["episode_id"],
        quantity=rounded(order.amount.value),
        unit=order.amount.code,
        document=request_document(content, columns, _names(facts, programme), facts.person_id),
        signed_document=kept,
        verification_code=None if code is None else seal(code, order.id, secret=secret, random=random),
        inserted_at=work.performed_at,
        inserted_by=by,
        updated_at=work.performed_at,
        updated_by=by,
    )


def _named(order: Order) -> dict[str, Any]:
    return {
        "intent": order.intent,
        "requester_id": order.requester.id,
        "encounter_id": order.encounter.id,
        "care_plan_id": order.care_plan_id(),
        "program_id": order.program.id if order.program else None,
        "performer_id": order.performer.id if order.performer else None,
        "based_on": tuple(each.id for each in order.based_on),
        "priority": order.priority,
        "inform_with": order.inform_with,
        "authored_on": order.authored_on,
    }


def _names(facts: Facts, programme: Programme | None) -> Mapping[Target, str]:
    own = {} if programme is None else {("medical_program", programme.id): programme.name}
    return {**facts.names, **own}


async def _tell(
    work: Work, request: Request, programme: Programme | None, contact: ContactMethod, code: str | None
) -> None:
    if programme is not None and code is not None and is_told_by_phone(programme.settings, contact):
        await send_code(work, request, contact, code)
