"""Questions about dictionaries and addresses."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Row
from esoz.kernel.errors import Invalid, NotFound, Rejected
from esoz.kernel.work import Work

from . import store
from .model import Address, AddressFilter, Dictionary, DictionaryFilter, Event, Value, address_fault
from .store import groups


async def values_searched(work: Work, filters: DictionaryFilter) -> tuple[list[Dictionary], Mapping[str, list[Value]]]:
    """Values with a code or with words, and the dictionaries that have such values."""
    found = await store.dictionaries(work.db, filters)
    values = await store.values(work.db, [each.name for each in found], filters)
    work.record(Event.DICTIONARIES_READ, "register")
    return [each for each in found if values[each.name]], values


async def regions(work: Work, filters: AddressFilter, page: Page) -> Paged:
    """A page of regions."""
    work.record(Event.ADDRESSES_READ, "regions")
    return await store.regions(work.db, filters, page)


async def districts(work: Work, filters: AddressFilter, page: Page) -> Paged:
    """A page of districts."""
    work.record(Event.ADDRESSES_READ, "districts")
    return await store.districts(work.db, filters, page)


async def districts_of_region(work: Work, filters: AddressFilter, page: Page) -> Paged:
    """A page of districts of a region; an unknown region is NotFound."""
    if filters.region_id is None or not await store.has_region(work.db, filters.region_id):
        raise NotFound()
    return await districts(work, filters, page)


async def settlements(work: Work, filters: AddressFilter, page: Page) -> Paged:
    """A page of settlements."""
    work.record(Event.ADDRESSES_READ, "settlements")
    return await store.settlements(work.db, filters, page)


async def settlements_of_district(work: Work, filters: AddressFilter, page: Page) -> Paged:
    """A page of settlements of a district; an unknown district is NotFound."""
    if filters.district_id is None or not await store.has_district(work.db, filters.district_id):
        raise NotFound()
    return await settlements(work, filters, page)


async def settlement(work: Work, id: UUID) -> Row:
    """One settlement."""
    work.record(Event.ADDRESSES_READ, id)
    return await store.settlement(work.db, id)


async def streets(work: Work, settlement_id: UUID, filters: AddressFilter, page: Page) -> Paged:
    """A page of streets of a settlement."""
    work.record(Event.ADDRESSES_READ, settlement_id)
    return await store.streets(work.db, settlement_id, filters, page)


async def diagnoses_groups(work: Work, filters: Mapping[str, object], page: Page) -> Paged:
    """A page of groups of diagnoses."""
    work.record(Event.DIAGNOSES_GROUPS_READ, "")
    return await groups.groups(work.db, filters, page)


async def diagnoses_group(work: Work, id: UUID) -> tuple[Row, Sequence[Row]]:
    """A group of diagnoses with its codes; raise NotFound."""
    work.record(Event.DIAGNOSES_GROUPS_READ, id)
    return await groups.group(work.db, id), await groups.codes_of(work.db, id)


async def codes_of_group(db: Connection, id: UUID) -> list[tuple[str, str]]:
    """System and code of each diagnosis of a group; none when there is no such group."""
    return [(row["system"], row["code"]) for row in await groups.codes_of(db, id)]


async def must_be_known(db: Connection, addresses: Sequence[Address], *, entry: str) -> None:
    """Raise Rejected unless every address agrees with the register (AD-2); `entry` is the place of the list."""
    faults = []
    for number, address in enumerate(addresses):
        fault = address_fault(address, await store.find_settlement(db, address.settlement_id))
        if fault is not None:
            faults.append(Invalid(f"{entry}[{number}].{fault[0]}", "invalid", fault[1]))
    if faults:
        raise Rejected(invalid=tuple(faults))
