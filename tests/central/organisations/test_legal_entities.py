"""Legal entities: who sees which, whole answers, and the rules of registration."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.central import identity, organisations
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, Rejected
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.country import KYIV, ORGANISATIONS
from tests.central.answers import answered, refused
from tests.factories.organisations import legal_entity
from tests.factories.world import Caller

CLINIC = ORGANISATIONS[0]


@pytest.fixture
async def nhs(db: Connection, doctor: Caller) -> Caller:
    """The doctor's token, as if it were of a client that sees everybody's records."""
    await db.execute("update clients set type = 'NHS' where id = $1", doctor.client_id)
    return doctor


class TestLegalEntities:
    PATH = "/api/v2/legal_entities"

    async def test_clinic_sees_itself_whole(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH))
        address = msgspec.to_builtins(build.address(KYIV, CLINIC.street, "1"))
        [entity] = body["data"]
        told = {"license", "is_active", "inserted_at", "updated_at"}
        assert told == set(entity) - {*_clinic(address)}
        assert {name: entity[name] for name in _clinic(address)} == _clinic(address)
        assert entity["license"]["type"] == "MSP"
        assert body["paging"]["total_entries"] == 1

    # AB-6, LE-24
    async def test_foreign_id_gives_an_empty_list(self, doctor: Caller, foreign_doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, legal_entity_id=foreign_doctor.client_id))
        assert (body["data"], body["paging"]["total_entries"]) == ([], 0)

    # AB-6
    @pytest.mark.parametrize(
        ("query", "edrpous"),
        [
            ({}, [each.edrpou for each in ORGANISATIONS]),
            ({"edrpou": "40000041"}, ["40000041"]),
            ({"type": "PHARMACY"}, ["40000041", "40000057", "40000074"]),
            ({"status": "CLOSED"}, []),
            ({"nhs_verified": "true"}, [each.edrpou for each in ORGANISATIONS]),
            ({"nhs_verified": "false"}, []),
            ({"settlement_id": build.address(KYIV, "", "").settlement_id}, ["40000013", "40000041"]),
        ],
    )
    async def test_nhs_sees_all_by_every_filter(
        self, nhs: Caller, query: dict[str, object], edrpous: list[str]
    ) -> None:
        body = answered(await nhs.get(self.PATH, **query))
        assert sorted(each["edrpou"] for each in body["data"]) == sorted(edrpous)

    async def test_not_active_is_left_out(self, nhs: Caller, db: Connection) -> None:
        await db.execute("update legal_entities set is_active = false where edrpou = '40000041'")
        assert answered(await nhs.get(self.PATH, edrpou="40000041"))["data"] == []

    async def test_of_a_patient_is_forbidden(self, patient: Caller) -> None:
        refused(await patient.get(self.PATH), 403, "forbidden")


class TestLegalEntity:
    async def test_own_is_whole(self, doctor: Caller) -> None:
        data = answered(await doctor.get(f"/api/v2/legal_entities/{doctor.client_id}"))["data"]
        assert (data["edrpou"], data["nhs_verified"], data["nhs_reviewed"]) == (CLINIC.edrpou, True, True)

    async def test_foreign_is_forbidden(self, doctor: Caller, foreign_doctor: Caller) -> None:
        """LE-24: the one place where the publication says 403 of another's record."""
        response = await doctor.get(f"/api/v2/legal_entities/{foreign_doctor.client_id}")
        refused(response, 403, "forbidden", "Access denied")

    async def test_unknown_is_not_found_for_the_nhs(self, nhs: Caller) -> None:
        refused(await nhs.get(f"/api/v2/legal_entities/{UUID(int=1)}"), 404, "not_found")

    async def test_without_token_is_denied(self, doctor: Caller) -> None:
        nobody = replace(doctor, token="")
        refused(await nobody.get(f"/api/v2/legal_entities/{doctor.client_id}"), 401, "access_denied")


class TestRelated:
    @pytest.fixture
    async def merged(self, db: Connection, work: Work, world: Any) -> None:
        await db.execute(
            "insert into related_legal_entities (id, merged_to_id, merged_from_id, type, reason, reason_date,"
            " inserted_at, inserted_by) values ($1, $2, $3, 'ACCESSION', 'Наказ № 1111', '2022-02-10', $4, $5)",
            work.new_id(),
            world.owner.client_id,
            world.foreign_doctor.client_id,
            work.now,
            world.owner.user_id,
        )

    @pytest.mark.usefixtures("merged")
    async def test_shows_who_was_merged_into_us(self, world: Any) -> None:
        body = answered(await world.owner.get(f"/api/legal_entities/{world.owner.client_id}/related"))
        rural = ORGANISATIONS[2]
        assert body["data"] == [
            {
                "merged_from_legal_entity": {"id": str(rural.id), "name": rural.name, "edrpou": rural.edrpou},
                "reason": "Наказ № 1111",
                "reason_date": "2022-02-10",
                "type": "ACCESSION",
                "is_active": True,
                "inserted_at": "2026-11-22T10:00:00Z",
                "inserted_by": str(world.owner.user_id),
            }
        ]

    async def test_of_another_is_forbidden(self, world: Any) -> None:
        refused(await world.owner.get(f"/api/legal_entities/{world.pharmacist.client_id}/related"), 403, "forbidden")

    async def test_without_scope_names_it(self, doctor: Caller) -> None:
        words = "Your scope does not allow to access this resource. Missing allowances: related_legal_entities:read"
        refused(await doctor.get(f"/api/legal_entities/{doctor.client_id}/related"), 403, "forbidden", words)


class TestCreate:
    async def test_makes_the_client_of_the_same_id(self, work: Work) -> None:
        entity = await organisations.create_legal_entity(work, legal_entity(email="Clinic@Esoz.Example"))
        client = await identity.find_client(work, entity.id)
        assert (client.id, client.type, client.name) == (entity.id, "OUTPATIENT", "Нова лікарня")
        stored = await organisations.find_legal_entity(work.db, entity.id)
        assert msgspec.json.encode(stored) == msgspec.json.encode(entity)
        assert (stored.email, stored.acts, stored.nhs_verified) == ("clinic@esoz.example", True, False)

    async def test_same_code_and_type_is_a_conflict(self, work: Work) -> None:
        await organisations.create_legal_entity(work, legal_entity())
        with pytest.raises(Conflict, match="Legal entity with such edrpou and type already exists"):
            await organisations.create_legal_entity(work, legal_entity())

    async def test_same_code_of_another_type_is_allowed(self, work: Work) -> None:
        await organisations.create_legal_entity(work, legal_entity())
        await organisations.create_legal_entity(work, legal_entity(type="PRIMARY_CARE"))

    # LE-8
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"edrpou": "1234567"}, "$.edrpou"),
            ({"type": "NHS"}, "$.type"),
            ({"license": None}, "$.license"),
            ({"type": "PHARMACY"}, "$.license.type"),
            ({"public_offer": organisations.PublicOffer("", False)}, "$.public_offer.consent"),
            ({"residence_address": build.address(KYIV, "Садова", "1", "REGISTRATION")}, "$.residence_address.type"),
            (
                {"residence_address": msgspec.structs.replace(build.address(KYIV, "Садова", "1"), area="Київська")},
                "$.residence_address[0].area",
            ),
        ],
    )
    async def test_wrong_field_is_named(self, work: Work, changes: dict[str, Any], entry: str) -> None:
        with pytest.raises(Rejected) as refusal:
            await organisations.create_legal_entity(work, legal_entity(**changes))
        assert entry in [fault.entry for fault in refusal.value.invalid]

    async def test_not_registered_in_the_state_register_is_refused(self, work: Work) -> None:
        details = legal_entity()
        closed = msgspec.structs.replace(details.edr, state=3)
        with pytest.raises(Rejected) as refusal:
            await organisations.create_legal_entity(work, replace(details, edr=closed))
        assert refusal.value.invalid[0].description == "Provided EDRPOU is not active in EDR"


def _clinic(address: object) -> dict[str, Any]:
    edr = {
        "id": str(build.fixed_id("edr family")),
        "name": CLINIC.name,
        "short_name": CLINIC.short_name,
        "public_name": CLINIC.short_name,
        "edrpou": CLINIC.edrpou,
        "kveds": [{"name": "Загальна медична практика", "code": "86.21", "is_primary": True}],
        "registration_address": {"address": "01001, Київ, Київ, Садова, 1"},
        "state": 1,
        "legal_form": "150",
    }
    return {
        "id": str(CLINIC.id),
        "edr": edr,
        "edrpou": CLINIC.edrpou,
        "type": "PRIMARY_CARE",
        "residence_address": address,
        "phones": [{"type": "MOBILE", "number": "+380501112233"}],
        "email": "family@esoz.example",
        "archive": [],
        "public_offer": {"consent_text": "Погоджуюся з правилами системи", "consent": True},
        "status": "ACTIVE",
    }
