"""A patient adds a telephone to confirm with, names it, ends the old one."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from esoz.central import people
from esoz.kernel.db import Connection
from tests.factories.world import World

from .conftest import Browser, last_events

NEW = "+380671234500"


async def code_to(db: Connection, phone: str) -> str:
    """The digits of the newest message to a telephone."""
    body = await db.fetchval("select body from messages where recipient = $1 order by id desc limit 1", phone)
    return "".join(each for each in body.partition(":")[2] if each.isdigit())[:4]


async def phones(db: Connection, world: World) -> list[tuple[str | None, str | None]]:
    assert world.patient.person_id is not None
    found = await people.authentication_methods(db, world.patient.person_id)
    return [(each.phone_number, each.alias) for each in found]


@pytest.fixture
async def old(world: World, db: Connection) -> str:
    ((phone, _),) = await phones(db, world)
    assert phone is not None
    return phone


async def adds(patient: Browser, db: Connection, old: str, alias: str = "") -> None:
    """Both codes are typed as they come."""
    await patient.open("/person/methods/new")
    await patient.post("/person/methods/new", phone="067 123 45 00", alias=alias)
    assert "Код на новий номер" in patient.text
    answer = await patient.post("/person/methods/new", phone=NEW, alias=alias, code=await code_to(db, NEW))
    assert answer.status_code == 303, patient.text
    path = answer.headers["location"]
    await patient.open(path)
    answer = await patient.post(path, code=await code_to(db, old))
    assert answer.headers.get("location") == "/person/methods", patient.text


class TestAdd:
    async def test_both_telephones_answer_then_added(
        self, patient: Browser, db: Connection, world: World, old: str, own: Connection
    ) -> None:
        await adds(patient, db, old, alias="новий")
        assert await phones(db, world) == [(old, None), (NEW, "новий")]
        assert ("own_method.added", world.patient.person_id) in await last_events(own, 2)
        await patient.open("/person/methods")
        assert "Номер додано." in patient.text and "новий" in patient.text

    async def test_wrong_codes_then_asked_again(self, patient: Browser, db: Connection, world: World, old: str) -> None:
        await patient.open("/person/methods/new")
        await patient.post("/person/methods/new", phone=NEW)
        right = await code_to(db, NEW)
        wrong = "1000" if right != "1000" else "1001"
        answer = await patient.post("/person/methods/new", phone=NEW, code=wrong)
        assert answer.status_code == 422 and "Код неправильний." in patient.text
        answer = await patient.post("/person/methods/new", phone=NEW, code="12")
        assert answer.status_code == 422 and "Введіть чотири цифри" in patient.text
        answer = await patient.post("/person/methods/new", phone=NEW, code=right)
        path = answer.headers["location"]
        await patient.open(path)
        right = await code_to(db, old)
        answer = await patient.post(path, code="1000" if right != "1000" else "1001")
        assert answer.status_code == 422 and "Код неправильний." in patient.text
        assert (await patient.post(path, code=right)).headers["location"] == "/person/methods"

    async def test_code_again_then_another_comes(self, patient: Browser, db: Connection, old: str, clock: Any) -> None:
        await patient.open("/person/methods/new")
        await patient.post("/person/methods/new", phone=NEW)
        answer = await patient.post("/person/methods/new", phone=NEW, code=await code_to(db, NEW))
        path = answer.headers["location"]
        await patient.open(path)
        assert (await patient.post(f"{path}/again")).status_code == 422
        assert "Зачекайте хвилину" in patient.text
        clock.forward(timedelta(minutes=2))
        await patient.open(path)
        assert (await patient.post(f"{path}/again")).headers["location"] == path
        await patient.open(path)
        assert (await patient.post(path, code=await code_to(db, old))).headers["location"] == "/person/methods"

    async def test_odd_number_then_told_and_kept(self, patient: Browser) -> None:
        await patient.open("/person/methods/new")
        answer = await patient.post("/person/methods/new", phone="12", alias="мій")
        assert answer.status_code == 422
        assert 'value="мій"' in patient.page.text and "Введіть номер телефону, наприклад" in patient.text

    async def test_own_number_then_told_why_not(self, patient: Browser, old: str) -> None:
        await patient.open("/person/methods/new")
        answer = await patient.post("/person/methods/new", phone=old)
        assert answer.status_code == 422 and "Цей номер уже підтверджує Ваші дії." in patient.text

    async def test_unknown_request_then_not_found(self, patient: Browser) -> None:
        await patient.open("/person/methods/new")
        assert (await patient.post(f"/person/methods/requests/{uuid4()}", code="1234")).status_code == 404


class TestNameAndEnd:
    async def test_named_then_shown_by_its_name(self, patient: Browser, db: Connection, world: World, old: str) -> None:
        id = await db.fetchval("select id from authentication_methods where phone_number = $1 and is_active", old)
        await patient.open(f"/person/methods/{id}/name")
        answer = await patient.post(f"/person/methods/{id}/name", alias="мій старий")
        assert answer.headers["location"] == "/person/methods"
        assert await phones(db, world) == [(old, "мій старий")]
        await patient.open(f"/person/methods/{id}/name")
        assert (await patient.post(f"/person/methods/{id}/name", alias="x" * 256)).status_code == 422

    async def test_old_one_ended_then_the_new_one_is_left(
        self, patient: Browser, db: Connection, world: World, old: str
    ) -> None:
        await adds(patient, db, old)
        id = await db.fetchval(
            "select id from authentication_methods where phone_number = $1 and is_active and person_id = $2",
            old,
            world.patient.person_id,
        )
        await patient.open(f"/person/methods/{id}/end")
        assert "Видалити цей спосіб підтвердження?" in patient.text
        assert (await patient.post(f"/person/methods/{id}/end")).headers["location"] == "/person/methods"
        assert await phones(db, world) == [(NEW, None)]
        assert (await patient.open(f"/person/methods/{id}/end")).status_code == 404

    async def test_only_one_then_told_to_add_another_first(
        self, patient: Browser, db: Connection, world: World, old: str
    ) -> None:
        await patient.open("/person/methods")
        assert "Видалити" not in patient.text
        id = await db.fetchval(
            "select id from authentication_methods where phone_number = $1 and is_active and person_id = $2",
            old,
            world.patient.person_id,
        )
        await patient.post(f"/person/methods/{id}/end")
        assert "єдиний спосіб підтвердження" in patient.text
        assert await phones(db, world) == [(old, None)]
