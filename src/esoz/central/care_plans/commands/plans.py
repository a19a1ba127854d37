"""A care plan is written, cancelled, completed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from esoz.central.organisations import known_legal_entity
from esoz.central.people import find_person, must_be_active
from esoz.central.records import check_references, find_encounter, with_names
from esoz.kernel import documents
from esoz.kernel.decoding import convert, read_signed
from esoz.kernel.errors import rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.signed import must_equal, open_signed
from esoz.kernel.work import Work

from .. import policy, store
from ..content import shown
from ..model import CarePlan, Event, Plan
from ..model import activities as rules
from ..model.jobs import PlanCompletion, Reason, SignedChange
from ..model.plans import (
    CANCEL_REASONS,
    COMPLETE_REASONS,
    Status,
    diagnosis_faults,
    form_faults,
    history_line,
    moved,
    new_requisition,
    related_faults,
)
from .authors import FIELD, kept, must_be_reason, must_be_signed, must_end, must_write
from .notices import contact_of, tell_created, tell_end
from .submissions import CREATE_PATH

DIFFERS = "Signed content doesn't match with previously created care plan"


async def create(work: Work, job: SignedChange) -> CarePlan:
    """CP-1 … CP-6: check and store a signed plan, and tell the patient its number. Raises Rejected, Conflict."""
    signed = await open_signed(work, job.signed_data, field=FIELD, proven=job.proven)
    plan = read_signed(signed.content, Plan, work.dependencies.schemas.signed("POST", CREATE_PATH))
    must_be_active(await find_person(work.db, job.person_id))
    must_hold(form_faults(plan, work.now))
    author = await must_write(work, plan.author.id)
    must_be_signed(signed.signer, author)
    if await store.is_known(work.db, plan.id):
        raise rejected("$.id", f"Care plan with id '{plan.id}' already exists")
    names = await check_references(work, job.person_id, signed.content, without=("based_on", "part_of", "inform_with"))
    encounter = await _encounter(work, job.person_id, plan)
    await _must_be_related(work, job.person_id, plan)
    contact = await contact_of(work, job.person_id, plan.method_id)
    document = await documents.keep(work.db, f"care_plans/{plan.id}", signed.document)
    content = with_names(kept(signed.content, "id", "status"), names)
    made = _made(work, plan, job.person_id, encounter, (content, document))
    await store.add_plan(work.db, made)
    await tell_created(work, made, contact)
    work.record(Event.CREATED, made.id, patient_id=made.person_id)
    return made


async def _encounter(work: Work, person_id: UUID, plan: Plan) -> Mapping[str, Any]:
    """CP-2: the plan follows from a visit of the own clinic, and is for what the visit has found."""
    encounter = await find_encounter(work.db, person_id, plan.encounter.id)
    if encounter["managing_organization_id"] != work.actor.client_id:
        raise rejected("$.encounter.identifier.value", "Encounter does not belong to the current legal entity")
    diagnoses = {
        (coding["system"], coding["code"])
        for diagnosis in encounter["document"].get("diagnoses", ())
        for coding in diagnosis.get("code", {}).get("coding", ())
    }
    must_hold(diagnosis_faults(plan, diagnoses))
    found: Mapping[str, Any] = encounter
    return found


async def _must_be_related(work: Work, person_id: UUID, plan: Plan) -> None:
    for name in ("based_on", "part_of"):
        named = getattr(plan, name)
        if named is not None:
            must_hold(related_faults(name, await store.plan_or_none(work.db, person_id, named.id)))


def _made(
    work: Work, plan: Plan, person_id: UUID, encounter: Mapping[str, Any], signed: tuple[Mapping[str, Any], str]
) -> CarePlan:
    assert work.actor.client_id is not None  # the author is the caller
    content, document = signed
    now, by = work.performed_at, policy.user_of(work.actor)
    return CarePlan(
        person_id=person_id,
        id=plan.id,
        requisition=new_requisition(work.dependencies.random),
        status=Status.NEW,
        category=plan.category.code,
        started_at=plan.period.start,
        ended_at=plan.period.end,
        encounter_id=plan.encounter.id,
        episode_id=encounter["episode_id"],
        based_on=plan.based_on.id if plan.based_on else None,
        part_of=plan.part_of.id if plan.part_of else None,
        author_id=plan.author.id,
        legal_entity_id=work.actor.client_id,
        addresses=[each.code for each in plan.addresses],
        inform_with=plan.method_id,
        content=content,
        signed_document=document,
        history=(history_line(Status.NEW, now, by),),
        inserted_at=now,
        inserted_by=by,
        updated_at=now,
        updated_by=by,
    )


async def cancel(work: Work, job: SignedChange) -> CarePlan:
    """CP-11: a plan of which nothing is under way is taken back. Raises NotFound, Conflict, Rejected."""
    assert job.id is not None
    plan = await _ours(work, job.person_id, job.id)
    signed = await open_signed(work, job.signed_data, field=FIELD, proven=job.proven)
    content = dict(signed.content)
    reason = convert({"status_reason": content.pop("status_reason", None)}, Reason).status_reason
    must_be_reason(reason, CANCEL_REASONS, "$.status_reason")
    must_be_signed(signed.signer, await must_end(work))
    changes = moved(plan, Status.CANCELLED, work.performed_at, policy.user_of(work.actor), reason)
    await _must_have_no_open(work, plan)
    clinic = await known_legal_entity(work, plan.legal_entity_id)
    must_equal(content, shown(plan, clinic.name), message=DIFFERS)
    await documents.keep(work.db, f"care_plans/{plan.id}/cancelled", signed.document)
    ended = replace(plan, **changes)
    await tell_end(work, ended)
    return await _saved(work, ended, Event.CANCELLED)


async def complete(work: Work, job: PlanCompletion) -> CarePlan:
    """CP-11: all that was planned has ended, and something of it was done. Raises NotFound, Conflict, Rejected."""
    plan = await _ours(work, job.person_id, job.id)
    must_be_reason(job.status_reason, COMPLETE_REASONS, "$.status_reason")
    await must_end(work)
    changes = moved(plan, Status.COMPLETED, work.performed_at, policy.user_of(work.actor), job.status_reason)
    rules.must_have_completed(await _must_have_no_open(work, plan))
    return await _saved(work, replace(plan, **changes), Event.COMPLETED)


async def _must_have_no_open(work: Work, plan: CarePlan) -> frozenset[rules.Status]:
    statuses = await store.statuses_of(work.db, plan.person_id, plan.id)
    rules.must_have_no_open(statuses & {rules.Status.SCHEDULED, rules.Status.IN_PROGRESS})
    return statuses


async def _ours(work: Work, person_id: UUID, id: UUID) -> CarePlan:
    plan = await store.find_plan(work.db, person_id, id, lock=True)
    policy.must_be_ours(work.actor, plan)
    return plan


async def _saved(work: Work, plan: CarePlan, event: Event) -> CarePlan:
    await store.save_plan(work.db, plan)
    work.record(event, plan.id, patient_id=plan.person_id)
    return plan
