"""Approvals: ask the patient, take their code, send it again, take the right away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from esoz.central.forbidden_groups import names_of_groups
from esoz.central.people import AuthenticationMethod, find_person, way_to_confirm
from esoz.central.people import must_be_active as person_must_be_active
from esoz.central.workforce import Employee, employees_of_user, find_employee
from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.fhir import Reference, reference
from esoz.kernel.outbox import Message, post
from esoz.kernel.references import Answerable, Referent, Target
from esoz.kernel.work import Work

from . import store
from .model import (
    FORBIDDEN_GROUP,
    REFERRAL,
    TERM,
    Approval,
    ApprovalStatus,
    Event,
    NewApproval,
    WrongCode,
    activated,
    canceled,
    checked,
    guessed,
    must_be_new,
    must_permit,
    new_approval_faults,
    new_code,
    referral_faults,
    with_code,
)


async def create_approval(work: Work, person_id: UUID, new: NewApproval) -> Approval:
    """Ask a patient to open something to a doctor (AP-1 … AP-4). Raises NotFound, Conflict, Rejected."""
    person_must_be_active(await find_person(work.db, person_id))
    doctor = await _employee(work.db, new.granted_to.id)
    grantable = work.dependencies.grantable
    referral = await _referral(work, person_id, new)
    opened = _opened(new, referral)
    targets = [(each.kind, each.id) for each in opened]
    found = {**await grantable.resources.resolve(work.db, person_id, targets), **await _group(work.db, new)}
    must_hold(
        new_approval_faults(
            new,
            doctor=doctor,
            clinic=work.actor.client_id,
            person_id=person_id,
            found=found,
            grantable=grantable,
        ),
        referral_faults(new, referral, work.now),
    )
    must_permit(referral, found)
    await _must_ask_for_themselves(work, new)
    method, phone = await way_to_confirm(work, person_id, new.authorize_with)
    approval = _made(work, person_id, new, _named(new, opened, found), method)
    if phone is None:
        # AP-3: there is nothing to send a code to; the paper in the clinic answers for it.
        approval = activated(approval, work.now)
    else:
        approval = await _sent(work, approval, phone)
    await store.save_approval(work.db, approval)
    work.record(Event.APPROVAL_CREATED, approval.id, patient_id=person_id, verified=approval.is_verified)
    return approval


async def verify_approval(work: Work, person_id: UUID, id: UUID, code: str) -> Approval:
    """Take the patient's code. Raises NotFound, Conflict (AP-5), Forbidden (OT-2)."""
    approval = await _ours(work, person_id, id)
    must_be_new(approval, "verified")
    active = checked(approval, code, secret=work.dependencies.secret, now=work.now)
    if active is None:
        await store.save_approval(work.db, guessed(approval, work.now))
        work.record(Event.APPROVAL_REFUSED, id, patient_id=person_id)
        raise WrongCode()
    await store.save_approval(work.db, active)
    work.record(Event.APPROVAL_VERIFIED, id, patient_id=person_id)
    return active


async def resend_code(work: Work, person_id: UUID, id: UUID) -> Approval:
    """Send another code; the one before is void (OT-3). Raises NotFound, Conflict (AP-5), TooMany."""
    approval = await _ours(work, person_id, id)
    must_be_new(approval, "resent")
    assert approval.phone is not None  # without a phone it was active at once
    changed = await _sent(work, approval, approval.phone)
    await store.save_approval(work.db, changed)
    work.record(Event.APPROVAL_RESENT, id, patient_id=person_id)
    return changed


async def cancel_approval(work: Work, person_id: UUID, id: UUID) -> Approval:
    """Take a right away before its end. Raises NotFound, Conflict."""
    approval = await _ours(work, person_id, id)
    changed = canceled(approval, work.now)
    await store.save_approval(work.db, changed)
    work.record(Event.APPROVAL_CANCELED, id, patient_id=person_id)
    return changed


async def cancel_own_approval(work: Work, person_id: UUID, id: UUID) -> Approval:
    """The patient takes back what they gave, whichever clinic has it. Raises NotFound, Conflict."""
    changed = canceled(await store.find_approval(work.db, person_id, id, lock=True), work.now)
    await store.save_approval(work.db, changed)
    work.record(Event.APPROVAL_CANCELED, id, patient_id=person_id)
    return changed


async def delete_unanswered_approvals(work: Work) -> None:
    """AP-4: what no patient confirmed in twelve hours was never given."""
    await store.delete_unanswered(work.db, work.now)


async def _referral(work: Work, person_id: UUID, new: NewApproval) -> Answerable | None:
    if new.service_request is None:
        return None
    target = REFERRAL, new.service_request.id
    found = await work.dependencies.references.resolve(work.db, person_id, [target])
    referral = found.get(target)
    return referral if isinstance(referral, Answerable) else None


def _opened(new: NewApproval, referral: Answerable | None) -> Sequence[Reference]:
    """AP-1: the records that are named, or those that a referral permits its performer to see."""
    permitted = referral.permitted if referral else ()
    return [*new.records, *(reference(kind, id, "") for kind, id in permitted)]


def _named(new: NewApproval, opened: Sequence[Reference], found: Mapping[Target, Referent]) -> tuple[Reference, ...]:
    # What a referral permitted and is no more there is left out; what was named was found.
    there = (each for each in opened if (each.kind, each.id) in found)
    named = tuple(Reference(each.identifier, found[each.kind, each.id].display) for each in there)
    if new.forbidden_group is not None:
        # AB-7: kept among what is opened, so that an approval says all that it opens in one place.
        target = FORBIDDEN_GROUP, new.forbidden_group.id
        named += (reference(*target, found[target].display),)
    return named


def _made(
    work: Work, person_id: UUID, new: NewApproval, named: tuple[Reference, ...], method: AuthenticationMethod
) -> Approval:
    assert work.actor.client_id is not None  # the doctor was found to work in it
    return Approval(
        person_id=person_id,
        id=work.new_id(),
        status=ApprovalStatus.NEW,
        access_level=new.access_level,
        granted_to_id=new.granted_to.id,
        legal_entity_id=work.actor.client_id,
        created_by_id=new.created_by.id if new.created_by else new.granted_to.id,
        whole_patient=new.whole_patient,
        resources=named,
        resource_types=new.kinds,
        authorize_with=new.authorize_with,
        reason=new.service_request.id if new.service_request else None,
        method=str(method.type),
        phone=None,
        expires_at=_end(work.now),
        inserted_at=work.now,
        updated_at=work.now,
    )


def _end(now: datetime) -> datetime:
    return now + TERM


async def _ours(work: Work, person_id: UUID, id: UUID) -> Approval:
    """An approval that the caller's clinic asked for; another's is not found."""
    approval = await store.find_approval(work.db, person_id, id, lock=True)
    if approval.legal_entity_id != work.actor.client_id:
        raise NotFound("Approval not found")
    return approval


async def _must_ask_for_themselves(work: Work, new: NewApproval) -> None:
    # AP-2: the doctor asks; today a receptionist may too, and says so in `created_by`.
    field, asking = ("created_by", new.created_by) if new.created_by else ("granted_to", new.granted_to)
    user_id, clinic = work.actor.user_id, work.actor.client_id
    own = await employees_of_user(work.db, user_id, clinic) if user_id and clinic else []
    if asking.id not in {each.id for each in own}:
        raise rejected(f"$.{field}.identifier.value", "Employee does not related to user")


async def _group(db: Connection, new: NewApproval) -> Mapping[Target, Referent]:
    """The forbidden group that is asked for, if it is in use."""
    if new.forbidden_group is None:
        return {}
    names = await names_of_groups(db, [new.forbidden_group.id])
    return {(FORBIDDEN_GROUP, id): Referent(name) for id, name in names.items()}


async def _employee(db: Connection, id: UUID) -> Employee | None:
    try:
        return await find_employee(db, id)
    except NotFound:
        return None


async def _sent(work: Work, approval: Approval, phone: str) -> Approval:
    code = new_code(work.dependencies.random)
    changed = with_code(approval, code, phone=phone, secret=work.dependencies.secret, now=work.now)
    text = f"Код для доступу лікаря до Ваших медичних записів: {code}. Повідомте його, лише якщо згодні."
    await post(work, Message("sms", phone, text, urgent=True))
    return changed
