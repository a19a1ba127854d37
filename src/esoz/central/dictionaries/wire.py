"""Dictionaries and addresses as published."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from esoz.kernel.db import Row
from esoz.kernel.payload import JSON, omit_none

from .model import Dictionary, Node, Value, tree


class DictionariesQuery(msgspec.Struct, frozen=True):
    name: str | None = None
    is_active: bool | None = None


class RegionsQuery(msgspec.Struct, frozen=True):
    name: str | None = None
    koatuu: str | None = None


class DistrictsQuery(msgspec.Struct, frozen=True):
    region_id: UUID | None = None
    region: str | None = None
    name: str | None = None
    koatuu: str | None = None


class SettlementsQuery(msgspec.Struct, frozen=True):
    name: str | None = None
    region: str | None = None
    district: str | None = None
    koatuu: str | None = None
    type: str | None = None
    mountain_group: bool | None = None


class StreetsQuery(msgspec.Struct, frozen=True):
    settlement_id: UUID
    name: str | None = None
    type: str | None = None


class DiagnosesGroupsQuery(msgspec.Struct, frozen=True):
    diagnoses_group_name: str | None = None
    diagnoses_group_code: str | None = None
    diagnosis_name: str | None = None
    diagnosis_code: str | None = None


def diagnoses_group(row: Row) -> JSON:
    """A group of diagnoses without its codes."""
    return omit_none(id=row["id"], name=row["name"], code=row["code"], description=row["description"])


def diagnoses_group_with_codes(row: Row, codes: Iterable[Row]) -> JSON:
    """A group of diagnoses with its codes."""
    listed = [{name: code[name] for name in ("id", "system", "code")} for code in codes]
    return diagnoses_group(row) | {"diagnoses_group_codes": listed}


def dictionaries_v1(found: Iterable[Dictionary], values: Mapping[str, Sequence[Value]]) -> list[JSON]:
    """Dictionaries with values as maps."""
    return [dictionary_v1(each, values[each.name]) for each in found]


def dictionaries_v2(found: Iterable[Dictionary], values: Mapping[str, Sequence[Value]]) -> list[JSON]:
    """Dictionaries with values as trees."""
    return [dictionary_v2(each, values[each.name]) for each in found]


def dictionary_v1(dictionary: Dictionary, values: Iterable[Value]) -> JSON:
    """One dictionary, values as a map of code to words."""
    return {
        "name": dictionary.name,
        "values": {value.code: value.description for value in values},
        "labels": dictionary.labels,
        "is_active": dictionary.is_active,
    }


def dictionary_v2(dictionary: Dictionary, values: Sequence[Value]) -> JSON:
    """One dictionary, values as trees."""
    return {
        "name": dictionary.name,
        "description": dictionary.description,
        "values": [_node(node) for node in tree(values)],
        "labels": dictionary.labels,
        "is_active": dictionary.is_active,
    }


def _node(node: Node) -> JSON:
    value = node.value
    return {
        "code": value.code,
        "description": value.description,
        "is_active": value.is_active,
        "child_values": [_node(child) for child in node.children],
    }


def region(row: Row) -> JSON:
    return {"id": row["id"], "region": row["name"], "koatuu": row["code"]}


def district(row: Row) -> JSON:
    return {
        "id": row["id"],
        "region": row["region"],
        "region_id": row["region_id"],
        "district": row["name"],
        "koatuu": row["code"],
    }


def district_short(row: Row) -> JSON:
    return {"id": row["id"], "district": row["name"]}


def settlement(row: Row) -> JSON:
    return omit_none(
        id=row["id"],
        region_id=row["region_id"],
        region=row["region"],
        district=row["district"],
        district_id=row["district_id"],
        settlement_name=row["name"],
        mountain_group=row["mountain_group"],
        type=row["type"],
        koatuu=row["code"],
        parent_settlement=row["parent"],
        parent_settlement_id=row["parent_id"],
    )


def settlement_short(row: Row) -> JSON:
    return {"id": row["id"], "settlement_name": row["name"]}


def street(row: Row) -> JSON:
    return {
        "id": row["id"],
        "settlement_name": row["settlement"],
        "street_type": row["type"],
        "street_name": row["name"],
        "aliases": row["aliases"],
    }
