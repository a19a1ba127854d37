"""Divisions: who sees which, whole answers, and the rules of opening one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.central import organisations
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, NotFound, Rejected
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.country import KYIV, LVIV
from tests.central.answers import answered, faults, refused
from tests.factories.organisations import division
from tests.factories.world import Caller


@pytest.fixture
async def second(work: Work, doctor: Caller) -> organisations.Division:
    """The second division of the doctor's clinic, opened a day later."""
    later = replace(work, now=work.now + timedelta(days=1))
    return await organisations.create_division(later, division(), legal_entity_id=doctor.client_id)


class TestDivisions:
    PATH = "/api/divisions"

    @pytest.mark.usefixtures("second")
    async def test_clinic_sees_its_own_the_oldest_first(self, doctor: Caller) -> None:
        response = await doctor.get(self.PATH)
        assert response.status_code == 200
        assert [each["name"] for each in response.json()["data"]] == ["Амбулаторія № 1", "Відділення № 2"]

    # AB-6
    async def test_foreign_legal_entity_gives_an_empty_list(self, doctor: Caller, foreign_doctor: Caller) -> None:
        assert (await doctor.get(self.PATH, legal_entity_id=foreign_doctor.client_id)).json()["data"] == []

    async def test_by_ids_and_the_other_filters(self, doctor: Caller, second: organisations.Division) -> None:
        async def found(**query: object) -> list[str]:
            return [each["id"] for each in (await doctor.get(self.PATH, **query)).json()["data"]]

        second_id = str(second.id)
        assert await found(ids=second_id) == [second_id]
        assert await found(ids=f"{second_id},{UUID(int=4)}") == [second_id]
        assert await found(name="відділення") == [second_id]
        assert await found(status="INACTIVE") == []
        assert await found(type="FAP") == []
        assert second_id in await found(type="CLINIC", status="ACTIVE", legal_entity_id=doctor.client_id)

    async def test_wrong_ids_are_named(self, doctor: Caller) -> None:
        assert [entry for entry, _ in faults(await doctor.get(self.PATH, ids="abc"))] == ["$.ids"]

    async def test_without_scope_is_forbidden(self, patient: Caller) -> None:
        refused(await patient.get(self.PATH), 403, "forbidden")


# EN-4
class TestDivision:
    async def test_own_is_whole(self, registrar: Caller, second: organisations.Division) -> None:
        body = answered(await registrar.get(f"/api/divisions/{second.id}"))
        assert body["data"] == {
            "id": str(second.id),
            "name": "Відділення № 2",
            "addresses": [msgspec.to_builtins(build.address(KYIV, "Польова", "2"))],
            "phones": [{"type": "MOBILE", "number": "+380671112233"}],
            "email": "second@esoz.example",
            "working_hours": {"mon": [["08.00", "12.00"], ["14.00", "18.00"]]},
            "type": "CLINIC",
            "legal_entity_id": str(registrar.client_id),
            "external_id": "3213213",
            "location": {"latitude": 50.45, "longitude": 30.52},
            "status": "ACTIVE",
            "mountain_group": False,
        }

    async def test_of_another_clinic_is_not_found(self, registrar: Caller, foreign_doctor: Caller) -> None:
        refused(await registrar.get(f"/api/divisions/{foreign_doctor.division_id}"), 404, "not_found")

    async def test_unknown_is_not_found(self, registrar: Caller) -> None:
        refused(await registrar.get(f"/api/divisions/{UUID(int=1)}"), 404, "not_found")

    async def test_without_scope_names_it(self, doctor: Caller) -> None:
        words = "Your scope does not allow to access this resource. Missing allowances: division:details"
        refused(await doctor.get(f"/api/divisions/{doctor.division_id}"), 403, "forbidden", words)


class TestCreate:
    async def test_in_a_mountain_settlement_has_its_flag(self, work: Work, doctor: Caller, db: Connection) -> None:
        """DV-4: it decides the tariff."""
        address = build.address(LVIV, "Польова", "2")
        await db.execute("update settlements set mountain_group = true where id = $1", address.settlement_id)
        made = await organisations.create_division(
            work, division(addresses=(address,)), legal_entity_id=doctor.client_id
        )
        assert (await organisations.find_division(db, made.id)).mountain_group is True

    # DV-1
    async def test_of_not_active_legal_entity_is_a_conflict(self, work: Work, doctor: Caller, db: Connection) -> None:
        await db.execute("update legal_entities set status = 'CLOSED' where id = $1", doctor.client_id)
        with pytest.raises(Conflict, match="Legal entity is not active"):
            await organisations.create_division(work, division(), legal_entity_id=doctor.client_id)

    async def test_of_suspended_legal_entity_is_allowed(self, work: Work, doctor: Caller, db: Connection) -> None:
        """DV-1 lets a suspended one open divisions."""
        await db.execute("update legal_entities set status = 'SUSPENDED' where id = $1", doctor.client_id)
        await organisations.create_division(work, division(), legal_entity_id=doctor.client_id)

    async def test_of_unknown_legal_entity_is_not_found(self, work: Work) -> None:
        with pytest.raises(NotFound):
            await organisations.create_division(work, division(), legal_entity_id=UUID(int=1))

    # AD-3
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"type": "DRUGSTORE"}, "$.type"),
            ({"addresses": (build.address(KYIV, "Садова", "1", "REGISTRATION"),)}, "$.addresses"),
            ({"phones": division().phones * 2}, "$.phones"),
            ({"working_hours": {"tue": [["8:00", "12:00"]]}}, "$.working_hours.tue"),
            (
                {"addresses": (msgspec.structs.replace(build.address(KYIV, "", ""), settlement_id=UUID(int=1)),)},
                "$.addresses[0].settlement_id",
            ),
        ],
    )
    async def test_wrong_field_is_named(self, work: Work, doctor: Caller, changes: dict[str, Any], entry: str) -> None:
        with pytest.raises(Rejected) as refusal:
            await organisations.create_division(work, division(**changes), legal_entity_id=doctor.client_id)
        assert [fault.entry for fault in refusal.value.invalid] == [entry]
