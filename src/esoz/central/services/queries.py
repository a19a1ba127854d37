"""Questions about the catalogue of services."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Row
from esoz.kernel.work import Work

from . import store
from .model import Event, Group, Node, Programme, Service, pruned, tree


async def known_services(db: Connection, ids: Collection[UUID]) -> Mapping[UUID, Service]:
    """Which of `ids` are services, active or not."""
    return await store.services(db, ids) if ids else {}


async def known_groups(db: Connection, ids: Collection[UUID]) -> Mapping[UUID, Group]:
    """Which of `ids` are groups of services, active or not."""
    return await store.groups(db, ids) if ids else {}


async def offered_services(
    db: Connection, programme_ids: Collection[UUID], service_ids: Collection[UUID]
) -> list[Programme]:
    """What these programmes pay for of these services now."""
    return await store.offered(db, programme_ids, service_ids) if programme_ids and service_ids else []


async def services_of_group(db: Connection, group_id: UUID) -> list[UUID]:
    """The services of a group and of all groups in it; none when there is no such group."""
    return await store.services_below(db, group_id)


async def catalogue(work: Work, page: Page, *, code: str | None, name: str | None) -> tuple[list[Node], Paged]:
    """A page of the groups at the top, each with everything in it that was asked for."""
    paged = await store.roots(work.db, page, code=code, name=name)
    groups = await store.groups_below(work.db, [row["id"] for row in paged.rows])
    services = await store.services_of(work.db, [row["id"] for row in groups])
    nodes = tree(groups, services)
    if code is not None or name is not None:
        nodes = [found for each in nodes if (found := pruned(each, code, name))]
    work.record(Event.SERVICES_READ, "catalogue")
    return nodes, replace(paged, rows=[node.group for node in nodes])


async def program_services(work: Work, page: Page, programme_id: UUID) -> Paged:
    """A page of what a programme pays for."""
    work.record(Event.PROGRAM_SERVICES_READ, programme_id)
    return await store.program_services(work.db, page, programme_id)


async def program_service(work: Work, id: UUID) -> Row:
    """One service of a programme; raise NotFound."""
    work.record(Event.PROGRAM_SERVICES_READ, id)
    return await store.find_program_service(work.db, id)
