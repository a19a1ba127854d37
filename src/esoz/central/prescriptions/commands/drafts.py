"""Writing a prescription: is it allowed, the draft, the signature."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec

from esoz.central.care_plans import take
from esoz.central.people import ContactMethod, age, contact_method
from esoz.central.programmes import WITHOUT_PROGRAMME, Programme, known_programme, known_settings
from esoz.central.workforce import known_employee, known_party_of_user
from esoz.kernel import documents
from esoz.kernel.errors import Conflict, NotFound, Problem, rejected
from esoz.kernel.signed import must_be_signed_by, must_equal, open_signed
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content.drafts import draft_content
from ..model import Draft, Event, Order, Request, series
from ..model import drafts as rules
from ..model.codes import code_of, new_code, new_number, seal
from ..model.facts import Facts, region_of
from ..model.notices import INFORM_WITH, is_told_by_phone
from ..model.requests import Status as RequestStatus
from ..model.requests import last_day
from ..store import drafts, requests
from ..store import series as series_rows
from .evaluation import must_be_acceptable, must_suit_programme, prescriber
from .notices import send_code

FIELD = "$.signed_medication_request_request"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a programme takes the prescription; `reason` is empty when it does."""

    programme: Programme
    reason: str
    first_day: Sequence[object] = ()  # where it is too early: from when to write, from when to begin (MR-8)


@dataclass(frozen=True, slots=True)
class CreatedDraft:
    """A new draft and how the patient will be told of the prescription."""

    draft: Draft
    contact: ContactMethod


@dataclass(frozen=True, slots=True)
class IssuedRequest:
    """A new prescription; `code` is set when it is to be printed because no message goes out."""

    request: Request
    code: str | None


async def prequalify(work: Work, order: Order, programme_ids: Sequence[UUID]) -> list[Verdict]:
    """Try an order with each programme without storing anything (MR-15)."""
    if order.is_plan:
        raise Conflict("Plan can't be qualified")
    facts = await must_be_acceptable(work, order)
    verdicts = [await _verdict(work, order, facts, n, each) for n, each in enumerate(programme_ids)]
    work.record(Event.DRAFT_PREQUALIFIED, order.person_id, patient_id=order.person_id)
    return verdicts


async def _verdict(work: Work, order: Order, facts: Facts, place: int, programme_id: UUID) -> Verdict:
    programme = await _programme(work, programme_id, f"$.programs[{place}].id")
    try:
        await must_suit_programme(work, order, facts, programme)
    except Problem as refusal:
        reason = refusal.invalid[0].description if refusal.invalid else refusal.message
        own = {rules.NOTHING_IN_PROGRAMME: rules.NOT_IN_LIST.format(programme.name), rules.TOO_EARLY: rules.ONLY_ONE}
        days = refusal.invalid[0].params if reason == rules.TOO_EARLY else ()
        return Verdict(programme, own.get(reason, reason), days or ())
    return Verdict(programme, "")


async def _programme(work: Work, programme_id: UUID, entry: str) -> Programme:
    try:
        return await known_programme(work, programme_id)
    except NotFound as fault:
        raise rejected(entry, "Medical program not found") from fault


async def create(work: Work, order: Order) -> CreatedDraft:
    """Write a draft for the doctor to sign."""
    rules.must_name_programme(order)
    facts = await must_be_acceptable(work, order)
    programme = None
    if order.medical_program_id is not None:
        programme = await _programme(work, order.medical_program_id, f"{rules.ROOT}.medical_program_id")
    await must_suit_programme(work, order, facts, programme)
    contact = await contact_method(work, order.person_id, order.inform_with, field=INFORM_WITH)
    draft = _draft(work, order, facts, programme)
    await drafts.take_number(work.db, draft)
    await drafts.add(work.db, draft)
    work.record(Event.DRAFT_CREATED, draft.id, patient_id=draft.person_id)
    return CreatedDraft(draft, contact)


def _draft(work: Work, order: Order, facts: Facts, programme: Programme | None) -> Draft:
    id = work.new_id()
    user_id = policy.user_of(work.actor)
    prior = facts.follows
    settings = programme.settings if programme else WITHOUT_PROGRAMME
    first, last = rules.dispense_dates(order, settings, series.opening_day(order, prior) if prior else None)
    draft = Draft(
        id=id,
        status=rules.Status.NEW,
        request_number=new_number(work.dependencies.random),
        **{name: getattr(order, name) for name in _SAME},
        legal_entity_id=facts.legal_entity.id,
        episode_id=facts.encounter["episode_id"],
        dispense_valid_from=first,
        dispense_valid_to=last,
        follows=prior.id if prior else None,
        series_place=series.place_after(prior) if prior else None,
        content={},
        region=region_of(facts.division.addresses),
        expires_at=work.now + rules.LIFETIME,
        inserted_at=work.now,
        inserted_by=user_id,
        updated_at=work.now,
        updated_by=user_id,
    )
    whole = draft_content(draft, order, facts, programme, age(facts.person.birth_date, order.created_at))
    return replace(draft, content=msgspec.to_builtins(whole))


_SAME = (
    "person_id",
    "intent",
    "division_id",
    "employee_id",
    "medication_id",
    "medication_qty",
    "encounter_id",
    "created_at",
    "started_at",
    "ended_at",
    "medical_program_id",
    "care_plan_id",
    "activity_id",
    "inform_with",
)


async def sign(work: Work, draft_id: UUID, document: str) -> IssuedRequest:
    """Make the prescription of a draft that its doctor signed (MR-14). Of two at once exactly one wins."""
    person_id = await drafts.person_of(work.db, draft_id)
    draft = await drafts.find(work.db, person_id, draft_id, lock=True)
    policy.must_be_ours(work.actor, draft)
    message = "Invalid status Medication request Request for sign transition!"
    status = move(rules.MOVES, draft.status_at(work.now), rules.Status.SIGNED, message=message)
    await _must_be_next(work, draft)
    name = await _must_be_signed(work, draft, document)
    if (wish := rules.wish_of(draft, draft.id)) is not None:
        await take(work, person_id, wish)
    user_id = policy.user_of(work.actor)
    request = _request(work, draft, name, new_code(work.dependencies.random))
    contact = await contact_method(work, person_id, request.inform_with, field=INFORM_WITH)
    by_phone = is_told_by_phone(request.intent, await known_settings(work, request.medical_program_id), contact)
    await drafts.set_status(work.db, replace(draft, status=status, updated_at=work.now, updated_by=user_id))
    await requests.add(work.db, request)
    work.record(Event.DRAFT_SIGNED, draft.id, patient_id=person_id)
    work.record(Event.REQUEST_CREATED, request.id, patient_id=person_id)
    if by_phone:
        if request.announce_on is None:
            await send_code(work, request, contact)
        return IssuedRequest(request, None)
    return IssuedRequest(request, code_of(request, secret=work.dependencies.secret))


async def _must_be_next(work: Work, draft: Draft) -> None:
    """What comes before it in a series is signed (MR-23)."""
    if draft.follows is not None:
        status, is_followed = await series_rows.lock_prior(work.db, draft.person_id, draft.follows)
        series.must_follow_signed(status, is_followed=is_followed)


async def _must_be_signed(work: Work, draft: Draft, document: str) -> str:
    """Check who signed and what, keep the document, return its name."""
    employee = await known_employee(work, draft.employee_id)
    party = await known_party_of_user(work, policy.user_of(work.actor))
    policy.must_be_doctor(party, employee)
    rules.must_be_working(prescriber(employee), draft.legal_entity_id)
    opened = await open_signed(work, document, field=FIELD)
    must_be_signed_by(opened.signer, party.tax_id, field=FIELD)
    message = "Signed content does not match the previously created content!"
    must_equal(opened.content, draft.content, message=message)
    return await documents.keep(work.db, f"medication_requests/{draft.id}", opened.document)


def _request(work: Work, draft: Draft, document: str, code: str) -> Request:
    sealed = seal(code, draft.id, secret=work.dependencies.secret, random=work.dependencies.random)
    return Request(
        id=draft.id,
        person_id=draft.person_id,
        status=RequestStatus.ACTIVE,
        request_number=draft.request_number,
        **{name: getattr(draft, name) for name in _CARRIED},
        last_day=last_day(draft.dispense_valid_to, draft.ended_at),
        announce_on=series.announced_on(draft.follows, draft.dispense_valid_from, work.today),
        signed_document=document,
        verification_code=None if draft.intent is rules.Intent.PLAN else sealed,
        inserted_at=work.now,
        inserted_by=draft.inserted_by,
        updated_at=work.now,
        updated_by=draft.inserted_by,
    )


_CARRIED = (
    "intent",
    "legal_entity_id",
    "division_id",
    "employee_id",
    "medication_id",
    "medication_qty",
    "encounter_id",
    "created_at",
    "started_at",
    "ended_at",
    "region",
    "content",
    "medical_program_id",
    "episode_id",
    "care_plan_id",
    "activity_id",
    "inform_with",
    "dispense_valid_from",
    "dispense_valid_to",
    "follows",
    "series_place",
)


async def reject(work: Work, draft_id: UUID) -> Draft:
    """Give up a draft that was not signed yet (MR-15)."""
    person_id = await drafts.person_of(work.db, draft_id)
    draft = await drafts.find(work.db, person_id, draft_id, lock=True)
    policy.must_be_ours(work.actor, draft)
    message = "Invalid status Request for Medication request for reject transition!"
    status = move(rules.MOVES, draft.status_at(work.now), rules.Status.REJECTED, message=message)
    rejected_draft = replace(draft, status=status, updated_at=work.now, updated_by=policy.user_of(work.actor))
    await drafts.set_status(work.db, rejected_draft)
    work.record(Event.DRAFT_REJECTED, draft.id, patient_id=person_id)
    return rejected_draft
