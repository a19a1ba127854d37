"""Handing over devices by a request: held, signed, given up, a mistake.

The row of the request is locked first by everything that counts quantities, so that two pharmacies at once never give
more than was prescribed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.contracts import must_have_contract
from esoz.central.device_definitions import definitions, participations
from esoz.central.licences import has_license_in_force
from esoz.central.organisations import is_place_licensed, known_division, known_legal_entity, must_be_verified
from esoz.central.programmes import WITHOUT_PROGRAMME, Programme, known_programme
from esoz.central.records import add_dispense, change_dispense
from esoz.central.workforce import known_employee, known_employees_of_user, known_party_of_user
from esoz.kernel import documents
from esoz.kernel.decoding import convert
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.fhir import Reference
from esoz.kernel.signed import Opened, must_be_signed_by, must_equal
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content.dispenses import Counter, PricedLine, dispense_document, expected_dispense, lasting_dispense
from ..content.requests import OWN
from ..model import Event, Request
from ..model import Status as RequestStatus
from ..model import dispenses as rules
from ..model import requests as request_rules
from ..model.dispenses import HOLD, Dispense, Handover, Payment, Status
from ..model.requests import StatusReason, device_of
from ..store import dispenses, requests
from .changes import DIFFERS, completed, must_be_reason
from .requests import FIELD

BASED_ON = "$.based_on.identifier.value"
REASONS = "device_dispense_mark_in_error_reasons"


async def locked_request(work: Work, person_id: UUID, handover: Handover) -> Request:
    """The request that is to be handed over by, open today; raise Rejected naming it when there is none."""
    must_hold(rules.handover_faults(handover, work.now))
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    policy.must_dispense(legal_entity)
    must_be_verified(legal_entity, work.now)
    try:
        request = await requests.find(work.db, person_id, handover.based_on.id, lock=True)
    except NotFound as fault:
        raise rejected(BASED_ON, "Device request with such id is not found") from fault
    request_rules.must_be_open(request, work.today)
    rules.must_be_meant_for(request, legal_entity.id)
    return request


async def hold(work: Work, person_id: UUID, handover: Handover) -> Dispense:
    """Hold a quantity for ten minutes (DVD-1 … DVD-6); its code was judged when the request of it arrived."""
    request = await locked_request(work, person_id, handover)
    if await dispenses.exists(work.db, handover.id):
        raise rejected("$.id", f"Device dispense with id '{handover.id}' already exists")
    programme = await _programme(work, handover.program)
    rules.must_be_of_programme(request, programme)
    counter = await _counter(work, handover, programme)
    await _must_be_allowed(work, handover, programme)
    lines = await _priced(work, handover, request, programme)
    await _must_be_left(work, request, handover, programme)
    document = dispense_document(handover, person_id, counter, programme, lines)
    by = policy.user_of(work.actor)
    document |= {"inserted_by": str(by), "updated_by": str(by)}
    await dispenses.take_id(work.db, handover.id, person_id)
    codes = sorted({each.code for line in lines for each in line.definition.classification_types})
    await add_dispense(work, person_id, document, episode_id=request.episode_id, codes=codes)
    work.record(Event.DISPENSE_CREATED, handover.id, patient_id=person_id)
    return Dispense(
        id=handover.id,
        person_id=person_id,
        status=Status.IN_PROGRESS,
        request_id=request.id,
        legal_entity_id=counter.legal_entity.id,
        document=document,
        inserted_at=work.performed_at,
        updated_at=work.performed_at,
    )


async def _programme(work: Work, program: Reference | None) -> Programme | None:
    if program is None:
        return None
    try:
        return await known_programme(work, program.id)
    except NotFound as fault:
        raise rejected("$.program.identifier.value", "Medical program not found") from fault


async def _counter(work: Work, handover: Handover, programme: Programme | None) -> Counter:
    pharmacy_id = policy.client_of(work.actor)
    own = await known_employees_of_user(work, policy.user_of(work.actor), pharmacy_id)
    performer = next((each for each in own if each.id == handover.performer.id), None)
    rules.must_be_performer(is_caller=performer is not None)
    assert performer is not None
    try:
        division = await known_division(work, handover.location.id)
    except NotFound as fault:
        raise rejected("$.location.identifier.value", "Division not found") from fault
    licensed = division.dls_id is None or await is_place_licensed(work.db, division.dls_id, work.today)
    settings = programme.settings if programme else WITHOUT_PROGRAMME
    rules.must_be_fit(
        is_active=division.acts,
        is_ours=division.legal_entity_id == pharmacy_id,
        dls_verified=bool(division.dls_verified) and licensed,
        settings=settings,
    )
    return Counter(await known_legal_entity(work, pharmacy_id), performer, division)


async def _must_be_allowed(work: Work, handover: Handover, programme: Programme | None) -> None:
    """DVD-1: the pharmacy's own papers today: its contract and its license."""
    if programme is None:
        return
    pharmacy_id = policy.client_of(work.actor)
    if not programme.settings.skip_contract_provision_verify:
        await must_have_contract(work, pharmacy_id, handover.location.id, programme.id, work.today)
    types = programme.settings.license_types_allowed
    if types is not None:
        rules.must_be_licensed(await has_license_in_force(work.db, pharmacy_id, types, work.today))


async def _priced(
    work: Work, handover: Handover, request: Request, programme: Programme | None
) -> Sequence[PricedLine]:
    """Every line with its device and its part in the programme (DVD-3, DVD-4, DVD-5)."""
    device = device_of(request)
    known = {each.id: each for each in await definitions(work.db, device)}
    parts = await participations(work.db, programme.id, device, work.today) if programme else ()
    priced = []
    for place, line in enumerate(handover.details):
        definition = rules.must_be_asked_for(place, line, known)
        part = rules.must_take_part(place, line, parts, programme) if programme else None
        priced.append(PricedLine(line, definition, part))
    return priced


async def _must_be_left(work: Work, request: Request, handover: Handover, programme: Programme | None) -> None:
    taken, _ = await dispenses.taken(work.db, request.person_id, request.id, work.now - HOLD)
    rules.must_have_left(
        handover.quantity,
        prescribed=request.quantity,
        taken=taken,
        several=programme is None or programme.settings.multi_medication_dispense_allowed,
    )


async def complete(work: Work, person_id: UUID, dispense_id: UUID, signed: Opened) -> Dispense:
    """Hand over what is held, by a document signed by who held it (DVD-8)."""
    dispense, request = await _ours(work, person_id, dispense_id)
    rules.must_move(dispense.status_at(work.now), Status.COMPLETED)
    await _must_be_signed_by_performer(work, dispense, signed)
    own = Payment.__struct_fields__
    payment = convert({name: signed.content[name] for name in own if name in signed.content}, Payment)
    must_equal(lasting_dispense(signed.content, *own), expected_dispense(dispense, *own), message=DIFFERS)
    rules.must_be_handed_over(payment, request, work.now)
    must_hold(rules.payment_faults(payment))
    program = convert(dispense.document["program"], Reference) if "program" in dispense.document else None
    rules.must_be_paid(payment.payment_amount, await _programme(work, program))
    done = await _changed(work, dispense, Status.COMPLETED, rules.paid(payment), signed)
    work.record(Event.DISPENSE_COMPLETED, dispense.id, patient_id=person_id)
    taken, _ = await dispenses.taken(work.db, person_id, request.id, work.now - HOLD, without=dispense.id)
    if request.status is RequestStatus.ACTIVE and taken + rules.quantity_of(dispense.document) >= request.quantity:
        await completed(work, request)
    return done


async def stop(work: Work, person_id: UUID, dispense_id: UUID) -> Dispense:
    """Let go of what is held; the request stays active (DVD-10)."""
    dispense, _ = await _ours(work, person_id, dispense_id)
    rules.must_move(dispense.status_at(work.now), Status.STOPPED)
    done = await _changed(work, dispense, Status.STOPPED, {}, None)
    work.record(Event.DISPENSE_STOPPED, dispense.id, patient_id=person_id)
    return done


async def mark_in_error(work: Work, person_id: UUID, dispense_id: UUID, signed: Opened) -> Dispense:
    """Say that nothing was handed over after all; so much may be had again (DVD-9)."""
    dispense, request = await _ours(work, person_id, dispense_id)
    rules.must_move(dispense.status_at(work.now), Status.ENTERED_IN_ERROR)
    party = await known_party_of_user(work, policy.user_of(work.actor))
    must_be_signed_by(signed.signer, party.tax_id, field=FIELD)
    why = convert({name: signed.content[name] for name in OWN if name in signed.content}, StatusReason)
    must_be_reason(why, Status.ENTERED_IN_ERROR, REASONS)
    must_equal(lasting_dispense(signed.content, *OWN), expected_dispense(dispense, *OWN), message=DIFFERS)
    taken, _ = await dispenses.taken(work.db, person_id, request.id, work.now - HOLD)
    reason = {"status_reason": msgspec.to_builtins(why.status_reason)}
    done = await _changed(work, dispense, Status.ENTERED_IN_ERROR, reason, signed)
    work.record(Event.DISPENSE_MARKED_IN_ERROR, dispense.id, patient_id=person_id, reason=why.status_reason.code)
    # One that was ended by hand stays so: nobody waits for more.
    if request.status is RequestStatus.COMPLETED and taken >= request.quantity:
        await _reopen(work, request)
    return done


async def _ours(work: Work, person_id: UUID, dispense_id: UUID) -> tuple[Dispense, Request]:
    """Our dispense and its request, both locked; the request first, as ever."""
    dispense = await dispenses.find(work.db, person_id, dispense_id, lock=False)
    policy.must_be_our_dispense(work.actor, dispense)
    request = await requests.find(work.db, person_id, dispense.request_id, lock=True)
    return await dispenses.find(work.db, person_id, dispense_id, lock=True), request


async def _must_be_signed_by_performer(work: Work, dispense: Dispense, signed: Opened) -> None:
    performer = await known_employee(work, convert(dispense.document["performer"], Reference).id)
    party = await known_party_of_user(work, policy.user_of(work.actor))
    policy.must_be_performer(performer, party)
    must_be_signed_by(signed.signer, party.tax_id, field=FIELD)


async def _changed(
    work: Work, dispense: Dispense, target: Status, told: Mapping[str, Any], signed: Opened | None
) -> Dispense:
    status = move(rules.MOVES, dispense.status, target)
    by = {"updated_by": str(policy.user_of(work.actor))}
    document = {**dispense.document, **told, **by, "status": str(status)}
    kept = None
    if signed is not None:
        kept = await documents.keep(work.db, f"device_dispenses/{dispense.id}/{target}", signed.document)
    await change_dispense(work, dispense.person_id, document, signed_document=kept)
    return replace(dispense, status=status, document=document, updated_at=work.performed_at)


async def _reopen(work: Work, request: Request) -> None:
    """A completed request by which too little was given after all is active again, until its own last day."""
    reopened = replace(
        request,
        status=move(request_rules.MOVES, request.status, RequestStatus.ACTIVE),
        updated_at=work.performed_at,
        updated_by=policy.user_of(work.actor),
    )
    await requests.save(work.db, reopened)
    work.record(Event.REOPENED, request.id, patient_id=request.person_id)
