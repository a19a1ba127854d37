"""Forbidden groups as published."""

from collections.abc import Iterable

from esoz.kernel.payload import JSON, omit_none

from .model import Group, Member


def group_in_list(group: Group) -> JSON:
    return {"id": group.id, "name": group.name}


def group(group: Group, members: Iterable[Member]) -> JSON:
    """A group with its codes and services."""
    listed = list(members)
    return {
        "id": group.id,
        "name": group.name,
        "creation_reason": group.creation_reason,
        "forbidden_group_codes": [_code(each) for each in listed if each.code],
        "forbidden_group_services": [_service(each) for each in listed if not each.code],
    }


def _code(member: Member) -> JSON:
    return omit_none(id=member.id, code=member.code, system=member.system, creation_reason=member.creation_reason)


def _service(member: Member) -> JSON:
    return omit_none(
        id=member.id,
        service_id=member.service_id,
        service_group_id=member.service_group_id,
        creation_reason=member.creation_reason,
    )
