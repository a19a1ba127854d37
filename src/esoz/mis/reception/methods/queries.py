"""Questions to central about how a patient confirms, and who speaks for them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling
from esoz.sdk import whole

from . import store
from .model import Event, MethodRequest


async def ways(page: MisPage, person_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Active ways of a patient. Raises CentralError."""
    central = await calling(page)
    found = (await central.get(f"/api/persons/{person_id}/authentication_methods")).rows()
    await record(page, Event.READ, person_id, patient_id=person_id)
    return found


async def way(page: MisPage, person_id: UUID, id: UUID) -> Mapping[str, Any]:
    """One of them. Raises NotFound, CentralError."""
    for each in await ways(page, person_id):
        if each["id"] == str(id):
            return each
    raise NotFound()


async def speakers(page: MisPage, person_id: UUID) -> list[tuple[str, str]]:
    """Who may speak for a patient now: id and name, for a choice. Raises CentralError."""
    central = await calling(page)
    answer = await whole(central, f"/api/persons/{person_id}/confidant_person_relationships", is_expired=False)
    people = [each["confidant_person"] for each in answer.rows()]
    return [(each["person_id"], each["name"]) for each in people]


async def request(page: MisPage, person_id: UUID, id: UUID, *, lock: bool = False) -> MethodRequest:
    """A request of the user's clinic about this patient. Raises NotFound."""
    found = await store.find(page.db, page.user.work.clinic_id, person_id, id, lock=lock)
    if found is None:
        raise NotFound()
    return found
