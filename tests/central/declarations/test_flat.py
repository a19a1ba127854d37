"""Declarations by ids alone, beside the first version."""

from uuid import uuid4

import pytest

from esoz.central import declarations
from esoz.kernel.db import Connection
from tests.central.answers import answered
from tests.factories.declarations import Declaring
from tests.factories.world import Caller

PATH = "/api/v2/declarations"


class TestList:
    # DC-27
    async def test_then_own_ones_by_every_filter(self, declaring: Declaring, foreign_doctor: Caller) -> None:
        doctor, made = declaring.doctor, await declaring.declared()
        number = answered(await doctor.get(f"{PATH}/{made['id']}"))["data"]["declaration_number"]
        for filters, count in (
            ({}, 2),  # the world has one more
            ({"status": "active"}, 2),
            ({"status": "terminated"}, 0),
            ({"declaration_number": number}, 1),
            ({"employee_id": doctor.employee_id}, 2),
            ({"employee_id": foreign_doctor.employee_id}, 0),
            ({"legal_entity_id": foreign_doctor.client_id}, 0),
            ({"reason": "manual_person"}, 0),
        ):
            body = answered(await doctor.get(PATH, **filters))
            assert (len(body["data"]), body["paging"]["total_entries"]) == (count, count), filters
        assert answered(await foreign_doctor.get(PATH))["data"] == []

    async def test_without_a_status_then_ended_ones_are_left_out(self, declaring: Declaring, db: Connection) -> None:
        made = await declaring.declared()
        await db.execute("update declarations set status = 'terminated' where id = $1", made["id"])
        listed = answered(await declaring.doctor.get(PATH))["data"]
        assert made["id"] not in {each["id"] for each in listed}
        listed = answered(await declaring.doctor.get(PATH, status="terminated"))["data"]
        assert [each["id"] for each in listed] == [made["id"]] and "content" not in listed[0]

    async def test_with_an_unknown_parameter_then_422(self, doctor: Caller) -> None:
        assert (await doctor.get(PATH, person_id=uuid4())).status_code == 422


class TestOne:
    async def test_then_ids_the_printed_form_and_the_masked_phone(self, declaring: Declaring) -> None:
        made = await declaring.declared()
        body = answered(await declaring.doctor.get(f"{PATH}/{made['id']}"))
        data = body["data"]
        assert data["content"].startswith("<!doctype html>")
        assert {name: data[name] for name in ("person_id", "employee_id", "division_id", "legal_entity_id")} == {
            name: made[name] for name in ("person_id", "employee_id", "division_id", "legal_entity_id")
        }
        assert (data["status"], data["scope"]) == ("active", "family_doctor")
        assert body["urgent"]["authentication_method_current"] == {"type": "OTP", "number": "+38067*****01"}

    async def test_then_the_patient_can_see_it(self, declaring: Declaring, db: Connection) -> None:
        made = await declaring.declared()
        await declaring.doctor.get(f"{PATH}/{made['id']}")
        query = "select count(*) from audit_events where event = 'declaration.read' and patient_id = $1"
        assert await db.fetchval(query, declaring.person.id) == 1

    @pytest.mark.parametrize("id", [uuid4(), "no id"])
    async def test_of_nothing_then_not_found(self, doctor: Caller, id: object) -> None:
        assert (await doctor.get(f"{PATH}/{id}")).status_code == 404

    # DC-27
    async def test_of_another_clinic_then_not_found(self, declaring: Declaring, foreign_doctor: Caller) -> None:
        made = await declaring.declared()
        assert (await foreign_doctor.get(f"{PATH}/{made['id']}")).status_code == 404
        assert await declarations.live_declaration(declaring.db, declaring.person.id) is not None
