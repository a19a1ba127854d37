"""Territories of the official list: what lies in one, on which days, and what that allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate, pairwise
from uuid import UUID

import msgspec

from esoz.kernel.spelling import same_name


class Event(StrEnum):
    LIST_READ = "war_territories.read"
    IMPORTED = "war_territories.imported"


class Kind(StrEnum):
    """The parts of the list."""

    POSSIBLE = "possible_hostilities"  # I.1
    ACTIVE = "active_hostilities"  # I.2
    ACTIVE_WITH_REGISTERS = "active_hostilities_state_registers_work"  # I.3
    OCCUPIED = "temporarily_occupied"  # II


# WT-1: where state registers work (I.3), or where nobody fights yet (I.1), prescriptions are written as everywhere.
WITHOUT_PRESCRIPTION = frozenset({Kind.ACTIVE, Kind.OCCUPIED})

# Digits of a code by what they number: region, district, community, settlement, district of a city. Five more digits
# make the code unlike every other one.
_DIGITS = (2, 2, 3, 3, 2)


@dataclass(frozen=True, slots=True)
class Place:
    """A settlement by its code of КАТОТТГ."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryRow:
    """A row of the list; `except_names` and `except_codes` are settlements inside that do not belong to it."""

    kind: Kind
    katottg: str
    name: str
    begins: date
    ends: date | None = None
    region: str = ""
    district: str = ""
    except_names: tuple[str, ...] = ()
    except_codes: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, date]:
        """What makes it this row and no other, whatever else of it changes."""
        return self.kind, self.katottg, self.begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory(TerritoryRow):
    """A row as it stands in the register."""

    id: UUID


def above(code: str) -> list[str]:
    """WT-3: beginnings of the codes of everything that a place lies in, the region first, the place itself last."""
    ends = list(accumulate(_DIGITS, initial=2))
    parts = [(code[:end], code[start:end]) for start, end in pairwise(ends)]
    # A unit that a place has none of is numbered with noughts: the districts of Kyiv lie in no district of a region.
    return [beginning for beginning, own in parts if int(own)]


def covers(territory: TerritoryRow, place: Place) -> bool:
    """WT-3: the place is the territory or lies in it, and is not among what the list takes out of it."""
    if above(territory.katottg)[-1] not in above(place.code):
        return False
    return place.code not in territory.except_codes and not any(
        same_name(place.name, each) for each in territory.except_names
    )


def is_in_force(territory: TerritoryRow, day: date) -> bool:
    """WT-2: from the first day to the last, both included; where none is told it goes on."""
    return territory.begins <= day and (territory.ends is None or day <= territory.ends)


def allows_dispensing_without_prescription(place: Place, day: date, territories: Iterable[TerritoryRow]) -> bool:
    """WT-1: on that day the place lay in active hostilities without working registers, or was occupied."""
    return any(
        each.kind in WITHOUT_PRESCRIPTION and is_in_force(each, day) and covers(each, place) for each in territories
    )


class TerritoryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list; None means any. `place` is the code of a settlement: what covers it is meant; `on` a day."""

    kind: Kind | None = None
    katottg: str | None = None
    place: str | None = None
    name: str | None = None
    region: str | None = None
    on: date | None = msgspec.field(default=None, name="date")
