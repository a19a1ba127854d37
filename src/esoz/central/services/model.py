"""Services and their groups as facts; how a file of them is checked before it is taken in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from esoz.kernel.spelling import plain_name

SPACE = uuid5(NAMESPACE_URL, "urn:esoz:services")  # ids follow from codes: the same in every copy
GROUP, SERVICE, PROGRAMME = "group", "service", "program_service"


class Event(StrEnum):
    """What the audit log tells of this context."""

    SERVICES_READ = "services.read"
    PROGRAM_SERVICES_READ = "program_services.read"
    SERVICES_IMPORTED = "services.imported"


class Stamps(msgspec.Struct, frozen=True):
    """When and by whom a row was made and changed; nobody when an operator did it at the command line."""

    inserted_at: datetime
    updated_at: datetime
    inserted_by: UUID | None = None
    updated_by: UUID | None = None


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One service: a consultation, an examination, an operation."""

    id: UUID
    code: str
    name: str
    category: str
    is_active: bool = True
    is_composition: bool = False
    request_allowed: bool = True


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group of services; groups make a tree, a service may be in many of them (SR-14)."""

    id: UUID
    code: str
    name: str
    parent_id: UUID | None = None
    is_active: bool = True
    request_allowed: bool = True


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """A service that a medical programme pays for; the price is hryvnias."""

    id: UUID
    medical_program_id: UUID
    service_id: UUID
    consumer_price: Decimal = Decimal(0)
    description: str = ""
    is_active: bool = True
    request_allowed: bool = True


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a file: a group, a service, or a service of a programme.

    `groups` of a service are the codes of the groups it is in; of a group, the code of the group above it.
    """

    type: str
    code: str
    name: str = ""
    groups: tuple[str, ...] = ()
    category: str = ""
    medical_program_id: UUID | None = None
    consumer_price: Decimal = Decimal(0)
    description: str = ""
    is_active: bool = True
    request_allowed: bool = True
    is_composition: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A whole file, sorted into its tables."""

    groups: Sequence[Group]
    services: Sequence[Service]
    members: Sequence[tuple[UUID, UUID]]  # group, service
    programmes: Sequence[Programme]


@dataclass(frozen=True, slots=True)
class Node:
    """A group with what is in it."""

    group: Mapping[str, object]
    groups: Sequence["Node"] = field(default=())
    services: Sequence[Mapping[str, object]] = field(default=())


def service_id(code: str) -> UUID:
    """The id of a service by its code."""
    return uuid5(SPACE, f"SERVICE {code}")


def group_id(code: str) -> UUID:
    """The id of a group by its code."""
    return uuid5(SPACE, f"GROUP {code}")


def sorted_out(rows: Iterable[SourceRow]) -> Catalogue:
    """Rows of a file as a catalogue. Raises ValueError with every fault of the file, a line for each."""
    listed = list(rows)
    faults = list(_faults(listed))
    if faults:
        raise ValueError("\n".join(faults))
    services = [row for row in listed if row.type == SERVICE]
    return Catalogue(
        [_group(row) for row in listed if row.type == GROUP],
        [_service(row) for row in services],
        [(group_id(group), service_id(row.code)) for row in services for group in row.groups],
        [_programme(row) for row in listed if row.type == PROGRAMME],
    )


def _faults(rows: Sequence[SourceRow]) -> Iterator[str]:
    groups = {row.code for row in rows if row.type == GROUP}
    services = {row.code for row in rows if row.type == SERVICE}
    seen: set[tuple[str, str, UUID | None]] = set()
    for number, row in enumerate(rows, 1):
        where = f"row {number} ({row.type} {row.code})"
        if row.type not in (GROUP, SERVICE, PROGRAMME):
            yield f"{where}: the type is {GROUP}, {SERVICE} or {PROGRAMME}"
        if not row.code or (row.type != PROGRAMME and not row.name):
            yield f"{where}: code and name must be filled in"
        if (key := (row.type, row.code, row.medical_program_id)) in seen:
            yield f"{where}: the code stands twice"  # SR-14: codes are unique
        seen.add(key)
        yield from (f"{where}: no group {code}" for code in row.groups if code not in groups)
        yield from _own_faults(where, row, services)
    yield from _circles(rows)


def _own_faults(where: str, row: SourceRow, services: set[str]) -> Iterator[str]:
    if row.type == GROUP and len(row.groups) > 1:
        yield f"{where}: a group stands in one group only"
    if row.type == SERVICE and not row.category:
        yield f"{where}: the category must be filled in"
    if row.type == PROGRAMME and (row.medical_program_id is None or row.code not in services):
        yield f"{where}: needs medical_program_id and the code of a service of this file"


def _circles(rows: Sequence[SourceRow]) -> Iterator[str]:
    above = {row.code: row.groups[0] for row in rows if row.type == GROUP and row.groups}
    for code in above:
        at, steps = code, 0
        while at in above and steps <= len(above):
            at, steps = above[at], steps + 1
        if steps > len(above):
            yield f"group {code}: stands in itself"


def _group(row: SourceRow) -> Group:
    return Group(
        id=group_id(row.code),
        code=row.code,
        name=row.name,
        parent_id=group_id(row.groups[0]) if row.groups else None,
        is_active=row.is_active,
        request_allowed=row.request_allowed,
    )


def _service(row: SourceRow) -> Service:
    return Service(
        id=service_id(row.code),
        code=row.code,
        name=row.name,
        category=row.category,
        is_active=row.is_active,
        is_composition=row.is_composition,
        request_allowed=row.request_allowed,
    )


def _programme(row: SourceRow) -> Programme:
    assert row.medical_program_id is not None  # checked above
    return Programme(
        id=_offer_id(row.medical_program_id, row.code),
        service_id=service_id(row.code),
        medical_program_id=row.medical_program_id,
        consumer_price=row.consumer_price,
        description=row.description,
        is_active=row.is_active,
        request_allowed=row.request_allowed,
    )


def tree(
    groups: Iterable[Mapping[str, object]], services: Mapping[object, Sequence[Mapping[str, object]]]
) -> list[Node]:
    """Groups as trees, each with its services; `services` are listed by the id of their group."""
    below: dict[object, list[Mapping[str, object]]] = {}
    for group in groups:
        below.setdefault(group["parent_id"], []).append(group)

    def nodes(parent: object) -> list[Node]:
        return [Node(each, nodes(each["id"]), services.get(each["id"], ())) for each in below.get(parent, ())]

    return nodes(None)


def pruned(node: Node, code: str | None, name: str | None) -> Node | None:
    """What of a group has this beginning of a code and part of a name; None when nothing has.

    A group that fits keeps everything in it.
    """
    if _fits(node.group, code, name):
        return node
    groups = [found for each in node.groups if (found := pruned(each, code, name))]
    services = [each for each in node.services if _fits(each, code, name)]
    return replace(node, groups=groups, services=services) if groups or services else None


def _fits(row: Mapping[str, object], code: str | None, name: str | None) -> bool:
    return str(row["code"]).startswith(code or "") and plain_name(name or "") in plain_name(str(row["name"]))


def offer_of(programme_id: UUID, code: str) -> Programme:
    """A service that a programme pays for, with the id that a file would give it."""
    return Programme(id=_offer_id(programme_id, code), medical_program_id=programme_id, service_id=service_id(code))


def _offer_id(programme_id: UUID, code: str) -> UUID:
    return uuid5(SPACE, f"PROGRAMME {programme_id} {code}")
