"""What happens to a referral after the signature: taken, given back, worked on, answered, taken back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.care_plans import give_back
from esoz.central.dictionaries import dictionaries
from esoz.central.notices import Kind
from esoz.central.organisations import must_be_own_division
from esoz.central.programmes import find_programme
from esoz.central.records import resolve_records
from esoz.central.services import known_services, offered_services, services_of_group
from esoz.central.workforce import Employee, known_employee, known_employees_of_user
from esoz.kernel import documents
from esoz.kernel.decoding import convert
from esoz.kernel.errors import Conflict, NotFound, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.fhir import Reference, reference
from esoz.kernel.signed import must_be_signed_by, must_equal, open_signed
from esoz.kernel.work import Signer, Work

from .. import policy, store
from ..content import Ending, shown
from ..model import Event, Processing, ServiceRequest, Status
from ..model import requests as rules
from ..model.jobs import Change, Complete, SignedEnd, Use
from ..model.orders import GROUP
from ..model.programmes import refusal
from ..model.requests import Performer
from .notices import tell_end
from .submissions import FIELD
from .surroundings import register_entry

DIFFERS = "Signed content doesn't match with previously created service request"


async def use(work: Work, job: Use) -> ServiceRequest:
    """SR-8: take a referral, or give it to another of the own people. Of two clinics at once exactly one wins."""
    request = await _locked(work, job)
    usage, clinic = job.usage, work.actor.client_id
    rules.must_be_usable(request, clinic, work.now)
    employee = usage.used_by_employee
    performer = await _performer(work, employee.id) if employee else None
    must_hold(rules.usage_faults(usage, clinic, performer), rules.programme_faults(request, usage))
    if usage.used_by_division is not None and clinic is not None:
        entry = "$.used_by_division.identifier.value"
        await must_be_own_division(work.db, usage.used_by_division.id, clinic, entry=entry)
    if usage.program is not None and request.program_id is None:
        request = await _with_programme(work, request, usage.program.id)
    taken = await _taken(work, request, job)
    taken = replace(taken, **rules.processed(taken, Processing.IN_PROGRESS, work.performed_at, _user(work)))
    return await _saved(work, taken, Event.USED)


async def _with_programme(work: Work, request: ServiceRequest, programme_id: UUID) -> ServiceRequest:
    """A referral that was written without a programme is used by one that pays for it."""
    reason = await programme_refusal(work, request, programme_id, "$.program.identifier.value")
    if reason:
        raise rejected("$.program.identifier.value", reason)
    line = rules.processing_line(Processing.NEW, work.performed_at, _user(work))
    history = msgspec.structs.replace(request.history, processing=(line,))
    return replace(request, program_id=programme_id, program_processing_status=Processing.NEW, history=history)


async def programme_refusal(work: Work, request: ServiceRequest, programme_id: UUID, place: str) -> str:
    """Why a programme does not take a referral. Raises Rejected naming `place` when there is none such."""
    try:
        programme = await find_programme(work.db, programme_id)
    except NotFound as fault:
        raise rejected(place, "Medical program not found") from fault
    services = await services_of(work, request)
    offered = await offered_services(work.db, [programme_id], services)
    return refusal(programme, [each.service_id for each in offered], None)


async def _taken(work: Work, request: ServiceRequest, job: Use) -> ServiceRequest:
    usage, now, user = job.usage, work.performed_at, _user(work)
    history = request.history
    clinic = usage.used_by_legal_entity
    if request.used_by_legal_entity_id != clinic.id:
        line = rules.used_line("used_by_legal_entity", await _named(work, clinic), now, user)
        history = msgspec.structs.replace(history, legal_entities=(*history.legal_entities, line))
    if usage.used_by_employee is not None:
        line = rules.used_line("used_by_employee", await _named(work, usage.used_by_employee), now, user)
        history = msgspec.structs.replace(history, employees=(*history.employees, line))
    return replace(
        request,
        used_by_legal_entity_id=clinic.id,
        used_by_employee_id=usage.used_by_employee.id if usage.used_by_employee else None,
        used_by_division_id=usage.used_by_division.id if usage.used_by_division else None,
        history=history,
    )


async def _named(work: Work, each: Reference) -> Mapping[str, Any]:
    found = await register_entry(work, (each.kind, each.id))
    shown: Mapping[str, Any] = msgspec.to_builtins(reference(each.kind, each.id, found.display if found else ""))
    return shown


async def release(work: Work, job: Change) -> ServiceRequest:
    """SR-9: give a referral back, so that the patient may go elsewhere with it."""
    request = await _locked(work, job)
    rules.must_be_releasable(request, work.actor.client_id)
    now = work.performed_at
    back: Mapping[str, Any] = {}
    if request.status is Status.IN_PROGRESS:
        back = rules.moved(request, Status.ACTIVE, now)
    free = replace(request, **back, used_by_employee_id=None, used_by_legal_entity_id=None, used_by_division_id=None)
    if "program" in request.content:
        free = replace(free, **rules.processed(free, Processing.NEW, now, _user(work)))
    else:  # the programme was the performer's, and goes with them
        history = msgspec.structs.replace(free.history, processing=())
        free = replace(free, program_id=None, program_processing_status=None, history=history)
    return await _saved(work, free, Event.RELEASED)


async def process(work: Work, job: Change) -> ServiceRequest:
    """SR-10: tell that the work on a referral has begun."""
    request = await _locked(work, job)
    rules.must_be_processable(request, work.actor.client_id)
    begun = replace(request, **rules.moved(request, Status.IN_PROGRESS, work.performed_at))
    return await _saved(work, begun, Event.PROCESSED)


async def complete(work: Work, job: Complete) -> ServiceRequest:
    """SR-10: tell with what a referral was answered, or why it ends without that."""
    request = await _locked(work, job)
    completion = job.completion
    rules.must_be_completable(request, work.actor.client_id)
    must_hold(rules.completion_faults(completion))
    answer = await _answer(work, request, completion.completed_with) if completion.completed_with else None
    service = await _program_service(work, request, completion.program_service)
    reason = completion.status_reason
    done = replace(
        request,
        **rules.moved(request, Status.COMPLETED, work.performed_at, reason),
        completed_with=answer,
        program_service=service,
    )
    done = replace(done, **rules.processed(done, Processing.COMPLETED, work.performed_at, _user(work)))
    return await _saved(work, done, Event.COMPLETED)


async def _answer(work: Work, request: ServiceRequest, given: Reference) -> Mapping[str, Any]:
    """What it was answered with: a record of this patient that stands."""
    entry, target = "$.completed_with.identifier.value", (given.kind, given.id)
    found = (await resolve_records(work.db, request.person_id, [target])).get(target)
    if found is None:
        raise rejected(entry, f"{given.kind.replace('_', ' ').capitalize()} with such id is not found")
    if found.refusal is not None:
        raise rejected(entry, found.refusal)
    shown: Mapping[str, Any] = msgspec.to_builtins(reference(given.kind, given.id, found.display))
    return shown


async def _program_service(work: Work, request: ServiceRequest, given: Reference | None) -> Mapping[str, Any] | None:
    """What the programme pays for: one of its services, and one that was asked for."""
    if given is None:
        return None
    programmes = [request.program_id] if request.program_id else []
    offered = await offered_services(work.db, programmes, await services_of(work, request))
    if given.id not in {each.id for each in offered}:
        raise rejected("$.program_service.identifier.value", "Program service with such id is not found")
    [service] = [each for each in offered if each.id == given.id]
    names = await known_services(work.db, [service.service_id])
    shown: Mapping[str, Any] = msgspec.to_builtins(
        reference("program_service", given.id, names[service.service_id].name)
    )
    return shown


async def services_of(work: Work, request: ServiceRequest) -> list[UUID]:
    """The services that a referral may be answered with."""
    if request.code_kind == GROUP:
        return await services_of_group(work.db, request.code_id)
    return [request.code_id]


async def recall(work: Work, job: SignedEnd) -> ServiceRequest:
    """SR-11: the requester takes back what nobody has taken yet."""
    request = await _locked(work, job)
    rules.must_be_recallable(request)
    ended = await _ended(work, request, job, Status.RECALLED, rules.RECALL_REASONS)
    await tell_end(work, ended, Kind.REFERRAL_RECALLED, "Відкликано")
    return await _saved(work, ended, Event.RECALLED)


async def cancel(work: Work, job: SignedEnd) -> ServiceRequest:
    """SR-11: the requester takes back what was written by mistake."""
    request = await _locked(work, job)
    rules.must_be_cancelable(request)
    ended = await _ended(work, request, job, Status.ENTERED_IN_ERROR, rules.CANCEL_REASONS)
    await tell_end(work, ended, Kind.REFERRAL_CANCELED, "Скасовано")
    return await _saved(work, ended, Event.CANCELED)


async def _ended(
    work: Work, request: ServiceRequest, job: SignedEnd, status: Status, dictionary: str
) -> ServiceRequest:
    policy.must_be_written_here(work.actor, request)
    signed = await open_signed(work, job.signed_data, field=FIELD, proven=job.proven)
    await _must_be_signed(work, signed.signer, request)
    content = dict(signed.content)
    given = {name: content.pop(name) for name in Ending.__struct_fields__ if name in content}
    ending = convert(given, Ending)
    must_hold(rules.reason_faults(ending.status_reason, dictionary))
    codes = dictionaries.codes(dictionary)
    if codes is not None and ending.status_reason.code not in codes:
        message = f"value is not allowed in dictionary {dictionary}"
        raise rejected("$.status_reason.coding[0].code", message, rule="inclusion")
    must_equal(content, shown(request), message=DIFFERS)
    await documents.keep(work.db, f"service_requests/{request.id}/{status}", signed.document)
    await give_back(work, request.person_id, request.id)
    ended = replace(
        request,
        **rules.moved(request, status, work.performed_at, ending.status_reason),
        explanatory_letter=ending.explanatory_letter,
    )
    return replace(ended, **rules.processed(ended, Processing.CANCELLED, work.performed_at, _user(work)))


async def _must_be_signed(work: Work, signer: Signer, request: ServiceRequest) -> None:
    """The caller is who may end it, and the key is theirs. Raises Conflict, Rejected."""
    if work.actor.user_id is None or work.actor.client_id is None:
        raise Conflict("Employee is not the requester of the service request")
    own = await known_employees_of_user(work, work.actor.user_id, work.actor.client_id)
    allowed = [each for each in own if policy.may_end(each, request)]
    if not allowed:
        raise Conflict("Employee is not the requester of the service request")
    if not signer.drfo:
        raise Conflict("Invalid drfo")
    must_be_signed_by(signer, allowed[0].party.tax_id, field=FIELD)


async def _performer(work: Work, id: UUID) -> Performer | None:
    try:
        found: Employee = await known_employee(work, id)
    except NotFound:
        return None
    return Performer(found.legal_entity_id, found.employee_type, found.works)


async def _locked(work: Work, job: Change | SignedEnd) -> ServiceRequest:
    return await store.find(work.db, job.person_id, job.id, lock=True)


async def _saved(work: Work, request: ServiceRequest, event: Event) -> ServiceRequest:
    changed = replace(request, updated_at=work.performed_at, updated_by=_user(work))
    await store.save(work.db, changed)
    work.record(event, request.id, patient_id=request.person_id)
    return changed


def _user(work: Work) -> UUID:
    assert work.actor.user_id is not None  # every scope of referrals is a user's
    return work.actor.user_id
