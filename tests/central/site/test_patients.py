"""Pages of patients on the way to a cabinet that redirects: registration, and acting for a child."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import identity, pis
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.pis.test_confidant import PAPER, child
from tests.central.pis.test_sign_up import PHONE, Cabinet, names_of, newcomer, registration  # noqa: F401 a fixture
from tests.factories.world import Caller

from .conftest import Browser

# ruff: noqa: F811 fixtures of other folders are imported and then named as arguments

CABINET_SECRET, BACK = "the secret of the cabinet", "https://cabinet.test/back"


@dataclass
class Way:
    """The browser of a patient whom a cabinet sends to central's pages."""

    browser: Browser
    cabinet: Cabinet
    patient: Caller

    def query(self, document: str = "", scope: str = "person:sign_in") -> str:
        asked = f"client_id={self.patient.client_id}&redirect_uri={BACK}&scope={scope}&state=xyz"
        return f"{asked}&user_data={quote(document, safe='')}" if document else asked

    async def open(self, page: str, document: str = "", **asked: str) -> httpx.Response:
        return await self.browser.get(f"/{page}?{self.query(document, **asked)}")

    async def answer(self, page: str, document: str = "", answer: str = "yes", **fields: str) -> httpx.Response:
        return await self.browser.send(f"/{page}?{self.query()}", user_data=document, answer=answer, **fields)

    async def come_in(self) -> httpx.Response:
        """By the request that was signed in the cabinet; ends on the page of consent."""
        document = self.patient.sign({"jwt": await self.cabinet.jwt()})
        await self.open("sign-in", document)
        response = await self.answer("sign-in/brought", document)
        return await self.browser.get(response.headers["location"])

    async def tokens(self, response: httpx.Response) -> dict[str, Any]:
        """What the cabinet gets for the code that the browser brought back."""
        code = self.brought(response)["code"][0]
        token = {
            "grant_type": "authorization_code",
            "client_id": str(self.patient.client_id),
            "client_secret": CABINET_SECRET,
            "code": code,
            "redirect_uri": BACK,
        }
        data: dict[str, Any] = (await self.cabinet.http.post("/oauth/tokens", json={"token": token})).json()["data"]
        return data

    def brought(self, response: httpx.Response) -> dict[str, list[str]]:
        address = re.search(r'href="(https://cabinet\.test[^"]+)"', response.text)
        assert address is not None, response.text
        return parse_qs(urlsplit(address[1].replace("&amp;", "&")).query)


@pytest.fixture
async def way(browser: Browser, patient: Caller, work: Work, db: Connection) -> Way:
    await db.execute("update clients set type = 'PIS' where id = $1", patient.client_id)
    broker = await db.fetchval("select id from brokers where kind = 'PIS'")
    await identity.connect(
        work, client_id=patient.client_id, broker_id=broker, redirect_uri=BACK, secret=CABINET_SECRET
    )
    return Way(browser, Cabinet(patient), patient)


# AUTH-32, AUTH-34
class TestSignIn:
    async def test_request_signed_in_the_cabinet_leads_to_consent_and_back_with_a_code(self, way: Way) -> None:
        page = await way.come_in()
        assert "Кабінет просить дозволу" in page.text and "Дані в реєстрі пацієнтів" in page.text
        returned = await way.browser.send(f"/consent?{way.query()}", answer="yes")
        assert way.brought(returned)["state"] == ["xyz"]
        assert (await way.tokens(returned))["details"]["scope"] == "person:sign_in"

    async def test_nobody_comes_in_before_they_say_so(self, way: Way) -> None:
        await way.open("sign-in", way.patient.sign({"jwt": await way.cabinet.jwt()}))
        assert (await way.browser.get("/account")).headers["location"].startswith("/sign-in")

    async def test_no_leads_back_with_access_denied(self, way: Way) -> None:
        document = way.patient.sign({"jwt": await way.cabinet.jwt()})
        await way.open("sign-in", document)
        assert way.brought(await way.answer("sign-in/brought", document, "no"))["error"] == ["access_denied"]

    async def test_request_that_is_over_is_told(self, way: Way) -> None:
        document = way.patient.sign({"jwt": "a.b.c"})
        await way.open("sign-in", document)
        response = await way.answer("sign-in/brought", document)
        assert response.status_code == 403 and "некоректний або прострочений" in response.text


class TestSignUp:
    async def test_registration_is_shown_confirmed_by_sms_and_leads_to_consent(
        self, way: Way, newcomer: Caller, db: Connection
    ) -> None:
        document = newcomer.sign(await registration(newcomer, way.cabinet))
        page = await way.open("sign-up", document)
        assert "Підтвердьте реєстрацію в ЕСОЗ" in page.text and PHONE in page.text
        assert await db.fetchval("select count(*) from persons where tax_id = $1", newcomer.tax_id) == 0
        page = await way.answer("sign-up", document)
        assert "Код із SMS" in page.text
        code = (await db.fetchval("select body from messages where channel = 'sms'")).rpartition(" ")[2]
        response = await way.answer("sign-up", document, otp=code)
        assert response.headers["location"].startswith("/consent?")
        await way.browser.get(response.headers["location"])
        returned = await way.browser.send(f"/consent?{way.query()}", answer="yes")
        person_id = await db.fetchval("select id from persons where tax_id = $1", newcomer.tax_id)
        user_id = UUID((await way.tokens(returned))["user_id"])
        assert await db.fetchval("select person_id from users where id = $1", user_id) == person_id

    async def test_wrong_code_is_told_and_the_third_is_the_last(
        self, way: Way, newcomer: Caller, db: Connection
    ) -> None:
        document = newcomer.sign(await registration(newcomer, way.cabinet))
        await way.open("sign-up", document)
        await way.answer("sign-up", document)
        pages = [await way.answer("sign-up", document, otp="0000") for _ in range(3)]
        assert "Код неправильний" in pages[0].text and "Спроби вичерпано" in pages[2].text
        assert "Код неправильний" in (await way.answer("sign-up", document, otp="абв")).text

    async def test_who_is_registered_is_told_to_sign_in(self, way: Way, newcomer: Caller, db: Connection) -> None:
        names = await names_of(way.patient, db)
        content = await registration(newcomer, way.cabinet, tax_id=way.patient.tax_id, **names)
        page = await way.open("sign-up", way.patient.sign(content))
        assert page.status_code == 403 and "Ви вже зареєстровані" in page.text

    # CB-2
    async def test_under_another_name_than_the_key_s_is_told_what_to_do(self, way: Way, newcomer: Caller) -> None:
        content = await registration(newcomer, way.cabinet, last_name="Вигаданюк")
        page = await way.open("sign-up", newcomer.sign(content))
        assert page.status_code == 403 and "інше ім’я або прізвище" in page.text

    async def test_refusing_leads_back_and_makes_nobody(self, way: Way, newcomer: Caller, db: Connection) -> None:
        before = await db.fetchval("select count(*) from persons")
        document = newcomer.sign(await registration(newcomer, way.cabinet))
        await way.open("sign-up", document)
        assert way.brought(await way.answer("sign-up", document, "no"))["error"] == ["access_denied"]
        assert await db.fetchval("select count(*) from persons") == before

    async def test_without_a_signed_request_is_explained(self, way: Way) -> None:
        page = await way.open("sign-up")
        assert page.status_code == 422 and "не передав підписаного запиту" in page.text

    async def test_client_of_workers_has_no_such_page(self, way: Way, asked: str) -> None:
        assert (await way.browser.get(f"/sign-up?{asked}")).status_code == 404


class TestForAnother:
    @pytest.fixture
    async def act(self, way: Way, work: Work) -> pis.CivilAct:
        found = pis.CivilAct(
            uuid4(), pis.ActKind.BIRTH, PAPER, "Малюк", "Марічка", date(2020, 5, 4), frozenset({way.patient.tax_id})
        )
        await pis.import_civil_acts(work, [found])
        return found

    async def registered(self, way: Way, newcomer: Caller) -> httpx.Response:
        document = way.patient.sign(await child(way.patient, newcomer, way.cabinet))
        page = await way.open("confidant/sign-up", document)
        assert "Малюк Марічка" in page.text
        token = re.search(r'name="token" value="([^"]+)"', page.text)
        assert token is not None
        return await way.answer("confidant/sign-up", document, token=token[1])

    async def test_parent_registers_a_child_and_the_cabinet_acts_for_the_child(
        self, way: Way, newcomer: Caller, act: pis.CivilAct, db: Connection
    ) -> None:
        await way.come_in()
        data = await way.tokens(await self.registered(way, newcomer))
        assert data["details"]["applicant_user_id"] == str(way.patient.user_id)
        born = "select p.birth_date from persons p join users u on u.person_id = p.id where u.id = $1"
        assert await db.fetchval(born, UUID(data["user_id"])) == date(2020, 5, 4)

    async def test_parent_chooses_the_child_without_a_signed_request(
        self, way: Way, newcomer: Caller, act: pis.CivilAct, db: Connection
    ) -> None:
        await way.come_in()
        await self.registered(way, newcomer)
        await way.come_in()
        page = await way.open("confidant/sign-in")
        assert "Малюк Марічка" in page.text
        assert "Оберіть, від чийого імені" in (await way.answer("confidant/sign-in")).text
        ward = await db.fetchval("select id from persons where last_name = 'Малюк'")
        data = await way.tokens(await way.answer("confidant/sign-in", person_id=str(ward)))
        assert data["details"]["applicant_user_id"] == str(way.patient.user_id)

    async def test_signed_request_names_the_child(self, way: Way, newcomer: Caller, act: pis.CivilAct) -> None:
        await way.come_in()
        await self.registered(way, newcomer)
        await way.come_in()
        named = {"last_name": "Малюк", "given_name": "Марічка"}
        document = way.patient.sign(named | {"document": {"type": "BIRTH_CERTIFICATE", "number": PAPER}})
        assert "Діяти від імені: Малюк Марічка?" in (await way.open("confidant/sign-in", document)).text
        assert "code" in way.brought(await way.answer("confidant/sign-in", document))

    async def test_nobody_acts_for_somebody_else_s_child(
        self, way: Way, newcomer: Caller, act: pis.CivilAct, db: Connection
    ) -> None:
        await way.come_in()
        await self.registered(way, newcomer)
        await db.execute(
            "update confidant_person_relationships set is_active = false where person_id = any(select id"
            " from persons where last_name = 'Малюк')"
        )
        await way.come_in()
        named = {"last_name": "Малюк", "given_name": "Марічка"}
        document = way.patient.sign(named | {"document": {"type": "BIRTH_CERTIFICATE", "number": PAPER}})
        page = await way.open("confidant/sign-in", document)
        assert page.status_code == 403 and "не представляєте цю людину" in page.text

    async def test_relation_that_no_register_knows_is_explained(self, way: Way, newcomer: Caller) -> None:
        await way.come_in()
        document = way.patient.sign(await child(way.patient, newcomer, way.cabinet))
        page = await way.open("confidant/sign-up", document)
        assert page.status_code == 403 and "Державні реєстри не підтверджують" in page.text

    async def test_who_is_not_signed_in_signs_in_first_and_comes_back(
        self, way: Way, newcomer: Caller, act: pis.CivilAct
    ) -> None:
        document = way.patient.sign(await child(way.patient, newcomer, way.cabinet))
        response = await way.open("confidant/sign-up", document)
        place = response.headers["location"]
        assert place.startswith("/sign-in/key?") and "way=confidant" in place
        await way.browser.get(place)
        own = way.patient.sign({"jwt": await way.cabinet.jwt()})
        place = place.replace("/sign-in/key", "/sign-in/brought")
        response = await way.browser.send(place, user_data=own, answer="yes")
        page = await way.browser.get(response.headers["location"])
        assert "Малюк Марічка" in page.text
