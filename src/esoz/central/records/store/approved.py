"""Rows that an approval of the patient opens to the reader."""

from collections.abc import Mapping
from uuid import UUID

from esoz.central.approvals import EPISODE, GrantedAccess
from esoz.kernel.db import Connection, Page, Paged

from ..model import Kind
from .filters import EPISODE_FILTERS, NEWEST_FIRST, narrowed, of_kind


async def approved_episodes(
    db: Connection, person_id: UUID, filters: Mapping[str, object], page: Page, access: GrantedAccess
) -> Paged:
    """A page of the episodes that are opened."""
    query = narrowed("episodes", person_id, EPISODE_FILTERS, filters)
    if not access.whole and EPISODE not in access.kinds:
        query.where("id = any({})", list(access.ids))
    return await query.page(db, page, order=NEWEST_FIRST)


async def approved_records(
    db: Connection, kind: Kind, person_id: UUID, filters: Mapping[str, object], page: Page, *, access: GrantedAccess
) -> Paged:
    """A page of the records of a kind that are opened: by themselves or with their episode."""
    query = of_kind(kind, person_id, filters)
    if not access.whole and kind.one not in access.kinds:
        query.where("(id = any({}) or episode_id = any({}))", list(access.ids), list(access.ids))
    return await query.page(db, page, order=NEWEST_FIRST)
