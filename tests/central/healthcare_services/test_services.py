"""Healthcare services and roles of employees in them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.registries import with_scopes
from tests.factories.world import Caller, World

PATH, ROLES = "/api/healthcare_services", "/api/employee_roles"
CATEGORIES = "HEALTHCARE_SERVICE_CATEGORIES"


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def told(owner: Caller, **changes: Any) -> dict[str, Any]:
    """What is told of a service."""
    content: dict[str, Any] = {
        "division_id": str(owner.division_id),
        "speciality_type": "FAMILY_DOCTOR",
        "providing_condition": "OUTPATIENT",
        "category": concept(CATEGORIES, "MSP"),
        "comment": "за записом",
        "available_time": [
            {
                "days_of_week": ["mon", "tue"],
                "all_day": False,
                "available_start_time": "08:30:00",
                "available_end_time": "19:00:00",
            }
        ],
        "not_available": [
            {"description": "ремонт", "during": {"start": "2026-12-01T00:00:00Z", "end": "2026-12-02T00:00:00Z"}}
        ],
    }
    return {name: value for name, value in (content | changes).items() if value is not None}


@pytest.fixture
def owner(world: World) -> Caller:
    return world.owner


@pytest.fixture
async def service(owner: Caller) -> dict[str, Any]:
    data: dict[str, Any] = answered(await owner.post(PATH, told(owner)), 201)["data"]
    return data


@pytest.fixture
async def role(owner: Caller, doctor: Caller, service: dict[str, Any]) -> dict[str, Any]:
    body = {"healthcare_service_id": service["id"], "employee_id": str(doctor.employee_id)}
    data: dict[str, Any] = answered(await owner.post(ROLES, body), 201)["data"]
    return data


class TestCreate:
    async def test_ours_then_whole(self, owner: Caller, service: dict[str, Any]) -> None:
        system = {"id", "inserted_at", "inserted_by", "updated_at", "updated_by"}
        assert {name: value for name, value in service.items() if name not in system} == told(
            owner, legal_entity_id=str(owner.client_id), status="ACTIVE", is_active=True
        )

    async def test_same_again_then_conflict(self, owner: Caller, service: dict[str, Any]) -> None:
        refused(await owner.post(PATH, told(owner)), 409, "request_conflict", "Healthcare service is already exist")

    # AD-1, DV-2, DV-3
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"category": concept(CATEGORIES, "PHARMACY")}, "$.category"),
            ({"category": concept("OTHER", "MSP")}, "$.category.coding"),
            ({"speciality_type": None}, "$.speciality_type"),
            ({"providing_condition": None}, "$.providing_condition"),
            ({"category": concept(CATEGORIES, "PHARMACY_DRUGS")}, "$.speciality_type"),
            ({"type": concept("X", "SALE")}, "$.type"),
            ({"division_id": str(UUID(int=1))}, "$.division_id"),
            ({"license_id": str(UUID(int=1))}, "$.license_id"),
            ({"coverage_area": ["Київ"]}, "$.coverage_area"),
            ({"available_time": [{"days_of_week": ["funday"], "all_day": True}]}, "$.available_time[0].days_of_week"),
            ({"available_time": [{"days_of_week": ["mon"]}]}, "$.available_time[0].available_start_time"),
            (
                {
                    "available_time": [
                        {"days_of_week": ["mon"], "available_start_time": "09:00:00", "available_end_time": "08:00:00"}
                    ]
                },
                "$.available_time[0].available_end_time",
            ),
            (
                {
                    "not_available": [
                        {
                            "description": "ремонт",
                            "during": {"start": "2026-12-02T00:00:00Z", "end": "2026-12-01T00:00:00Z"},
                        }
                    ]
                },
                "$.not_available[0].during.end",
            ),
        ],
    )
    async def test_wrong_field_then_named(self, owner: Caller, changes: dict[str, Any], entry: str) -> None:
        assert entry in [place for place, _ in faults(await owner.post(PATH, told(owner, **changes)))]

    async def test_sale_of_medicines_then_under_its_own_license(self, pharmacist: Caller, work: Work) -> None:
        pharmacy = await with_scopes(work, pharmacist, "healthcare_service:write", "license:write")
        license = {
            "type": "PHARMACY_DRUGS",
            "license_number": "АЕ1",
            "issued_by": "Держлікслужба",
            "issued_date": "2024-01-01",
            "active_from_date": "2024-01-02",
            "is_primary": False,
        }
        id = answered(await pharmacy.post("/api/licenses", license), 201)["data"]["id"]
        sale = {
            "category": concept(CATEGORIES, "PHARMACY_DRUGS"),
            "speciality_type": None,
            "providing_condition": None,
            "type": concept("HEALTHCARE_SERVICE_PHARMACY_DRUGS_TYPES", "SALE"),
        }
        assert [entry for entry, _ in faults(await pharmacy.post(PATH, told(pharmacy, **sale)))] == ["$.license_id"]
        data = answered(await pharmacy.post(PATH, told(pharmacy, **sale, license_id=id)), 201)["data"]
        assert (data["license_id"], data["type"]["coding"][0]["code"]) == (id, "SALE")

    async def test_license_over_then_named(self, owner: Caller, db: Connection) -> None:
        await db.execute("update licenses set expiry_date = '2026-11-21' where legal_entity_id = $1", owner.client_id)
        assert faults(await owner.post(PATH, told(owner))) == [("$.license_id", "License is expired")]

    async def test_division_of_another_or_closed_then_named(
        self, owner: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        words = "Division is not within current legal entity"
        response = await owner.post(PATH, told(owner, division_id=foreign_doctor.division_id))
        assert faults(response) == [("$.division_id", words)]
        await db.execute("update divisions set status = 'INACTIVE' where id = $1", owner.division_id)
        assert faults(await owner.post(PATH, told(owner))) == [("$.division_id", "Division is not active")]

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.post(PATH, told(doctor)), 403, "forbidden")

    async def test_without_token_is_denied(self, owner: Caller) -> None:
        refused(await replace(owner, token="").post(PATH, told(owner)), 401, "access_denied")


# EP-2
class TestUpdate:
    async def test_comment_and_times_then_changed_and_nothing_else_is_taken(
        self, owner: Caller, service: dict[str, Any]
    ) -> None:
        path = f"{PATH}/{service['id']}"
        data = answered(await owner.patch(path, {"comment": "без запису"}))["data"]
        gone = {"available_time", "not_available"}
        assert data == {name: value for name, value in service.items() if name not in gone} | {"comment": "без запису"}
        assert [entry for entry, _ in faults(await owner.patch(path, {"speciality_type": "THERAPIST"}))] == [
            "$.speciality_type"
        ]

    async def test_of_another_clinic_is_not_found(
        self, service: dict[str, Any], foreign_doctor: Caller, work: Work
    ) -> None:
        other = await with_scopes(work, foreign_doctor, "healthcare_service:write", "healthcare_service:read")
        path = f"{PATH}/{service['id']}"
        refused(await other.patch(path, {"comment": "чужий"}), 404, "not_found")
        refused(await other.get(path), 404, "not_found")
        refused(await other.patch(f"{path}/actions/activate"), 404, "not_found")
        refused(await other.patch(f"{path}/actions/deactivate"), 404, "not_found")

    async def test_without_scope_is_forbidden(self, doctor: Caller, service: dict[str, Any]) -> None:
        path = f"{PATH}/{service['id']}"
        refused(await doctor.patch(path, {"comment": "x"}), 403, "forbidden")
        refused(await doctor.patch(f"{path}/actions/activate"), 403, "forbidden")
        refused(await doctor.patch(f"{path}/actions/deactivate"), 403, "forbidden")


class TestActivation:
    async def test_deactivated_then_roles_end_and_it_may_begin_again(
        self, owner: Caller, service: dict[str, Any], role: dict[str, Any]
    ) -> None:
        path = f"{PATH}/{service['id']}"
        refused(await owner.patch(f"{path}/actions/activate"), 409, "request_conflict")
        assert answered(await owner.patch(f"{path}/actions/deactivate"))["data"]["status"] == "INACTIVE"
        assert answered(await owner.get(f"{ROLES}/{role['id']}"))["data"]["status"] == "INACTIVE"
        refused(await owner.patch(f"{path}/actions/deactivate"), 409, "request_conflict")
        words = "Healthcare service is not active"
        refused(await owner.patch(path, {"comment": "x"}), 409, "request_conflict", words)
        assert answered(await owner.patch(f"{path}/actions/activate"))["data"]["status"] == "ACTIVE"

    async def test_activated_beside_the_same_one_then_conflict(self, owner: Caller, service: dict[str, Any]) -> None:
        await owner.patch(f"{PATH}/{service['id']}/actions/deactivate")
        answered(await owner.post(PATH, told(owner)), 201)
        words = "Healthcare service is already exist"
        refused(await owner.patch(f"{PATH}/{service['id']}/actions/activate"), 409, "request_conflict", words)


class TestReads:
    async def test_clinic_sees_its_own_by_every_filter(
        self, owner: Caller, service: dict[str, Any], foreign_doctor: Caller
    ) -> None:
        assert answered(
            await owner.get(
                PATH,
                division_id=owner.division_id,
                speciality_type="FAMILY_DOCTOR",
                providing_condition="OUTPATIENT",
                category="MSP",
                status="ACTIVE",
            )
        )["data"] == [service]
        assert answered(await owner.get(PATH, type="SALE"))["data"] == []
        assert answered(await owner.get(PATH, status="INACTIVE"))["data"] == []
        assert answered(await foreign_doctor.get(PATH))["data"] == []
        assert answered(await owner.get(f"{PATH}/{service['id']}"))["data"] == service

    async def test_without_scope_is_forbidden(self, owner: Caller, service: dict[str, Any], work: Work) -> None:
        nobody = await with_scopes(work, owner)
        refused(await nobody.get(PATH), 403, "forbidden")
        refused(await nobody.get(f"{PATH}/{service['id']}"), 403, "forbidden")


class TestRoles:
    async def test_given_then_whole_and_once(
        self, owner: Caller, doctor: Caller, service: dict[str, Any], role: dict[str, Any]
    ) -> None:
        assert role == {
            "id": role["id"],
            "healthcare_service_id": service["id"],
            "employee_id": str(doctor.employee_id),
            "start_date": "2026-11-22T10:00:00Z",
            "status": "ACTIVE",
            "is_active": True,
            "inserted_at": "2026-11-22T10:00:00Z",
            "inserted_by": str(owner.user_id),
            "updated_at": "2026-11-22T10:00:00Z",
            "updated_by": str(owner.user_id),
        }
        body = {"healthcare_service_id": service["id"], "employee_id": str(doctor.employee_id)}
        refused(await owner.post(ROLES, body), 409, "request_conflict", "Employee role already exists")

    async def test_of_whom_or_what_cannot_be_then_named(
        self, owner: Caller, doctor: Caller, foreign_doctor: Caller, service: dict[str, Any], db: Connection
    ) -> None:
        async def fault(**changes: object) -> tuple[str, str]:
            body = {"healthcare_service_id": service["id"], "employee_id": str(doctor.employee_id)} | changes
            [found] = faults(await owner.post(ROLES, body))
            return found

        nobody = str(UUID(int=1))
        assert await fault(employee_id=nobody) == ("$.employee_id", "Employee not found")
        assert await fault(healthcare_service_id=nobody) == ("$.healthcare_service_id", "Healthcare service not found")
        words = "Employee doesn't belong to your legal entity"
        assert await fault(employee_id=str(foreign_doctor.employee_id)) == ("$.employee_id", words)
        assert await fault(employee_id=str(owner.employee_id)) == ("$.employee_id", "Invalid employee type")
        await db.execute("update employees set speciality = 'THERAPIST' where id = $1", doctor.employee_id)
        words = "Employee speciality doesn't match speciality_type of healthcare service"
        assert await fault() == ("$.employee_id", words)
        await db.execute("update employees set status = 'DISMISSED' where id = $1", doctor.employee_id)
        assert await fault() == ("$.employee_id", "Employee is not approved")
        await owner.patch(f"{PATH}/{service['id']}/actions/deactivate")
        assert await fault() == ("$.healthcare_service_id", "Healthcare service is not active")

    async def test_listed_by_every_filter_and_never_without_one(
        self, owner: Caller, doctor: Caller, service: dict[str, Any], role: dict[str, Any]
    ) -> None:
        query = {"employee_id": doctor.employee_id, "healthcare_service_id": service["id"], "status": "ACTIVE"}
        assert answered(await owner.get(ROLES, **query))["data"] == [role]
        assert answered(await owner.get(ROLES, status="INACTIVE"))["data"] == []
        assert answered(await owner.get(f"{ROLES}/{role['id']}"))["data"] == role
        assert faults(await owner.get(ROLES)) == [("$", "At least one query parameter must be provided")]

    async def test_ended_then_once_and_a_new_one_may_begin(
        self, owner: Caller, doctor: Caller, service: dict[str, Any], role: dict[str, Any]
    ) -> None:
        path = f"{ROLES}/{role['id']}/actions/deactivate"
        data = answered(await owner.patch(path))["data"]
        assert (data["status"], data["end_date"]) == ("INACTIVE", "2026-11-22T10:00:00Z")
        refused(await owner.patch(path), 409, "request_conflict")
        body = {"healthcare_service_id": service["id"], "employee_id": str(doctor.employee_id)}
        answered(await owner.post(ROLES, body), 201)

    async def test_of_another_clinic_is_not_found(
        self, role: dict[str, Any], foreign_doctor: Caller, work: Work
    ) -> None:
        other = await with_scopes(work, foreign_doctor, "employee_role:write", "employee_role:read")
        refused(await other.get(f"{ROLES}/{role['id']}"), 404, "not_found")
        refused(await other.patch(f"{ROLES}/{role['id']}/actions/deactivate"), 404, "not_found")
        assert answered(await other.get(ROLES, status="ACTIVE"))["data"] == []

    async def test_without_scope_is_forbidden(self, owner: Caller, work: Work) -> None:
        stranger = await with_scopes(work, owner)
        refused(
            await stranger.post(ROLES, {"healthcare_service_id": UUID(int=1), "employee_id": UUID(int=1)}),
            403,
            "forbidden",
        )
        nobody = f"{ROLES}/{UUID(int=1)}"
        for response in (
            await stranger.get(ROLES),
            await stranger.get(nobody),
            await stranger.patch(f"{nobody}/actions/deactivate"),
        ):
            refused(response, 403, "forbidden")
