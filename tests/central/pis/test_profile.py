"""Whose token this is."""

from dataclasses import replace

from esoz.kernel.db import Connection
from tests.central.answers import answered, refused
from tests.factories.world import Caller, World

PATH = "/api/profile"


class TestProfile:
    async def test_patient_then_name_and_id_and_no_more(self, patient: Caller, world: World) -> None:
        person = next(each for each in world.persons if each.id == patient.person_id)
        assert answered(await patient.get(PATH))["data"] == {
            "id": str(person.id),
            "first_name": person.first_name,
            "last_name": person.last_name,
            "second_name": person.second_name,
        }

    async def test_read_then_in_the_log_of_the_patient(self, patient: Caller, db: Connection) -> None:
        answered(await patient.get(PATH))
        query = "select patient_id from audit_events where event = 'patient.profile_read'"
        assert await db.fetchval(query) == patient.person_id

    async def test_not_active_then_conflict(self, patient: Caller, db: Connection) -> None:
        await db.execute("update persons set is_active = false where id = $1", patient.person_id)
        refused(await patient.get(PATH), 409, "request_conflict", "Person is not active")

    async def test_by_a_doctor_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.get(PATH), 403, "forbidden")

    async def test_without_token_is_denied(self, patient: Caller) -> None:
        refused(await replace(patient, token="").get(PATH), 401, "access_denied")
