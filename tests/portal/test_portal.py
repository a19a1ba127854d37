"""Through the portal: registering, choosing a doctor and ending that, changing own data; signed by one's own key."""

import re
from collections.abc import Mapping

import pytest

from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.identities import Identity
from esoz.signature import Authority
from tests.factories.world import World, key_for
from tests.portal.conftest import Registers, Visitor

TOLD = {
    "phone": "067 123-45-67",
    "secret": "калинонька",
    "last_name": "Олійник",
    "first_name": "Ганна",
    "other_phone": "+380671234568",
    "consent": "yes",
}


async def code_of(db: Connection) -> str:
    body: str = await db.fetchval("select body from messages order by id desc limit 1")
    found = re.search(r"\d{4}", body)
    assert found is not None, body
    return found.group(0)


async def registered(db: Connection, person: Identity) -> Mapping[str, object] | None:
    return await db.fetchrow("select * from persons where tax_id = $1", person.tax_id)


class TestFromNothing:
    async def test_registered_declared_and_ended(self, visitor: Visitor, newcomer: Identity, db: Connection):
        await visitor.enters(newcomer)
        assert visitor.page.headers["location"] == "/register"
        await visitor.follow()
        assert newcomer.passport in visitor.text
        await visitor.send("/register", **TOLD)
        await visitor.follow()
        await visitor.sign("/register/sign")
        assert visitor.page.headers["location"] == "/register/code", visitor.text
        await visitor.follow()
        await visitor.send("/register/code", code=await code_of(db))
        await visitor.follow()
        assert "Вас зареєстровано" in visitor.text and await registered(db, newcomer) is not None
        await visitor.open("/doctors", speciality="FAMILY_DOCTOR")
        doctor = re.search(r'href="(/doctors/[0-9a-f-]{36})"', visitor.page.text)
        assert doctor is not None, visitor.text
        await visitor.open(doctor[1])
        await visitor.send(doctor[1])
        await visitor.follow()
        await visitor.sign(visitor.page.url.path)
        assert visitor.page.headers["location"] == "/doctor", visitor.text
        await visitor.follow()
        assert "Декларацію підписано" in visitor.text
        end = re.search(r'href="(/declarations/[0-9a-f-]{36}/end)"', visitor.page.text)
        assert end is not None, visitor.text
        await visitor.open(end[1])
        await visitor.send(end[1], reason="")
        await visitor.follow()
        assert "Чинної декларації немає" in visitor.text


class TestSignature:
    async def test_by_the_key_of_somebody_else_then_refused_at_the_portal(
        self, visitor: Visitor, declared: Identity, authority: Authority, work: Work
    ):
        await visitor.comes_in(declared)
        await visitor.open("/esoz")
        visitor.key = key_for(authority, work, build.newcomers(work.today)[1])
        assert (await visitor.sign("/esoz", content=visitor.hidden("content"), next="/")).status_code == 422
        assert "Виправте помилки" in visitor.text

    async def test_nothing_signed_then_said_and_the_form_is_there_again(self, visitor: Visitor, declared: Identity):
        await visitor.comes_in(declared)
        await visitor.open("/esoz")
        assert (await visitor.send("/esoz", content=visitor.hidden("content"), next="/")).status_code == 422
        await visitor.sign("/esoz", content=visitor.hidden("content"), next="/")
        assert visitor.page.headers["location"] == "/"


class TestChange:
    async def test_signed_then_changed_in_central(
        self, visitor: Visitor, declared: Identity, db: Connection, world: World
    ):
        await visitor.enters(declared)
        await visitor.open("/person/change")
        told = {name: value for name, value in TOLD.items() if name not in ("secret", "consent")}
        await visitor.send("/person/change", **told, email="new@example.com")
        await visitor.follow()
        assert "new@example.com" in visitor.text
        await visitor.sign(visitor.page.url.path)
        assert visitor.page.headers["location"] == "/person", visitor.text
        await visitor.follow()
        assert "Дані змінено" in visitor.text and "new@example.com" in visitor.text


class TestPages:
    @pytest.mark.parametrize("path", ["/", "/doctor", "/doctors", "/prescriptions", "/readings", "/person"])
    async def test_of_the_door_then_shown(self, visitor: Visitor, declared: Identity, path: str):
        await visitor.enters(declared)
        assert (await visitor.open(path)).status_code == 200, visitor.text
        assert "Дія" not in visitor.text.replace("Підписати в Дії", "")

    async def test_whom_no_register_knows_then_told_where_to_register(
        self, visitor: Visitor, newcomer: Identity, registers: Registers, work: Work, authority: Authority
    ):
        stranger = build.newcomers(work.today)[2]
        visitor.key = key_for(authority, work, stranger)
        await visitor.to_identification()
        await visitor.sign(f"{visitor.here}/key")
        await visitor.open(f"http://id.test{visitor.page.headers['location']}")
        await visitor.send(f"{visitor.here}/consent")
        await visitor.follow()
        await visitor.open("/register")
        await visitor.send("/register", **TOLD)
        assert visitor.page.status_code == 422 and "в кабінеті пацієнта" in visitor.text
