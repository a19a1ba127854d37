"""Writing a registration: begun, filled in, corrected, thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.states import move
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage

from .. import store
from ..model.registrations import MOVES, THIRD_PERSON, WAY, Event, Registration, State


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a registration begins with: of a change also whose data it is, and what central keeps of them."""

    last_name: str
    first_name: str
    second_name: str
    birth_date: date
    form: Mapping[str, str]
    patient: Patient | None = None
    before: Mapping[str, Any] = field(default_factory=dict)


async def begin(page: MisPage, told: Beginning) -> UUID:
    """Keep a new registration, to be filled in."""
    id = new_id()
    await store.add(
        page.db,
        id=id,
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        person_id=told.patient.id if told.patient else None,
        is_change=told.patient is not None,
        state=str(State.DRAFT),
        form=dict(told.form),
        before=dict(told.before),
        last_name=told.last_name,
        first_name=told.first_name,
        second_name=told.second_name,
        birth_date=told.birth_date,
        created_at=page.now,
        updated_at=page.now,
    )
    await record(page, Event.BEGUN, id, patient_id=told.patient.id if told.patient else None)
    return id


async def write(page: MisPage, found: Registration, form: Mapping[str, str], person: Mapping[str, Any]) -> Registration:
    """Put another wording in the place of the one before; the patient confirms this one. Raises Conflict."""
    after = move(MOVES, found.state, State.DRAFT)
    kept = {name: value for name, value in found.form.items() if name not in form}
    whole = {**kept, **form}
    changed = await store.change(
        page.db,
        found.id,
        state=str(after),
        user_id=page.user.id,
        form=whole,
        person=published(found, whole, person),
        last_name=person["last_name"],
        first_name=person["first_name"],
        second_name=person.get("second_name") or "",
        birth_date=date.fromisoformat(person["birth_date"]),
        version=found.version + 1,
        content=None,
        signed=None,
        refusal=None,
        updated_at=page.now,
    )
    await record(page, Event.WRITTEN, found.id, patient_id=found.person_id)
    return changed


async def choose_way(page: MisPage, found: Registration, way: str) -> Registration:
    """Another way to confirm the same wording, so central takes it as another request."""
    form = {**found.form, WAY: way}
    return await store.change(page.db, found.id, form=form, version=found.version + 1, updated_at=page.now)


def published(found: Registration, form: Mapping[str, str], person: Mapping[str, Any]) -> dict[str, Any]:
    """The published person: of a change with the id, of somebody new with who speaks for them, as far as it is told."""
    whole = {name: value for name, value in person.items() if name != "confidant_person"}
    if found.is_change:
        return {**whole, "id": str(found.person_id)}
    speaker, paper = form.get("confidant_id"), _paper(form)
    if speaker and paper:
        whole["confidant_person"] = {"person_id": speaker, "documents_relationship": [paper]}
        methods = [
            {**each, "value": speaker} if each["type"] == THIRD_PERSON else each
            for each in whole.get("authentication_methods") or []
        ]
        whole["authentication_methods"] = methods
    return whole


def _paper(form: Mapping[str, str]) -> dict[str, str]:
    names = ("type", "number", "issued_by", "issued_at", "active_to")
    paper = {name: form.get(f"relation_{name}", "") for name in names}
    return {name: value for name, value in paper.items() if value} if paper["number"] else {}


async def discard(page: MisPage, found: Registration) -> None:
    """Throw away what is not in central; nothing of what was typed is left. Raises Conflict."""
    after = move(MOVES, found.state, State.DISCARDED)
    await store.change(
        page.db,
        found.id,
        state=str(after),
        form={},
        person={},
        before={},
        papers=[],
        content=None,
        signed=None,
        refusal=None,
        **dict.fromkeys(("last_name", "first_name", "second_name", "phone"), ""),
        updated_at=page.now,
    )
    await record(page, Event.DISCARDED, found.id, patient_id=found.person_id)
