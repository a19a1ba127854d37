"""Questions about forbidden groups, open to everybody."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.work import Work

from . import store
from .model import Event, Group, GroupFilter, Member


async def groups(work: Work, filters: GroupFilter, page: Page) -> tuple[Sequence[Group], Paged]:
    """A page of groups in use."""
    work.record(Event.LIST_READ, "register")
    return await store.groups(work.db, filters, page)


async def group(work: Work, id: UUID) -> tuple[Group, Sequence[Member]]:
    """A group in use with its members; raise NotFound."""
    found = await store.group(work.db, id)
    work.record(Event.READ, id)
    return found


async def names_of_groups(db: Connection, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The names of groups in use among `ids`, for contexts above."""
    return await store.names(db, ids)
