"""Questions about who speaks for a patient, and about what was begun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import Search, search_persons
from esoz.mis.link.access import calling
from esoz.sdk import whole

from . import store
from .model import ConfidantRequest, Event


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks for a patient: `row` as published, `speaks` while the last day is not over."""

    row: Mapping[str, Any]
    speaks: bool

    @property
    def name(self) -> str:
        return str(self.row["confidant_person"]["name"])


async def speakers(page: MisPage, person_id: UUID) -> list[Speaker]:
    """Everybody who speaks for a patient or did until their papers ended. Raises CentralError."""
    central = await calling(page)
    rows = (await whole(central, f"/api/persons/{person_id}/confidant_person_relationships")).rows()
    await record(page, Event.READ, person_id, patient_id=person_id)
    today = page.today.isoformat()
    return [Speaker(row, not row.get("active_to") or row["active_to"] >= today) for row in rows]


async def speaker(page: MisPage, person_id: UUID, id: UUID) -> Speaker:
    """One of them. Raises NotFound, CentralError."""
    for each in await speakers(page, person_id):
        if each.row["id"] == str(id):
            return each
    raise NotFound()


async def found_people(page: MisPage, search: Search) -> Sequence[Mapping[str, Any]]:
    """People of the register, of whom one may speak. Raises CentralRefused and the rest."""
    rows = (await search_persons(page, search)).rows()
    await record(page, Event.SEARCHED, "persons", found=len(rows))
    return rows


async def request(page: MisPage, person_id: UUID, id: UUID, *, lock: bool = False) -> ConfidantRequest:
    """A request of the user's clinic about this patient. Raises NotFound."""
    found = await store.find(page.db, page.user.work.clinic_id, person_id, id, lock=lock)
    if found is None:
        raise NotFound()
    return found


async def begun(page: MisPage, person_id: UUID) -> list[ConfidantRequest]:
    """What the clinic has begun about this patient and not finished."""
    return await store.open_of(page.db, page.user.work.clinic_id, person_id, page.now)
