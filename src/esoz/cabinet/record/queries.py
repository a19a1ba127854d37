"""Asking central for the patient's own record."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from esoz.kernel.db import Page, Paged
from esoz.sdk import Answer

from ..access import CentralSession
from ..listing import several
from .model import KINDS, Line, Visit, Words
from .model.kinds import Kind

RECORDS = "/api/pis/person/medical_events"
PACKAGES = "/api/pis/person/encounter_packages"
ENCOUNTERS = "encounters"


async def visits(central: CentralSession, page: Page, words: Words) -> Paged:
    """A page of visits, the latest first."""
    found = await _page(central, ENCOUNTERS, page)
    return Paged([Visit(each, words) for each in found.rows], found.page, found.total)


async def lines(central: CentralSession, kind: Kind, page: Page, words: Words) -> Paged:
    """A page of records of a kind, the latest first."""
    found = await _page(central, kind.name, page)
    return Paged([Line.of(kind, each, words) for each in found.rows], found.page, found.total)


async def first(central: CentralSession, kinds: Sequence[Kind], words: Words, *, most: int) -> Sequence[Any]:
    """The latest visits, then the latest records of each kind; what central did not answer stands in its place."""
    page = Page(size=most)
    return await several(visits(central, page, words), *(lines(central, kind, page, words) for kind in kinds))


async def visit(central: CentralSession, encounter_id: UUID, words: Words) -> tuple[Visit, str, Mapping[str, Any]]:
    """A visit, the clinic it was at, and lines of what was written down by kind. Raises CentralRefused."""
    package = (await central.get(f"{PACKAGES}/{encounter_id}")).record()
    made = {kind: [Line.of(kind, each, words) for each in package.get(kind.name) or ()] for kind in KINDS}
    clinic = words.of(package["episode"].get("managing_organization"))
    return Visit(package["encounter"], words), clinic, {kind.path: found for kind, found in made.items() if found}


async def _page(central: CentralSession, name: str, page: Page) -> Paged:
    """One page of central's; when it is past the end, the last one."""
    answer = await _asked(central, name, page)
    within = page.within(answer.total)
    if within.number != page.number:
        answer = await _asked(central, name, within)
    return Paged(answer.rows(), within, answer.total)


async def _asked(central: CentralSession, name: str, page: Page) -> Answer:
    return await central.get(f"{RECORDS}/{name}", page=page.number, page_size=page.size)
