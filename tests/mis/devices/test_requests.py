"""A doctor prescribes a device from the patient's page, sees number and code, sends it again, takes it back."""

from uuid import UUID, uuid4

import pytest

from esoz.kernel.db import Connection
from tests.factories.devices import PROGRAMME, STRIPS
from tests.factories.world import World

from ..conftest import Browser, Post
from ..prescriptions.conftest import sign
from .conftest import CHOICE


def home(patient_id: UUID) -> str:
    return f"/patients/{patient_id}/devices"


async def write(browser: Browser, patient_id: UUID, encounter_id: UUID, **values: object) -> None:
    """From the empty form to what comes after it."""
    await browser.get(f"{home(patient_id)}/new")
    asked = {"encounter": encounter_id, "device": CHOICE, "packages": 2, "days": 30, "note": "Тричі на день"}
    await browser.send(**(asked | values))


async def the_request(db: Connection) -> UUID:
    return UUID(str(await db.fetchval("select id from device_requests order by inserted_at desc limit 1")))


class TestWrite:
    async def test_when_signed_then_central_has_it_and_the_list_shows_it(
        self,
        doctor: Browser,
        patient_id: UUID,
        encounter_id: UUID,
        connected: World,
        post: Post,
        of_central: Connection,
    ) -> None:
        await write(doctor, patient_id, encounter_id)
        assert doctor.path.endswith("/sign"), doctor.text
        for shown in (STRIPS[0].device_names[0].name, "100 шт.", "Тричі на день"):
            assert shown in doctor.text
        await sign(doctor, connected.doctor)
        await doctor.get(home(patient_id))
        assert "Ще не в ЕСОЗ" in doctor.text
        await post.carry()
        row = await of_central.fetchrow("select id, requisition, quantity, program_id from device_requests")
        assert (row["quantity"], row["program_id"]) == (100, PROGRAMME)
        await doctor.get(home(patient_id))
        assert row["requisition"] in doctor.text and "Діє" in doctor.text and "Ще не в ЕСОЗ" not in doctor.text
        await doctor.get(f"{home(patient_id)}/{row['id']}")
        assert row["requisition"] in doctor.text and "надіслано пацієнтові повідомленням" in doctor.text

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"encounter": ""}, "Оберіть прийом"),
            ({"encounter": str(uuid4())}, "Оберіть прийом"),
            ({"device": ""}, "Оберіть медичний виріб"),
            ({"device": "x:y"}, "Оберіть медичний виріб"),
            ({"packages": "0"}, "від 1 до 100"),
            ({"packages": "1,5"}, "від 1 до 100"),
            ({"packages": "NaN"}, "від 1 до 100"),
            ({"days": ""}, "від 1 до 365"),
            ({"days": "400"}, "від 1 до 365"),
            ({"note": "я" * 501}, "задовга"),
            ({"packages": "10"}, "більше, ніж програма дозволяє на день"),
            ({"days": "120"}, "не дозволяє виписувати виріб на стільки днів"),
        ],
    )
    async def test_when_it_cannot_be_then_told_and_what_was_typed_stays(
        self, doctor: Browser, patient_id: UUID, encounter_id: UUID, values: dict, words: str
    ) -> None:
        await write(doctor, patient_id, encounter_id, **values)
        assert doctor.page is not None and doctor.page.status_code == 422
        assert words in doctor.text
        if "note" not in values:
            assert "Тричі на день" in doctor.page.text

    async def test_when_the_form_is_sent_twice_then_one_document(
        self, doctor: Browser, patient_id: UUID, encounter_id: UUID
    ) -> None:
        await write(doctor, patient_id, encounter_id)
        first = doctor.path
        await doctor.get(home(patient_id))
        assert doctor.text.count("Очікує підпису") == 1 and first.startswith("/documents/")


class TestOne:
    async def test_resend_then_the_patient_is_told_again(
        self,
        doctor: Browser,
        patient_id: UUID,
        encounter_id: UUID,
        connected: World,
        post: Post,
        of_central: Connection,
    ) -> None:
        await write(doctor, patient_id, encounter_id)
        await sign(doctor, connected.doctor)
        await post.carry()
        path = f"{home(patient_id)}/{await the_request(of_central)}"
        await doctor.get(path)
        await doctor.send(f"{path}/resend")
        assert "надіслано пацієнтові ще раз" in doctor.text

    async def test_revoke_when_signed_then_taken_back_with_the_reason(
        self,
        doctor: Browser,
        patient_id: UUID,
        encounter_id: UUID,
        connected: World,
        post: Post,
        of_central: Connection,
    ) -> None:
        await write(doctor, patient_id, encounter_id)
        await sign(doctor, connected.doctor)
        await post.carry()
        path = f"{home(patient_id)}/{await the_request(of_central)}"
        await doctor.get(f"{path}/revoke")
        await doctor.send(reason="")
        assert "Оберіть причину" in doctor.text
        await doctor.send(reason="incorrect_patient")
        assert doctor.path.endswith("/sign") and "Причина відкликання" in doctor.text, doctor.text
        await sign(doctor, connected.doctor)
        await post.carry()
        assert await of_central.fetchval("select status from device_requests") == "revoked"
        await doctor.get(path)
        assert "Відкликано" in doctor.text and "/revoke" not in (doctor.page.text if doctor.page else "")

    async def test_when_there_is_none_then_not_found(
        self, doctor: Browser, patient_id: UUID, encounter_id: UUID
    ) -> None:
        await doctor.get(f"{home(patient_id)}/{uuid4()}")
        assert doctor.page is not None and doctor.page.status_code == 404
