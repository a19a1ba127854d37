"""Questions around a registration: who is registered already, settlements, what is known of a patient."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import Search, search_persons
from esoz.mis.link.access import calling
from esoz.sdk import CentralError, CentralRefused

from . import store
from .model.registrations import Event, Registration
from .model.similar import Similar, compared

MOST_PLACES, SHORTEST = 20, 2


async def find(page: MisPage, id: UUID, *, lock: bool = False) -> Registration:
    """A registration of the user's clinic. Raises NotFound."""
    found = await store.find(page.db, page.user.work.clinic_id, id, lock=lock)
    if found is None:
        raise NotFound()
    return found


async def similar(page: MisPage, asked: Mapping[str, str], search: Search) -> list[Similar]:
    """Registered people of the same surname, first name and birth date (PS-16), whoever has the РНОКПП first.

    Raises CentralRefused when there are too many of them to be shown, and the rest.
    """
    found = (await search_persons(page, search.without_numbers())).rows()
    by_tax_id: set[str] = set()
    if search.tax_id and found:
        by_tax_id = {row["id"] for row in await _with_tax_id(page, search)}
    await record(page, Event.SEARCHED, "persons", found=len(found))
    return sorted((compared(row, asked, by_tax_id) for row in found), key=lambda each: not each.is_same)


async def _with_tax_id(page: MisPage, search: Search) -> Sequence[Mapping[str, Any]]:
    central = await calling(page)
    asked = search.with_tax_id_alone().query()
    return (await central.get("/api/persons", **asked, page=1)).rows()


async def places(page: MisPage, text: str) -> list[tuple[str, str]]:
    """Settlements of the register for a picker: id and words."""
    name = text.split(",", maxsplit=1)[0].strip()
    if len(name) < SHORTEST:
        return []
    answer = await page.services.central.get("/api/uaddresses/settlements", name=name[:100], page_size=MOST_PLACES)
    return [(each["id"], place_words(each)) for each in answer.rows()]


async def place(page: MisPage, settlement_id: str) -> Mapping[str, Any] | None:
    """A settlement of the register; None when there is none of this id."""
    try:
        id = UUID(settlement_id)
    except ValueError:
        return None
    try:
        return (await page.services.central.get(f"/api/uaddresses/settlements/{id}")).record()
    except CentralRefused:
        return None


def place_of(person: Mapping[str, Any]) -> str:
    """The settlement of residence that central keeps of a person, in the same words."""
    found: Mapping[str, Any] = next((each for each in person.get("addresses") or [] if each["type"] == "RESIDENCE"), {})
    return ", ".join(str(found[name]) for name in ("settlement", "region", "area") if found.get(name))


async def ways(page: MisPage, person_id: UUID) -> Sequence[Mapping[str, Any]]:
    """How a registered person may confirm (PS-7); nothing when central does not tell: then it chooses by itself."""
    central = await calling(page)
    try:
        return (await central.get(f"/api/persons/{person_id}/authentication_methods")).rows()
    except CentralError:
        return ()


def place_words(settlement: Mapping[str, Any]) -> str:
    """A settlement as pickers show it: «Садове, Полтавський, Полтавська»."""
    names = ("settlement_name", "district", "region")
    return ", ".join(str(settlement[name]) for name in names if settlement.get(name))
