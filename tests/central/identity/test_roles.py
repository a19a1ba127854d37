"""Who may do what by role and type of organisation, at the edges that the rules name (AUTH-35 to AUTH-38)."""

from uuid import UUID

import pytest

from esoz.central import identity
from esoz.central.identity.commands.grants import owned_scopes
from esoz.kernel.db import Connection
from esoz.kernel.errors import Rejected
from esoz.kernel.work import Work
from esoz.spec.roles import client_types, role_scopes, roles
from tests.central.conftest import NOW
from tests.factories.world import World

ORGANISATIONS = {"MSP", "PHARMACY", "PRIMARY_CARE", "OUTPATIENT", "EMERGENCY", "MSP_LIMITED", "NHS_ADMIN", "MIS"}
WORKERS = {
    "OWNER",
    "PHARMACY_OWNER",
    "HR",
    "ADMIN",
    "RECEPTIONIST",
    "DOCTOR",
    "SPECIALIST",
    "ASSISTANT",
    "LABORANT",
    "MED_ADMIN",
    "MED_COORDINATOR",
    "PHARMACIST",
}


# AUTH-35, AUTH-36
def test_types_and_roles_are_the_published_ones() -> None:
    assert set(client_types()) >= ORGANISATIONS
    assert set(roles()) >= WORKERS


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("HR", "employee:write division:write", "person:read declaration:read"),
        ("ADMIN", "declaration_request:write declaration_request:sign", "employee:write"),
        ("PHARMACIST", "medication_dispense:write", "person:read episode:read"),
        ("OWNER", "connection:refresh_secret", "declaration_request:sign episode:read"),
        ("DOCTOR", "episode:write declaration_request:sign", "employee:write medication_dispense:write"),
    ],
)
def test_role_may_and_may_not(role: str, may: str, may_not: str) -> None:
    """AUTH-37."""
    scopes = role_scopes(role)
    assert set(may.split()) <= scopes
    assert not scopes & set(may_not.split())


class TestWhere:
    """AUTH-38: a role holds at one client; a global one everywhere."""

    async def scopes(self, work: Work, user_id: UUID, client_id: UUID) -> frozenset[str]:
        client = await identity.find_client(work, client_id)
        return await owned_scopes(work, user_id, client)

    async def test_role_of_one_clinic_is_none_at_another(self, world: World, work: Work) -> None:
        doctor, elsewhere = world.doctor, world.foreign_doctor.client_id
        assert "episode:write" in await self.scopes(work, doctor.user_id, doctor.client_id)
        assert await self.scopes(work, doctor.user_id, elsewhere) == frozenset()

    async def test_global_role_holds_at_every_clinic(self, world: World, work: Work, db: Connection) -> None:
        user = await identity.create_user(work, email="nhs@central.example", password=None)
        await db.execute("insert into global_roles values ($1, 'NHS_ADMIN', $2)", user.id, NOW)
        for client_id in (world.doctor.client_id, world.pharmacist.client_id):
            assert await self.scopes(work, user.id, client_id) == role_scopes("NHS_ADMIN")

    async def test_client_takes_the_type_of_its_organisation(self, world: World, work: Work) -> None:
        """AUTH-35."""
        await identity.rename_client(work, world.doctor.client_id, name="КНП", type="OUTPATIENT")
        assert (await identity.find_client(work, world.doctor.client_id)).type == "OUTPATIENT"


class TestTrusted:
    """AUTH-28: a trusted cabinet may name no scope: then it is asked for everything a patient may have."""

    async def test_empty_scope_of_a_trusted_cabinet_is_all_of_the_role(self, world: World, work: Work) -> None:
        patient = world.patient
        client = await identity.find_client(work, patient.client_id)
        assert await identity.grantable(work, patient.user_id, client, "") == role_scopes("PATIENT")

    async def test_empty_scope_of_anybody_else_is_refused(self, world: World, work: Work) -> None:
        doctor = world.doctor
        client = await identity.find_client(work, doctor.client_id)
        with pytest.raises(Rejected) as refusal:
            await identity.grantable(work, doctor.user_id, client, " ")
        assert refusal.value.invalid[0].entry == "$.app.scope"
