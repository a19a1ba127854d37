"""What a plan plans: added, cancelled, completed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from esoz.central.dictionaries import dictionaries
from esoz.central.people import ContactMethod, find_person, must_be_active
from esoz.central.records import check_references, with_names
from esoz.kernel import documents
from esoz.kernel.amounts import rounded
from esoz.kernel.decoding import convert, read_signed
from esoz.kernel.errors import rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.payload import JSON
from esoz.kernel.references import Target
from esoz.kernel.signed import must_equal, open_signed
from esoz.kernel.work import Work

from .. import policy, store
from ..content import shown_activity, without_reason
from ..model import Activity, CarePlan, Event, NewActivity, PrequalifiedActivity
from ..model import activities as rules
from ..model.activities import Status, Why
from ..model.jobs import ActivityCompletion, SignedChange
from ..model.plans import Status as PlanStatus
from ..model.plans import moved, must_be_open
from ..model.programmes import Verdict
from .authors import FIELD, kept, must_be_reason, must_be_signed, must_end, must_write, specialities_of
from .notices import contact_of
from .products import must_be_there, verdict
from .submissions import ACTIVITY_PATH

DIFFERS = "Signed content doesn't match with previously created care plan activity"
PLACE = "$.detail.program.identifier.value"


async def prequalify(
    work: Work, key: tuple[UUID, UUID], body: tuple[PrequalifiedActivity, Mapping[str, Any]], programmes: Sequence[UUID]
) -> tuple[list[Verdict], ContactMethod]:
    """Try an activity with each programme without storing anything; `key`: whose plan, which. Raises as `create`."""
    person_id, plan_id = key
    activity, content = body
    must_be_active(await find_person(work.db, person_id))
    plan = await store.find_plan(work.db, person_id, plan_id)
    policy.must_be_ours(work.actor, plan)
    author = await must_write(work, activity.author.id, root="$.activity")
    await _must_fit(work, plan, activity, content, root="$.activity")
    own = specialities_of(author)
    found = [
        await verdict(work, activity.detail, each, own, place=f"$.programs[{number}].identifier.value")
        for number, each in enumerate(programmes)
    ]
    work.record(Event.PREQUALIFIED, plan.id, patient_id=person_id)
    return found, await contact_of(work, person_id, plan.inform_with)


async def create(work: Work, job: SignedChange) -> Activity:
    """CP-7 … CP-10: check and store what was signed; the plan begins with it. Raises NotFound, Rejected, Conflict."""
    assert job.id is not None
    signed = await open_signed(work, job.signed_data, field=FIELD, proven=job.proven)
    activity = read_signed(signed.content, NewActivity, work.dependencies.schemas.signed("POST", ACTIVITY_PATH))
    must_be_active(await find_person(work.db, job.person_id))
    plan = await _plan(work, job.person_id, job.id)
    author = await must_write(work, activity.author.id)
    must_be_signed(signed.signer, author)
    if await store.is_known_activity(work.db, job.person_id, activity.id):
        raise rejected("$.id", f"Care plan activity with id '{activity.id}' already exists")
    names = await _must_fit(work, plan, activity, signed.content)
    program = activity.detail.program
    if program is not None:
        found = await verdict(work, activity.detail, program.id, specialities_of(author), place=PLACE)
        if found.reason:
            raise rejected(PLACE, found.reason)
        names[program.kind, program.id] = found.programme.name
    document = await documents.keep(work.db, f"care_plan_activities/{activity.id}", signed.document)
    content = with_names(kept(signed.content, "id"), names)
    made = _made(work, plan, activity, (content, document))
    await store.add_activity(work.db, made)
    if plan.status is PlanStatus.NEW:
        begun = moved(plan, PlanStatus.ACTIVE, work.performed_at, made.inserted_by)
        await store.save_plan(work.db, replace(plan, **begun))
    work.record(Event.ACTIVITY_CREATED, made.id, patient_id=made.person_id)
    return made


async def _must_fit(
    work: Work, plan: CarePlan, activity: PrequalifiedActivity, content: Mapping[str, Any], *, root: str = "$"
) -> dict[Target, str]:
    """CP-7 … CP-9: the plan goes on, and what is named is there; the words of it all."""
    must_be_open(plan, work.now)
    must_hold(rules.activity_faults(activity, plan, root))
    detail = {name: value for name, value in content["detail"].items() if name not in ("program", "product_reference")}
    named = {"author": content["author"], "detail": detail}
    names = await check_references(work, plan.person_id, named, root=root)
    product = await must_be_there(work, activity.detail, root)
    return {**names, **product, ("care_plan", plan.id): plan.content["title"]}


def _made(work: Work, plan: CarePlan, activity: NewActivity, signed: tuple[JSON, str]) -> Activity:
    content, document = signed
    detail, now, by = activity.detail, work.performed_at, policy.user_of(work.actor)
    code, period = detail.product_codeable_concept, detail.scheduled_period
    return Activity(
        person_id=plan.person_id,
        id=activity.id,
        care_plan_id=plan.id,
        status=Status.SCHEDULED,
        kind=detail.kind,
        author_id=activity.author.id,
        legal_entity_id=plan.legal_entity_id,
        program_id=detail.program.id if detail.program else None,
        product_id=detail.product_reference.id if detail.product_reference else None,
        product_system=code.system if code else None,
        product_code=code.code if code else None,
        quantity=rounded(detail.quantity.value) if detail.quantity else None,
        used=Decimal(0),
        do_not_perform=detail.do_not_perform,
        started_at=period.start if period else None,
        ended_at=period.end if period else None,
        content=content,
        signed_document=document,
        inserted_at=now,
        inserted_by=by,
        updated_at=now,
        updated_by=by,
    )


async def cancel(work: Work, job: SignedChange) -> Activity:
    """CP-11: what nothing stands on is taken back. Raises NotFound, Conflict, Rejected."""
    assert job.id is not None and job.activity_id is not None
    await _plan(work, job.person_id, job.id)
    activity = await store.find_activity(work.db, job.person_id, job.id, job.activity_id, lock=True)
    signed = await open_signed(work, job.signed_data, field=FIELD, proven=job.proven)
    given = signed.content.get("detail")
    why = convert({"status_reason": given.get("status_reason") if isinstance(given, dict) else None}, Why)
    must_be_reason(why.status_reason, rules.CANCEL_REASONS, "$.detail.status_reason")
    must_be_signed(signed.signer, await must_end(work))
    changes = rules.moved(activity, Status.CANCELLED, work.performed_at, policy.user_of(work.actor))
    rules.must_be_cancelable(await store.uses(work.db, activity.person_id, activity.id))
    must_equal(without_reason(signed.content), shown_activity(activity), message=DIFFERS)
    await documents.keep(work.db, f"care_plan_activities/{activity.id}/cancelled", signed.document)
    return await _saved(work, replace(activity, **changes, status_reason=why.status_reason), Event.ACTIVITY_CANCELLED)


async def complete(work: Work, job: ActivityCompletion) -> Activity:
    """CP-11: what came of it is told. Raises NotFound, Conflict, Rejected."""
    await _plan(work, job.person_id, job.id)
    activity = await store.find_activity(work.db, job.person_id, job.id, job.activity_id, lock=True)
    reason = job.completion.detail.status_reason
    must_be_reason(reason, rules.COMPLETE_REASONS, "$.detail.status_reason")
    must_hold(rules.outcome_faults(job.completion, dictionaries.codes(rules.OUTCOMES)))
    await must_end(work)
    changes = rules.moved(activity, Status.COMPLETED, work.performed_at, policy.user_of(work.actor))
    done = replace(activity, **changes, status_reason=reason, outcome=job.completion.outcome_codeable_concept)
    return await _saved(work, done, Event.ACTIVITY_COMPLETED)


async def _plan(work: Work, person_id: UUID, id: UUID) -> CarePlan:
    plan = await store.find_plan(work.db, person_id, id, lock=True)
    policy.must_be_ours(work.actor, plan)
    return plan


async def _saved(work: Work, activity: Activity, event: Event) -> Activity:
    await store.save_activity(work.db, activity)
    work.record(event, activity.id, patient_id=activity.person_id)
    return activity
