"""The doctor's side of a referral, and the side of who answers it: pages against the real central."""

import base64
import re
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central.services import group_id
from esoz.kernel.db import Connection
from tests.factories import services
from tests.factories.world import World

from ..conftest import Browser, Post

ECG = str(services.id_of(services.ECG))


def offered(browser: Browser) -> bytes:
    """The exact bytes that the page gives to be signed."""
    assert browser.page is not None
    return base64.b64decode(browser.page.text.split('data-kep-content value="')[1].split('"')[0])


class Desk:
    """The doctor at work with one patient."""

    def __init__(self, browser: Browser, world: World, post: Post, patient_id: UUID, encounter_id: UUID) -> None:
        self.browser, self.world, self.post = browser, world, post
        self.patient_id, self.encounter_id = patient_id, encounter_id
        self.path = f"/patients/{patient_id}/referrals"

    async def fill_in(self, **changes: object) -> httpx.Response:
        await self.browser.get(f"{self.path}/new", encounter=str(self.encounter_id))
        values: dict[str, object] = {
            "service": ECG,
            "service_text": "ЕКГ",
            "programme": services.PROGRAMME,
            "note": "Перебої в роботі серця",
            "instruction": "Не їсти за годину",
        }
        return await self.browser.send(**(values | changes))

    async def sign(self) -> None:
        await self.browser.send(signed_content=self.world.doctor.sign(offered(self.browser)))
        await self.post.carry()

    async def written(self, of_central: Connection) -> tuple[str, str]:
        """A referral that central has: its id and its number."""
        await self.fill_in()
        await self.sign()
        id = await self.last_id()
        number: str = await of_central.fetchval("select requisition from service_requests where id = $1", UUID(id))
        return id, number

    async def last_id(self) -> str:
        """The referral that the page of its document leads to."""
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
        for words in ("11700-00", "Діагностичне обстеження", "Планово", "Програма медичних гарантій", "Не їсти"):
            assert words in browser.text, words
        await desk.sign()
        id = await desk.last_id()
        number = await of_central.fetchval("select requisition from service_requests where id = $1", UUID(id))
        await browser.get(f"{desk.path}/{id}")
        assert number in browser.text and "Чинне" in browser.text and "Перебої в роботі серця" in browser.text
        paper = await browser.client.get(f"{desk.path}/{id}/paper.pdf")
        assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
        await browser.get(desk.path)
        assert number in browser.text
        await browser.get("/referrals", way="sent", text=number[-4:])
        assert number in browser.text

    async def test_begun_for_one_patient_then_not_opened_for_another(self, desk: Desk) -> None:
        await desk.fill_in()
        assert desk.browser.page is not None
        document = str(desk.browser.page.url).split("/documents/")[1].split("/")[0]
        other = await desk.browser.get(f"/patients/{uuid4()}/referrals/new", document=document)
        assert other.status_code == 404

    async def test_with_nothing_typed_then_each_field_says_what_it_wants(self, desk: Desk) -> None:
        answer = await desk.fill_in(service="", service_text="", programme="", encounter="", priority="soon")
        assert answer.status_code == 422
        for words in ("Оберіть послугу", "Оберіть, хто оплачує", "Оберіть прийом", "наскільки це терміново"):
            assert words in desk.browser.text
        assert "Перебої в роботі серця" in answer.text  # what was typed stays

    async def test_when_the_programme_does_not_pay_then_said_at_the_field(self, desk: Desk) -> None:
        answer = await desk.fill_in(service=services.id_of(services.CONSULTATION))
        assert answer.status_code == 422 and "Програма не оплачує цю послугу" in desk.browser.text

    async def test_of_a_group_then_its_kind_is_asked_for(self, desk: Desk) -> None:
        answer = await desk.fill_in(service=group_id("B1"))
        assert answer.status_code == 422 and "Оберіть, що це за послуга" in desk.browser.text
        await desk.browser.send(category="diagnostic_procedure", service=group_id("B1"), programme="none")
        assert desk.browser.path.endswith("/sign"), desk.browser.text

    async def test_picker_then_services_by_name_and_code(self, desk: Desk) -> None:
        for typed in ("кардіо", "11700"):
            found = (await desk.browser.client.get("/referrals/services", params={"q": typed})).json()
            assert {"value": ECG, "text": "11700-00 Інша електрокардіографія [ЕКГ]"} in found, typed
        assert (await desk.browser.client.get("/referrals/services", params={"q": "е"})).json() == []


class TestEnding:
    async def test_recalled_by_a_signature_over_the_whole_text(self, desk: Desk, of_central: Connection) -> None:
        browser = desk.browser
        id, number = await desk.written(of_central)
        await browser.get(f"{desk.path}/{id}/recall")
        answer = await browser.send()
        assert answer.status_code == 422 and "Оберіть причину" in browser.text
        await browser.send(reason="default", letter="Пацієнтові вже зробили")
        assert browser.path.endswith("/sign") and number in browser.text and "Пацієнтові вже зробили" in browser.text
        await desk.sign()
        await browser.get(f"{desk.path}/{id}")
        assert "Відкликано" in browser.text

    async def test_of_another_word_or_referral_then_not_found(self, desk: Desk, of_central: Connection) -> None:
        id, _number = await desk.written(of_central)
        assert (await desk.browser.get(f"{desk.path}/{id}/burn")).status_code == 404
        assert (await desk.browser.get(f"{desk.path}/{uuid4()}")).status_code == 404


class TestAnswering:
    async def test_found_taken_and_completed(self, desk: Desk, of_central: Connection) -> None:
        browser = desk.browser
        id, number = await desk.written(of_central)
        await browser.get("/referrals/found", number=number.replace("-", " "))
        person = desk.world.persons[0]
        assert person.last_name in browser.text and "Інша електрокардіографія" in browser.text
        await browser.send("/referrals/found")
        assert browser.path == f"/referrals/{id}" and "береться в роботу" in browser.text
        await desk.post.carry()
        await browser.get(f"/referrals/{id}")
        assert "У роботі" in browser.text and "Завершити" in browser.text
        answer = await browser.send(f"/referrals/{id}/complete", answer="encounter:nonsense")
        assert answer.status_code == 422
        await browser.send(f"/referrals/{id}/complete", answer=f"encounter:{desk.encounter_id}")
        await desk.post.carry()
        await browser.get(f"/referrals/{id}")
        assert "Виконано" in browser.text
        row = await of_central.fetchrow("select * from service_requests where id = $1", UUID(id))
        assert row["status"] == "completed"
        await browser.get("/referrals", text=number)
        assert number in browser.text and "Виконано" in browser.text

    async def test_given_back_then_free_again(self, desk: Desk, of_central: Connection) -> None:
        browser = desk.browser
        id, number = await desk.written(of_central)
        await browser.get("/referrals/found", number=number)
        await browser.send("/referrals/found")
        await desk.post.carry()
        await browser.get(f"/referrals/{id}")
        await browser.send(f"/referrals/{id}/release")
        await desk.post.carry()
        await browser.get(f"/referrals/{id}")
        assert (
            await of_central.fetchval("select used_by_legal_entity_id from service_requests where id = $1", UUID(id))
            is None
        )
        await browser.get("/referrals/found", number=number)
        assert "Взяти в роботу" in browser.text

    async def test_recalled_meanwhile_then_central_refuses_in_words(self, desk: Desk, of_central: Connection) -> None:
        browser = desk.browser
        id, number = await desk.written(of_central)
        await browser.get("/referrals/found", number=number)
        async with of_central.transaction():
            await of_central.execute("update service_requests set status = 'recalled' where id = $1", UUID(id))
        await browser.send("/referrals/found")
        await desk.post.carry()
        await browser.get(f"/referrals/{id}")
        assert "Направлення вже виконано, відкликано або скасовано" in browser.text

    @pytest.mark.parametrize("number", ["", "1234", "0000-0000-0000-0000", "<b>", "A" * 200, "١" * 16])
    async def test_odd_number_then_words_beside_the_field(self, doctor: Browser, number: str, programme: UUID) -> None:
        answer = await doctor.get("/referrals/found", number=number)
        assert answer.status_code == 422 and "номер" in doctor.text

    async def test_of_nothing_then_not_found(self, doctor: Browser) -> None:
        assert (await doctor.get(f"/referrals/{uuid4()}")).status_code == 404
