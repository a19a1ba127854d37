"""Complaints of patients as operators of the contact centre see and answer them."""

from datetime import timedelta
from uuid import uuid4

from esoz.central import people
from esoz.central.contact_centre.model import Event
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.factories.declarations import answered
from tests.factories.world import Caller

from .conftest import Browser
from .test_contact_centre import PATH, opened, told


class TestComplaints:
    PATH = f"{PATH}/complaints"

    async def test_waiting_then_listed_opened_answered(
        self, operator: Browser, patient: Caller, clock: FixedClock, db: Connection
    ) -> None:
        assert "Скарг, які чекають відповіді, немає" in (await operator.get(self.PATH)).text
        await patient.get("/api/pis/person")
        [line] = answered(await patient.get("/api/pis/access_log", page_size=1))["data"]
        about = {"at": line["at"], "event": line["event"]}
        text = "Я цього не відкривала. <b>Перевірте</b>"
        made = answered(await patient.post("/api/pis/access_complaints", {"text": text, "about": about}))["data"]
        page = await operator.get(self.PATH)
        assert f"{self.PATH}/{made['id']}" in page.text and "22.12.2026" in page.text and "строк минув" not in page.text
        page = await operator.get(f"{self.PATH}/{made['id']}")
        for words in ("Савченко Тетяна Андріївна", "&lt;b&gt;Перевірте", "Картка особи: переглянути", "Сама людина"):
            assert words in page.text, words
        page = await operator.send(f"{self.PATH}/{made['id']}", answer="коротко")
        assert page.status_code == 422 and "Напишіть відповідь" in page.text and "коротко" in page.text
        # Each showing of the complaint leaves its line, the one with a fault too.
        assert await db.fetchval("select count(*) from audit_events where event = $1", Event.COMPLAINT_READ) == 2
        answer = await operator.send(f"{self.PATH}/{made['id']}", answer="Це Ваш власний перегляд.")
        assert answer.headers["location"] == self.PATH
        answer = await operator.send(f"{self.PATH}/{made['id']}", answer="Інша відповідь другого оператора.")
        page = await operator.get(answer.headers["location"])
        assert "На цю скаргу вже відповіли" in page.text and "Це Ваш власний перегляд." in page.text
        assert made["id"] in (await operator.get(self.PATH, status="ANSWERED")).text
        assert made["id"] not in (await operator.get(self.PATH)).text
        events = [line["event"] for line in answered(await patient.get("/api/pis/access_log"))["data"]]
        assert {"access_complaint.read", "access_complaint.answered"} <= set(events)

    async def test_answered_by_two_clicks_then_once_and_without_a_warning(
        self, operator: Browser, patient: Caller, db: Connection
    ) -> None:
        body = {"text": "Хто відкривав мої дані?"}
        made = answered(await patient.post("/api/pis/access_complaints", body))["data"]
        await operator.get(f"{self.PATH}/{made['id']}")
        for _ in range(2):
            answer = await operator.send(f"{self.PATH}/{made['id']}", answer="Лікарка, яку Ви обрали.")
            assert answer.headers["location"] == self.PATH
        assert await db.fetchval("select count(*) from audit_events where event = 'access_complaint.answered'") == 1

    async def test_about_an_operator_then_told_by_the_office(
        self, operator: Browser, patient: Caller, work: Work
    ) -> None:
        assert patient.person_id is not None
        await opened(operator, await people.find_person(work.db, patient.person_id))
        log = answered(await patient.get("/api/pis/access_log"))["data"]
        line = next(each for each in log if each["event"] == "contact_centre.card_read")
        about = {"at": line["at"], "event": line["event"]}
        body = {"text": "Я до контакт-центру не зверталася.", "about": about}
        made = answered(await patient.post("/api/pis/access_complaints", body))["data"]
        page = await operator.get(f"{self.PATH}/{made['id']}")
        assert "Оператор контакт-центру" in page.text and "ЕСОЗ, автоматично" not in page.text
        # CC-6
        answer = await operator.send(f"{self.PATH}/{made['id']}", answer="Я мав на це право, не турбуйтеся.")
        page = await operator.get(answer.headers["location"])
        assert "Відповісти на неї має інший оператор" in page.text
        await work.db.execute("update access_complaints set about_at = null, about_event = null")
        answer = await operator.send(f"{self.PATH}/{made['id']}", answer="Оператор мав на це право: Ви зверталися.")
        assert answer.headers["location"] == self.PATH

    # CC-5
    async def test_after_its_term_then_marked(
        self, operator: Browser, patient: Caller, work: Work, db: Connection
    ) -> None:
        await patient.post("/api/pis/access_complaints", {"text": "Хто відкривав мої дані?"})
        for day, is_late in ((work.today, False), (work.today - timedelta(days=1), True)):
            await db.execute("update access_complaints set answer_until = $1", day)
            assert ("строк минув" in (await operator.get(self.PATH)).text) is is_late

    async def test_card_of_who_complains_then_opened_with_the_complaint_as_reason(
        self, operator: Browser, patient: Caller, db: Connection
    ) -> None:
        made = answered(await patient.post("/api/pis/access_complaints", {"text": "Хто відкривав мої дані?"}))["data"]
        await operator.get(f"{self.PATH}/{made['id']}")
        answer = await operator.send(f"{self.PATH}/{made['id']}/case")
        page = await operator.get(answer.headers["location"])
        assert "Скарга від 22.11.2026" in page.text
        assert {line["user"]["reason"] for line in await told(patient)} == {"COMPLAINT"}

    async def test_one_that_is_not_there_then_404(self, operator: Browser) -> None:
        await operator.get(PATH)
        for place in (f"{self.PATH}/{uuid4()}", f"{self.PATH}/x"):
            assert (await operator.get(place)).status_code == 404
            assert (await operator.send(place, answer="Відповідь, якої ніхто не чекає.")).status_code == 404
            assert (await operator.send(f"{place}/case")).status_code == 404
