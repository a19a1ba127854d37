"""The end of work: a workplace closes, the token goes, sessions end; all in the transaction that learns of it."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Row
from esoz.kernel.pages import sessions

from ..model.employees import ELSEWHERE, Event
from ..store import places
from ..store.audit import note


async def end_work(db: Connection, clinic_id: UUID, row: Row, now: datetime, reason: str) -> None:
    """Close one workplace: `id`, `user_id`, `employee_id`.

    Whoever is at it is signed out everywhere; whoever works elsewhere too comes in again and finds only that. Central's
    token of the clinic goes in any case: central takes it back with any of the user's roles there, and a new one allows
    what is left. Without any other workplace all sessions end.
    """
    was_there = await places.end(db, row["id"], now, reason)
    await places.drop_token(db, row["user_id"], clinic_id)
    if was_there or not await places.has_any(db, row["user_id"]):
        await sessions.end_all(db, row["user_id"])
    await note(
        db, Event.LEFT, row["employee_id"], clinic_id=clinic_id, at=now, user_id=str(row["user_id"]), reason=reason
    )


async def end_of_employee(db: Connection, clinic_id: UUID, employee_id: UUID, now: datetime, reason: str) -> None:
    """Close the workplace of an employee, if there is one."""
    for row in await places.of_employee(db, employee_id):
        await end_work(db, clinic_id, row, now, reason)


async def end_of_those_gone(db: Connection, clinic_id: UUID, now: datetime) -> None:
    """Close workplaces of everybody of a clinic who does not work there any more, as central tells."""
    for row in await places.of_those_gone(db, clinic_id):
        await end_work(db, clinic_id, row, now, ELSEWHERE)
