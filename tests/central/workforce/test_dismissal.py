"""Dismissal and its consequences; an employee named."""

import sys
from dataclasses import replace
from uuid import UUID

import pytest

from esoz.central import declarations
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from tests.central.answers import answered, refused
from tests.factories.people import choice, make_adult
from tests.factories.registries import with_scopes
from tests.factories.world import Caller, World


@pytest.fixture
def owner(world: World) -> Caller:
    return world.owner


def path(caller: Caller) -> str:
    return f"/api/employees/{caller.employee_id}/actions/deactivate"


class TestDismiss:
    # EM-24
    async def test_doctor_then_role_taken_and_declarations_end(
        self, owner: Caller, doctor: Caller, patient: Caller, db: Connection, worker: Worker
    ) -> None:
        data = answered(await owner.patch(path(doctor)))["data"]
        assert (data["status"], data["end_date"], data["is_active"]) == ("DISMISSED", "2026-11-22", True)
        assert await db.fetchval("select count(*) from user_roles where user_id = $1", doctor.user_id) == 0
        assert await db.fetchval("select status from declarations where person_id = $1", patient.person_id) == "active"
        while await worker.perform_one():
            pass
        row = await db.fetchrow("select status, reason from declarations where person_id = $1", patient.person_id)
        assert tuple(row) == ("terminated", "manual_employee_deactivate")
        count = "select declaration_count from parties p join employees e on e.party_id = p.id where e.id = $1"
        assert await db.fetchval(count, doctor.employee_id) == 0
        assert [row["status"] for row in await db.fetch("select status from jobs")] == ["processed", "processed"]

    async def test_more_declarations_than_one_job_ends_then_the_next_goes_on(
        self,
        owner: Caller,
        doctor: Caller,
        work: Work,
        db: Connection,
        worker: Worker,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(sys.modules["esoz.central.declarations.job_handlers"], "CHUNK", 1)
        other = await make_adult(work)
        await declarations.declare(work, choice(other.id, doctor))
        answered(await owner.patch(path(doctor)))
        while await worker.perform_one():
            pass
        statuses = await db.fetch("select status from declarations where employee_id = $1", doctor.employee_id)
        assert [row["status"] for row in statuses] == ["terminated", "terminated"]
        turns = "select count(*) from jobs where kind = 'declarations.end' and status = 'processed'"
        assert await db.fetchval(turns) == 3

    async def test_giver_of_a_service_then_the_role_in_it_ends(
        self, owner: Caller, doctor: Caller, db: Connection, worker: Worker
    ) -> None:
        service = {
            "division_id": str(owner.division_id),
            "speciality_type": "FAMILY_DOCTOR",
            "providing_condition": "OUTPATIENT",
            "category": {"coding": [{"system": "HEALTHCARE_SERVICE_CATEGORIES", "code": "MSP"}]},
        }
        id = answered(await owner.post("/api/healthcare_services", service), 201)["data"]["id"]
        role = {"healthcare_service_id": id, "employee_id": str(doctor.employee_id)}
        answered(await owner.post("/api/employee_roles", role), 201)
        answered(await owner.patch(path(doctor)))
        while await worker.perform_one():
            pass
        assert await db.fetchval("select status from employee_roles") == "INACTIVE"

    # EM-23
    async def test_other_office_of_the_same_type_then_the_role_stays(
        self, owner: Caller, doctor: Caller, db: Connection
    ) -> None:
        columns = (
            "party_id, legal_entity_id, division_id, employee_type, position, status, minfin_validation_status,"
            " start_date, inserted_at, updated_at"
        )
        await db.execute(
            f"insert into employees (id, {columns}) select gen_random_uuid(), {columns} from employees where id = $1",
            doctor.employee_id,
        )
        answered(await owner.patch(path(doctor)))
        assert await db.fetchval("select count(*) from user_roles where user_id = $1", doctor.user_id) == 1

    # EM-22
    async def test_owner_then_conflict(self, owner: Caller) -> None:
        refused(await owner.patch(path(owner)), 409, "request_conflict", "Owner can't be deactivated")

    async def test_twice_then_conflict(self, owner: Caller, doctor: Caller) -> None:
        await owner.patch(path(doctor))
        words = "Employee is DEACTIVATED and cannot be updated."
        refused(await owner.patch(path(doctor)), 409, "request_conflict", words)

    async def test_of_another_clinic_is_not_found(self, owner: Caller, foreign_doctor: Caller) -> None:
        refused(await owner.patch(path(foreign_doctor)), 404, "not_found")

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.patch(path(doctor)), 403, "forbidden")

    async def test_without_token_is_denied(self, owner: Caller, doctor: Caller) -> None:
        refused(await replace(owner, token="").patch(path(doctor)), 401, "access_denied")


class TestNamed:
    async def test_of_any_clinic_then_name_and_position_only(self, doctor: Caller, foreign_doctor: Caller) -> None:
        data = answered(await foreign_doctor.get(f"/api/employees/{doctor.employee_id}/short"))["data"]
        assert (data["id"], data["position"]) == (str(doctor.employee_id), "P7")
        assert set(data["party"]) == {"id", "first_name", "last_name", "second_name"}

    async def test_unknown_is_not_found(self, doctor: Caller) -> None:
        refused(await doctor.get(f"/api/employees/{UUID(int=1)}/short"), 404, "not_found")

    async def test_without_scope_is_forbidden(self, doctor: Caller, work: Work) -> None:
        nobody = await with_scopes(work, doctor)
        refused(await nobody.get(f"/api/employees/{doctor.employee_id}/short"), 403, "forbidden")
