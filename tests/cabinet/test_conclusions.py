"""Medical conclusions in the cabinet: list, number and days, what is stated, the certificate; never somebody else's."""

import uuid
from datetime import date, timedelta

import pytest

from esoz.cabinet.conclusions.model import Conclusion, Status
from esoz.kernel import certificates
from tests.central.compositions.conftest import concluding
from tests.factories.compositions import DRIVER, XHTML, related, section, validity
from tests.factories.records import concept, ref

from .conftest import last_events

__all__ = ["concluding"]

CONTENT = {
    "id": "1",
    "title": "98CC-P696-E34T-X4T2",
    "status": "FINAL",
    "event": [{"period": {"start": "2026-03-08T22:00:00Z", "end": "2026-03-11T21:59:00Z"}}],
}


class TestList:
    async def test_none_then_said_so(self, patient):
        await patient.open("/conclusions")
        assert "Медичних висновків ще немає." in patient.text

    async def test_then_kind_number_status_and_days(self, patient, concluding, own, world):
        made = await concluding.written()
        await patient.open("/conclusions")
        for words in ("тимчасову непрацездатність", "загального характеру", made["title"], "Чинний", "включно"):
            assert words in patient.text, words
        assert await last_events(own, 1) == [("conclusions.read", world.patient.person_id)]

    async def test_by_status_kind_or_number_then_only_those(self, patient, concluding):
        made, driver = await concluding.written(), await concluding.written(DRIVER, days=100)
        await concluding.mark(driver)
        await patient.open("/conclusions", status="ENTERED_IN_ERROR")
        assert driver["title"] in patient.text and made["title"] not in patient.text
        for words in (made["title"].lower().replace("-", "")[3:9], "непрацезд"):
            await patient.open("/conclusions", words=words)
            assert made["title"] in patient.text and driver["title"] not in patient.text, words
        await patient.open("/conclusions", words="усиновлення")
        assert "Висновків із таким станом, видом або номером немає." in patient.text


class TestOne:
    async def test_then_number_days_and_what_is_stated(self, patient, concluding, own, world):
        made = await concluding.written()
        await patient.open(f"/conclusions/{made['id']}")
        for words in (made["title"], "Чинний", "Діагноз", "Гострий бронхіт", "Надрукувати довідку"):
            assert words in patient.text, words
        assert "QR-код номера висновку" in patient.page.text
        assert await last_events(own, 1) == [("conclusion.read", world.patient.person_id)]

    async def test_replaced_or_void_then_warned_and_nothing_to_print(self, patient, concluding):
        first = await concluding.written()
        second = await concluding.written(days=3, relates_to=[related("replaces", first["id"])])
        await patient.open(f"/conclusions/{first['id']}")
        assert "Замість цього висновку діє новіший" in patient.text
        await concluding.mark(second)
        await patient.open(f"/conclusions/{second['id']}")
        assert "скасував висновок як помилковий" in patient.text and "Помилка в строку" in patient.text
        assert "QR-код" not in patient.page.text
        answer = await patient.open(f"/conclusions/{second['id']}/certificate.pdf")
        assert not answer.content.startswith(b"%PDF")

    @pytest.mark.parametrize("path", [f"/conclusions/{uuid.UUID(int=1)}", "/conclusions/1"])
    async def test_of_nobody_then_not_found(self, patient, path):
        assert (await patient.open(path)).status_code == 404

    async def test_of_another_patient_then_not_found(self, patient, concluding, db, world):
        made = await concluding.written()
        other = await db.fetchval("select id from persons where id <> $1 limit 1", world.patient.person_id)
        await db.execute("update compositions set person_id = $2 where id = $1", uuid.UUID(made["id"]), other)
        for path in (f"/conclusions/{made['id']}", f"/conclusions/{made['id']}/certificate.pdf"):
            assert (await patient.open(path)).status_code == 404
            assert made["title"] not in patient.text


class TestCertificate:
    # CM-14: whoever reads the paper reads no diagnosis
    async def test_then_a_page_with_the_number_and_no_diagnosis(self, patient, concluding, own, world, monkeypatch):
        printed = {}
        inner = certificates.typeset

        def typeset(template, note, pictures):
            printed.update(note)
            return inner(template, note, pictures)

        monkeypatch.setattr(certificates, "typeset", typeset)
        of = concluding.chart.visiting
        words = {"status": "generated", "div": XHTML.format("<p>Потребує спокою</p>")}
        code = concept("COMPOSITION_SECTION_CODES", "55110-1")
        sections = [
            section(of.doctor, [ref("condition", of.condition)]),
            section(of.doctor, [], title="Висновок", code=code, text=words),
        ]
        made = await concluding.written(section=sections)
        answer = await patient.open(f"/conclusions/{made['id']}/certificate.pdf")
        assert answer.content.startswith(b"%PDF")
        assert (printed["number"], printed["words"]) == (made["title"], "Потребує спокою")
        assert printed["first"] and printed["last"] and printed["clinic"] and printed["doctor"]
        assert await last_events(own, 1) == [("conclusion.printed", world.patient.person_id)]

    # CM-10
    async def test_of_a_driver_then_its_conditions(self, patient, concluding):
        coding = [{"system": "eHealth/composition_additional_condition_admission", "code": "01.01."}]
        admission = {"code": "A", "value_codeable_concept": {"extension": [], "coding": coding}}
        made = await concluding.written(DRIVER, days=100, extension=[admission])
        await patient.open(f"/conclusions/{made['id']}")
        assert "Умова допуску" in patient.text and "Окуляри" in patient.text


class TestStatus:
    @pytest.mark.parametrize(
        ("day", "status"),
        [(8, Status.AHEAD), (9, Status.VALID), (11, Status.VALID), (12, Status.OVER)],
    )
    def test_by_its_days_in_kyiv(self, day, status):
        assert Conclusion(CONTENT).status_on(date(2026, 3, day)) is status

    def test_replaced_or_void_whatever_the_day(self):
        assert Conclusion(CONTENT, is_replaced=True).status_on(date(2026, 3, 9)) is Status.REPLACED
        void = Conclusion({**CONTENT, "status": "ENTERED_IN_ERROR"}, is_replaced=True)
        assert void.status_on(date(2026, 3, 9)) is Status.ENTERED_IN_ERROR


async def test_continued_then_said_after_which(patient, concluding):
    now = concluding.doctor.now
    first = await concluding.written(days=5)
    after = await concluding.written(
        event=validity(now + timedelta(days=5), 5), relates_to=[related("appends", first["id"])]
    )
    await patient.open(f"/conclusions/{after['id']}")
    assert "Продовжує" in patient.text and first["title"] in patient.text and "Іще не почав діяти" in patient.text
