"""Divisions through the API: opened, changed, closed and opened again; and a legal entity verified by the НСЗУ."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.central import organisations
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.country import KYIV, LVIV
from tests.central.answers import answered, faults, refused
from tests.factories.registries import official, with_scopes
from tests.factories.world import Caller, World

PATH = "/api/divisions"


def told(**changes: Any) -> dict[str, Any]:
    """What is told of a division."""
    content: dict[str, Any] = {
        "name": "Амбулаторія № 5",
        "addresses": [msgspec.to_builtins(build.address(KYIV, "Польова", "2"))],
        "phones": [{"type": "MOBILE", "number": "+380671112233"}],
        "email": "Fifth@Esoz.Example",
        "type": "CLINIC",
        "working_hours": {"mon": [["08.00", "12.00"], ["14.00", "18.00"]]},
        "external_id": "3213213",
        "location": {"latitude": 50.45, "longitude": 30.52},
    }
    return content | changes


@pytest.fixture
def owner(world: World) -> Caller:
    return world.owner


class TestCreate:
    # DV-7
    async def test_ours_then_whole_and_the_legal_entity_is_the_callers(
        self, owner: Caller, foreign_doctor: Caller
    ) -> None:
        data = answered(await owner.post(PATH, told(legal_entity_id=foreign_doctor.client_id)))["data"]
        assert data == told(
            id=data["id"],
            legal_entity_id=str(owner.client_id),
            status="ACTIVE",
            mountain_group=False,
            email="fifth@esoz.example",
        )

    # AD-1, DV-2, DV-3
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"type": "DRUGSTORE"}, "$.type"),
            ({"type": "CASTLE"}, "$.type"),
            ({"addresses": []}, "$.addresses"),
            ({"addresses": told()["addresses"] * 2}, "$.addresses"),
            ({"working_hours": {"mon": [["18.00", "08.00"]]}}, "$.working_hours.mon"),
            ({"email": None}, "$.email"),
            ({"location": {"latitude": 50.45}}, "$.location.longitude"),
            ({"colour": "red"}, "$.colour"),
            ({"name": "   "}, "$.name"),
            ({"name": "\u200b\u00ad"}, "$.name"),
            ({"addresses": [told()["addresses"][0] | {"settlement": " "}]}, "$.addresses[0].settlement"),
            ({"location": {"latitude": 500, "longitude": 30.52}}, "$.location.latitude"),
            ({"location": {"latitude": 30.52, "longitude": 50.45}}, "$.location"),
            ({"location": {"latitude": 0, "longitude": 0}}, "$.location"),
        ],
    )
    async def test_wrong_field_then_named(self, owner: Caller, changes: dict[str, Any], entry: str) -> None:
        assert entry in [place for place, _ in faults(await owner.post(PATH, told(**changes)))]

    async def test_pharmacy_then_a_drugstore_may_be_opened(self, pharmacist: Caller, work: Work) -> None:
        pharmacy = await with_scopes(work, pharmacist, "division:write")
        assert answered(await pharmacy.post(PATH, told(type="DRUGSTORE")))["data"]["type"] == "DRUGSTORE"

    # EM-8
    async def test_legal_entity_does_not_act_then_conflict(self, owner: Caller, db: Connection) -> None:
        await db.execute("update legal_entities set status = 'CLOSED' where id = $1", owner.client_id)
        refused(await owner.post(PATH, told()), 409, "request_conflict", "Legal entity is not active")

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.post(PATH, told()), 403, "forbidden")

    async def test_without_token_is_denied(self, owner: Caller) -> None:
        refused(await replace(owner, token="").post(PATH, told()), 401, "access_denied")


# EP-2
class TestUpdate:
    async def test_ours_then_changed_and_the_drug_register_stays(self, owner: Caller, db: Connection) -> None:
        await db.execute("update divisions set dls_id = '7', dls_verified = true where id = $1", owner.division_id)
        moved = msgspec.to_builtins(build.address(LVIV, "Нова", "9"))
        data = answered(await owner.patch(f"{PATH}/{owner.division_id}", told(addresses=[moved])))["data"]
        assert (data["name"], data["addresses"], data["dls_id"]) == ("Амбулаторія № 5", [moved], "7")
        assert answered(await owner.get(f"{PATH}/{owner.division_id}"))["data"] == data

    async def test_of_another_clinic_is_not_found(self, owner: Caller, foreign_doctor: Caller) -> None:
        refused(await owner.patch(f"{PATH}/{foreign_doctor.division_id}", told()), 404, "not_found")

    async def test_wrong_field_then_named(self, owner: Caller) -> None:
        response = await owner.patch(f"{PATH}/{owner.division_id}", told(phones=told()["phones"] * 2))
        assert faults(response) == [("$.phones", "No duplicate values.")]

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.patch(f"{PATH}/{doctor.division_id}", told()), 403, "forbidden")


class TestActivation:
    async def test_closed_and_opened_then_status_follows_and_twice_is_a_conflict(
        self, owner: Caller, db: Connection
    ) -> None:
        path = f"{PATH}/{owner.division_id}/actions"
        refused(await owner.patch(f"{path}/activate"), 409, "request_conflict")
        assert answered(await owner.patch(f"{path}/deactivate"))["data"]["status"] == "INACTIVE"
        assert await db.fetchval("select is_active from divisions where id = $1", owner.division_id) is False
        refused(await owner.patch(f"{path}/deactivate"), 409, "request_conflict")
        assert answered(await owner.patch(f"{path}/activate"))["data"]["status"] == "ACTIVE"

    @pytest.mark.parametrize("action", ["activate", "deactivate"])
    async def test_of_another_clinic_is_not_found(self, owner: Caller, foreign_doctor: Caller, action: str) -> None:
        refused(await owner.patch(f"{PATH}/{foreign_doctor.division_id}/actions/{action}"), 404, "not_found")

    @pytest.mark.parametrize("action", ["activate", "deactivate"])
    async def test_without_scope_is_forbidden(self, doctor: Caller, action: str) -> None:
        refused(await doctor.patch(f"{PATH}/{doctor.division_id}/actions/{action}"), 403, "forbidden")


class TestVerify:
    @pytest.fixture
    async def nhs(self, work: Work, doctor: Caller) -> Caller:
        return await official(work, doctor, "NHS_ADMIN", "legal_entity:verify")

    @staticmethod
    def path(id: UUID) -> str:
        return f"/api/legal_entities/{id}/actions/nhs_verify"

    async def test_acting_then_verified_once(self, nhs: Caller, doctor: Caller, work: Work) -> None:
        await organisations.unverify_legal_entity(work, doctor.client_id)
        data = answered(await nhs.patch(self.path(doctor.client_id)))["data"]
        assert (data["nhs_verified"], data["nhs_reviewed"], data["is_active"]) == (True, True, True)
        assert data["kveds"] == ["86.21"]
        words = "LegalEntity is VERIFIED and cannot be VERIFIED."
        refused(await nhs.patch(self.path(doctor.client_id)), 409, "request_conflict", words)

    async def test_closed_then_conflict(self, nhs: Caller, doctor: Caller, db: Connection) -> None:
        await db.execute("update legal_entities set status = 'CLOSED' where id = $1", doctor.client_id)
        words = "Legal entity is not ACTIVE and cannot be updated"
        refused(await nhs.patch(self.path(doctor.client_id)), 409, "request_conflict", words)

    async def test_unknown_is_not_found(self, nhs: Caller) -> None:
        refused(await nhs.patch(self.path(UUID(int=1))), 404, "not_found")

    async def test_by_a_clinic_is_forbidden(self, owner: Caller) -> None:
        refused(await owner.patch(self.path(owner.client_id)), 403, "forbidden")
