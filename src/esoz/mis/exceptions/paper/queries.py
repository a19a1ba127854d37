"""What central tells of prescriptions on paper, and of medicines for them."""

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

from ..emergency import MEDICATIONS, Package, read_package
from .model import Event

PATH = "/api/pharmacy/paper_prescriptions"
SHORTEST, LOOKED_AT, MOST_FOUND = 2, 300, 20


async def search(page: MisPage, text: str) -> list[tuple[str, str]]:
    """What may stand on a blank, by a part of the name: ids and names of substance, form and strength."""
    typed = text.strip()[:100]
    if len(typed) < SHORTEST:
        return []
    central = await calling(page)
    answer = await central.get(MEDICATIONS, name=typed, page=1, page_size=LOOKED_AT)
    found = {each["innm_dosage_id"]: each["dosage_name"] for each in answer.rows()}
    return list(found.items())[:MOST_FOUND]


async def known_dosages(central: CentralSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What was chosen, as far as central knows packages of it."""
    found = {}
    for id in dict.fromkeys(ids):
        for row in (await central.get(MEDICATIONS, innm_dosage_id=id, page=1, page_size=1)).rows():
            found[id] = row["dosage_name"]
    return found


async def offers(central: CentralSession, paper: Mapping[str, Any]) -> dict[str, list[Package]]:
    """Packages that hold what stands on the blank, by the line's id."""
    found = {}
    for each in paper["medicines"]:
        answer = await whole(central, MEDICATIONS, innm_dosage_id=each["medication_id"])
        found[each["medication_id"]] = [read_package(row) for row in answer.rows()]
    return found


def filters(query: Mapping[str, str]) -> dict[str, Any]:
    """The filters of the journal by their names in central."""
    return {
        "number": query["number"] or None,
        "medication": query["name"] or None,
        "status": query["status"] or None,
        "recorded_from": query["from"] or None,
        "recorded_to": query["to"] or None,
    }


async def journal(page: MisPage, query: Mapping[str, str]) -> Paged:
    """A page of recorded blanks, the last first."""
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


async def one(page: MisPage, central: CentralSession, id: UUID) -> Mapping[str, Any]:
    """A blank of this pharmacy. Raises NotFound, CentralError."""
    try:
        answer = await central.get(f"{PATH}/{id}")
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        raise
    await record(page, Event.READ, id)
    return answer.record()
