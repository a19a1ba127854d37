"""Additional licenses: added, changed, listed."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.registries import with_scopes
from tests.factories.world import Caller, World

PATH = "/api/licenses"


def told(**changes: Any) -> dict[str, Any]:
    """What is told of a license."""
    content: dict[str, Any] = {
        "type": "MSP",
        "license_number": "АЕ111111",
        "issued_by": "МОЗ України",
        "issued_date": "2024-01-01",
        "active_from_date": "2024-01-02",
        "expiry_date": "2030-01-01",
        "what_licensed": "хірургія",
        "order_no": "5-Л",
        "is_primary": False,
    }
    return content | changes


@pytest.fixture
def owner(world: World) -> Caller:
    return world.owner


class TestCreate:
    async def test_ours_then_whole(self, owner: Caller) -> None:
        data = answered(await owner.post(PATH, told()), 201)["data"]
        hands = {"inserted_by": str(owner.user_id), "updated_by": str(owner.user_id)}
        times = dict.fromkeys(("inserted_at", "updated_at"), "2026-11-22T10:00:00Z")
        ours = {"id": data["id"], "legal_entity_id": str(owner.client_id), "is_active": True}
        assert data == told(**ours, **hands, **times)

    async def test_of_medicines_by_a_pharmacy_then_taken(self, pharmacist: Caller, work: Work) -> None:
        pharmacy = await with_scopes(work, pharmacist, "license:write")
        assert answered(await pharmacy.post(PATH, told(type="PHARMACY_DRUGS")), 201)["data"]["type"] == "PHARMACY_DRUGS"

    # AD-1, DV-2, DV-3
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"is_primary": True}, "$.is_primary"),
            ({"type": "PHARMACY"}, "$.type"),
            ({"type": "FISHING"}, "$.type"),
            ({"issued_date": "2026-11-23", "active_from_date": "2026-11-23"}, "$.issued_date"),
            ({"active_from_date": "2023-12-31"}, "$.active_from_date"),
            ({"expiry_date": "2023-01-01"}, "$.expiry_date"),
            ({"expiry_date": "2026-11-21"}, "$.expiry_date"),
            ({"type": "PHARMACY_DRUGS", "license_number": None}, "$.license_number"),
            ({"issued_by": 5}, "$.issued_by"),
        ],
    )
    async def test_wrong_field_then_named(self, owner: Caller, changes: dict[str, Any], entry: str) -> None:
        content = {name: value for name, value in told(**changes).items() if value is not None}
        assert entry in [place for place, _ in faults(await owner.post(PATH, content))]

    # EM-8
    async def test_legal_entity_does_not_act_then_conflict(self, owner: Caller, db: Connection) -> None:
        await db.execute("update legal_entities set status = 'SUSPENDED' where id = $1", owner.client_id)
        refused(await owner.post(PATH, told()), 409, "request_conflict", "Legal entity is not active")

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.post(PATH, told()), 403, "forbidden")

    async def test_without_token_is_denied(self, owner: Caller) -> None:
        refused(await replace(owner, token="").post(PATH, told()), 401, "access_denied")


# EP-2
class TestUpdate:
    async def test_ours_then_changed_but_never_its_type(self, owner: Caller) -> None:
        made = answered(await owner.post(PATH, told()), 201)["data"]
        path = f"{PATH}/{made['id']}"
        assert answered(await owner.patch(path, told(order_no="6-Л")))["data"] == made | {"order_no": "6-Л"}
        changed = told(type="PHARMACY_DRUGS")
        assert faults(await owner.patch(path, changed)) == [("$.type", "License type can't be changed")]

    async def test_primary_then_conflict(self, owner: Caller, db: Connection) -> None:
        id = await db.fetchval("select id from licenses where legal_entity_id = $1", owner.client_id)
        words = "Primary license must be updated with Create/Update Legal Entity"
        refused(await owner.patch(f"{PATH}/{id}", told()), 409, "request_conflict", words)

    async def test_of_another_clinic_is_not_found(self, owner: Caller, foreign_doctor: Caller, db: Connection) -> None:
        id = await db.fetchval("select id from licenses where legal_entity_id = $1", foreign_doctor.client_id)
        refused(await owner.patch(f"{PATH}/{id}", told()), 404, "not_found")

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.patch(f"{PATH}/{UUID(int=1)}", told()), 403, "forbidden")


class TestLicenses:
    async def test_clinic_sees_its_own_by_every_filter(self, owner: Caller) -> None:
        made = answered(await owner.post(PATH, told()), 201)["data"]

        async def found(**query: object) -> list[str]:
            return [each["license_number"] for each in answered(await owner.get(PATH, **query))["data"]]

        assert sorted(await found()) == ["АЕ000013", "АЕ111111"]
        assert await found(is_primary="true") == ["АЕ000013"]
        assert await found(id=made["id"], license_number="АЕ111111", type="MSP", is_primary="false") == ["АЕ111111"]
        assert await found(type="PHARMACY") == []

    async def test_wrong_filter_then_named(self, owner: Caller) -> None:
        assert [entry for entry, _ in faults(await owner.get(PATH, id="x"))] == ["$.id"]

    async def test_without_scope_is_forbidden(self, world: World, work: Work) -> None:
        refused(await (await with_scopes(work, world.owner)).get(PATH), 403, "forbidden")
