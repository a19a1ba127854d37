"""Follows central: who works in our clinics now, who has left, who has agreed to come.

Central tells nobody when somebody is dismissed, so it is asked: every half a minute one short question for a clinic
(how many are dismissed?), and the whole list when the answer differs or ten minutes have passed. Any token of the
clinic may ask, for every role may read who works there.
"""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.states import move
from esoz.mis.base.services import MisPage, Services
from esoz.mis.link import access
from esoz.mis.link.access import CentralSession, ConsentNeeded, calling
from esoz.sdk import (
    Answer,
    CentralError,
    CentralRefused,
    CentralUnavailable,
    CentralUnreadable,
    is_whole,
    understanding,
    whole,
)

from ..model.employees import ANSWERS, DISMISSED, FRESH, MOVES, WHOLE, Employee, Event, doubtful_heads, read_employee
from ..store import people, places, requests
from ..store.audit import note
from . import departures, workplaces

LARGEST_CLINIC = 100_000  # rows, those who left long ago among them


async def follow(services: Services) -> None:
    """Ask about every clinic whose turn it is; for a background work. Raises CentralUnavailable."""
    while True:
        now = services.clock.now()
        async with services.database.transaction() as db:
            turn = await people.take_turn(db, now)
        if turn is None:
            return
        clinic_id, whole_at = turn
        with contextlib.suppress(ConsentNeeded):  # nobody of the clinic has a living token: at the next turn
            await _follow_clinic(services, clinic_id, whole_at)


async def _follow_clinic(services: Services, clinic_id: UUID, whole_at: datetime | None) -> None:
    central, answer = await _ask(services, clinic_id, "employee:read", "/api/employees", status=DISMISSED, page_size=1)
    agreed = await _note_answers(services, clinic_id)
    async with services.database.connection() as db:
        known = await people.dismissed(db, clinic_id)
    is_old = whole_at is None or services.clock.now() - whole_at >= WHOLE
    if is_old or agreed or answer.total != known:
        await take_whole(services, central)


async def _ask(
    services: Services, clinic_id: UUID, scope: str, path: str, **query: object
) -> tuple[CentralSession, Answer]:
    """Ask central as anybody of the clinic whose token lives and has the scope. Raises ConsentNeeded when none has."""
    async with services.database.connection() as db:
        watchers = await people.watchers(db, clinic_id, scope)
    for user_id in watchers:
        with contextlib.suppress(ConsentNeeded, CentralRefused):
            async with services.database.connection() as db:
                central = await access.session_of(db, services, user_id, clinic_id)
            return central, await central.get(path, **query)
    raise ConsentNeeded()


async def take_whole(services: Services, central: CentralSession) -> None:
    """Read the whole list and let everything here follow it. Raises CentralError, ConsentNeeded."""
    employees = await fetch(central)
    async with services.database.transaction() as db:
        await write(db, services, central, employees)


async def fetch(central: CentralSession) -> list[Employee]:
    """All employees of the clinic of the session. Raises CentralError, ConsentNeeded."""
    answer = await whole(central, "/api/employees", most=LARGEST_CLINIC)
    if not is_whole(answer):  # who is missing here would lose their access
        raise CentralUnavailable("the list of employees was not read to its end")
    return [read_employee(each, central.clinic_id) for each in answer.rows()]


async def write(db: Connection, services: Services, central: CentralSession, employees: Sequence[Employee]) -> None:
    """Write what central tells, end the work of those who left, move those who moved, let in those who agreed."""
    clinic_id, now = central.clinic_id, services.clock.now()
    await people.begin_whole(db, clinic_id, now)
    await people.save(db, employees)
    await _retire_heads(db, central, employees)
    await departures.end_of_those_gone(db, clinic_id, now)
    await _move(db, services, clinic_id, now)
    await workplaces.let_in(db, services, central)
    await people.end_whole(db, clinic_id, now)


async def _retire_heads(db: Connection, central: CentralSession, employees: Sequence[Employee]) -> None:
    """A replaced head keeps the status; only the details tell (EM-25), to those who may read them."""
    with contextlib.suppress(CentralError, ConsentNeeded):
        for head in doubtful_heads(employees):
            details = await central.get(f"/api/employees/{head.employee_id}")
            if not details.record().get("is_active", True):
                await people.retire(db, head.employee_id)


async def _move(db: Connection, services: Services, clinic_id: UUID, now: datetime) -> None:
    changed = set(await places.move(db, clinic_id))
    for row in await places.positions(db, clinic_id):
        description = services.dictionaries.describe("POSITION", row["code"])
        if description != row["position"]:
            await places.rename(db, row["id"], description)
            changed.add(row["id"])
    for workplace_id in sorted(changed):
        await note(db, Event.MOVED, workplace_id, clinic_id=clinic_id, at=now)


async def _note_answers(services: Services, clinic_id: UUID) -> bool:
    """Write how people have answered; True when somebody has agreed lately and is to be let in."""
    async with services.database.connection() as db:
        waiting = await requests.unanswered(db, clinic_id)
    for request in waiting:
        path = f"/api/employee_requests/{request.central_id}"
        # One whose answer cannot be read is asked about at the next turn, and keeps nothing else from being followed.
        with contextlib.suppress(ConsentNeeded, CentralUnreadable), understanding():
            _, answer = await _ask(services, clinic_id, "employee_request:read", path)
            await _note_answer(services, clinic_id, request.id, answer.record())
    async with services.database.transaction() as db:
        return await requests.has_agreed(db, clinic_id, services.clock.now() - WHOLE)


async def _note_answer(services: Services, clinic_id: UUID, request_id: UUID, payload: Mapping[str, Any]) -> None:
    state, now = ANSWERS.get(payload["status"]), services.clock.now()
    if state is None:
        return
    async with services.database.transaction() as db:
        request = await requests.find(db, clinic_id, request_id, lock=True)
        if request is None or state not in MOVES[request.state]:
            return  # another worker was here first
        after = move(MOVES, request.state, state)
        await requests.change(db, request_id, state=str(after), updated_at=now)
        await note(db, Event.ANSWERED, request_id, clinic_id=clinic_id, at=now, state=str(after))


async def refresh(page: MisPage) -> datetime | None:
    """Read the list from central unless the one here is fresh; returns how old it is when central cannot be asked.

    Raises ConsentNeeded when there is no list yet and the user has no token.
    """
    clinic_id = page.user.work.clinic_id
    read_at = await people.whole_at(page.db, clinic_id)
    if read_at is not None and page.now - read_at < FRESH:
        return None
    try:
        central = await calling(page)
        employees = await fetch(central)
    except (ConsentNeeded, CentralUnavailable):
        if read_at is None:
            raise
        return read_at
    await write(page.db, page.services, central, employees)
    return None
