"""Referrals in the cabinet: list, number and codes, the sheet, what came of them; never somebody else's."""

import uuid
from datetime import date

import pytest

from esoz.cabinet.referrals import sheet
from esoz.cabinet.referrals.model import Referral, Status, words_of
from tests.central.service_requests.conftest import referring
from tests.factories.records import concept, ref
from tests.factories.service_requests import REASONS

from .conftest import last_events

__all__ = ["referring"]

CODES = "Штрихкод номера направлення"
CONTENT = {"id": "1", "requisition": "1111-2222", "status": "active", "expiration_date": "2026-03-09T21:59:59Z"}


class TestList:
    async def test_none_then_said_so(self, patient):
        await patient.open("/referrals")
        assert "Направлень ще немає." in patient.text

    async def test_then_service_number_status_and_until_when(self, patient, referring, own, world):
        made = await referring.written()
        await patient.open("/referrals")
        for words in (made["code"]["display_value"], made["requisition"], "Чинне", "включно"):
            assert words in patient.text
        assert await last_events(own, 1) == [("referrals.read", world.patient.person_id)]

    async def test_by_status_then_only_those(self, patient, referring):
        made = await referring.written()
        await referring.end("recall", made)
        await patient.open("/referrals", status="active")
        assert made["requisition"] not in patient.text
        assert "Направлень із таким станом, назвою або номером немає." in patient.text
        await patient.open("/referrals", status="recalled")
        assert made["requisition"] in patient.text and "Відкликано" in patient.text

    async def test_by_name_or_digits_then_found(self, patient, referring):
        made = await referring.written()
        name, number = made["code"]["display_value"], made["requisition"]
        for words in (name.split()[0][:4], number, number.replace("-", "")[3:11]):
            await patient.open("/referrals", words=words)
            assert f"/referrals/{made['id']}" in patient.page.text, words
        await patient.open("/referrals", words="рентген хребта")
        assert made["id"] not in patient.page.text


class TestOne:
    async def test_then_number_codes_who_wrote_and_nobody_took(self, patient, referring, own, world):
        made = await referring.written()
        await patient.open(f"/referrals/{made['id']}")
        shown = (
            made["code"]["display_value"],
            made["requester_employee"]["display_value"],
            made["requester_legal_entity"]["display_value"],
            "Планово",
            "Діагностичне обстеження",
            "Не їсти за годину до обстеження",
            "Жоден заклад ще не взяв направлення в роботу.",
        )
        for words in shown:
            assert words and words in patient.text, words
        assert CODES in patient.page.text
        assert await last_events(own, 1) == [("referral.read", world.patient.person_id)]

    async def test_taken_then_by_whom_and_no_codes(self, patient, referring, world):
        made = await referring.written()
        done = await referring.use(world.foreign_doctor, made["id"])
        assert done.json()["data"]["status"] == "processed", done.text
        await patient.open(f"/referrals/{made['id']}")
        taken = await referring.read(made["id"])
        assert taken["used_by_legal_entity"]["display_value"] in patient.text
        assert "У роботі" in patient.text and CODES not in patient.page.text

    async def test_completed_then_what_answered_it(self, patient, referring):
        made = await referring.written()
        await referring.use(referring.doctor, made["id"])
        of = referring.chart.visiting
        body = {
            "completed_with": ref("encounter", of.encounter),
            "status_reason": concept(REASONS["complete"], "default"),
        }
        done = await referring.act(referring.doctor, made["id"], "complete", body)
        assert done.json()["data"]["status"] == "processed", done.text
        await patient.open(f"/referrals/{made['id']}")
        assert "Виконано" in patient.text and f"/record/visits/{of.encounter}" in patient.page.text
        assert (await patient.open(f"/record/visits/{of.encounter}")).status_code == 200

    async def test_recalled_then_warned_and_no_codes(self, patient, referring):
        made = await referring.written()
        await referring.end("recall", made)
        await patient.open(f"/referrals/{made['id']}")
        assert "заклади його не приймуть" in patient.text and "Причина" in patient.text
        assert CODES not in patient.page.text

    @pytest.mark.parametrize("path", [f"/referrals/{uuid.UUID(int=1)}", "/referrals/1"])
    async def test_of_nobody_then_not_found(self, patient, path):
        assert (await patient.open(path)).status_code == 404

    async def test_of_another_patient_then_not_found(self, patient, referring, db, world):
        made = await referring.written()
        other = await db.fetchval("select id from persons where id <> $1 limit 1", world.patient.person_id)
        await db.execute("update service_requests set person_id = $2 where id = $1", uuid.UUID(made["id"]), other)
        for path in (f"/referrals/{made['id']}", f"/referrals/{made['id']}/sheet.pdf"):
            assert (await patient.open(path)).status_code == 404
            assert made["requisition"] not in patient.text


class TestSheet:
    async def test_then_a_page_with_the_number(self, patient, referring, own, world, monkeypatch):
        printed = {}
        inner = sheet.typeset

        def typeset(template, note, pictures):
            printed.update(note)
            return inner(template, note, pictures)

        monkeypatch.setattr(sheet, "typeset", typeset)
        made = await referring.written()
        await patient.open(f"/referrals/{made['id']}/sheet.pdf")
        assert patient.page.headers["content-type"] == "application/pdf" and patient.page.content.startswith(b"%PDF")
        assert (printed["number"], printed["priority"]) == (made["requisition"], "Планово")
        assert printed["category"] == "Діагностичне обстеження"
        assert printed["service"] == made["code"]["display_value"] != ""
        assert await last_events(own, 1) == [("referral.printed", world.patient.person_id)]

    async def test_recalled_then_back_to_its_page(self, patient, referring):
        made = await referring.written()
        await referring.end("recall", made)
        answer = await patient.open(f"/referrals/{made['id']}/sheet.pdf")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/referrals/{made['id']}")


class TestModel:
    @pytest.mark.parametrize(
        ("changes", "today", "status"),
        [
            ({}, date(2026, 3, 9), Status.ACTIVE),
            ({}, date(2026, 3, 10), Status.EXPIRED),
            ({"used_by_legal_entity": {"display_value": ""}}, date(2026, 3, 10), Status.IN_PROGRESS),
            ({"status": "recalled"}, date(2026, 3, 9), Status.RECALLED),
            (
                {"status": "recalled", "status_reason": {"coding": [{"code": "autoexpired"}]}},
                date(2026, 3, 10),
                Status.EXPIRED,
            ),
            ({"status": "completed"}, date(2027, 3, 9), Status.COMPLETED),
        ],
    )
    def test_status_by_the_day_in_kyiv_sr5(self, changes, today, status):
        assert Referral({**CONTENT, **changes}).status_on(today) is status

    def test_hidden_by_a_forbidden_group_then_no_words_ab7(self):
        pointed = {"identifier": {"type": {"coding": [{"code": "encounter"}]}, "value": "7"}, "display_value": ""}
        found = Referral({**CONTENT, "completed_with": pointed})
        assert found.answer == ("Прийом у лікаря", "", "/record/visits/7") and words_of(pointed) == ""

    @pytest.mark.parametrize(("number", "has"), [("1111-2222", True), ("Ж1", False), ("1" * 41, False), ("", False)])
    def test_number_that_no_scanner_reads_then_no_codes(self, number, has):
        assert Referral({**CONTENT, "requisition": number}).has_codes is has
