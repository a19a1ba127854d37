"""What central tells of packages, divisions and of the journal."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.paging import paged
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling
from esoz.sdk import Answer, CentralRefused, whole

from .model import Event, Package, read_package

PATH = "/api/pharmacy/emergency_dispenses"
MEDICATIONS = "/api/pharmacy/medications"
ANTIBACTERIALS = "J01"
MOST_FOUND, SHORTEST = 20, 2


async def search(page: MisPage, text: str) -> list[Package]:
    """Packages of antibiotics by a part of their name, or of the substance's."""
    typed = text.strip()[:100]
    if len(typed) < SHORTEST:
        return []
    central = await calling(page)
    answer = await central.get(MEDICATIONS, name=typed, code_atc=ANTIBACTERIALS, page_size=MOST_FOUND)
    return [read_package(row) for row in answer.rows()]


async def packages(central: CentralSession, ids: Sequence[UUID]) -> dict[UUID, Package]:
    """The packages that were chosen, as far as central knows them."""
    found = {}
    for id in dict.fromkeys(ids):
        for row in (await central.get(MEDICATIONS, id=id, page=1)).rows():
            found[id] = read_package(row)
    return found


async def divisions(page: MisPage, central: CentralSession) -> list[tuple[str, str]]:
    """The pharmacy's working divisions, the user's own first."""
    answer = await whole(central, "/api/divisions", legal_entity_id=page.user.work.clinic_id, status="ACTIVE")
    own = str(page.user.work.division_id or "")
    found = [(each["id"], each["name"]) for each in answer.rows()]
    return sorted(found, key=lambda each: each[0] != own)


def filters(query: Mapping[str, str]) -> dict[str, Any]:
    """The filters of the journal by their names in central; nothing that is typed there can be wrong for it."""
    return {
        "medication": query["name"] or None,
        "status": query["status"] or None,
        "dispensed_from": query["from"] or None,
        "dispensed_to": query["to"] or None,
    }


async def journal(page: MisPage, query: Mapping[str, str]) -> Paged:
    """A page of the journal, the latest day first."""
    central, part = await calling(page), page.list_page()
    answer = await central.get(PATH, page=part.number, page_size=part.size, **filters(query))
    await record(page, Event.LIST_READ, page.user.work.clinic_id)
    return paged(answer, part)


async def all_of(page: MisPage, query: Mapping[str, str]) -> Answer:
    """The same, whole."""
    central = await calling(page)
    answer = await whole(central, PATH, **filters(query))
    await record(page, Event.LIST_EXPORTED, page.user.work.clinic_id, found=len(answer.rows()))
    return answer


async def one(page: MisPage, id: UUID) -> Mapping[str, Any]:
    """An entry of this pharmacy. Raises NotFound, CentralError."""
    central = await calling(page)
    try:
        answer = await central.get(f"{PATH}/{id}")
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        raise
    await record(page, Event.READ, id)
    return answer.record()
