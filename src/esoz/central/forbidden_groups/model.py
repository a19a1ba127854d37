"""A forbidden group and its members: codes of dictionaries, services, groups of services."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

import msgspec

from esoz.central.services import group_id as service_group_id
from esoz.central.services import service_id

SPACE = UUID("5f0f7ab7-6c0e-5b0a-9f0e-3d2b9b8f1c55")  # ids follow from the codes: the same in every copy
SERVICE, SERVICE_GROUP = "service", "service_group"


class Event(StrEnum):
    """What the audit log tells of this context."""

    LIST_READ = "forbidden_groups.read"
    READ = "forbidden_group.read"
    IMPORTED = "forbidden_groups.imported"


class GroupFilter(msgspec.Struct, frozen=True):
    """Filters of the list by their published names; None means any."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A row of a file: one member of one group. `system` is a dictionary, or `service`, or `service_group`."""

    group: str
    name: str
    reason: str
    system: str
    code: str
    member_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A forbidden group; `deactivation_reason` stands with one that is out of use."""

    id: UUID
    code: str
    name: str
    creation_reason: str
    is_active: bool = True
    deactivation_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A code of a dictionary, a service or a group of services: one of the three."""

    id: UUID
    group_id: UUID
    creation_reason: str
    system: str | None = None
    code: str | None = None
    service_id: UUID | None = None
    service_group_id: UUID | None = None


def group_of(row: MemberRow) -> Group:
    return Group(id=uuid5(SPACE, row.group), code=row.group, name=row.name, creation_reason=row.reason)


def member_of(row: MemberRow) -> Member:
    """The member that a row says; a service is known by the code of the catalogue."""
    id, group = uuid5(SPACE, f"{row.group} {row.system} {row.code}"), uuid5(SPACE, row.group)
    if row.system == SERVICE:
        return Member(id=id, group_id=group, creation_reason=row.member_reason, service_id=service_id(row.code))
    if row.system == SERVICE_GROUP:
        of_group = service_group_id(row.code)
        return Member(id=id, group_id=group, creation_reason=row.member_reason, service_group_id=of_group)
    return Member(id=id, group_id=group, creation_reason=row.member_reason, system=row.system, code=row.code)


def faults(rows: Sequence[MemberRow]) -> Iterator[str]:
    """What is wrong with a file, by its lines: gaps, members that stand twice, one group under two names."""
    groups: dict[str, tuple[str, str]] = {}
    members: set[tuple[str, str, str]] = set()
    for line, row in enumerate(rows, 2):
        if not all((row.group, row.name, row.reason, row.system, row.code, row.member_reason)):
            yield f"line {line}: nothing may be empty"
        if groups.setdefault(row.group, (row.name, row.reason)) != (row.name, row.reason):
            yield f"line {line}: group {row.group} has another name or reason above"
        member = (row.group, row.system, row.code)
        if member in members:
            yield f"line {line}: {row.system} {row.code} stands twice in group {row.group}"
        members.add(member)


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a group in use hides: a code of a dictionary, or a service, also one that is in a group of services."""

    group_id: UUID
    system: str | None
    code: str
