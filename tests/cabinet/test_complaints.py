"""A complaint about an access: written from the log, sent once, its answer read in the cabinet."""

import re
from datetime import timedelta
from html import unescape

from esoz.central import contact_centre, identity
from esoz.kernel.work import Actor, Work

from .conftest import NOW, last_events
from .test_readings import link, seen


class TestComplaint:
    async def test_about_a_line_then_its_words_and_where_to_call(self, patient, db, world, own):
        await seen(db, world, NOW - timedelta(hours=1, microseconds=17))
        await patient.open("/readings")
        await patient.open(link(patient, "Підозріло?"))
        for words in (
            "0-800-60-20-19",
            "1677",
            "Я, Савченко Тетяна Андріївна, прошу перевірити",
            "Подія: Переглянуто Ваші медичні записи.",
            "Хто: Юрченко Тетяна Миколаївна",
        ):
            assert words in patient.text, words
        assert await last_events(own, 1) == [("complaint.prepared", world.patient.person_id)]

    async def test_in_general_then_a_text_to_fill_in(self, patient):
        await patient.open("/readings/complaint")
        assert "прошу перевірити, чи законно" in patient.text

    async def test_about_a_line_that_is_not_mine_then_not_found(self, patient):
        answer = await patient.open("/readings/complaint", at="2026-01-01T00:00:00+00:00", event="job.viewed")
        assert answer.status_code == 404

    async def test_sent_then_waits_and_its_answer_is_read_here(self, patient, db, world, own, work):
        await seen(db, world, NOW - timedelta(hours=1, microseconds=17))
        await patient.open("/readings")
        await patient.open(link(patient, "Підозріло?"))
        about = {
            name: unescape(re.search(f'name="{name}" value="([^"]+)"', patient.page.text)[1])
            for name in ("at", "event")
        }
        text = "Я не зверталася до цього лікаря, перевірте."
        for _ in range(2):  # the same form again makes no second one
            await patient.open("/readings/complaint", **about)
            answer = await patient.post("/readings/complaint", complaint=text, **about)
            assert answer.headers["location"] == "/readings/complaints"
        await patient.open("/readings/complaints")
        assert patient.text.count(text) == 1 and "Чекає відповіді" in patient.text
        assert ("complaint.sent", world.patient.person_id) in await last_events(own, 3)
        row = await db.fetchrow("select id, person_id, about_event from access_complaints")
        assert (row["person_id"], row["about_event"]) == (world.patient.person_id, about["event"])
        operator = await identity.create_user(work, email="operator@esoz.example", password=None)
        asked = Work(Actor(user_id=operator.id), work.now, db, work.dependencies)
        await contact_centre.answer(asked, row["id"], "Лікар працює у Вашому закладі, доступ законний.")
        for page in ("1", "99"):
            await patient.open("/readings/complaints", page=page)
            assert "доступ законний" in patient.text and "Є відповідь" in patient.text

    async def test_other_words_about_the_same_line_then_the_first_one_waits(self, patient, db, world):
        at = NOW - timedelta(hours=1, microseconds=17)
        await seen(db, world, at)
        event = await db.fetchval("select event from audit_events where at = $1", at)
        for text in ("Перша скарга про це.", "Друга скарга про це."):
            await patient.open("/readings/complaint")
            await patient.post("/readings/complaint", complaint=text, at=at.isoformat(), event=event)
        await patient.open("/readings/complaints")
        assert "Нову не надіслано" in patient.text and "Друга скарга" not in patient.text

    async def test_too_short_or_long_then_said_and_what_was_typed_stays(self, patient, db):
        await patient.open("/readings/complaint")
        for text in ("", "коротко", "я" * 2001):
            answer = await patient.post("/readings/complaint", complaint=text)
            assert answer.status_code == 422 and "від 10 до 2000" in patient.text
            assert not text or text in patient.text
        assert await db.fetchval("select count(*) from access_complaints") == 0

    async def test_none_then_says_so(self, patient):
        await patient.open("/readings/complaints")
        assert "Ви ще ні на що не скаржилися" in patient.text
