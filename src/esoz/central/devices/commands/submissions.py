"""The synchronous part of every change: what can be told at once is told; then the job is queued (JB-1)."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from esoz.central.people import find_person, must_be_active
from esoz.kernel import jobs
from esoz.kernel.jobs import JobKind
from esoz.kernel.signed import prove
from esoz.kernel.work import Work

from .. import policy
from ..model import Event
from ..model.jobs import DISPENSE_CREATE, DISPENSE_STOP, DISPENSES, Change, NewDispense, SignedChange
from ..store import dispenses, requests
from .codes import must_know_code
from .dispenses import locked_request
from .requests import FIELD

B = TypeVar("B", bound=msgspec.Struct)
Read = Callable[[Mapping[str, Any]], object]


async def submit_new(work: Work, kind: JobKind[SignedChange], change: SignedChange, read: Read, rid: str) -> jobs.Job:
    """Queue a new request. Raises NotFound, Conflict, and Rejected for a signature or content that is not good."""
    must_be_active(await find_person(work.db, change.person_id))
    return await _signed(work, kind, change, read, rid)


async def submit_signed(work: Work, kind: JobKind[SignedChange], change: SignedChange, rid: str) -> jobs.Job:
    """The same for a change of a request that is there."""
    assert change.id is not None
    await requests.find(work.db, change.person_id, change.id)
    return await _signed(work, kind, change, lambda content: content, rid)


async def _signed(work: Work, kind: JobKind[SignedChange], change: SignedChange, read: Read, rid: str) -> jobs.Job:
    proven, content = await prove(work, change.signed_data, field=FIELD)
    read(content)
    return await queue(work, kind, replace(change, proven=proven), change.person_id, request_id=rid, asked=change)


async def submit(work: Work, kind: JobKind[B], change: B, key: tuple[UUID, UUID], rid: str) -> jobs.Job:
    """The same for a change that nobody signs; `key`: whose request, which."""
    await requests.find(work.db, *key)
    return await queue(work, kind, change, key[0], request_id=rid)


async def submit_dispense(work: Work, change: NewDispense, code: str, rid: str) -> jobs.Job:
    """Queue a hold. A wrong code is told and counted at once (DVD-7); the code itself is kept nowhere."""
    must_be_active(await find_person(work.db, change.person_id))
    request = await locked_request(work, change.person_id, change.handover)
    await must_know_code(work, request, code)
    return await queue(work, DISPENSE_CREATE, change, change.person_id, request_id=rid)


async def submit_signed_dispense(work: Work, kind: JobKind[SignedChange], change: SignedChange, rid: str) -> jobs.Job:
    """Queue a signed change of a dispense of ours."""
    assert change.id is not None
    policy.must_be_our_dispense(work.actor, await dispenses.find(work.db, change.person_id, change.id))
    return await _signed(work, kind, change, lambda content: content, rid)


async def submit_stop(work: Work, change: Change, rid: str) -> jobs.Job:
    """Queue the end of a hold of ours."""
    policy.must_be_our_dispense(work.actor, await dispenses.find(work.db, change.person_id, change.id))
    return await queue(work, DISPENSE_STOP, change, change.person_id, request_id=rid)


async def queue(
    work: Work, kind: JobKind[B], change: B, person_id: UUID, *, request_id: str, asked: B | None = None
) -> jobs.Job:
    """Store the job, with its line in the log of the patient."""
    job = await jobs.submit(work, kind, person_id, change, request_id=request_id, asked=asked)
    event = Event.DISPENSE_SUBMITTED if kind.name.startswith(DISPENSES) else Event.SUBMITTED
    work.record(event, job.id, patient_id=person_id)
    return job
