"""The doctor's side of a medical conclusion: pages against the real central."""

import base64
import re
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.kernel.db import Connection
from tests.factories.world import World

from ..conftest import NOW, Browser, Post

ILLNESS = "TEMPORARY_DISABILITY/TD_ILLNESS"
TODAY = NOW.date()


def offered(browser: Browser) -> bytes:
    """The exact bytes that the page gives to be signed."""
    assert browser.page is not None
    return base64.b64decode(browser.page.text.split('data-kep-content value="')[1].split('"')[0])


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


class Desk:
    """The doctor at work with one patient."""

    def __init__(self, browser: Browser, world: World, post: Post, patient_id: UUID, encounter_id: UUID) -> None:
        self.browser, self.world, self.post = browser, world, post
        self.patient_id, self.encounter_id = patient_id, encounter_id
        self.path = f"/patients/{patient_id}/conclusions"

    async def fill_in(self, **changes: object) -> httpx.Response:
        await self.browser.get(f"{self.path}/new", encounter=str(self.encounter_id))
        values: dict[str, object] = {"kind": ILLNESS, "last": day(4), "words": "Потребує спокою <5 днів>"}
        return await self.browser.send(**(values | changes))

    async def sign(self) -> None:
        await self.browser.send(signed_content=self.world.doctor.sign(offered(self.browser)))
        await self.post.carry()

    async def written(self, of_central: Connection, **changes: object) -> tuple[str, str]:
        """A conclusion that central has: its id and its number."""
        await self.fill_in(**changes)
        assert self.browser.path.endswith("/sign"), self.browser.text
        await self.sign()
        id = await self.last_id()
        title: str = await of_central.fetchval("select title from compositions where id = $1", UUID(id))
        return id, title

    async def last_id(self) -> str:
        """The conclusion that the page of its document leads to."""
        await self.browser.get(self.browser.path)
        assert self.browser.page is not None
        found = re.search(rf"{self.path}/([0-9a-f-]{{36}})\"", self.browser.page.text)
        assert found is not None, self.browser.text
        return found[1]


@pytest.fixture
def desk(doctor: Browser, connected: World, post: Post, patient_id: UUID, encounter_id: UUID) -> Desk:
    return Desk(doctor, connected, post, patient_id, encounter_id)


class TestWriting:
    async def test_from_the_form_to_the_number_and_the_paper(self, desk: Desk, of_central: Connection) -> None:
        browser = desk.browser
        await desk.fill_in()
        assert browser.path.endswith("/sign"), browser.text
        for words in ("тимчасову непрацездатність", "загального характеру", "Потребує спокою", "22.11.2026"):
            assert words in browser.text, words
        await desk.sign()
        id = await desk.last_id()
        title = await of_central.fetchval("select title from compositions where id = $1", UUID(id))
        await browser.get(f"{desk.path}/{id}")
        assert title in browser.text and "Чинний" in browser.text and "Потребує спокою <5 днів>" in browser.text
        paper = await browser.client.get(f"{desk.path}/{id}/paper.pdf")
        assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
        await browser.get(desk.path)
        assert title in browser.text and "з 22.11.2026 до 26.11.2026 включно" in browser.text

    async def test_corrected_before_the_signature_then_the_same_number(self, desk: Desk) -> None:
        browser = desk.browser
        await desk.fill_in()
        first = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", browser.text)
        assert first is not None and browser.page is not None
        document = str(browser.page.url).split("/documents/")[1].split("/")[0]
        await browser.get(f"{desk.path}/new", document=document)
        await browser.send(last=day(2))
        assert first[0] in browser.text and "24.11.2026" in browser.text

    async def test_with_nothing_typed_then_each_field_says_what_it_wants(self, desk: Desk) -> None:
        answer = await desk.fill_in(kind="", encounter="", first="", last="")
        assert answer.status_code == 422
        for words in ("Оберіть, який висновок", "Оберіть прийом"):
            assert words in desk.browser.text
        await desk.fill_in(encounter=desk.encounter_id, first="", last="")
        for words in ("Вкажіть перший день", "Вкажіть останній день"):
            assert words in desk.browser.text, desk.browser.text

    # CM-5, CM-7: told before the signature, by the settings that central judges by
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"last": day(30)}, "Строк має бути від 1 до 30 дн."),
            ({"last": day(-1)}, "Останній день раніше за перший"),
            ({"first": day(-8)}, "Почати можна не раніше ніж 7 дн. тому"),
            ({"first": day(2)}, "Почати можна не пізніше ніж через 1 дн."),
            ({"kind": "TEMPORARY_DISABILITY/TD_CHILD", "last": day(14)}, "Строк має бути від 1 до 14 дн."),
            ({"relation": "replaces:nothing"}, "Оберіть висновок зі списку"),
            ({"kind": "NEWBORN/LIVE_BIRTH"}, "Такий висновок не складають для пацієнта"),
            ({"words": "а" * 4001}, "Текст задовгий"),
        ],
    )
    async def test_when_the_rules_refuse_then_said_at_the_field(
        self, desk: Desk, changes: dict[str, str], words: str
    ) -> None:
        answer = await desk.fill_in(**changes)
        assert answer.status_code == 422 and words in desk.browser.text

    # CM-10
    async def test_of_a_driver_then_with_the_conditions_of_admission(self, desk: Desk, of_central: Connection) -> None:
        browser = desk.browser
        driver = {"kind": "DRIVERS/DRIVERS_GROUP1", "last": day(365), "admissions": "01.01."}
        id, _number = await desk.written(of_central, **driver)
        await browser.get(f"{desk.path}/{id}")
        assert "Умови допуску" in browser.text and "Окуляри" in browser.text
        await browser.get(f"{desk.path}/{id}/mark")
        await browser.send(reason="default", letter="Помилка")
        assert "Окуляри" in browser.text
        await desk.sign()
        await browser.get(f"{desk.path}/{id}")
        assert "Внесено помилково" in browser.text
        answer = await desk.fill_in(encounter=desk.encounter_id, admissions="01.01.")
        assert answer.status_code == 422 and "лише у висновку для водіїв" in browser.text

    async def test_begun_for_one_patient_then_not_opened_for_another(self, desk: Desk) -> None:
        await desk.fill_in()
        assert desk.browser.page is not None
        document = str(desk.browser.page.url).split("/documents/")[1].split("/")[0]
        other = await desk.browser.get(f"/patients/{uuid4()}/conclusions/new", document=document)
        assert other.status_code == 404


class TestOnward:
    # CM-8, CM-9
    async def test_continued_from_the_next_day_and_replaced(self, desk: Desk, of_central: Connection) -> None:
        browser = desk.browser
        first, title = await desk.written(of_central)
        answer = await desk.fill_in(last=day(1))
        assert answer.status_code == 422 and f"У ці дні вже діє висновок {title}" in browser.text
        await browser.get(f"{desk.path}/{first}")
        assert "Продовжити" in browser.text and "Замінити" in browser.text
        relation = f"appends:{first}"
        wrong = await desk.fill_in(relation=relation, first=day(6), last=day(9))
        assert wrong.status_code == 422 and "наступного дня після попереднього" in browser.text
        second, _number = await desk.written(of_central, relation=relation, first=day(5), last=day(9))
        await browser.get(f"{desk.path}/{second}")
        assert "Продовжує" in browser.text and title in browser.text
        other = await desk.fill_in(kind="DRIVERS/DRIVERS_GROUP1", relation=f"replaces:{second}")
        assert other.status_code == 422 and "лише висновок того самого виду" in browser.text
        await desk.written(of_central, relation=f"replaces:{second}", first=day(5), last=day(7))
        await browser.get(desk.path)
        assert "Замінено" in browser.text

    async def test_when_central_refuses_then_its_meaning_and_the_way_to_the_field(
        self, desk: Desk, of_central: Connection
    ) -> None:
        browser = desk.browser
        await desk.fill_in()
        signing = browser.path
        content = offered(browser)
        await desk.written(of_central)  # another window was faster
        await browser.get(signing)
        await browser.send(signed_content=desk.world.doctor.sign(content))
        await desk.post.carry()
        await browser.get(signing.removesuffix("/sign"))
        assert "У ці дні вже діє інший висновок" in browser.text
        document = signing.split("/documents/")[1].split("/")[0]
        await browser.get(f"{desk.path}/new", document=document)
        assert browser.page is not None and 'id="last-error"' in browser.page.text
        await browser.send(first=day(0), last=day(0), kind="TEMPORARY_DISABILITY/TD_LIGHTER_WORK", relation="")
        assert "У ці дні вже діє висновок" in browser.text  # of the type, whatever the category
        await browser.send(kind="DRIVERS/DRIVERS_GROUP1", last=day(365))
        assert browser.path == signing, browser.text
        await desk.sign()
        await browser.get(signing.removesuffix("/sign"))
        assert "Прийнято" in browser.text


class TestMarking:
    # CM-11
    async def test_taken_back_by_a_signature_over_the_whole_text(self, desk: Desk, of_central: Connection) -> None:
        browser = desk.browser
        id, title = await desk.written(of_central)
        await browser.get(f"{desk.path}/{id}/mark")
        answer = await browser.send()
        assert answer.status_code == 422 and "Оберіть причину" in browser.text and "Поясніть" in browser.text
        await browser.send(reason="default", letter="Не той пацієнт")
        assert browser.path.endswith("/sign") and title in browser.text and "Не той пацієнт" in browser.text
        await desk.sign()
        await browser.get(f"{desk.path}/{id}")
        assert "Внесено помилково" in browser.text and "Не той пацієнт" in browser.text
        status = await of_central.fetchval("select status from compositions where id = $1", UUID(id))
        assert status == "ENTERED_IN_ERROR"
        paper = await browser.client.get(f"{desk.path}/{id}/paper.pdf")
        assert not paper.content.startswith(b"%PDF")

    async def test_told_again_then_another_message(self, desk: Desk, of_central: Connection) -> None:
        id, title = await desk.written(of_central)
        await desk.browser.get(f"{desk.path}/{id}")
        await desk.browser.send(f"{desk.path}/{id}/resend")
        assert "надсилається пацієнтові ще раз" in desk.browser.text
        await desk.post.carry()
        event = "composition.resent"
        assert await of_central.fetchval(
            "select exists (select from audit_events where event = $1 and resource_id = $2)", event, id
        )
        assert title

    async def test_of_nobody_then_not_found(self, desk: Desk) -> None:
        for path in ("", "/mark", "/paper.pdf"):
            assert (await desk.browser.get(f"{desk.path}/{uuid4()}{path}")).status_code == 404
