"""A patient changes their own data: the forms, scans, the signature, the history, every refusal."""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from esoz.cabinet.errors import explain
from esoz.kernel.db import Connection
from esoz.sdk import CentralRefused
from tests.factories.scans import jpeg
from tests.factories.world import World

from .conftest import Browser, Road, error, last_events

ADDRESS = {"street_type": "STREET", "street": "Лісова", "building": "7"}
CONTACTS = {
    "phone": "050 111 22 33",
    "email": "t@example.com",
    "contact_last_name": "Іваненко",
    "contact_first_name": "Петро",
    "contact_phone": "0501234567",
}


async def asks(patient: Browser, part: str, **fields: str) -> httpx.Response:
    """Fill in the form of a part and open what it leads to."""
    await patient.open(f"/person/change/{part}")
    answer = await patient.post(f"/person/change/{part}", **fields)
    if answer.status_code == 303:
        await patient.open(answer.headers["location"])
    return answer


async def signs(patient: Browser, path: str) -> httpx.Response:
    content = patient.to_be_signed
    signed = patient.world.patient.sign(content)
    return await patient.post(f"{path}/sign", signed_content=signed, content=base64.b64encode(content).decode())


async def surname(db: Connection, world: World) -> Any:
    return await db.fetchval("select last_name from persons where id = $1", world.patient.person_id)


# CB-4
class TestChange:
    async def test_telephone_then_signed_and_changed(
        self, patient: Browser, db: Connection, world: World, own: Connection
    ) -> None:
        answer = await asks(patient, "contacts", **CONTACTS)
        assert answer.status_code == 303, patient.text
        for words in ("Перевірте й підпишіть зміну", "+380501112233", "t@example.com", "Іваненко Петро"):
            assert words in patient.text
        answer = await signs(patient, answer.headers["location"])
        assert answer.headers.get("location") == "/person", patient.text
        await patient.open("/person")
        assert "Дані змінено." in patient.text
        phones = await db.fetchval("select phones from persons where id = $1", world.patient.person_id)
        assert [each["number"] for each in phones] == ["+380501112233"]
        assert ("own_change.signed", world.patient.person_id) in await last_events(own, 3)

    async def test_form_then_shows_the_data_as_they_stand(self, patient: Browser, db: Connection) -> None:
        await patient.open("/person/change/name")
        assert 'value="Савченко"' in patient.page.text
        await patient.open("/person/change/address")
        assert "data-picker-value" in patient.page.text and "Київ" in patient.page.text

    async def test_address_then_doctors_are_looked_for_around_it(
        self, patient: Browser, db: Connection, road: Road
    ) -> None:
        await patient.open("/doctors")
        await patient.open("/doctors")
        asked = road.count("/api/pis/person")
        id = await db.fetchval("select id from settlements where name = 'Вінниця'")
        answer = await asks(patient, "address", settlement=str(id), **ADDRESS)
        await signs(patient, answer.headers["location"])
        await patient.open("/doctors")
        await patient.open("/doctors")
        assert road.count("/api/pis/person") == asked + 3  # the form twice, the search once

    async def test_address_then_of_the_register(self, patient: Browser, db: Connection, world: World) -> None:
        id = await db.fetchval("select id from settlements where name = 'Вінниця'")
        answer = await asks(patient, "address", settlement=str(id), **ADDRESS)
        assert answer.status_code == 303, patient.text
        await signs(patient, answer.headers["location"])
        addresses = await db.fetchval("select addresses from persons where id = $1", world.patient.person_id)
        assert [(each["settlement"], each["street"]) for each in addresses] == [("Вінниця", "Лісова")]

    async def test_settlement_without_scripts_then_found_by_the_button(self, patient: Browser) -> None:
        answer = await asks(patient, "address", find="settlement", settlement_text="Вінниця", **ADDRESS)
        assert answer.status_code == 200
        assert "Вінниця, Вінницький, Вінницька" in patient.text
        found = (await patient.open("/person/settlements", q="Вінн")).json()
        assert "Вінниця, Вінницький, Вінницька" in [each["text"] for each in found]

    async def test_surname_then_a_scan_first_and_then_the_signature(
        self, patient: Browser, db: Connection, world: World
    ) -> None:
        answer = await asks(patient, "name", last_name="Мар'яненко", first_name="Тетяна", second_name="Андріївна")
        assert answer.status_code == 303, patient.text
        path = answer.headers["location"]
        assert "Надішліть знімки документів" in patient.text
        assert "data-kep-content" not in patient.page.text
        form = {"csrf": patient.csrf, "type": "PASSPORT"}
        sent = await patient.client.post(f"{path}/scan", data=form, files={"scan": ("a.jpg", jpeg(), "image/jpeg")})
        assert sent.headers.get("location") == path, sent.text
        await patient.open(path)
        assert "Отримано" in patient.text
        answer = await signs(patient, path)
        assert answer.headers.get("location") == "/person", patient.text
        assert await surname(db, world) == "Мар'яненко"

    async def test_new_id_card_then_in_the_place_of_the_passport(
        self, patient: Browser, db: Connection, world: World
    ) -> None:
        born = await db.fetchval("select birth_date from persons where id = $1", world.patient.person_id)
        days = {"issued_at_day": "1", "issued_at_month": "2", "issued_at_year": "2024"}
        days |= {"expiration_date_day": "1", "expiration_date_month": "2", "expiration_date_year": "2034"}
        paper = {"type": "NATIONAL_ID", "number": "001234567", "issued_by": "8030", "unzr": f"{born:%Y%m%d}-01234"}
        answer = await asks(patient, "document", **paper, **days)
        assert answer.status_code == 303, patient.text
        assert "001234567" in patient.text
        request = await db.fetchval("select details from person_requests")
        assert [each["type"] for each in request["documents"]] == ["NATIONAL_ID"]

    async def test_given_up_then_nothing_changed(self, patient: Browser, db: Connection, world: World) -> None:
        before = await surname(db, world)
        answer = await asks(patient, "name", last_name="Мар’яненко", first_name="Тетяна", second_name="")
        path = answer.headers["location"]
        answer = await patient.post(f"{path}/give-up")
        assert answer.headers["location"] == "/person"
        assert await surname(db, world) == before
        await patient.open(path)
        assert "Скасовано" in patient.text and "Підписати зміну" not in patient.text


class TestRefusals:
    async def test_faults_then_beside_their_fields(self, patient: Browser) -> None:
        answer = await asks(patient, "contacts", **(CONTACTS | {"phone": "12", "email": "x"}))
        assert answer.status_code == 422
        assert "Введіть номер телефону, наприклад" in patient.text
        assert 'value="Іваненко"' in patient.page.text
        answer = await asks(patient, "name", last_name="Smith", first_name="", second_name="")
        assert "Введіть українськими літерами." in patient.text and "Введіть ім’я." in patient.text

    async def test_central_refuses_then_told_and_what_was_typed_stays(self, patient: Browser, road: Any) -> None:
        road.answers["POST /api/pis/person_requests"] = error(422, "validation_failed", "Invalid birth date.")
        answer = await asks(patient, "contacts", **CONTACTS)
        assert answer.status_code == 422
        assert "ЕСОЗ не прийняла зміни" in patient.text and 'value="t@example.com"' in patient.page.text

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff only the beginning"])
    async def test_no_picture_then_told_at_its_field(self, patient: Browser, content: bytes) -> None:
        answer = await asks(patient, "name", last_name="Мар’яненко", first_name="Тетяна", second_name="")
        path, form = answer.headers["location"], {"csrf": patient.csrf, "type": "PASSPORT"}
        sent = await patient.client.post(f"{path}/scan", data=form, files={"scan": ("a.jpg", content, "image/jpeg")})
        assert sent.status_code == 422
        assert 'id="scan-PASSPORT-error"' in sent.text

    async def test_scan_that_nobody_asked_for_then_not_found(self, patient: Browser) -> None:
        answer = await asks(patient, "contacts", **CONTACTS)
        path, form = answer.headers["location"], {"csrf": patient.csrf, "type": "PASSPORT"}
        sent = await patient.client.post(f"{path}/scan", data=form, files={"scan": ("a.jpg", jpeg(), "image/jpeg")})
        assert sent.status_code == 404

    async def test_other_text_signed_then_again(self, patient: Browser, db: Connection, world: World) -> None:
        answer = await asks(patient, "contacts", **CONTACTS)
        path, content = answer.headers["location"], json.loads(patient.to_be_signed)
        content["person"]["email"] = "other@example.com"
        raw = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        signed = {"signed_content": world.patient.sign(raw), "content": base64.b64encode(raw).decode()}
        answer = await patient.post(f"{path}/sign", **signed)
        assert answer.status_code == 422 and "Сторінка застаріла" in patient.text

    async def test_signed_twice_then_told(self, patient: Browser) -> None:
        answer = await asks(patient, "contacts", **CONTACTS)
        path, content = answer.headers["location"], patient.to_be_signed
        fields = {
            "signed_content": patient.world.patient.sign(content),
            "content": base64.b64encode(content).decode(),
        }
        first = await patient.post(f"{path}/sign", **fields)
        assert first.headers["location"] == "/person"
        await patient.open(path)
        assert (await patient.post(f"{path}/sign", **fields)).status_code == 422

    async def test_day_over_then_no_signature_any_more(self, patient: Browser, clock: Any) -> None:
        answer = await asks(patient, "contacts", **CONTACTS)
        path = answer.headers["location"]
        clock.forward(timedelta(days=1))
        await patient.open("/sign-in")
        await patient.sign_in()
        await patient.open(path)
        assert "Строк минув" in patient.text and "data-kep-content" not in patient.page.text

    async def test_another_s_or_unknown_then_not_found(self, patient: Browser) -> None:
        assert (await patient.open(f"/person/changes/{uuid4()}")).status_code == 404
        assert (await patient.open("/person/changes/x")).status_code == 404
        assert (await patient.open("/person/change/secret")).status_code == 404


class TestHistory:
    async def test_changes_then_listed_newest_first(self, patient: Browser, clock: Any) -> None:
        await patient.open("/person/changes")
        assert "За останні 30 днів Ваших даних не змінювали" in patient.text
        answer = await asks(patient, "contacts", **CONTACTS)
        await signs(patient, answer.headers["location"])
        clock.forward(timedelta(minutes=1))
        await asks(patient, "contacts", **(CONTACTS | {"email": ""}))
        await patient.open("/person/changes")
        assert patient.text.index("Чекає на підпис") < patient.text.index("Змінено")
        assert (await patient.open("/person/changes?page=99")).status_code == 200


def test_change_that_is_over_then_not_told_of_a_declaration() -> None:
    """Central has the same words for every request that is over."""
    [told] = explain(CentralRefused(409, "request_conflict", "Invalid transition"))
    assert "заявку вже завершено" in told.text
