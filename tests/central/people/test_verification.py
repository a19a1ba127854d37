"""What registers say of patients: listed by doctor, settled by hand."""

from typing import Any

import httpx
import pytest

from esoz.central import people
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.people import make_adult
from tests.factories.world import Caller

LIST = "/api/persons/verifications"
DOUBT = {"verification_status": "NOT_VERIFIED", "verification_reason": "AUTO"}
DIED = {
    "verification_status": "VERIFIED",
    "verification_reason": "MANUAL_CONFIRMED",
    "verification_comment": "Смерть підтверджено",
    "death_date": "2026-11-20",
}
ALIVE = {
    "verification_status": "VERIFIED",
    "verification_reason": "MANUAL_NOT_CONFIRMED",
    "verification_comment": "Пацієнт живий",
}


@pytest.fixture
async def doubted(work: Work, patient: Caller) -> people.Person:
    """The doctor's patient whom a register believes dead."""
    assert patient.person_id is not None
    return await people.note_register_word(work, patient.person_id, "dracs_death", DOUBT)


async def settle(caller: Caller, person: people.Person, **content: object) -> httpx.Response:
    return await caller.patch(f"/api/persons/{person.id}/verification", {"signed_content": caller.sign(content)})


# PS-30
class TestSettle:
    async def test_alive_then_verified_and_still_active(
        self, doctor: Caller, db: Connection, doubted: people.Person
    ) -> None:
        assert doubted.verification_status == "CHANGES_NEEDED"
        data = answered(await settle(doctor, doubted, dracs_death=ALIVE))["data"]
        assert (data["verification_status"], data["details"]["dracs_death"]) == ("VERIFICATION_NEEDED", ALIVE)
        person = await people.find_person(db, doubted.id)
        assert (person.is_active, person.death_date) == (True, None)
        row = await db.fetchrow("select facts from audit_events where event = 'person.verification_settled'")
        assert row["facts"]["document"].startswith(f"person_verifications/{doubted.id}/")

    async def test_died_then_active_no_more(self, doctor: Caller, db: Connection, doubted: people.Person) -> None:
        answered(await settle(doctor, doubted, dracs_death=DIED))
        person = await people.find_person(db, doubted.id)
        assert (str(person.death_date), person.status, person.is_active) == ("2026-11-20", "inactive", False)
        refused(await settle(doctor, doubted, dracs_death=DIED), 409, "request_conflict", "Person is not active")

    async def test_nothing_in_doubt_then_conflict(self, doctor: Caller, doubted: people.Person) -> None:
        name_change = {**ALIVE, "verification_reason": "MANUAL"}
        answer = await settle(doctor, doubted, dracs_name_change=name_change)
        refused(answer, 409, "request_conflict", "Person has no unverified record of this register")

    @pytest.mark.parametrize(
        ("changes", "place"),
        [
            ({"verification_status": "NOT_VERIFIED"}, "verification_status"),
            ({"verification_reason": "AUTO"}, "verification_reason"),
            ({"death_date": "2026-11-23"}, "death_date"),
            ({"death_date": "1900-01-01"}, "death_date"),
        ],
    )
    async def test_content_when_wrong_then_named(
        self, doctor: Caller, doubted: people.Person, changes: dict[str, str], place: str
    ) -> None:
        answer = await settle(doctor, doubted, dracs_death=DIED | changes)
        assert f"$.dracs_death.{place}" in [each for each, _ in faults(answer)]

    async def test_death_without_its_date_then_named(self, doctor: Caller, doubted: people.Person) -> None:
        without = {name: value for name, value in DIED.items() if name != "death_date"}
        assert [each for each, _ in faults(await settle(doctor, doubted, dracs_death=without))] == [
            "$.dracs_death.death_date"
        ]
        answer = await settle(doctor, doubted, dracs_death=ALIVE | {"death_date": "2026-11-20"})
        assert [each for each, _ in faults(answer)] == ["$.dracs_death.death_date"]

    @pytest.mark.parametrize("content", [{}, {"dracs_death": ALIVE, "dracs_name_change": ALIVE}, {"nhs": ALIVE}])
    async def test_registers_when_not_exactly_one_then_refused(
        self, doctor: Caller, doubted: people.Person, content: dict[str, Any]
    ) -> None:
        refused(await settle(doctor, doubted, **content), 422, "validation_failed")

    async def test_by_another_clinic_then_denied(self, foreign_doctor: Caller, doubted: people.Person) -> None:
        refused(await settle(foreign_doctor, doubted, dracs_death=ALIVE), 403, "forbidden", "Access denied")

    async def test_by_the_key_of_a_colleague_then_refused(
        self, doctor: Caller, registrar: Caller, doubted: people.Person
    ) -> None:
        body = {"signed_content": registrar.sign({"dracs_death": ALIVE})}
        answer = await doctor.patch(f"/api/persons/{doubted.id}/verification", body)
        assert faults(answer) == [("$.signed_content", "Does not match the signer drfo")]

    async def test_receptionist_may_not(self, registrar: Caller, doubted: people.Person) -> None:
        refused(await settle(registrar, doubted, dracs_death=ALIVE), 403, "forbidden")


class TestList:
    async def test_then_the_doctors_patients_of_this_word(
        self, doctor: Caller, db: Connection, doubted: people.Person
    ) -> None:
        query = {"employee_id": doctor.employee_id, "verification_status": "CHANGES_NEEDED"}
        found = answered(await doctor.get(LIST, **query))
        [row] = found["data"]
        assert (row["person_id"], row["declaration_status"]) == (str(doubted.id), "active")
        assert row["details"]["dracs_death"] == DOUBT
        assert found["paging"]["total_entries"] == 1
        assert answered(await doctor.get(LIST, **query, status="inactive"))["data"] == []
        assert answered(await doctor.get(LIST, **query | {"verification_status": "VERIFIED"}))["data"] == []
        count = "select count(*) from audit_events where event = 'persons.verifications_read' and patient_id = $1"
        assert await db.fetchval(count, doubted.id) == 1

    async def test_of_another_clinic_then_nothing(
        self, doctor: Caller, foreign_doctor: Caller, doubted: people.Person
    ) -> None:
        query = {"employee_id": doctor.employee_id, "verification_status": doubted.verification_status}
        assert answered(await foreign_doctor.get(LIST, **query))["data"] == []

    async def test_filters_when_missing_or_wrong_then_named(self, doctor: Caller) -> None:
        places = [place for place, _ in faults(await doctor.get(LIST, verification_status="SOMETHING"))]
        assert sorted(places) == ["$.employee_id", "$.verification_status"]

    async def test_who_has_no_declaration_then_not_listed(self, doctor: Caller, work: Work) -> None:
        stranger = await make_adult(work, 40)
        query = {"employee_id": doctor.employee_id, "verification_status": stranger.verification_status}
        shown = answered(await doctor.get(LIST, **query))["data"]
        assert str(stranger.id) not in {row["person_id"] for row in shown}
