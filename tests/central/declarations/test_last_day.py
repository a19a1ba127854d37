"""A declaration after its last day opens nothing, whether or not the periodic task has been here."""

from datetime import UTC, datetime, timedelta

import pytest

from esoz.central import declarations
from esoz.central.declarations.periodic import close_ended_declarations
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, Rejected
from esoz.kernel.work import Actor, Work
from tests.central.declarations.test_declare import count_of
from tests.factories.people import choice, make_adult
from tests.factories.world import Caller

LAST = "2026-11-22"
EVE = datetime(2026, 11, 22, 21, 59, 59, tzinfo=UTC)  # the last second of the last day in Kyiv
SECOND = timedelta(seconds=1)


@pytest.fixture
async def ending(work: Work, patient: Caller, clock: FixedClock) -> declarations.Declaration:
    """The patient's declaration ends today."""
    found = await declarations.live_declaration(work.db, patient.person_id)
    assert found is not None
    await work.db.execute(f"update declarations set end_date = '{LAST}' where id = $1", found.id)
    clock.moment = work.now = EVE
    return found


# DC-7, DC-26
class TestAfterTheLastDay:
    @pytest.mark.parametrize(("later", "status"), [(timedelta(0), "active"), (SECOND, "closed")])
    async def test_shown_by_every_operation(
        self,
        *,
        later: timedelta,
        status: str,
        ending: declarations.Declaration,
        doctor: Caller,
        patient: Caller,
        clock: FixedClock,
    ) -> None:
        clock.forward(later)
        other = {"active": "closed", "closed": "active"}[status]
        for caller, path in ((doctor, "/api/declarations"), (patient, "/api/pis/declarations")):
            one = (await caller.get(f"{path}/{ending.id}")).json()["data"]
            assert one["status"] == status, path
            listed = (await caller.get(path, status=status)).json()["data"]
            assert [each["status"] for each in listed if each["id"] == str(ending.id)] == [status], path
            listed = (await caller.get(path, status=other)).json()["data"]
            assert str(ending.id) not in {each["id"] for each in listed}, path
        of_person = await doctor.get(f"/api/persons/{ending.person_id}/declaration")
        assert of_person.status_code == (200 if status == "active" else 404)

    @pytest.mark.parametrize(("later", "is_open"), [(timedelta(0), True), (SECOND, False)])
    async def test_opens_data_and_records(
        self,
        *,
        later: timedelta,
        is_open: bool,
        ending: declarations.Declaration,
        doctor: Caller,
        clock: FixedClock,
        work: Work,
    ) -> None:
        clock.forward(later)
        work.now = clock.now()
        expected = 200 if is_open else 403
        assert (await doctor.get(f"/api/persons/{ending.person_id}/personal_data")).status_code == expected
        conditions = await doctor.get(f"/api/patients/{ending.person_id}/conditions")
        assert conditions.status_code == expected
        work.actor = Actor(user_id=doctor.user_id, client_id=doctor.client_id)
        assert await declarations.has_active_declaration(work, ending.person_id) is is_open

    async def test_terminated_then_a_conflict(self, ending: declarations.Declaration, work: Work) -> None:
        work.now = EVE + SECOND
        with pytest.raises(Conflict, match="Declaration is not active"):
            await declarations.terminate(work, ending.id, reason="manual_person")

    async def test_periodic_task_closes_it_and_frees_a_place(
        self, ending: declarations.Declaration, doctor: Caller, work: Work, db: Connection
    ) -> None:
        count = await count_of(db, doctor)
        await close_ended_declarations(work)
        assert (await declarations.find_declaration(db, ending.id)).status is declarations.Status.ACTIVE
        work.now = EVE + SECOND
        await close_ended_declarations(work)
        closed = await declarations.find_declaration(db, ending.id)
        assert (closed.status, closed.reason) == (declarations.Status.CLOSED, None)
        assert await count_of(db, doctor) == count - 1
        lines = [(each.event, each.resource_id) for each in work.recorded]
        assert ("declaration.closed", str(ending.id)) in lines
        history = "select status from declaration_status_history where declaration_id = $1 order by at"
        assert [row["status"] for row in await db.fetch(history, ending.id)][-1] == "closed"

    # DC-21
    async def test_another_is_made_then_the_ended_one_is_closed(
        self, ending: declarations.Declaration, doctor: Caller, work: Work, db: Connection
    ) -> None:
        work.now = EVE + SECOND
        await declarations.declare(work, choice(ending.person_id, doctor))
        assert (await declarations.find_declaration(db, ending.id)).status is declarations.Status.CLOSED

    # DC-17
    async def test_ended_ones_then_take_no_place_of_the_doctor(
        self, ending: declarations.Declaration, doctor: Caller, work: Work, db: Connection
    ) -> None:
        newcomer = (await make_adult(work)).id
        await db.execute("update parties set declaration_count = 1800")
        with pytest.raises(Rejected):
            async with db.transaction():
                await declarations.declare(work, choice(newcomer, doctor))
        work.now = EVE + SECOND
        await declarations.declare(work, choice(newcomer, doctor))
