"""A patient sees to whom they opened their records, and takes it back."""

from datetime import timedelta
from uuid import uuid4

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.factories.records import Chart
from tests.factories.world import Caller, World

from .test_approvals import create, of_episode, refused, verified

PATH = "/api/pis/approvals"


class TestOwn:
    async def test_list_then_whom_where_until_when_the_newest_first(
        self, written: Chart, foreign_doctor: Caller, world: World, clock: FixedClock, db: Connection
    ) -> None:
        first = await verified(written, foreign_doctor, db, resources=of_episode(written))
        clock.forward(timedelta(minutes=2))
        second = (await create(written, foreign_doctor, resources=of_episode(written))).json()["data"]
        answer = await world.patient.get(PATH)
        assert answer.status_code == 200, answer.text
        found = answer.json()["data"]
        assert [each["id"] for each in found] == [second["id"], first["id"]]
        assert [each["status"] for each in found] == ["new", "active"]
        assert found[1]["legal_entity"]["id"] == str(foreign_doctor.client_id) and found[1]["legal_entity"]["name"]
        assert found[1]["granted_to"]["display_value"] and found[1]["expires_at"]
        assert len((await world.patient.get(PATH, page_size=1)).json()["data"]) == 1

    async def test_nothing_opened_then_an_empty_list(self, world: World) -> None:
        assert (await world.patient.get(PATH)).json()["data"] == []

    async def test_read_and_taken_back_then_in_the_log(
        self, written: Chart, foreign_doctor: Caller, world: World, db: Connection
    ) -> None:
        made = await verified(written, foreign_doctor, db, resources=of_episode(written))
        path = f"{written.path}/conditions/{written.visiting.condition}"
        assert (await foreign_doctor.get(path)).status_code == 200
        done = await world.patient.patch(f"{PATH}/{made['id']}/actions/cancel")
        assert (done.status_code, done.json()["data"]["status"]) == (200, "canceled")
        assert (await foreign_doctor.get(path)).status_code == 403
        log = (await world.patient.get("/api/pis/access_log")).json()["data"]
        [line] = [each for each in log if each["event"] == "approval.canceled"]
        assert line["is_own"]

    async def test_taken_back_twice_then_409(
        self, written: Chart, foreign_doctor: Caller, world: World, db: Connection
    ) -> None:
        made = await verified(written, foreign_doctor, db, resources=of_episode(written))
        await world.patient.patch(f"{PATH}/{made['id']}/actions/cancel")
        assert (await world.patient.patch(f"{PATH}/{made['id']}/actions/cancel")).status_code == 409

    async def test_one_that_waits_for_the_code_then_taken_back_too(
        self, written: Chart, foreign_doctor: Caller, world: World
    ) -> None:
        made = (await create(written, foreign_doctor, resources=of_episode(written))).json()["data"]
        assert (await world.patient.patch(f"{PATH}/{made['id']}/actions/cancel")).status_code == 200
        confirmed = await foreign_doctor.patch(f"{written.path}/approvals/{made['id']}", {"code": 1111})
        assert confirmed.status_code == 409

    async def test_of_another_or_of_nobody_then_not_found(
        self, written: Chart, foreign_doctor: Caller, world: World, db: Connection
    ) -> None:
        made = await verified(written, foreign_doctor, db, resources=of_episode(written))
        await db.execute("update approvals set person_id = $1", world.persons[5].id)
        for id in (made["id"], uuid4(), "5"):
            assert refused(await world.patient.patch(f"{PATH}/{id}/actions/cancel"))[0] == 404

    async def test_by_a_doctor_then_403(self, foreign_doctor: Caller) -> None:
        assert (await foreign_doctor.get(PATH)).status_code == 403
