"""After the signature: lists, details, the note, the code again, taking back."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.mis.app import Mis
from esoz.mis.care.prescriptions import follow, queries
from esoz.mis.care.prescriptions.model.note import CannotPrint
from tests.factories.prescriptions import texts
from tests.factories.world import World

from ..conftest import Browser, Wire
from .conftest import begin, sign, to_signature


@pytest.fixture
async def issued(
    doctor: Browser, patient_id: UUID, encounter_id: UUID, medication_id: UUID, connected: World, mis: Mis
) -> str:
    """Path of a signed prescription on the patient's page."""
    path = await begin(doctor, patient_id, encounter_id, medication_id)
    await to_signature(doctor, path)
    await sign(doctor, connected.doctor, f"{path}/sign")
    async with mis.services.database.connection() as db:
        request_id = await db.fetchval("select request_id from prescriptions where state = 'issued'")
    return f"/patients/{patient_id}/prescriptions/{request_id}"


async def number_of(mis: Mis) -> str:
    async with mis.services.database.connection() as db:
        return str(await db.fetchval("select request_number from prescriptions"))


async def status_of(mis: Mis) -> str:
    async with mis.services.database.connection() as db:
        return str(await db.fetchval("select status from prescriptions"))


async def redeem(db: Connection, issued: str) -> None:
    """In central, past this workplace."""
    request_id = UUID(issued.rsplit("/", 1)[-1])
    await db.execute("update medication_requests set status = 'COMPLETED' where id = $1", request_id)


class TestLists:
    async def test_of_the_patient_then_found_by_status_and_days(
        self, doctor: Browser, issued: str, patient_id: UUID, mis: Mis
    ) -> None:
        path, number = f"/patients/{patient_id}/prescriptions", await number_of(mis)
        await doctor.get(path, **{"status": "ACTIVE", "from": "2026-11-22", "to": "2026-11-22", "page": "1"})
        shown = doctor.text
        for page in range(2, 6):
            await doctor.get(path, status="ACTIVE", page=str(page))
            shown += doctor.text
        assert number in shown and "Чинний" in shown
        await doctor.get(path, **{"from": "2026-11-23"})
        assert number not in doctor.text and "немає" in doctor.text

    async def test_of_the_doctor_then_the_status_is_central_s_of_now(
        self, doctor: Browser, issued: str, mis: Mis, of_central: Connection
    ) -> None:
        await redeem(of_central, issued)
        async with mis.services.database.connection() as db:
            await db.execute("update prescriptions set status_at = null")
        await doctor.get("/prescriptions")
        assert await number_of(mis) in doctor.text and "Погашено" in doctor.text
        await doctor.get("/prescriptions", status="COMPLETED")
        assert await number_of(mis) in doctor.text
        await doctor.get("/prescriptions", status="ACTIVE")
        assert await number_of(mis) not in doctor.text

    async def test_of_the_doctor_by_status_then_central_is_asked_before_they_are_chosen(
        self, doctor: Browser, issued: str, mis: Mis, of_central: Connection, clock: FixedClock
    ) -> None:
        await redeem(of_central, issued)
        clock.forward(timedelta(minutes=2))
        await doctor.get("/prescriptions", status="ACTIVE")
        assert await number_of(mis) not in doctor.text
        await doctor.get("/prescriptions", status="COMPLETED")
        assert await number_of(mis) in doctor.text

    async def test_of_nobody_who_looks_then_followed_in_the_background(
        self, issued: str, mis: Mis, of_central: Connection, clock: FixedClock
    ) -> None:
        await redeem(of_central, issued)
        await follow(mis.services)
        assert await status_of(mis) == "ACTIVE"  # asked for a moment ago
        clock.forward(timedelta(minutes=11))
        await follow(mis.services)
        assert await status_of(mis) == "COMPLETED"

    async def test_of_the_doctor_while_central_is_away_then_what_is_known(
        self, doctor: Browser, issued: str, mis: Mis, wire: Wire
    ) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update prescriptions set status_at = null")
        wire.is_cut = True
        answer = await doctor.get("/prescriptions")
        assert answer.status_code == 200 and await number_of(mis) in doctor.text

    async def test_with_nonsense_in_the_address_then_the_whole_list(
        self, doctor: Browser, issued: str, mis: Mis
    ) -> None:
        await doctor.get("/prescriptions", **{"status": "x'", "from": "yesterday", "page": "-1"})
        assert await number_of(mis) in doctor.text


class TestOne:
    async def test_opened_then_everything_and_no_dispenses_yet(self, doctor: Browser, issued: str, mis: Mis) -> None:
        await doctor.get(issued)
        assert await number_of(mis) in doctor.text and "ще не відпускали" in doctor.text
        assert "капс." in doctor.text and "Відкликати рецепт" in doctor.text

    async def test_note_then_a_pdf_in_the_browser(self, doctor: Browser, issued: str) -> None:
        answer = await doctor.get(f"{issued}/note.pdf")
        assert answer.content.startswith(b"%PDF") and answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("inline")

    async def test_note_of_odd_signs_then_a_pdf_all_the_same(
        self, doctor: Browser, connected: World, patient_id: UUID, encounter_id: UUID, medication_id: UUID
    ) -> None:
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        await to_signature(doctor, path, signature="\uf0b7 По 1️⃣ капс. 💊 药 двічі на день")
        await sign(doctor, connected.doctor)
        assert doctor.path == f"{path}/done", doctor.text
        note = doctor.page.text.split("/note.pdf")[0].rsplit('"', 1)[1] if doctor.page else ""
        answer = await doctor.get(f"{note}/note.pdf")
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")

    async def test_note_without_a_number_then_told_what_to_do(
        self, doctor: Browser, issued: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def without_number(*_args: object, **_more: object) -> bytes:
            raise CannotPrint("no number")

        monkeypatch.setattr(queries, "information_note", without_number)
        answer = await doctor.get(f"{issued}/note.pdf")
        assert doctor.path == issued and answer.status_code == 200 and "Довідку не надрукувати" in doctor.text

    async def test_dispensed_then_where_when_what_and_how_much(
        self, doctor: Browser, issued: str, wire: Wire, patient_id: UUID
    ) -> None:
        path = f"/api/persons/{patient_id}/medication_requests/{issued.rsplit('/', 1)[-1]}/medication_dispenses"
        container = {"denumerator_unit": "PILL", "denumerator_value": 1, "numerator_unit": "MG", "numerator_value": 500}
        dispense = {
            "id": "0c0c0c0c-0000-4000-8000-000000000001",
            "status": "PROCESSED",
            "dispensed_at": "2026-11-23",
            "legal_entity": {"name": "Аптека «Ромашка»"},
            "division": {"name": "Аптека № 7"},
            "medical_program": {"name": "Антибіотики"},
            "details": [
                {"medication": {"name": "АМОКСИЛ 500", "form": "CAPSULE", "container": container}, "medication_qty": 8}
            ],
        }
        wire.answers[f"GET {path}"] = httpx.Response(200, json={"meta": {"code": 200}, "data": [dispense]})
        await doctor.get(issued)
        wire.answers.clear()
        for told in ("23.11.2026", "Аптека «Ромашка»", "Аптека № 7", "АМОКСИЛ 500: 8 капс.", "Відпущено"):
            assert told in doctor.text

    async def test_code_again_then_one_more_message(
        self, doctor: Browser, issued: str, mis: Mis, of_central: Connection
    ) -> None:
        number = await number_of(mis)
        await doctor.get(issued)
        await doctor.send(f"{issued}/resend")
        assert doctor.path == issued and "надіслано пацієнтові ще раз" in doctor.text
        assert len([text for text in await texts(of_central) if number in text]) == 2

    async def test_of_another_patient_then_not_found(self, doctor: Browser, issued: str, patient_id: UUID) -> None:
        other = issued.replace(issued.rsplit("/", 1)[-1], str(patient_id))
        assert (await doctor.get(other)).status_code == 404


class TestReject:
    async def test_without_a_reason_then_refused(self, doctor: Browser, issued: str) -> None:
        await doctor.get(f"{issued}/reject")
        answer = await doctor.send()
        assert answer.status_code == 422 and "Оберіть причину" in doctor.text

    async def test_signed_then_taken_back_and_the_patient_told(
        self, doctor: Browser, issued: str, connected: World, mis: Mis, of_central: Connection
    ) -> None:
        await doctor.get(f"{issued}/reject")
        await doctor.send(reason="WRONG_DOSAGE", words="Помилка в дозі")
        assert doctor.path == f"{issued}/reject/sign"
        await sign(doctor, connected.doctor)
        assert doctor.path == issued and "Рецепт відкликано." in doctor.text
        assert "Помилкове дозування. Помилка в дозі" in doctor.text
        number = await number_of(mis)
        assert any("Відкликано" in text and number in text for text in await texts(of_central))

    async def test_answer_lost_then_a_second_signature_finds_it_done(
        self, doctor: Browser, issued: str, connected: World, wire: Wire
    ) -> None:
        await doctor.get(f"{issued}/reject")
        await doctor.send(reason="PATIENT_REJECT")
        wire.loses_answer = lambda request: request.method == "PATCH"
        await sign(doctor, connected.doctor)
        assert "невідомо, чи рецепт відкликано" in doctor.text
        wire.loses_answer = lambda _request: False
        await doctor.get(f"{issued}/reject/sign")
        await sign(doctor, connected.doctor)
        assert doctor.path == issued and "Рецепт відкликано." in doctor.text

    async def test_already_dispensed_then_explained(
        self, doctor: Browser, issued: str, connected: World, of_central: Connection
    ) -> None:
        await doctor.get(f"{issued}/reject")
        await doctor.send(reason="PATIENT_REJECT")
        await of_central.execute(
            "update medication_requests set status = 'COMPLETED' where id = $1", UUID(issued.rsplit("/", 1)[-1])
        )
        answer = await sign(doctor, connected.doctor)
        assert answer.status_code == 422 and "Рецепт уже не чинний" in doctor.text


class TestTold:
    async def test_on_its_page_then_way_and_state_and_what_to_do_when_nobody_was_reached(
        self, doctor: Browser, issued: str, of_central: Connection
    ) -> None:
        await doctor.get(issued)
        told = doctor.text.split("Повідомлення пацієнтові", 1)[1]
        assert "Номер і код рецепта" in told and "SMS +380" in told and "Надсилається" in told
        await of_central.execute("update notices set state = 'failed'")
        await doctor.get(issued)
        assert "Не доставлено" in doctor.text and "Надрукуйте інформаційну довідку" in doctor.text
