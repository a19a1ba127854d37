"""Prescriptions: list, details, QR, what was handed over; never somebody else's."""

import io
import uuid
from datetime import date
from decimal import Decimal

import pytest
import segno

from esoz.cabinet.prescriptions.model import Dispense, Prescription, Status, with_left
from tests.factories.prescriptions import sent_code

from .conftest import last_events, more_like


class TestList:
    async def test_then_substance_number_quantity_and_status(self, patient, prescribing, own, world):
        made = await prescribing.prescribe()
        await patient.open("/prescriptions")
        for words in ("Амоксицилін 500 мг капсули", "Чинний", made["request_number"], "20 "):
            assert words in patient.text
        assert await last_events(own, 1) == [("prescriptions.read", world.patient.person_id)]

    async def test_by_status_then_only_those(self, patient, prescribing):
        made = await prescribing.prescribe()
        await prescribing.reject(made["id"])
        await patient.open("/prescriptions", status="ACTIVE")
        assert made["request_number"] not in patient.text
        assert "Рецептів із таким станом або назвою немає." in patient.text
        await patient.open("/prescriptions", status="REJECTED")
        assert made["request_number"] in patient.text

    async def test_status_of_nonsense_then_all(self, patient, prescribing):
        made = await prescribing.prescribe()
        assert (await patient.open("/prescriptions", status="'; drop")).status_code == 200
        assert made["request_number"] in patient.text

    async def test_eleven_then_the_newest_ten_and_the_oldest_on_the_second_page(self, patient, prescribing, db):
        made = await prescribing.prescribe()
        await more_like(db, made["id"], 10)
        await patient.open("/prescriptions")
        assert patient.page.text.count("govuk-summary-card__title-wrapper") == 10
        assert made["request_number"] not in patient.text
        await patient.open("/prescriptions", page="2")
        assert made["request_number"] in patient.text


class TestDetails:
    async def test_then_everything_a_patient_needs(self, patient, prescribing, db, own, world):
        made = await prescribing.prescribe()
        code = await sent_code(db, made["request_number"])
        await patient.open(f"/prescriptions/{made['id']}")
        for words in (
            made["request_number"],
            code,
            "По 1 капсулі тричі на день після їди, 7 днів",
            "Залишилося 20 капс.",
            "з 22 листопада 2026 року",
            "до 22 грудня 2026 року включно",
            "Юрченко Тетяна Миколаївна",
            "ЦПМСД «Калина»",
            "Амбулаторія № 1",
            "Антибактеріальні лікарські засоби",
            "Як отримати ліки",
            "За цим рецептом ліків ще не видавали.",
        ):
            assert words in patient.text, words
        assert await last_events(own, 1) == [("prescription.read", world.patient.person_id)]

    async def test_partly_dispensed_then_pharmacy_package_and_what_is_left(self, patient, prescribing, dispensing, db):
        made = await prescribing.prescribe()
        await dispensing.give(made["id"], 10, await sent_code(db, made["request_number"]))
        await patient.open(f"/prescriptions/{made['id']}")
        taken = patient.text.split("Отримані ліки")[1]
        for words in ("Видано", "АМОКСИЦИЛІН", "10 ", "АНТИБІОТИКИ СА", "Аптека «Ромашка», Аптека № 1", "250,00 ₴"):
            assert words in taken, words
        assert "Залишилося 10 " in patient.text

    async def test_used_up_then_neither_code_nor_qr(self, patient, prescribing, dispensing, db):
        made = await prescribing.prescribe()
        code = await sent_code(db, made["request_number"])
        await dispensing.give(made["id"], 20, code)
        await patient.open(f"/prescriptions/{made['id']}")
        assert "Використаний" in patient.text
        assert code not in patient.text.split("Про рецепт")[0].replace(made["request_number"], "")
        assert "qr.svg" not in patient.page.text

    async def test_rejected_then_why(self, patient, prescribing):
        made = await prescribing.prescribe()
        await prescribing.reject(made["id"], reject_reason="Інша доза")
        await patient.open(f"/prescriptions/{made['id']}")
        assert "Лікар відкликав рецепт." in patient.text
        assert "Інша доза" in patient.text
        assert "WRONG_DOSAGE" not in patient.text

    async def test_of_another_patient_then_not_found(self, patient, prescribing, db, world):
        made = await prescribing.prescribe()
        other = next(person.id for person in world.persons if person.id != world.patient.person_id)
        await db.execute("update medication_requests set person_id = $2 where id = $1", made["id"], other)
        for path in (f"/prescriptions/{made['id']}", f"/prescriptions/{made['id']}/qr.svg"):
            assert (await patient.open(path)).status_code == 404
            assert made["request_number"] not in patient.page.text
        await patient.open("/prescriptions")
        assert made["request_number"] not in patient.text

    @pytest.mark.parametrize("path", ["/prescriptions/nonsense", "/prescriptions/0b2cbd27-1c7b-4f57-9c7e-2f3a8b6d5e41"])
    async def test_of_nobody_then_not_found(self, patient, path):
        assert (await patient.open(path)).status_code == 404


class TestQR:
    async def test_then_an_image_of_the_number_and_not_of_the_code(self, patient, prescribing, own, world):
        made = await prescribing.prescribe()
        answer = await patient.open(f"/prescriptions/{made['id']}/qr.svg")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cache-control"] == "no-store"
        expected = io.BytesIO()
        code = segno.make(made["request_number"], error="m", micro=False)
        code.save(expected, kind="svg", scale=6, border=4, light="#fff")
        assert answer.content == expected.getvalue()
        assert b"<script" not in answer.content and b"style=" not in answer.content
        assert await last_events(own, 1) == [("prescription.qr_shown", world.patient.person_id)]

    async def test_without_signing_in_then_sent_to_sign_in(self, visitor):
        assert (await visitor.open(f"/prescriptions/{uuid.uuid4()}/qr.svg")).status_code == 303


def request(**changes):
    info = {"medication_qty": 20, "medication_name": "амоксицилін", "dosage": {"denumerator_unit": "PILL"}}
    return {
        "id": "1",
        "request_number": "0000",
        "status": "ACTIVE",
        "intent": "order",
        "medication_info": info,
    } | changes


def given(status, quantity, request_id="1"):
    return Dispense(
        {"status": status, "details": [{"medication_qty": quantity}], "medication_request": {"id": request_id}}
    )


class TestModel:
    def test_left_when_some_is_given_or_held_then_the_rest(self):
        dispenses = [
            given("PROCESSED", 5),
            given("NEW", 2.5),
            given("REJECTED", 9),
            given("EXPIRED", 9),
            given("NEW", 9, "2"),
        ]
        assert with_left(request(), dispenses).left == Decimal("12.5")

    def test_status_when_blocked_then_says_so(self):
        assert Prescription(request(block_reason_code="OTHER")).status is Status.BLOCKED
        assert Prescription(request(status="EXPIRED", block_reason_code="OTHER")).status is Status.EXPIRED

    def test_days_left_on_the_last_day_then_one(self):
        prescription = Prescription(request(dispense_valid_to="2026-12-22"))
        assert prescription.days_left(date(2026, 12, 22)) == 1
        assert Prescription(request()).days_left(date(2026, 12, 22)) is None
