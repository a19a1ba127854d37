"""Employees: who sees which, whole answers, and the rules of hiring."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.central import workforce
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, Forbidden, NotFound, Rejected
from esoz.kernel.work import Work
from tests.central.answers import answered, refused
from tests.factories.workforce import new_doctor, new_user, training
from tests.factories.world import Caller, World


class TestEmployees:
    PATH = "/api/employees"

    async def test_clinic_sees_its_own_without_tax_ids(self, doctor: Caller) -> None:
        """EM-27: of the party only id, names and the flag."""
        body = answered(await doctor.get(self.PATH, employee_type="DOCTOR", status="APPROVED"))
        assert body["data"][0]["id"] == str(doctor.employee_id)
        assert {each["legal_entity"]["id"] for each in body["data"]} == {str(doctor.client_id)}
        party = body["data"][0]["party"]
        assert set(party) == {
            "id",
            "no_tax_id",
            "first_name",
            "last_name",
            "second_name",
            "verification_status",
            "minfin_validation_status",
            "declaration_limit",
            "declaration_count",
        }
        assert (party["declaration_limit"], party["declaration_count"]) == (1800, 1)
        assert doctor.tax_id not in str(body)

    async def test_foreign_legal_entity_gives_an_empty_list(self, doctor: Caller, foreign_doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, legal_entity_id=foreign_doctor.client_id))
        assert (body["data"], body["paging"]["total_entries"]) == ([], 0)

    async def test_by_every_filter_finds_the_doctor_alone(self, doctor: Caller) -> None:
        async def ids(**query: object) -> list[str]:
            return [each["id"] for each in answered(await doctor.get(self.PATH, **query))["data"]]

        party_id = (await doctor.get(self.PATH, tax_id=doctor.tax_id)).json()["data"][0]["party"]["id"]
        for query in (
            {"tax_id": doctor.tax_id},
            {"party_id": party_id},
            {"tax_id": doctor.tax_id, "edrpou": "40000013", "division_id": doctor.division_id, "no_tax_id": "false"},
            {"party_id": party_id, "verification_status": "NOT_VERIFIED"},
        ):
            assert await ids(**query) == [str(doctor.employee_id)]
        for query in ({"status": "DISMISSED"}, {"no_tax_id": "true"}, {"edrpou": "40000041"}):
            assert await ids(**query) == []

    async def test_without_scope_is_forbidden(self, patient: Caller) -> None:
        refused(await patient.get(self.PATH), 403, "forbidden")

    async def test_without_token_is_denied(self, doctor: Caller) -> None:
        refused(await replace(doctor, token="").get(self.PATH), 401, "access_denied")


class TestEmployee:
    async def test_own_doctor_is_whole(self, world: World) -> None:
        doctor = world.doctor
        data = answered(await world.owner.get(f"/api/employees/{doctor.employee_id}"))["data"]
        assert {name: data[name] for name in ("id", "position", "status", "is_active", "employee_type")} == {
            "id": str(doctor.employee_id),
            "position": "P7",
            "status": "APPROVED",
            "is_active": True,
            "employee_type": "DOCTOR",
        }
        assert data["start_date"] == "2024-12-22"
        assert data["party"]["tax_id"] == doctor.tax_id
        assert [each["speciality"] for each in data["doctor"]["specialities"]] == ["FAMILY_DOCTOR"]
        assert data["doctor"]["educations"][0]["degree"] == "MASTER"
        assert data["division"]["id"] == str(doctor.division_id)
        assert data["legal_entity"]["edrpou"] == "40000013"

    async def test_registrar_has_no_block_of_education(self, world: World) -> None:
        data = (await world.owner.get(f"/api/employees/{world.registrar.employee_id}")).json()["data"]
        assert not {"doctor", "receptionist"} & set(data)

    async def test_of_another_clinic_is_not_found(self, world: World) -> None:
        refused(await world.owner.get(f"/api/employees/{world.foreign_doctor.employee_id}"), 404, "not_found")

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.get(f"/api/employees/{doctor.employee_id}"), 403, "forbidden")


class TestHire:
    async def test_makes_an_approved_employee_found_by_user(self, work: Work, doctor: Caller) -> None:
        user_id = await new_user(work)
        details = new_doctor(doctor.division_id)
        made = await workforce.hire(work, details, legal_entity_id=doctor.client_id, user_id=user_id)
        stored = await workforce.find_employee(work.db, made.id)
        assert msgspec.json.encode(stored) == msgspec.json.encode(made)
        assert await workforce.employees_of_user(work.db, user_id, doctor.client_id) == [stored]
        assert (await workforce.party_of_user(work.db, user_id)).email == "new@esoz.example"
        assert (made.speciality, made.speciality_level, made.works) == ("THERAPIST", "FIRST", True)
        roles = await work.db.fetch("select role from user_roles where user_id = $1", user_id)
        assert [row["role"] for row in roles] == ["DOCTOR"]

    async def test_second_position_belongs_to_the_same_party(self, work: Work, world: World) -> None:
        first = await workforce.hire(work, new_doctor(world.doctor.division_id), legal_entity_id=world.doctor.client_id)
        second = await workforce.hire(
            work,
            replace(new_doctor(world.foreign_doctor.division_id), position="P1"),
            legal_entity_id=world.foreign_doctor.client_id,
        )
        assert first.party.id == second.party.id

    # EM-17
    async def test_user_of_another_party_is_a_conflict(self, work: Work, doctor: Caller) -> None:
        with pytest.raises(Conflict, match="Email is already used by another person"):
            await workforce.hire(
                work, new_doctor(doctor.division_id), legal_entity_id=doctor.client_id, user_id=doctor.user_id
            )

    async def test_new_owner_retires_the_old_one(self, work: Work, world: World) -> None:
        """EM-18, EM-25: the former owner keeps the status and is no more active."""
        owner = world.owner
        assert owner.employee_id is not None
        details = replace(new_doctor(owner.division_id), employee_type="OWNER", position="P2", training=None)
        await workforce.hire(work, details, legal_entity_id=owner.client_id)
        former = await workforce.find_employee(work.db, owner.employee_id)
        assert (former.status, former.is_active, former.works) == (workforce.Status.APPROVED, False, False)

    async def test_in_not_active_legal_entity_is_a_conflict(self, work: Work, doctor: Caller) -> None:
        await work.db.execute("update legal_entities set status = 'SUSPENDED' where id = $1", doctor.client_id)
        with pytest.raises(Conflict, match="Legal entity is not active"):
            await workforce.hire(work, new_doctor(doctor.division_id), legal_entity_id=doctor.client_id)

    # EM-1, EM-4, EM-5, EM-6
    @pytest.mark.parametrize(
        ("changes", "entry", "words"),
        [
            ({"employee_type": "PHARMACIST"}, "employee_type", "value is not allowed in enum"),
            ({"division_id": None}, "division_id", "required property division_id was not present"),
            ({"division_id": UUID(int=1)}, "division_id", "Division does not exist"),
            ({"training": None}, "doctor", "required property doctor was not present"),
            ({"employee_type": "HR"}, "doctor", "field doctor is not allowed"),
            (
                {"training": training("THERAPIST", "THERAPIST")},
                "doctor.specialities",
                "employee have more than one speciality with active speciality_officio",
            ),
            (
                {"training": training("VIROLOGY")},
                "doctor.specialities",
                "speciality VIROLOGY with active speciality_officio is not allowed for doctor",
            ),
            (
                {"training": training("THERAPIST", level="BASIC")},
                "doctor.specialities.level",
                "value is not allowed in enum",
            ),
        ],
    )
    async def test_wrong_field_is_named(
        self, work: Work, doctor: Caller, changes: dict[str, Any], entry: str, words: str
    ) -> None:
        with pytest.raises(Rejected) as refusal:
            details = replace(new_doctor(doctor.division_id), **changes)
            await workforce.hire(work, details, legal_entity_id=doctor.client_id)
        found = [(fault.entry, fault.description) for fault in refusal.value.invalid]
        assert (f"$.employee_request.{entry}", words) in found

    # EM-7
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"tax_id": "3126509816"}, "tax_id"),
            ({"tax_id": "3126509817", "no_tax_id": True}, "tax_id"),
            ({"documents": (workforce.PartyDocument("PASSPORT", "АА120518"),) * 2}, "documents"),
        ],
    )
    async def test_wrong_party_is_named(self, work: Work, doctor: Caller, changes: dict[str, Any], entry: str) -> None:
        details = new_doctor(doctor.division_id)
        with pytest.raises(Rejected) as refusal:
            wrong = replace(details, party=replace(details.party, **changes))
            await workforce.hire(work, wrong, legal_entity_id=doctor.client_id)
        assert [fault.entry for fault in refusal.value.invalid] == [f"$.employee_request.party.{entry}"]

    # EM-7
    @pytest.mark.parametrize(("born", "taken"), [("2026-11-23", False), ("1876-11-22", True), ("1875-11-22", False)])
    async def test_age_is_from_nothing_to_a_hundred_and_fifty(
        self, work: Work, doctor: Caller, born: str, taken: bool
    ) -> None:
        details = new_doctor(doctor.division_id)
        of_age = replace(details, party=replace(details.party, birth_date=date.fromisoformat(born)))
        if taken:
            await workforce.hire(work, of_age, legal_entity_id=doctor.client_id)
        else:
            with pytest.raises(Rejected) as refusal:
                await workforce.hire(work, of_age, legal_entity_id=doctor.client_id)
            assert refusal.value.invalid[0].entry == "$.employee_request.party.birth_date"

    # EM-9
    async def test_division_of_another_clinic_is_refused(self, work: Work, world: World) -> None:
        with pytest.raises(Rejected) as refusal:
            await workforce.hire(
                work, new_doctor(world.foreign_doctor.division_id), legal_entity_id=world.doctor.client_id
            )
        assert refusal.value.invalid[0].description == "Division is not within current legal entity"

    async def test_passport_instead_of_tax_id_is_allowed_to_who_refused_it(self, work: Work, doctor: Caller) -> None:
        details = new_doctor(doctor.division_id)
        party = replace(details.party, tax_id="АА120518", no_tax_id=True)
        made = await workforce.hire(work, replace(details, party=party), legal_entity_id=doctor.client_id)
        assert (made.party.tax_id, made.party.no_tax_id) == ("АА120518", True)


class TestFrontDoor:
    async def test_dismissed_does_not_act_for_the_user(self, work: Work, doctor: Caller) -> None:
        assert len(await workforce.employees_of_user(work.db, doctor.user_id, doctor.client_id)) == 1
        await work.db.execute("update employees set status = 'DISMISSED' where id = $1", doctor.employee_id)
        assert await workforce.employees_of_user(work.db, doctor.user_id, doctor.client_id) == []

    async def test_user_of_one_clinic_is_nobody_in_another(self, work: Work, world: World) -> None:
        assert await workforce.employees_of_user(work.db, world.doctor.user_id, world.foreign_doctor.client_id) == []

    async def test_party_of_a_patient_is_forbidden(self, work: Work, patient: Caller) -> None:
        with pytest.raises(Forbidden, match="User is not linked to any party"):
            await workforce.party_of_user(work.db, patient.user_id)

    async def test_unknown_employee_is_not_found(self, db: Connection) -> None:
        with pytest.raises(NotFound):
            await workforce.find_employee(db, UUID(int=1))


def test_training_when_encoded_then_empty_parts_are_left_out() -> None:
    assert set(msgspec.to_builtins(training("THERAPIST"))) == {"educations", "specialities"}
