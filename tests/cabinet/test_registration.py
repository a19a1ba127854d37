"""A person with nothing but a key registers: the pages in their order, and every way in which they are refused."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from esoz.cabinet.registration import commands
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.identities import Identity
from esoz.signature import Authority, Subject
from tests.factories.world import Caller, World, key_for, with_key

from .conftest import BASE_URL, Browser, Cabinet, last_events

PHONE = "+380671234567"


@dataclass
class Applicant:
    """Somebody whom central does not know, at a browser."""

    browser: Browser
    who: Identity
    caller: Caller
    db: Connection

    async def comes(self) -> httpx.Response:
        return await self.browser.sign_in(self.caller)

    async def tells(self, step: str, **changes: str) -> httpx.Response:
        """Fill in a page of the registration, as somebody who knows their papers."""
        await self.browser.open(f"/register/{step}")
        assert self.browser.page.status_code == 200, self.browser.page.headers
        return await self.browser.post(f"/register/{step}", **(await self.answers(step) | changes))

    async def answers(self, step: str) -> dict[str, str]:
        who, day = self.who, self.who.birth_date
        if step == "about":
            born = {
                "birth_date_day": str(day.day),
                "birth_date_month": str(day.month),
                "birth_date_year": str(day.year),
            }
            place = {"birth_settlement": "Вінниця", "birth_country": "Україна"}
            return born | place | {"gender": who.gender, "secret": "калинонька"}
        if step == "document":
            issued = {"issued_at_day": "28", "issued_at_month": "2", "issued_at_year": "2017"}
            return issued | {"type": "PASSPORT", "number": who.passport, "issued_by": "Рокитнянським РВ"}
        if step == "address":
            id = await self.db.fetchval("select id from settlements where name = 'Вінниця'")
            return {"settlement": str(id), "street_type": "STREET", "street": "Садова", "building": "1а"}
        contact = {"contact_last_name": "Іваненко", "contact_first_name": "Петро", "contact_phone": "0501234567"}
        return {"phone": "067 123-45-67", "email": "", **contact}

    async def tells_all(self) -> None:
        for step in ("about", "document", "address", "contacts"):
            answer = await self.tells(step)
            assert answer.status_code == 303, self.browser.text

    async def signs(self, caller: Caller | None = None) -> httpx.Response:
        await self.browser.open("/register/sign")
        assert self.browser.page.status_code == 200, self.browser.text
        content = self.browser.to_be_signed
        signed = (caller or self.caller).sign(content)
        return await self.browser.post(
            "/register/sign", signed_content=signed, content=base64.b64encode(content).decode()
        )

    async def code(self) -> str:
        body = await self.db.fetchval("select body from messages where channel = 'sms' order by id desc limit 1")
        return str(body).rpartition(" ")[2]

    async def types(self, code: str) -> httpx.Response:
        await self.browser.open("/register/code")
        return await self.browser.post("/register/code", code=code)


@pytest.fixture
def newcomer(visitor: Browser, work: Work, authority: Authority, world: World, db: Connection) -> Applicant:
    """A grown-up who is not in the index: the next of the families that the world is made of."""
    families = list(build.families(work.today, 30))
    who = next(member for member in families[-1] if work.today.year - member.birth_date.year > 20)
    return Applicant(visitor, who, replace(world.patient, key=key_for(authority, work, who)), db)


# AUTH-32, CB-1, CB-2
class TestWay:
    async def test_key_unknown_to_central_then_led_to_the_registration(self, newcomer: Applicant) -> None:
        answer = await newcomer.comes()
        assert (answer.status_code, answer.headers["location"]) == (303, "/register")
        answer = await newcomer.browser.open("/register")
        assert answer.headers["location"] == "/register/about"
        await newcomer.browser.open("/register/about")
        for words in (newcomer.who.full_name, newcomer.who.tax_id, "Вас ще немає в ЕСОЗ"):
            assert words in newcomer.browser.text

    async def test_all_told_signed_and_confirmed_then_registered_and_at_home(
        self, newcomer: Applicant, db: Connection, own: Connection
    ) -> None:
        await newcomer.comes()
        await newcomer.tells_all()
        answer = await newcomer.signs()
        assert answer.headers.get("location") == "/register/code", newcomer.browser.text
        answer = await newcomer.types(await newcomer.code())
        assert answer.headers.get("location") == "/", newcomer.browser.text
        await newcomer.browser.open("/")
        assert f"Вітаємо, {newcomer.who.first_name}!" in newcomer.browser.text
        person = await db.fetchrow("select * from persons where tax_id = $1", newcomer.who.tax_id)
        assert (person["last_name"], person["secret"]) == (newcomer.who.last_name, "калинонька")
        assert person["second_name"] == newcomer.who.second_name
        phones = await db.fetch("select phone_number from authentication_methods where person_id = $1", person["id"])
        assert [row["phone_number"] for row in phones] == [PHONE]
        assert await own.fetchval("select count(*) from registrations") == 0
        assert ("registration.completed", person["id"]) in await last_events(own, 3)

    async def test_what_was_told_then_lies_sealed(self, newcomer: Applicant, own: Connection) -> None:
        await newcomer.comes()
        await newcomer.tells("about")
        row, session = await own.fetchrow("select * from registrations"), await own.fetchrow("select * from sessions")
        for secret in ("калинонька", newcomer.who.tax_id, newcomer.who.last_name):
            assert secret.encode() not in row["content"] + row["holder"]
            assert secret not in repr(dict(session))

    async def test_session_lost_then_the_same_key_comes_back_to_the_same_page(self, newcomer: Applicant) -> None:
        await newcomer.comes()
        await newcomer.tells("about")
        newcomer.browser.client.cookies.clear()
        await newcomer.comes()
        answer = await newcomer.browser.open("/register")
        assert answer.headers["location"] == "/register/document"
        await newcomer.browser.open("/register/about")
        assert 'value="калинонька"' in newcomer.browser.page.text

    async def test_nothing_of_another_key_then_shown(
        self, newcomer: Applicant, authority: Authority, world: World
    ) -> None:
        await newcomer.comes()
        await newcomer.tells("about")
        other = with_key(authority, world.patient, Subject("Невідомий", "Нестор Несторович", drfo="1111111118"))
        newcomer.browser.client.cookies.clear()
        await newcomer.browser.sign_in(other)
        answer = await newcomer.browser.open("/register")
        assert answer.headers["location"] == "/register/about"

    @pytest.mark.parametrize("path", ["", "/about", "/sign", "/code", "/settlements?q=Пол"])
    async def test_without_a_key_then_led_to_sign_in(self, visitor: Browser, path: str) -> None:
        answer = await visitor.open(f"/register{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")

    async def test_patient_signed_in_then_led_home(self, patient: Browser) -> None:
        assert (await patient.open("/register/about")).headers["location"] == "/"

    async def test_page_ahead_of_what_was_told_then_led_back(self, newcomer: Applicant) -> None:
        await newcomer.comes()
        for step in ("document", "address", "contacts", "sign", "code"):
            answer = await newcomer.browser.open(f"/register/{step}")
            assert answer.headers["location"] == "/register/about"
        assert (await newcomer.browser.open("/register/letter")).status_code == 404

    async def test_nobody_came_back_then_forgotten(
        self, newcomer: Applicant, cabinet: Cabinet, clock: Any, own: Connection
    ) -> None:
        await newcomer.comes()
        await newcomer.tells("about")
        clock.forward(timedelta(days=3) - timedelta(seconds=1))
        await commands.forget_old(cabinet.services)
        assert await own.fetchval("select count(*) from registrations") == 1
        clock.forward(timedelta(seconds=2))
        await commands.forget_old(cabinet.services)
        assert await own.fetchval("select count(*) from registrations") == 0


class TestPages:
    async def test_faults_then_told_beside_fields_and_what_was_typed_stays(self, newcomer: Applicant) -> None:
        await newcomer.comes()
        answer = await newcomer.tells("about", secret="коротк"[:5], birth_settlement="", birth_date_month="13")
        assert answer.status_code == 422
        for words in ("Придумайте слово-пароль", "Введіть місто або село", "Введіть справжню дату"):
            assert words in newcomer.browser.text
        assert 'value="корот"' in newcomer.browser.page.text

    async def test_address_by_a_part_of_the_name_then_offered(self, newcomer: Applicant) -> None:
        await newcomer.comes()
        found = (await newcomer.browser.open("/register/settlements", q="Вінн")).json()
        assert "Вінниця, Вінницький, Вінницька" in [each["text"] for each in found]
        assert (await newcomer.browser.open("/register/settlements", q="В")).json() == []

    async def test_city_that_villages_are_called_after_then_stands_first(self, newcomer: Applicant) -> None:
        await newcomer.comes()
        found = (await newcomer.browser.open("/register/settlements", q="Полтав")).json()
        assert found[0]["text"] == "Полтава, Полтавський, Полтавська"
        assert len(found) == len({each["value"] for each in found}) > 1

    async def test_address_without_scripts_then_found_by_the_button(self, newcomer: Applicant) -> None:
        await newcomer.comes()
        await newcomer.tells("about")
        await newcomer.tells("document")
        answer = await newcomer.tells("address", settlement="", settlement_text="Вінниця", find="settlement")
        assert answer.status_code == 200
        assert "Вінниця, Вінницький, Вінницька" in newcomer.browser.text
        assert 'value="Садова"' in newcomer.browser.page.text

    async def test_changed_from_the_last_page_then_back_to_it(self, newcomer: Applicant) -> None:
        await newcomer.comes()
        await newcomer.tells_all()
        await newcomer.browser.open("/register/address?then=sign")
        assert "Вінниця, Вінницький, Вінницька" in newcomer.browser.page.text
        fields = await newcomer.answers("address") | {"street": "Лісова"}
        answer = await newcomer.browser.post("/register/address?then=sign", **fields)
        assert answer.headers["location"] == "/register/sign"
        await newcomer.browser.open("/register/sign")
        assert "Лісова" in newcomer.browser.text

    async def test_last_page_then_shows_all_that_is_signed(self, newcomer: Applicant) -> None:
        await newcomer.comes()
        await newcomer.tells_all()
        await newcomer.browser.open("/register/sign")
        content = json.loads(newcomer.browser.to_be_signed)
        assert content["patient_signed"] and content["process_disclosure_data_consent"]
        person = content["person"]
        assert "second_name" in person and "email" not in person
        told = (person["secret"], person["tax_id"], PHONE, person["documents"][0]["number"])
        for words in (*told, "28 лютого 2017", "Іваненко Петро"):
            assert words in newcomer.browser.text

    async def test_name_in_latin_letters_then_sent_to_a_clinic(
        self, visitor: Browser, authority: Authority, world: World
    ) -> None:
        other = with_key(authority, world.patient, Subject("Smith", "John", drfo="1111111118"))
        await visitor.sign_in(other)
        assert (await visitor.open("/register")).status_code == 422
        assert "Зверніться до будь-якого закладу з паспортом" in visitor.text


class TestSigning:
    async def test_signed_with_another_key_then_refused(
        self, newcomer: Applicant, world: World, db: Connection
    ) -> None:
        await newcomer.comes()
        await newcomer.tells_all()
        answer = await newcomer.signs(world.patient)
        assert answer.status_code == 422
        assert "Підписано ключем іншої людини" in newcomer.browser.text
        assert await db.fetchval("select count(*) from persons where tax_id = $1", newcomer.who.tax_id) == 0

    async def test_text_of_another_page_then_signed_anew(self, newcomer: Applicant) -> None:
        await newcomer.comes()
        await newcomer.tells_all()
        await newcomer.browser.open("/register/sign")
        content = newcomer.browser.to_be_signed.replace("Садова".encode(), "Лісова".encode())
        answer = await newcomer.browser.post(
            "/register/sign",
            signed_content=newcomer.caller.sign(content),
            content=base64.b64encode(content).decode(),
        )
        assert answer.status_code == 422
        assert "Сторінка застаріла" in newcomer.browser.text

    # PS-17
    async def test_document_is_of_somebody_registered_then_told_what_to_do(
        self, newcomer: Applicant, db: Connection
    ) -> None:
        other = await db.fetchrow(
            "select p.id, d.number_search from persons p join person_documents d on d.person_id = p.id"
            " where d.type = 'PASSPORT' and p.tax_id is not null limit 1"
        )
        await db.execute("delete from person_tax_ids where person_id = $1", other["id"])
        born = newcomer.who.birth_date
        await db.execute("update persons set tax_id = null, birth_date = $2 where id = $1", other["id"], born)
        await newcomer.comes()
        for step in ("about", "document", "address", "contacts"):
            await newcomer.tells(step, **({"number": other["number_search"]} if step == "document" else {}))
        answer = await newcomer.signs()
        assert answer.status_code == 422
        assert "Людину з таким документом уже зареєстровано" in newcomer.browser.text
        assert await db.fetchval("select count(*) from messages") == 0

    async def test_telephone_of_too_many_then_led_to_the_page_of_the_telephone(
        self, newcomer: Applicant, db: Connection
    ) -> None:
        await db.execute(
            "update authentication_methods set phone_number = $1 where type = 'OTP' and id in"
            " (select id from authentication_methods where type = 'OTP' limit 5)",
            PHONE,
        )
        await newcomer.comes()
        await newcomer.tells_all()
        answer = await newcomer.signs()
        assert answer.status_code == 422
        assert "цей номер уже підтверджує дії п’ятьох людей" in newcomer.browser.text
        assert 'href="/register/contacts?then=sign"' in newcomer.browser.page.text

    async def test_central_away_then_nothing_lost(self, newcomer: Applicant, road: Any) -> None:
        await newcomer.comes()
        await newcomer.tells_all()
        road.is_cut = True
        assert (await newcomer.browser.open("/register/sign")).status_code == 503
        road.is_cut = False
        await newcomer.signs()
        assert (await newcomer.types(await newcomer.code())).headers["location"] == "/"

    async def test_answer_lost_then_signed_again_and_registered_once(
        self, newcomer: Applicant, road: Any, db: Connection
    ) -> None:
        await db.execute("insert into verified_phones (phone_number, verified_at) values ($1, now())", PHONE)
        await newcomer.comes()
        await newcomer.tells_all()
        road.losing.append("after /api/pis/sign-up")
        assert (await newcomer.signs()).status_code == 503
        assert (await newcomer.signs()).headers["location"] == "/"
        assert await db.fetchval("select count(*) from persons where tax_id = $1", newcomer.who.tax_id) == 1


# OT-2
class TestCode:
    @pytest.fixture
    async def waiting(self, newcomer: Applicant) -> Applicant:
        await newcomer.comes()
        await newcomer.tells_all()
        await newcomer.signs()
        return newcomer

    async def test_wrong_code_then_asked_again_and_the_right_one_taken(
        self, waiting: Applicant, own: Connection
    ) -> None:
        right = await waiting.code()
        wrong = "1000" if right != "1000" else "1001"
        assert (await waiting.types(wrong)).status_code == 422
        assert "Код неправильний" in waiting.browser.text
        assert ("registration.code_refused", None) in await last_events(own, 3)
        assert (await waiting.types(right)).headers["location"] == "/"

    @pytest.mark.parametrize("typed", ["", "12", "12345", "абвг", "１２３４"])
    async def test_no_code_then_asked_for_four_digits(self, waiting: Applicant, typed: str) -> None:
        assert (await waiting.types(typed)).status_code == 422
        assert "Введіть чотири цифри з SMS" in waiting.browser.text

    async def test_another_code_then_the_first_one_is_void(self, waiting: Applicant, clock: Any) -> None:
        first = await waiting.code()
        clock.forward(timedelta(minutes=2))
        await waiting.browser.open("/register/code")
        answer = await waiting.browser.post("/register/code/again")
        assert answer.headers["location"] == "/register/code"
        second = await waiting.code()
        if first != second:
            assert (await waiting.types(first)).status_code == 422
        assert (await waiting.types(second)).headers["location"] == "/"

    async def test_codes_asked_for_too_often_then_told_to_wait(self, waiting: Applicant) -> None:
        for _ in range(4):
            await waiting.browser.open("/register/code")
            answer = await waiting.browser.post("/register/code/again")
        assert answer.status_code == 422
        assert "Зачекайте хвилину" in waiting.browser.text

    async def test_fifteen_minutes_over_then_signed_again(self, waiting: Applicant, clock: Any) -> None:
        code = await waiting.code()
        clock.forward(timedelta(minutes=16))
        answer = await waiting.types(code)
        assert answer.headers.get("location") == "/register/sign", waiting.browser.text
        await waiting.browser.open("/register/sign")
        assert "Час на введення коду минув" in waiting.browser.text

    async def test_three_wrong_codes_then_told_to_ask_for_another(self, waiting: Applicant) -> None:
        right = await waiting.code()
        wrong = "1000" if right != "1000" else "1001"
        for _ in range(4):
            await waiting.types(wrong)
        assert "Спроби вичерпано. Надішліть код ще раз." in waiting.browser.text

    async def test_number_changed_then_signed_anew(self, waiting: Applicant, db: Connection) -> None:
        await waiting.tells("contacts", phone="0507654321")
        assert (await waiting.browser.open("/register/code")).headers["location"] == "/register/sign"
        await waiting.signs()
        assert await db.fetchval("select recipient from messages order by id desc limit 1") == "+380507654321"

    async def test_two_browsers_at_once_then_one_person(
        self, waiting: Applicant, cabinet: Cabinet, world: World, db: Connection
    ) -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(cabinet), base_url=BASE_URL) as client:
            other = replace(waiting, browser=Browser(client, world))
            await other.comes()
            assert (await other.types(await waiting.code())).headers["location"] == "/"
        answer = await waiting.browser.open("/register")
        assert answer.headers["location"] == "/register/about"
        await waiting.comes()
        await waiting.browser.open("/")
        assert f"Вітаємо, {waiting.who.first_name}!" in waiting.browser.text
        assert await db.fetchval("select count(*) from persons where tax_id = $1", waiting.who.tax_id) == 1
