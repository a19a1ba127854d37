"""Equipment: recorded, listed, out of use, out of the inventory."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from esoz.kernel.db import Connection
from tests.central.answers import answered, faults, refused
from tests.factories.world import Caller

PATH = "/api/equipment"


def told(doctor: Caller, **changes: Any) -> dict[str, Any]:
    """What is told of equipment."""
    content: dict[str, Any] = {
        "inventory_number": "4829-1",
        "serial_number": "NSPX30",
        "names": [{"name": "Апарат УЗД", "type": "registered"}],
        "status": "active",
        "availability_status": "available",
        "manufacturer": "Завод",
        "manufacture_date": "2024-01-01",
        "model_number": "NSPX30",
        "type": "ultrasound",
        "properties": [{"type": "default", "value_string": "так"}],
        "division_id": str(doctor.division_id),
        "note": "нотатка",
        "lot_number": "1",
        "expiration_date": "2030-01-01",
        "recorder": str(doctor.employee_id),
    }
    return content | changes


async def recorded(doctor: Caller, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = answered(await doctor.post(PATH, told(doctor, **changes)), 201)["data"]
    return data


class TestCreate:
    async def test_ours_then_whole(self, doctor: Caller) -> None:
        data = await recorded(doctor)
        system = {"id", "legal_entity_id", "inserted_at", "inserted_by", "updated_at", "updated_by"}
        assert {name: value for name, value in data.items() if name not in system} == told(doctor)
        assert (data["legal_entity_id"], data["inserted_by"]) == (str(doctor.client_id), str(doctor.user_id))
        assert (await recorded(doctor, parent_id=data["id"]))["parent_id"] == data["id"]

    # AD-1, DV-2, DV-3
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"status": "inactive"}, "$.status"),
            ({"status": "broken"}, "$.status"),
            ({"names": []}, "$.names"),
            ({"names": [{"name": "УЗД", "type": "nickname"}]}, "$.names[0].type"),
            ({"properties": [{"type": "default"}]}, "$.properties[0]"),
            (
                {"properties": [{"type": "default", "value_string": "1", "value_integer": 1}]},
                "$.properties[0].value_string",
            ),
            ({"manufacture_date": "2026-11-23"}, "$.manufacture_date"),
            ({"expiration_date": "2023-01-01"}, "$.expiration_date"),
            ({"recorder": str(UUID(int=1))}, "$.recorder"),
            ({"division_id": str(UUID(int=1))}, "$.division_id"),
            ({"parent_id": str(UUID(int=1))}, "$.parent_id"),
            ({"device_definition_id": str(UUID(int=1))}, "$.device_definition_id"),
        ],
    )
    async def test_wrong_field_then_named(self, doctor: Caller, changes: dict[str, Any], entry: str) -> None:
        assert entry in [place for place, _ in faults(await doctor.post(PATH, told(doctor, **changes)))]

    async def test_recorder_division_and_parent_of_another_clinic_then_named(
        self, doctor: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        words = "Employee doesn't belong to your legal entity"
        content = told(doctor, recorder=foreign_doctor.employee_id)
        assert faults(await doctor.post(PATH, content)) == [("$.recorder", words)]
        words = "Division is not within current legal entity"
        content = told(doctor, division_id=foreign_doctor.division_id)
        assert faults(await doctor.post(PATH, content)) == [("$.division_id", words)]
        theirs = await recorded(foreign_doctor)
        words = "Equipment doesn't belong to your legal entity"
        assert faults(await doctor.post(PATH, told(doctor, parent_id=theirs["id"]))) == [("$.parent_id", words)]

    async def test_recorder_dismissed_then_named(self, doctor: Caller, db: Connection) -> None:
        await db.execute("update employees set status = 'DISMISSED' where id = $1", doctor.employee_id)
        assert faults(await doctor.post(PATH, told(doctor))) == [("$.recorder", "Employee is not approved")]

    async def test_without_scope_is_forbidden(self, pharmacist: Caller, doctor: Caller) -> None:
        refused(await pharmacist.post(PATH, told(doctor)), 403, "forbidden")

    async def test_without_token_is_denied(self, doctor: Caller) -> None:
        refused(await replace(doctor, token="").post(PATH, told(doctor)), 401, "access_denied")


class TestReads:
    async def test_clinic_sees_its_own_by_every_filter(self, doctor: Caller, foreign_doctor: Caller) -> None:
        made = await recorded(doctor)
        await recorded(foreign_doctor)

        async def count(**query: object) -> int:
            return len(answered(await doctor.get(PATH, **query))["data"])

        assert await count() == 1
        same = (
            "division_id",
            "type",
            "status",
            "model_number",
            "manufacturer",
            "availability_status",
            "recorder",
            "inventory_number",
            "serial_number",
        )
        assert await count(**{name: made[name] for name in same}, name="узд") == 1
        assert await count(created_from="2026-11-22", created_to="2026-11-22") == 1
        assert await count(created_from="2026-11-23") == 0
        assert await count(created_to="2026-11-21") == 0
        assert await count(name="рентген") == 0
        assert await count(device_definition_id=UUID(int=1)) == 0

    async def test_one_of_ours_then_whole_and_anothers_is_not_found(
        self, doctor: Caller, foreign_doctor: Caller
    ) -> None:
        made = await recorded(doctor)
        assert answered(await doctor.get(f"{PATH}/{made['id']}"))["data"] == made
        refused(await foreign_doctor.get(f"{PATH}/{made['id']}"), 404, "not_found")

    async def test_without_scope_is_forbidden(self, pharmacist: Caller) -> None:
        refused(await pharmacist.get(PATH), 403, "forbidden")
        refused(await pharmacist.get(f"{PATH}/{UUID(int=1)}"), 403, "forbidden")


class TestChangeStatus:
    async def test_out_of_use_then_it_never_changes_again(self, doctor: Caller) -> None:
        path = f"{PATH}/{(await recorded(doctor))['id']}/actions"
        data = answered(await doctor.patch(f"{path}/change_status", {"status": "inactive"}))["data"]
        assert data["status"] == "inactive"
        error = {"status": "entered_in_error", "error_reason": "typo"}
        refused(await doctor.patch(f"{path}/change_status", error), 409, "request_conflict")
        damaged = {"availability_status": "damaged"}
        words = "Equipment is not active"
        refused(await doctor.patch(f"{path}/change_availability_status", damaged), 409, "request_conflict", words)

    async def test_entered_in_error_then_a_reason_is_told(self, doctor: Caller) -> None:
        path = f"{PATH}/{(await recorded(doctor))['id']}/actions/change_status"
        for body in ({"status": "entered_in_error"}, {"status": "inactive", "error_reason": "x"}):
            assert [entry for entry, _ in faults(await doctor.patch(path, body))] == ["$.error_reason"]
        data = answered(await doctor.patch(path, {"status": "entered_in_error", "error_reason": "typo"}))["data"]
        assert (data["status"], data["error_reason"]) == ("entered_in_error", "typo")

    async def test_of_another_clinic_is_not_found(self, doctor: Caller, foreign_doctor: Caller) -> None:
        path = f"{PATH}/{(await recorded(doctor))['id']}/actions"
        refused(await foreign_doctor.patch(f"{path}/change_status", {"status": "inactive"}), 404, "not_found")
        lost = {"availability_status": "lost"}
        refused(await foreign_doctor.patch(f"{path}/change_availability_status", lost), 404, "not_found")


class TestChangeAvailability:
    async def test_lost_and_found_then_available_and_what_is_destroyed_stays_so(self, doctor: Caller) -> None:
        path = f"{PATH}/{(await recorded(doctor))['id']}/actions/change_availability_status"
        for status in ("lost", "available", "destroyed"):
            data = answered(await doctor.patch(path, {"availability_status": status}))["data"]
            assert data["availability_status"] == status
        refused(await doctor.patch(path, {"availability_status": "available"}), 409, "request_conflict")

    async def test_unknown_then_named(self, doctor: Caller) -> None:
        path = f"{PATH}/{(await recorded(doctor))['id']}/actions/change_availability_status"
        response = await doctor.patch(path, {"availability_status": "asleep"})
        assert [entry for entry, _ in faults(response)] == ["$.availability_status"]

    async def test_without_scope_is_forbidden(self, pharmacist: Caller) -> None:
        path = f"{PATH}/{UUID(int=1)}/actions"
        refused(await pharmacist.patch(f"{path}/change_status", {"status": "inactive"}), 403, "forbidden")
        lost = {"availability_status": "lost"}
        refused(await pharmacist.patch(f"{path}/change_availability_status", lost), 403, "forbidden")
