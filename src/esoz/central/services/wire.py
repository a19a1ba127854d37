"""Services as published."""

from collections.abc import Mapping
from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.kernel.db import Row
from esoz.kernel.payload import omit_none

from .model import Node

JSON: TypeAlias = Mapping[str, object]

_STAMPS = ("inserted_at", "inserted_by", "updated_at", "updated_by")
_GROUP = ("id", "name", "code", "is_active", "request_allowed", *_STAMPS)
_SERVICE = ("id", "name", "code", "is_active", "category", "is_composition", "request_allowed", *_STAMPS)
_PROGRAMME = (
    "id",
    "medical_program_id",
    "service_id",
    "service_group_id",
    "consumer_price",
    "description",
    "request_allowed",
    "is_active",
    *_STAMPS,
)


class ServicesQuery(msgspec.Struct, frozen=True):
    code: str | None = None
    name: str | None = None


class ProgramServicesQuery(msgspec.Struct, frozen=True):
    medical_program_id: UUID


def group(node: Node) -> JSON:
    """A group with the groups and services in it; `parent_id` of a service is the group it is shown in."""
    shown: dict[str, object] = {name: node.group[name] for name in _GROUP}
    if node.groups:
        shown["groups"] = [group(each) for each in node.groups]
    if node.services:
        shown["services"] = [
            {name: each[name] for name in _SERVICE} | {"parent_id": node.group["id"]} for each in node.services
        ]
    return shown


def program_service(row: Row) -> JSON:
    """A service of a programme; the price is a number of hryvnias."""
    return omit_none({name: row[name] for name in _PROGRAMME}, consumer_price=float(row["consumer_price"]))
