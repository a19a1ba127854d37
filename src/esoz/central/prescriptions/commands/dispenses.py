"""Handing over medicines by a prescription: held, signed, given up.

The row of the prescription is locked first by everything that counts quantities, so that two pharmacies at once
never give more than was prescribed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from esoz.central.contracts import must_have_contract
from esoz.central.licences import has_license_in_force
from esoz.central.medications import Medication
from esoz.central.organisations import (
    Division,
    LegalEntity,
    division_short,
    is_place_licensed,
    known_division,
    known_legal_entity,
    legal_entity_short,
    must_be_verified,
)
from esoz.central.programmes import (
    Participant,
    Programme,
    known_programme,
    medications_of,
    must_allow_dispensing,
    without_settings,
)
from esoz.central.workforce import Party, known_employees_of_user, known_party_of_user
from esoz.kernel import documents
from esoz.kernel.amounts import amount_faults
from esoz.kernel.clock import kyiv_date
from esoz.kernel.decoding import convert
from esoz.kernel.errors import Conflict, Forbidden, NotFound, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.payload import JSON
from esoz.kernel.signed import must_be_signed_by, must_equal, open_signed
from esoz.kernel.spelling import same_name
from esoz.kernel.states import move
from esoz.kernel.work import Signer, Work

from .. import policy
from ..content.dispenses import Payment, for_pharmacies, shown_details
from ..content.parts import party_short
from ..model import Event, Request
from ..model import dispenses as rules
from ..model.codes import attempts_left, code_of, pause_after
from ..model.dispenses import Dispense, DispenseDetail, Handover, Status
from ..model.facts import region_of
from ..model.requests import MOVES as REQUEST_MOVES
from ..model.requests import Status as RequestStatus
from ..store import dispenses, drafts, requests

FIELD = "$.signed_medication_dispense"
DIFFERS = "Signed content does not match the previously created content!"
PricedDetail: TypeAlias = tuple[DispenseDetail, Medication, Participant]


@dataclass(frozen=True, slots=True)
class Counter:
    """The pharmacy's side of a dispense."""

    legal_entity: LegalEntity
    division: Division
    party: Party


async def create(work: Work, handover: Handover, code: str) -> tuple[Dispense, Request]:
    """Hold a quantity for ten minutes, or hand it over at once where the programme needs no signature (MD-1)."""
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    rules.must_be_dispensing(legal_entity.type, legal_entity.status)
    must_be_verified(legal_entity, work.now)
    party = await known_party_of_user(work, policy.user_of(work.actor))
    request = await _locked(work, handover.medication_request_id)
    rules.must_be_dispensable(request, work.now, work.today)
    rules.must_be_dispensed_today(handover.dispensed_at, request.created_at, work.days)
    day = min(handover.dispensed_at, work.today)  # a clock a little ahead has tomorrow's date
    rules.must_be_open_that_day(request, day)
    rules.must_not_be_late(handover, work.days, work.dependencies.settings.number("ESOZ_DISPENSE_LATE_DAYS"))
    if not await known_employees_of_user(work, policy.user_of(work.actor), legal_entity.id):
        raise Forbidden("Employee id doesn't match")
    programme = await _programme(work, handover.medical_program_id)
    division = await _division(work, handover.division_id, programme, day)
    counter = Counter(legal_entity, division, party)
    _must_suit(request, programme, handover)
    await _must_be_allowed(work, programme, handover)
    details = await _priced(work, handover, request, programme)
    await _must_know_code(work, request, code)
    earlier = await _must_be_left(work, request, handover, programme)
    dispense = _dispense(work, request, handover, counter, (programme, details))
    return await _hand_over(work, dispense, request, programme, earlier)


async def _locked(work: Work, request_id: UUID) -> Request:
    person_id = await drafts.person_of(work.db, request_id)
    return await requests.find(work.db, person_id, request_id, lock=True)


async def _programme(work: Work, programme_id: UUID) -> Programme:
    try:
        return await known_programme(work, programme_id)
    except NotFound as fault:
        raise rejected(f"{rules.ROOT}.medical_program_id", "Medical program not found") from fault


async def _division(work: Work, division_id: UUID, programme: Programme, day: date) -> Division:
    """The pharmacy's division, licensed that day: the register's mark may be older than the end of the licence."""
    try:
        division = await known_division(work, division_id)
    except NotFound as fault:
        raise rejected(f"{rules.ROOT}.division_id", "Division not found") from fault
    rules.must_be_fit(
        is_active=division.acts,
        is_ours=division.legal_entity_id == work.actor.client_id,
        dls_verified=bool(division.dls_verified)
        and (division.dls_id is None or await is_place_licensed(work.db, division.dls_id, day)),
        settings=programme.settings,
    )
    return division


def _must_suit(request: Request, programme: Programme, handover: Handover) -> None:
    rules.must_be_of_programme(request, programme)
    must_allow_dispensing(programme)
    rules.must_be_priced(handover, programme)


async def _must_be_allowed(work: Work, programme: Programme, handover: Handover) -> None:
    """The pharmacy's own papers, on the day of handing over: its contract (MD-2) and its license (MD-13)."""
    pharmacy_id, day = policy.client_of(work.actor), handover.dispensed_at
    if not programme.settings.skip_contract_provision_verify:
        await must_have_contract(work, pharmacy_id, handover.division_id, programme.id, day)
    types = programme.settings.license_types_allowed
    if types is not None:
        rules.must_be_licensed(await has_license_in_force(work.db, pharmacy_id, types, day))


async def _priced(work: Work, handover: Handover, request: Request, programme: Programme) -> Sequence[PricedDetail]:
    """Every detail with its package and its part in the programme (MD-3, MD-4, MD-8)."""
    ids = [detail.medication_id for detail in handover.details]
    known = await medications_of(work.db, request.medication_id, ids, programme.id)
    priced = []
    for place, detail in enumerate(handover.details):
        medication, participant = known.get(detail.medication_id, (None, None))
        priced.append((detail, *rules.must_be_medication(place, detail, medication, participant, work.today)))
    return priced


async def _must_know_code(work: Work, request: Request, code: str) -> None:
    """Wrong codes are counted even though the request is refused (MD-5, and a limit the 2019 source had not)."""
    rules.must_be_open(request.locked_until, work.now)
    right = code_of(request, secret=work.dependencies.secret)
    rules.must_be_told(code, right)
    if rules.matches(code, right):
        if request.wrong_codes:
            await requests.save(work.db, replace(request, wrong_codes=0, locked_until=None))
        return
    wrong = request.wrong_codes + 1
    pause = pause_after(wrong)
    until = work.now + pause if pause else None
    await requests.save(work.db, replace(request, wrong_codes=wrong, locked_until=until))
    headers = {"X-Attempts-Left": str(attempts_left(wrong))}
    if pause:
        headers["Retry-After"] = str(int(pause.total_seconds()))
    raise rules.WrongCode("Incorrect code", headers=headers)


async def _must_be_left(work: Work, request: Request, handover: Handover, programme: Programme) -> Sequence[Dispense]:
    """Raises Conflict when less is left than is to be given; the earlier dispenses otherwise."""
    settings = programme.settings
    if not settings.skip_mnn_in_treatment_period and await requests.has_same_drug(work.db, request, programme.id):
        raise Conflict(rules.SAME_DRUG)
    earlier = await dispenses.of_request(work.db, request.person_id, request.id)
    rules.must_have_left(
        handover.quantity,
        prescribed=request.medication_qty,
        taken=rules.taken_quantity(earlier, work.now),
        several=settings.multi_medication_dispense_allowed,
    )
    return earlier


def _dispense(
    work: Work,
    request: Request,
    handover: Handover,
    counter: Counter,
    paid: tuple[Programme, Sequence[PricedDetail]],
) -> Dispense:
    programme, details = paid
    user_id = policy.user_of(work.actor)
    content = {
        "legal_entity": legal_entity_short(counter.legal_entity),
        "division": division_short(counter.division),
        "party": party_short(counter.party),
        "medical_program": without_settings(programme),
        "details": shown_details(details),
    }
    return Dispense(
        id=work.new_id(),
        person_id=request.person_id,
        medication_request_id=request.id,
        status=Status.NEW,
        quantity=handover.quantity,
        legal_entity_id=counter.legal_entity.id,
        party_id=counter.party.id,
        **{name: getattr(handover, name) for name in _AS_ASKED},
        care_plan_id=request.care_plan_id,
        content=msgspec.to_builtins(content),
        region=region_of(counter.division.addresses),
        held_until=work.now + rules.HOLD,
        inserted_at=work.now,
        inserted_by=user_id,
        updated_at=work.now,
        updated_by=user_id,
    )


_AS_ASKED = (
    "division_id",
    "medical_program_id",
    "dispensed_at",
    "dispensed_by",
    "payment_id",
    "payment_amount",
    "note",
)


async def _hand_over(
    work: Work, dispense: Dispense, request: Request, programme: Programme, earlier: Sequence[Dispense]
) -> tuple[Dispense, Request]:
    work.record(Event.DISPENSE_CREATED, dispense.id, patient_id=dispense.person_id)
    if not programme.settings.skip_medication_dispense_sign:
        await dispenses.add(work.db, dispense)
        return dispense, request
    rules.must_be_paid(dispense.payment_amount, programme, f"{rules.ROOT}.payment_amount")
    status = move(rules.MOVES, dispense.status, Status.PROCESSED)
    processed = replace(dispense, status=status, processed_at=work.now)
    await dispenses.add(work.db, processed)
    work.record(Event.DISPENSE_PROCESSED, processed.id, patient_id=processed.person_id)
    return processed, await _complete(work, request, [*earlier, processed])


async def process(work: Work, dispense_id: UUID, document: str) -> tuple[Dispense, Request]:
    """Hand over what is held, by a signed document (MD-10)."""
    dispense, request, others = await find_ours(work, dispense_id)
    rules.must_move(dispense.status_at(work.now), Status.PROCESSED)
    programme = await known_programme(work, dispense.medical_program_id)
    day = min(dispense.dispensed_at, kyiv_date(dispense.inserted_at))
    await _division(work, dispense.division_id, programme, day)
    party = await known_party_of_user(work, policy.user_of(work.actor))
    opened = await open_signed(work, document, field=FIELD)
    must_be_signed_by(opened.signer, party.tax_id, field=FIELD)
    must_have_surname(opened.signer, party)
    payment = _payment(opened.content, dispense, request, work)
    rules.must_be_paid(payment.payment_amount, programme, "$.payment_amount")
    name = await documents.keep(work.db, f"medication_dispenses/{dispense.id}", opened.document)
    processed = replace(
        dispense,
        status=Status.PROCESSED,
        payment_id=payment.payment_id,
        payment_amount=payment.payment_amount,
        signed_document=name,
        processed_at=work.now,
        updated_at=work.now,
        updated_by=policy.user_of(work.actor),
    )
    await dispenses.save(work.db, processed)
    work.record(Event.DISPENSE_PROCESSED, processed.id, patient_id=processed.person_id)
    return processed, await _complete(work, request, [*others, processed])


async def reject(work: Work, dispense_id: UUID) -> tuple[Dispense, Request]:
    """Let go of what is held; the prescription stays active (MD-11)."""
    dispense, request, _ = await find_ours(work, dispense_id)
    rules.must_move(dispense.status_at(work.now), Status.REJECTED)
    let_go = replace(dispense, status=Status.REJECTED, updated_at=work.now, updated_by=policy.user_of(work.actor))
    await dispenses.save(work.db, let_go)
    work.record(Event.DISPENSE_REJECTED, let_go.id, patient_id=let_go.person_id)
    return let_go, request


async def find_ours(work: Work, dispense_id: UUID) -> tuple[Dispense, Request, Sequence[Dispense]]:
    """Our dispense, its prescription and the other dispenses by it, all locked, the prescription first as ever."""
    person_id = await dispenses.person_of(work.db, dispense_id)
    dispense = await dispenses.find(work.db, person_id, dispense_id)
    policy.must_be_ours(work.actor, dispense)
    request = await requests.find(work.db, person_id, dispense.medication_request_id, lock=True)
    found = await dispenses.of_request(work.db, person_id, request.id, lock=True)
    others = [each for each in found if each.id != dispense_id]
    return next(each for each in found if each.id == dispense_id), request, others


def must_have_surname(signer: Signer, party: Party, *, field: str = FIELD) -> None:
    """SG-6: the certificate's surname is the pharmacist's; who signed is told both."""
    if not same_name(signer.surname, party.last_name):
        raise rejected(field, "Does not match the signer last name", params=(signer.surname, party.last_name))


def _payment(content: Mapping[str, Any], dispense: Dispense, request: Request, work: Work) -> Payment:
    """What the signed document adds; everything else in it must be what the pharmacist was shown."""
    shown = for_pharmacies(dispense, dispense.status, request, request.status_on(work.today))
    expected = _without_payment(msgspec.to_builtins(shown))
    must_equal(_without_payment(content), expected, message=DIFFERS)
    payment = convert({name: content[name] for name in Payment.__struct_fields__ if name in content}, Payment)
    must_hold(amount_faults("$.payment_amount", payment.payment_amount))
    return payment


def _without_payment(content: Mapping[str, Any]) -> JSON:
    own = Payment.__struct_fields__
    return {name: value for name, value in content.items() if name not in own}


async def _complete(work: Work, request: Request, given: Sequence[Dispense]) -> Request:
    """A prescription is completed when everything prescribed was handed over; `given` are all dispenses by it."""
    if sum(each.kept for each in given if each.status is Status.PROCESSED) < request.medication_qty:
        return request
    completed = replace(
        request,
        status=move(REQUEST_MOVES, request.status, RequestStatus.COMPLETED),
        updated_at=work.now,
        updated_by=policy.user_of(work.actor),
    )
    await requests.save(work.db, completed)
    work.record(Event.REQUEST_COMPLETED, request.id, patient_id=request.person_id)
    return completed
