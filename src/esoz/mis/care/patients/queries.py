"""Questions about patients, with their lines in the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound
from esoz.mis.base.explanations import Explanation
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling, several
from esoz.mis.link.errors import explain
from esoz.sdk import Answer, CentralError, CentralRefused

from . import store
from .model import Event, Search, is_in_force

FOUND = "found_patients"
PAGE_SIZE = 25
ALLERGIES_AT_ONCE, MOST_PAGES = 100, 10


async def known_patient(page: MisPage, person_id: UUID) -> Patient:
    """A patient found by search before, by anybody of this clinic. Raises NotFound."""
    clinic_id = page.user.work.clinic_id
    found = _in_last_search(page, person_id)
    if found is not None:
        await store.keep(page.db, clinic_id, found, page.now)
    patient = found or await store.find(page.db, clinic_id, person_id)
    if patient is None:
        raise NotFound()
    await store.note_recent(page.db, page.user.id, clinic_id, person_id, page.now)
    await record(page, Event.OPENED, person_id, patient_id=person_id)
    return patient


async def find_patient(db: Connection, clinic_id: UUID, person_id: UUID) -> Patient:
    """A patient that the clinic has opened before. Raises NotFound."""
    found = await store.find(db, clinic_id, person_id)
    if found is None:
        raise NotFound()
    return found


async def recent(page: MisPage) -> list[Patient]:
    """Patients whom the page's user has opened lately at the present clinic."""
    return await store.recent(page.db, page.user.id, page.user.work.clinic_id)


async def search(page: MisPage, asked: Search) -> Answer:
    """Ask central; those found may be opened from this session. Raises CentralRefused and the rest."""
    central = await calling(page)
    here = page.list_page(PAGE_SIZE)
    answer = await central.get("/api/persons", **asked.query(), page=here.number, page_size=here.size)
    found = answer.data if isinstance(answer.data, list) else []
    # Kept in the session: only people whom somebody opens get into the clinic's list.
    page.session.put(FOUND, {item["id"]: _card(item, asked) for item in found})
    await record(page, Event.SEARCHED, "persons", found=len(found))
    return answer


def _card(item: Mapping[str, Any], asked: Search) -> list[str]:
    """The published answer holds what was asked by; a second name that is left out is the one asked for."""
    return [
        item["last_name"],
        item["first_name"],
        item.get("second_name") or asked.second_name,
        item.get("birth_date") or asked.birth_date,
        item.get("gender") or "",
    ]


def _in_last_search(page: MisPage, person_id: UUID) -> Patient | None:
    kept = page.session.data.get(FOUND)
    card = kept.get(str(person_id)) if isinstance(kept, dict) else None
    if card is None:
        return None
    last_name, first_name, second_name, birth_date, gender = card
    return Patient(person_id, last_name, first_name, second_name, date.fromisoformat(birth_date), gender)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page that comes from central: a list, or the refusal; `away` when central did not answer."""

    rows: Sequence[Mapping[str, Any]]
    refused: Sequence[Explanation] = ()
    away: bool = False
    total: int = 0

    @property
    def is_here(self) -> bool:
        return not self.refused and not self.away


async def allergies(page: MisPage, central: CentralSession, patient_id: UUID) -> Part:
    """All allergies that are in force, of every clinic: half a list would be taken for the whole."""
    rows: list[Mapping[str, Any]] = []
    for number in range(1, MOST_PAGES + 1):
        [answer] = await several(
            central.get(
                f"/api/patients/{patient_id}/summary/allergy_intolerances", page=number, page_size=ALLERGIES_AT_ONCE
            )
        )
        if isinstance(answer, CentralError):
            return part(page, answer)
        rows += answer.data or ()
        if number >= int(answer.paging.get("total_pages") or 1):
            break
    await record(page, Event.ALLERGIES_READ, patient_id, patient_id=patient_id)
    found = [each for each in rows if is_in_force(each)]
    return Part(found, total=len(found))


def part(page: MisPage, answer: Answer | CentralError) -> Part:
    """An answer as a part."""
    if isinstance(answer, CentralRefused):
        return Part((), explain(page, answer))
    if isinstance(answer, CentralError):
        return Part((), away=True)
    rows = answer.data if isinstance(answer.data, list) else [answer.data] if answer.data else []
    return Part(rows, total=int(answer.paging.get("total_entries") or len(rows)))
