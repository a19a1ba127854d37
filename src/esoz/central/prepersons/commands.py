"""Changes of unidentified patients."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from esoz.central.organisations import find_legal_entity, must_be_acting, user_of
from esoz.kernel.errors import Rejected
from esoz.kernel.states import move
from esoz.kernel.work import Work

from . import policy, store
from .model import (
    MOVES,
    Event,
    Preperson,
    PrepersonDetails,
    SameExternalId,
    Status,
    faults,
    must_be_active,
    note_fault,
)


async def create(work: Work, details: PrepersonDetails, *, legal_entity_id: UUID) -> Preperson:
    """Take somebody in. Raises Rejected naming the fields, Conflict when the clinic does not act, SameExternalId."""
    must_be_acting(await find_legal_entity(work.db, legal_entity_id))
    by = user_of(work.actor)
    given: dict[str, Any] = details.given()
    made = Preperson(
        id=work.new_id(),
        legal_entity_id=legal_entity_id,
        inserted_at=work.now,
        inserted_by=by,
        updated_at=work.now,
        updated_by=by,
        **given,
    )
    _must_be_sound(work, made)
    await _must_be_free(work, made)
    await store.add(work.db, made)
    work.record(Event.CREATED, made.id, patient_id=made.id)
    return made


async def update(work: Work, id: UUID, details: PrepersonDetails) -> Preperson:
    """Write what is known now of one of ours. Raises NotFound, NotActive, Rejected by fields, SameExternalId."""
    found = await store.find_preperson(work.db, id, lock=True)
    policy.must_be_ours(work.actor, found)
    must_be_active(found)
    if fault := note_fault(found, details.note):
        raise Rejected(invalid=(fault,))
    given: dict[str, Any] = {name: value for name, value in details.given().items() if name != "note"}
    changed = replace(found, **given, updated_at=work.now, updated_by=user_of(work.actor))
    _must_be_sound(work, changed)
    if changed.external_id != found.external_id:
        await _must_be_free(work, changed)
    await store.save(work.db, changed)
    work.record(Event.UPDATED, id, patient_id=id)
    return changed


async def end_preperson(work: Work, preperson: Preperson, person_id: UUID) -> None:
    """Somebody was recognised: the record is the person's. The row is locked by who calls."""
    status = move(MOVES, preperson.status, Status.INACTIVE)
    await store.save(work.db, replace(preperson, status=status, updated_at=work.now, updated_by=user_of(work.actor)))
    work.record(Event.MERGED, preperson.id, patient_id=person_id)


async def _must_be_free(work: Work, preperson: Preperson) -> None:
    await store.lock_number(work.db, preperson)
    if await store.is_taken(work.db, preperson):
        raise SameExternalId()


def _must_be_sound(work: Work, preperson: Preperson) -> None:
    found = tuple(faults(preperson, work.days))
    if found:
        raise Rejected(invalid=found)
