"""Loading of dictionaries and of the register of settlements; repeating a load changes nothing."""

from collections.abc import Callable, Iterable
from typing import Protocol

from esoz.kernel.work import Work

from . import store
from .model import (
    Dictionary,
    Event,
    GroupRow,
    ImportCounts,
    Value,
    group_code_id,
    group_id,
    place_id,
)
from .store.groups import save as save_groups


class SourceValue(Protocol):
    """A code as a source gives it; `parent` is "" at the top."""

    @property
    def code(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def parent(self) -> str: ...
    @property
    def is_active(self) -> bool: ...


class SourceDictionary(Protocol):
    """A dictionary as a source gives it; `is_partial`: real codes are known to be missing."""

    @property
    def name(self) -> str: ...
    @property
    def labels(self) -> Iterable[str]: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def is_partial(self) -> bool: ...
    @property
    def values(self) -> Iterable[SourceValue]: ...


class SourcePlace(Protocol):
    """A unit of КАТОТТГ; a parent comes before its children."""

    @property
    def code(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def parent(self) -> str: ...
    @property
    def settlement_type(self) -> str | None: ...


def _silently(_words: str) -> None:
    """Nobody watches."""


async def import_dictionaries(
    work: Work, source: Iterable[SourceDictionary], *, say: Callable[[str], None] = _silently
) -> ImportCounts:
    """Write dictionaries, e.g. `esoz.spec.dictionaries()`; codes gone from one go out of use, for records name them.

    Dictionaries that are not in the source stay as they are. Returns what changed; `say` is told of progress.
    """
    count, done = 0, ImportCounts()
    for each in source:
        dictionary = Dictionary(each.name, each.name, tuple(each.labels), each.is_active)
        values = [Value(v.code, v.description, v.is_active, v.parent or None) for v in each.values]
        changed = await store.save_dictionary(work.db, dictionary, values, is_partial=each.is_partial)
        say(f"{each.name}: {len(values)} codes")
        count, done = count + 1, done + changed
    work.record(
        Event.DICTIONARIES_IMPORTED, "", count=count, added=done.added, changed=done.changed, removed=done.removed
    )
    return done


async def import_diagnoses_groups(work: Work, source: Iterable[GroupRow]) -> ImportCounts:
    """Make the register of groups of diagnoses what the rows say; a group that is gone goes out of use."""
    rows = list(source)
    groups = {row.code: (group_id(row.code), row.code, row.name, row.description) for row in rows}
    codes = {group_code_id(row): (group_code_id(row), group_id(row.code), row.system, row.diagnosis) for row in rows}
    done = await save_groups(work.db, list(groups.values()), list(codes.values()))
    work.record(Event.DIAGNOSES_GROUPS_IMPORTED, "", added=done.added, changed=done.changed, removed=done.removed)
    return done


async def import_addresses(work: Work, source: Iterable[SourcePlace]) -> int:
    """Write regions, districts and settlements, e.g. `esoz.spec.katottg.units()`; return how many settlements."""
    sorted_out = _Sorting()
    for unit in source:
        sorted_out.take(unit)
    db = work.db
    await store.save_places(db, "regions", ("id", "code", "name"), sorted_out.regions)
    await store.save_places(db, "districts", ("id", "code", "region_id", "name"), sorted_out.districts)
    columns = ("id", "code", "region_id", "district_id", "parent_id", "type", "name")
    count = await store.save_places(db, "settlements", columns, sorted_out.settlements)
    work.record(Event.ADDRESSES_IMPORTED, "", count=count)
    return count


class _Sorting:
    """Rows of the three tables, each with what stands above it."""

    def __init__(self) -> None:
        self.regions: list[tuple[object, ...]] = []
        self.districts: list[tuple[object, ...]] = []
        self.settlements: list[tuple[object, ...]] = []
        self._above: dict[str, tuple[str, str | None]] = {}  # code → code of its region, code of its district

    def take(self, unit: SourcePlace) -> None:
        region, district = self._above.get(unit.parent, (unit.code, None))
        if unit.level == "district":
            district = unit.code
        self._above[unit.code] = region, district
        if unit.level == "region":
            self.regions.append((place_id(unit.code), unit.code, unit.name))
        elif unit.level == "district":
            self.districts.append((place_id(unit.code), unit.code, place_id(region), unit.name))
        if unit.settlement_type is not None:
            self._settle(unit, region, district)

    def _settle(self, unit: SourcePlace, region: str, district: str | None) -> None:
        # Kyiv and Sevastopol are a region and a settlement at once: two tables, so the same id is no clash.
        self.settlements.append(
            (
                place_id(unit.code),
                unit.code,
                place_id(region),
                district and place_id(district),
                None,
                unit.settlement_type,
                unit.name,
            )
        )
