"""Dictionaries and addresses as facts; shapes of contacts that all registries share."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from esoz.kernel.spelling import same_name

ADDRESS_SPACE = uuid5(NAMESPACE_URL, "urn:katottg")  # ids of places follow from their codes: the same in every copy


class Event(StrEnum):
    """What the audit log tells of this context."""

    DICTIONARIES_READ = "dictionaries.read"
    DICTIONARIES_IMPORTED = "dictionaries.imported"
    DIAGNOSES_GROUPS_READ = "diagnoses_groups.read"
    DIAGNOSES_GROUPS_IMPORTED = "diagnoses_groups.imported"
    ADDRESSES_READ = "addresses.read"
    ADDRESSES_IMPORTED = "addresses.imported"


class Phone(msgspec.Struct, frozen=True):
    """A phone number, +380 and nine digits, and its kind (PHONE_TYPE)."""

    type: str
    number: str


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """The published address; `area` is the name of the region (область), `region` of the district (район)."""

    type: str
    country: str
    area: str
    settlement: str
    settlement_type: str
    settlement_id: UUID
    region: str | None = None
    street_type: str | None = None
    street: str | None = None
    building: str | None = None
    apartment: str | None = None
    zip: str | None = None

    def text(self) -> str:
        """The address in one line, for printed documents."""
        parts = (self.zip, self.area, self.region, self.settlement, self.street, self.building, self.apartment)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Value:
    """One code of a dictionary; `parent_code` is the code above it."""

    code: str
    description: str
    is_active: bool
    parent_code: str | None = None


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A dictionary without its values."""

    name: str
    description: str
    labels: Sequence[str]
    is_active: bool


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import changed: rows that are new, that differ now, that went out of use."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: "ImportCounts") -> "ImportCounts":
        return ImportCounts(self.added + other.added, self.changed + other.changed, self.removed + other.removed)


# Of these dictionaries only a part may be carried; the standard that each is named after says what a code looks like.
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "eHealth/ICD10_AM/condition_codes": re.compile(r"[A-Z]\d{2}(\.\d{1,2})?", re.ASCII),
    "eHealth/LOINC/observation_codes": re.compile(r"\d{1,7}-\d", re.ASCII),
    "eHealth/ucum/units": re.compile(r"[\x21-\x7e]{1,60}"),
}


class ByPattern(frozenset[str]):
    """The codes of a dictionary that is known in part: those carried, and whatever has the form of its standard."""

    pattern: re.Pattern[str]

    def __new__(cls, codes: Iterable[str], pattern: re.Pattern[str]) -> "ByPattern":
        made = super().__new__(cls, codes)
        made.pattern = pattern
        return made

    def __contains__(self, code: object) -> bool:
        return super().__contains__(code) or (isinstance(code, str) and self.pattern.fullmatch(code) is not None)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement of the register with the names above it."""

    id: UUID
    name: str
    type: str
    region: str
    district: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the values below it."""

    value: Value
    children: Sequence["Node"]


def tree(values: Iterable[Value]) -> list[Node]:
    """Order values into trees; a value whose parent is not among them stands at the top."""
    listed = list(values)
    codes = {value.code for value in listed}
    below: dict[str | None, list[Value]] = {}
    for value in listed:
        below.setdefault(value.parent_code if value.parent_code in codes else None, []).append(value)
    return _nodes(None, below)


def _nodes(parent: str | None, below: Mapping[str | None, Sequence[Value]]) -> list[Node]:
    return [Node(value, _nodes(value.code, below)) for value in below.get(parent, ())]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A row of a file of groups of diagnoses: one code of one group."""

    code: str
    name: str
    description: str
    system: str
    diagnosis: str


def group_id(code: str) -> UUID:
    """The id of a group of diagnoses by its code."""
    return uuid5(ADDRESS_SPACE, f"DIAGNOSES {code}")


def group_code_id(row: GroupRow) -> UUID:
    """The id of a diagnosis in a group."""
    return uuid5(ADDRESS_SPACE, f"DIAGNOSES {row.code} {row.system} {row.diagnosis}")


def place_id(code: str) -> UUID:
    """The id of a place by its КАТОТТГ code."""
    return uuid5(ADDRESS_SPACE, code)


def address_fault(address: Address, settlement: Settlement | None) -> tuple[str, str] | None:
    """Return the field that contradicts the register and a sentence, or None."""
    # AD-2: the settlement exists, its id says which is meant; its name and area equal the register's, ignoring case
    # and the kind of apostrophe; the region is compared only when both have one.
    if settlement is None:
        return "settlement_id", f"settlement with id = {address.settlement_id} does not exist"
    if not same_name(address.settlement, settlement.name):
        return "settlement", "invalid settlement value"
    if not same_name(address.area, settlement.region):
        return "area", "invalid area value"
    if address.region and settlement.district and not same_name(address.region, settlement.district):
        return "region", "invalid region value"
    return None


class DictionaryFilter(msgspec.Struct, frozen=True):
    """Filters of dictionaries and of their values; None means all."""

    name: str | None = None
    is_active: bool | None = None
    value_code: str | None = None
    value_description: str | None = None
    value_is_active: bool | None = None


@dataclass(frozen=True, slots=True)
class AddressFilter:
    """Filters of addresses: names are parts of words, the code is a beginning; None means any."""

    name: str | None = None
    code: str | None = None
    region: str | None = None
    region_id: UUID | None = None
    district: str | None = None
    district_id: UUID | None = None
    type: str | None = None
    mountain_group: bool | None = None
