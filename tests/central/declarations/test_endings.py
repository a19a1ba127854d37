"""How a declaration ends without another one: by the patient, by death, and who is told."""

from dataclasses import replace

import pytest

from esoz.central import declarations
from esoz.central.declarations.periodic import end_declarations_of_gone
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.declarations.test_declare import count_of
from tests.factories.declarations import answered, declarations_of, told
from tests.factories.people import choice, make_adult
from tests.factories.world import Caller

MESSAGES = "select channel, recipient, body from messages order by channel desc"


@pytest.fixture
async def own(work: Work, patient: Caller) -> declarations.Declaration:
    assert patient.person_id is not None
    found = await declarations.live_declaration(work.db, patient.person_id)
    assert found is not None
    return found


# CB-6, DC-24
class TestByPatient:
    PATH = "/api/pis/declarations/{}/actions/terminate"

    async def test_then_ended_with_the_reason_and_the_place_is_free(
        self, patient: Caller, doctor: Caller, own: declarations.Declaration, db: Connection
    ) -> None:
        before = await count_of(db, doctor)
        data = answered(await patient.patch(self.PATH.format(own.id), {"reason_description": "Переїзд"}))["data"]
        assert (data["status"], data["reason"], data["reason_description"]) == (
            "terminated",
            "manual_person",
            "Переїзд",
        )
        assert data["person"]["id"] == str(own.person_id)
        assert await count_of(db, doctor) == before - 1
        after = answered(await patient.get(f"/api/pis/declarations/{own.id}"))["data"]
        assert after["status"] == "terminated"

    async def test_then_patient_and_doctor_are_told(
        self, patient: Caller, doctor: Caller, own: declarations.Declaration, db: Connection
    ) -> None:
        await db.execute("update parties set email = 'doctor@esoz.example' where tax_id = $1", doctor.tax_id)
        answered(await patient.patch(self.PATH.format(own.id)))
        sms, mail = await db.fetch(MESSAGES)
        assert (sms["channel"], mail["channel"], mail["recipient"]) == ("sms", "mail", "doctor@esoz.example")
        assert own.declaration_number in sms["body"] and own.declaration_number in mail["body"]

    async def test_twice_then_409(self, patient: Caller, own: declarations.Declaration) -> None:
        answered(await patient.patch(self.PATH.format(own.id)))
        assert told(await patient.patch(self.PATH.format(own.id))) == (409, "", "Declaration is not active")

    async def test_of_another_person_then_not_found(self, patient: Caller, doctor: Caller, work: Work) -> None:
        other = await declarations.declare(work, choice((await make_adult(work)).id, doctor))
        assert (await patient.patch(self.PATH.format(other.id))).status_code == 404

    async def test_by_a_clinic_then_403(self, doctor: Caller, own: declarations.Declaration) -> None:
        assert (await doctor.patch(self.PATH.format(own.id))).status_code == 403

    async def test_with_a_reason_without_end_then_422(self, patient: Caller, own: declarations.Declaration) -> None:
        body = {"reason_description": "а" * 1001}
        assert (await patient.patch(self.PATH.format(own.id), body)).status_code == 422


# DC-24, PS-27
class TestOfGone:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [("death_date = '2026-11-20'", "auto_dracs_death"), ("is_active = false", "auto_person_deactivate")],
    )
    async def test_then_ended_and_nobody_is_told(
        self, work: Work, doctor: Caller, own: declarations.Declaration, db: Connection, change: str, reason: str
    ) -> None:
        before = await count_of(db, doctor)
        await end_declarations_of_gone(work)
        assert await declarations_of(db, own.person_id) == [("active", None)]
        await db.execute(f"update persons set {change}, updated_at = $2 where id = $1", own.person_id, work.now)
        await end_declarations_of_gone(work)
        assert await declarations_of(db, own.person_id) == [("terminated", reason)]
        assert await count_of(db, doctor) == before - 1
        assert await db.fetch(MESSAGES) == []
        await end_declarations_of_gone(replace(work, recorded=[]))
        assert await count_of(db, doctor) == before - 1
