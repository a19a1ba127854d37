"""What patients see of themselves: the record, ways to authenticate, and who looked at it."""

from dataclasses import replace
from datetime import timedelta

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.central.answers import answered, faults, refused
from tests.factories.world import Caller, World


class TestOwnRecord:
    PATH = "/api/pis/person"

    async def test_is_whole(self, patient: Caller, world: World) -> None:
        data = answered(await patient.get(self.PATH))["data"]
        person = world.persons[0]
        assert (data["id"], data["tax_id"], data["secret"]) == (str(person.id), person.tax_id, "калинонька")
        assert data["phones"] == [{"type": "MOBILE", "number": person.phones[0].number}]
        assert data["verification"]["details"]["drfo"]["verification_status"] == "VERIFICATION_NEEDED"

    async def test_of_an_inactive_person_is_refused(self, patient: Caller, db: Connection) -> None:
        """CB-7: at each call."""
        await db.execute("update persons set is_active = false where id = $1", patient.person_id)
        refused(await patient.get(self.PATH), 403, "forbidden")

    async def test_by_a_doctor_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.get(self.PATH), 403, "forbidden")

    async def test_without_token_is_denied(self, patient: Caller) -> None:
        refused(await replace(patient, token="").get(self.PATH), 401, "access_denied")


class TestOwnAuthenticationMethods:
    PATH = "/api/pis/person/authentication_methods"

    async def test_shows_the_own_phone_in_full(self, patient: Caller, world: World) -> None:
        [method] = answered(await patient.get(self.PATH))["data"]
        assert (method["type"], method["phone_number"]) == ("OTP", world.persons[0].phones[0].number)

    async def test_by_a_doctor_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.get(self.PATH), 403, "forbidden")


class TestOwnVerification:
    PATH = "/api/pis/person/verification"

    async def test_tells_the_state_of_every_register(self, patient: Caller, db: Connection) -> None:
        data = answered(await patient.get(self.PATH))["data"]
        assert set(data) == {"person_verification"}
        told = data["person_verification"]
        assert told["verification_status"] == "VERIFICATION_NEEDED"
        assert told["details"]["drfo"] == {
            "verification_status": "VERIFICATION_NEEDED",
            "verification_reason": "AUTO",
        }
        (event,) = await db.fetch("select event from audit_events where patient_id = $1", patient.person_id)
        assert event["event"] == "person.own_verification_read"

    async def test_of_an_inactive_person_is_refused(self, patient: Caller, db: Connection) -> None:
        """CB-7"""
        await db.execute("update persons set is_active = false where id = $1", patient.person_id)
        refused(await patient.get(self.PATH), 403, "forbidden")

    async def test_by_a_doctor_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.get(self.PATH), 403, "forbidden")

    async def test_without_token_is_denied(self, patient: Caller) -> None:
        refused(await replace(patient, token="").get(self.PATH), 401, "access_denied")


class TestAccessLog:
    PATH = "/api/pis/access_log"

    async def test_doctor_who_looked_is_named_with_clinic_and_position(
        self, patient: Caller, doctor: Caller, clock: FixedClock
    ) -> None:
        clock.forward(timedelta(hours=1))
        await doctor.get(f"/api/persons/{patient.person_id}/personal_data")
        latest = answered(await patient.get(self.PATH))["data"][0]
        name = (await doctor.get("/api/employees", tax_id=doctor.tax_id)).json()["data"][0]["party"]
        assert latest == {
            "at": "2026-11-22T11:00:00Z",
            "event": "person.personal_data_read",
            "operation": "get_api_persons_ID_personal_data",
            "resource_id": str(patient.person_id),
            "outcome": "done",
            "is_own": False,
            "legal_entity": {"id": str(doctor.client_id), "name": "КНП «Центр первинної допомоги «Калина»"},
            "user": {
                "name": f"{name['last_name']} {name['first_name']} {name['second_name']}",
                "position": "P7",
            },
        }

    async def test_refused_attempt_is_told_as_refused(
        self, patient: Caller, foreign_doctor: Caller, clock: FixedClock
    ) -> None:
        clock.forward(timedelta(hours=1))
        await foreign_doctor.get(f"/api/persons/{patient.person_id}/personal_data")
        latest = answered(await patient.get(self.PATH))["data"][0]
        assert (latest["event"], latest["outcome"]) == ("get_api_persons_ID_personal_data.refused", "forbidden")
        assert latest["legal_entity"]["id"] == str(foreign_doctor.client_id)

    async def test_looking_at_the_log_is_recorded_and_not_listed(self, patient: Caller, db: Connection) -> None:
        before = answered(await patient.get(self.PATH))["paging"]["total_entries"]
        assert answered(await patient.get(self.PATH))["paging"]["total_entries"] == before
        recorded = await db.fetchval("select count(*) from audit_events where event = 'person.own_access_log_read'")
        assert recorded == 2

    async def test_own_reading_is_marked_as_own(self, patient: Caller) -> None:
        await patient.get("/api/pis/person")
        found = answered(await patient.get(self.PATH, event="person.own_record_read"))["data"]
        assert [each["is_own"] for each in found] == [True]
        assert "user" not in found[0]

    async def test_of_others_is_never_shown(self, patient: Caller, doctor: Caller, world: World) -> None:
        other = world.persons[1]
        await doctor.get(f"/api/persons/{other.id}/verification")
        found = answered(await patient.get(self.PATH, page_size=300))["data"]
        assert str(other.id) not in str(found)

    async def test_by_moments_from_inclusive_to_exclusive(
        self, patient: Caller, doctor: Caller, clock: FixedClock
    ) -> None:
        for _ in range(3):
            clock.forward(timedelta(days=1))
            await doctor.get(f"/api/persons/{patient.person_id}/verification")
        query = {"from": "2026-11-24T10:00:00Z", "to": "2026-11-25T10:00:00Z"}
        found = answered(await patient.get(self.PATH, **query))["data"]
        assert [each["at"] for each in found] == ["2026-11-24T10:00:00Z"]

    async def test_wrong_moment_is_named(self, patient: Caller) -> None:
        assert [entry for entry, _ in faults(await patient.get(self.PATH, **{"from": "yesterday"}))] == ["$.from"]

    async def test_moment_without_zone_is_refused(self, patient: Caller) -> None:
        assert [entry for entry, _ in faults(await patient.get(self.PATH, to="2026-11-24T10:00:00"))] == ["$.to"]

    async def test_by_a_doctor_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.get(self.PATH), 403, "forbidden")
