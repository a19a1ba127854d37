"""Who has my permission: doctors with what they may see, systems; both are ended here."""

# ruff: noqa: F811  fixtures of central are imported, and asked for by the same names

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.central.approvals.test_approvals import create, of_episode, verified
from tests.central.records.conftest import chart, known_codes, opened  # noqa: F401 fixtures
from tests.factories.records import Chart
from tests.factories.world import World

from .conftest import Browser, Road, error, last_events
from .test_doctors import name_of

PATH = "/accesses"


async def opened_to(world: World, chart: Chart, db: Connection) -> dict[str, Any]:
    found: dict[str, Any] = await verified(chart, world.foreign_doctor, db, resources=of_episode(chart))
    return found


async def send(patient: Browser, place: str) -> Any:
    """Open the question and say yes."""
    await patient.open(place)
    return await patient.post(place, form_token=patient.hidden("form_token"))


class TestApprovals:
    async def test_open_one_then_who_what_where_until_when(
        self, patient: Browser, world: World, opened: Chart, db: Connection, own: Connection
    ) -> None:
        await opened_to(world, opened, db)
        await patient.open(PATH)
        assert await name_of(db, world.foreign_doctor) in patient.text and "Полісся" in patient.text
        assert "лікування з приводу: Гострий бронхіт" in patient.text
        assert "Читати" in patient.text and "23 листопада 2026 року" in patient.text
        assert await last_events(own, 1) == [("accesses.read", world.patient.person_id)]

    async def test_ended_then_the_doctor_sees_nothing_by_it(
        self, patient: Browser, world: World, opened: Chart, db: Connection, own: Connection
    ) -> None:
        made = await opened_to(world, opened, db)
        answer = await send(patient, f"{PATH}/approvals/{made['id']}/end")
        assert answer.headers["location"] == PATH
        assert await last_events(own, 1) == [("approval.ended", world.patient.person_id)]
        await patient.open(PATH)
        assert "Дозвіл скасовано" in patient.text and "Зараз чинних дозволів немає" in patient.text
        assert "Колишні дозволи" in patient.text
        assert await db.fetchval("select status from approvals") == "canceled"
        await patient.open(f"{PATH}/approvals/{made['id']}/end")
        assert patient.page.headers["location"] == PATH

    async def test_answer_lost_then_sent_again_is_no_fault(
        self, patient: Browser, world: World, opened: Chart, db: Connection, road: Road
    ) -> None:
        place = f"{PATH}/approvals/{(await opened_to(world, opened, db))['id']}/end"
        await patient.open(place)
        fields = {"csrf": patient.csrf, "form_token": patient.hidden("form_token")}
        road.losing.append(f"after /api/pis/approvals/{place.split('/')[3]}/actions/cancel")
        assert (await patient.client.post(place, data=fields)).status_code == 503
        assert (await patient.client.post(place, data=fields)).status_code == 303

    async def test_one_that_waits_for_the_code_then_said(self, patient: Browser, world: World, opened: Chart) -> None:
        await create(opened, world.foreign_doctor, resources=of_episode(opened))
        await patient.open(PATH)
        assert "Чекає на Ваш код" in patient.text

    async def test_a_day_later_then_among_the_former(
        self, patient: Browser, world: World, opened: Chart, db: Connection, clock: FixedClock
    ) -> None:
        await opened_to(world, opened, db)
        clock.forward(timedelta(days=1, minutes=1))
        await patient.sign_in()
        await patient.open(PATH)
        assert "Зараз чинних дозволів немає" in patient.text and "Колишні дозволи" in patient.text

    async def test_of_another_then_not_found(
        self, patient: Browser, world: World, opened: Chart, db: Connection
    ) -> None:
        made = await opened_to(world, opened, db)
        await db.execute("update approvals set person_id = $1", world.persons[5].id)
        for id in (made["id"], uuid4(), "5"):
            await patient.open(f"{PATH}/approvals/{id}/end")
            assert patient.page.status_code == 404

    async def test_one_part_refused_then_the_other_is_shown(self, patient: Browser, road: Road) -> None:
        road.answers["GET /api/pis/approvals"] = error(500, "internal_error", "boom")
        await patient.open(PATH)
        assert patient.page.status_code == 200
        assert "ЕСОЗ зараз не показує цих даних." in patient.text and "Цей кабінет" in patient.text


class TestSystems:
    async def test_this_cabinet_ended_then_signed_out(self, patient: Browser, world: World, own: Connection) -> None:
        await patient.open(PATH)
        found = re.search(r'href="(/accesses/systems/[^"]+/end)"', patient.page.text)
        assert found is not None and "Цей кабінет" in patient.text
        await patient.open(found[1])
        assert "Ви вийдете з нього на всіх пристроях" in patient.text
        answer = await patient.post(found[1], form_token=patient.hidden("form_token"))
        assert answer.headers["location"] == PATH
        assert (await last_events(own, 1))[0][0] == "system_access.ended"
        await patient.open(PATH)
        assert patient.page.headers["location"].startswith("/sign-in")

    async def test_another_ended_then_gone_and_in_the_log(self, patient: Browser, world: World, db: Connection) -> None:
        id = await db.fetchval(
            "insert into apps select gen_random_uuid() as id, a.* from (select user_id, $1::uuid as client_id, scopes,"
            " inserted_at, updated_at from apps where user_id = $2) a returning id",
            world.doctor.client_id,
            world.patient.user_id,
        )
        assert (await send(patient, f"{PATH}/systems/{id}/end")).status_code == 303
        await patient.open(PATH)
        assert "Доступ системи завершено" in patient.text
        await patient.open("/readings", own="yes")
        assert "Відкликано дозвіл системі діяти від Вашого імені." in patient.text

    async def test_of_nobody_then_not_found(self, patient: Browser) -> None:
        for id in (uuid4(), "5"):
            await patient.open(f"{PATH}/systems/{id}/end")
            assert patient.page.status_code == 404
