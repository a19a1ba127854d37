"""Changes of components and what was told about them, in SQL."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from esoz.kernel.db import Connection, as_model, insert
from esoz.mis.base.health import Component, State

from .model import Change, Incident


async def last_states(db: Connection) -> Mapping[Component, State]:
    """How each component was noted last."""
    rows = await db.fetch(
        "select distinct on (component) component, state from component_changes order by component, number desc"
    )
    return {Component(row["component"]): State(row["state"]) for row in rows}


async def note(db: Connection, changes: Iterable[Change]) -> None:
    for change in changes:
        await insert(db, "component_changes", component=str(change.component), state=str(change.state), at=change.at)


async def changes(db: Connection, since: datetime) -> list[Change]:
    """Changes since a moment, and of each component the last one before it; oldest first."""
    rows = await db.fetch(
        "select component, state, at from component_changes c where at >= $1 or number = (select max(number)"
        " from component_changes b where b.component = c.component and b.at < $1) order by number",
        since,
    )
    return [as_model(Change, row) for row in rows]


async def announced(db: Connection, since: datetime, now: datetime) -> list[Incident]:
    """Banners for everybody that spoke of trouble, the newest first."""
    rows = await db.fetch(
        "select id::text as id, begins_at as began_at, severity, text,"
        " case when least(ended_at, ends_at) <= $2 then least(ended_at, ends_at) end as ended_at"
        " from banners where clinic_id is null and severity <> 'info' and begins_at <= $2"
        " and coalesce(ended_at, ends_at, $2) >= $1 and (ended_at is null or ended_at > begins_at)"
        " order by begins_at desc",
        since,
        now,
    )
    return [as_model(Incident, row) for row in rows]


async def forget(db: Connection, before: datetime) -> None:
    """Delete old changes, but not the last one of each component."""
    await db.execute(
        "delete from component_changes c where at < $1 and number < (select max(number) from component_changes b"
        " where b.component = c.component and b.at < $1)",
        before,
    )
