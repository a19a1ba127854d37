"""What central tells of packages, dosages and journals; at which division one works."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound
from esoz.mis import stock
from esoz.mis.base.journal import record
from esoz.mis.base.paging import paged
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling
from esoz.sdk import Answer, CentralRefused, whole

from .model import Package, read_package

MEDICATIONS = "/api/pharmacy/medications"
MOST_FOUND, SHORTEST, LOOKED_AT = 20, 2, 300


async def places(page: MisPage, central: CentralSession, asked: str = "") -> dict[str, str]:
    """Divisions to choose from by id: where one works now first, then the one that a form has."""
    here = await usual_place(page)
    found, _in_all = await stock.divisions(page, central, asked or here, "")
    return dict(sorted(found, key=lambda each: each[0] != here))


async def usual_place(page: MisPage) -> str:
    """Where one works now; "" when nobody knows."""
    counter = await stock.counter(page)
    return str(counter.place.division_id) if counter else ""


async def search(page: MisPage, text: str, code_atc: str) -> list[Package]:
    """Packages of a group of medicines by a part of their name, or of the substance's."""
    typed = text.strip()[:100]
    if len(typed) < SHORTEST:
        return []
    central = await calling(page)
    answer = await central.get(MEDICATIONS, name=typed, code_atc=code_atc, page_size=MOST_FOUND)
    return [read_package(row) for row in answer.rows()]


async def packages(central: CentralSession, ids: Sequence[UUID]) -> dict[UUID, Package]:
    """The packages that were chosen, as far as central knows them."""
    if not ids:
        return {}
    answer = await whole(central, MEDICATIONS, ids=_joined(ids))
    return {each.id: each for each in (read_package(row) for row in answer.rows())}


def _joined(ids: Iterable[object]) -> str:
    return ",".join(dict.fromkeys(str(id) for id in ids))


async def search_dosages(page: MisPage, text: str) -> list[tuple[str, str]]:
    """What may be asked for, by a part of the name: ids and names of substance, form and strength."""
    typed = text.strip()[:100]
    if len(typed) < SHORTEST:
        return []
    central = await calling(page)
    answer = await central.get(MEDICATIONS, name=typed, page=1, page_size=LOOKED_AT)
    found = {each["innm_dosage_id"]: each["dosage_name"] for each in answer.rows()}
    return list(found.items())[:MOST_FOUND]


async def known_dosages(central: CentralSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What was chosen, as far as central knows packages of it."""
    if not ids:
        return {}
    answer = await whole(central, MEDICATIONS, innm_dosage_ids=_joined(ids))
    return {UUID(row["innm_dosage_id"]): row["dosage_name"] for row in answer.rows()}


async def offers(central: CentralSession, medicines: Sequence[Mapping[str, Any]]) -> dict[str, list[Package]]:
    """Packages that hold what was asked for, by the line's id; one question for all lines."""
    found: dict[str, list[Package]] = {each["medication_id"]: [] for each in medicines}
    answer = await whole(central, MEDICATIONS, innm_dosage_ids=_joined(found))
    for row in answer.rows():
        found[row["innm_dosage_id"]].append(read_package(row))
    return found


async def journal(page: MisPage, path: str, filters: Mapping[str, Any], event: StrEnum) -> Paged:
    """A page of a journal of central."""
    central, part = await calling(page), page.list_page()
    answer = await central.get(path, page=part.number, page_size=part.size, **filters)
    await record(page, event, page.user.work.clinic_id)
    return paged(answer, part)


async def all_of(page: MisPage, path: str, filters: Mapping[str, Any], event: StrEnum) -> Answer:
    """The same, whole."""
    answer = await whole(await calling(page), path, **filters)
    await record(page, event, page.user.work.clinic_id, found=len(answer.rows()))
    return answer


async def one(page: MisPage, path: str, id: UUID, event: StrEnum) -> Mapping[str, Any]:
    """A record of this pharmacy. Raises NotFound, CentralError."""
    central = await calling(page)
    try:
        answer = await central.get(f"{path}/{id}")
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        raise
    await record(page, event, id)
    return answer.record()
