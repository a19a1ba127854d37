"""A legal entity registered by its owner: signature, state register, license, owner, secret; changed; closed."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.central import organisations, workforce
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from esoz.signature import Authority, Issued
from tests.central.answers import answered, faults, refused
from tests.factories.registries import (
    EDRPOU,
    OWNER_TAX_ID,
    key_of_owner,
    last_mail,
    official,
    put,
    registration,
    signed,
    state_record,
)
from tests.factories.world import Caller

PATH = "/api/v2/legal_entities"


@pytest.fixture
async def vendor(work: Work, doctor: Caller) -> Caller:
    """A MIS that registers clinics."""
    return await official(work, doctor, "MIS", "legal_entity:write", "event:read")


@pytest.fixture
def key(authority: Authority, work: Work) -> Issued:
    return key_of_owner(authority, work)


@pytest.fixture
async def _in_register(work: Work) -> None:
    await organisations.import_state_register(work, [state_record()])


def body(document: str) -> dict[str, str]:
    return {"signed_legal_entity_request": document, "signed_content_encoding": "base64"}


async def register(vendor: Caller, key: Issued, work: Work, content: Any = None) -> Any:
    return await put(vendor, PATH, body(signed(content or registration(), key, work)))


@pytest.mark.usefixtures("_in_register")
class TestRegister:
    # LE-4, LE-7, LE-13
    async def test_new_then_whole_answer_secret_once_and_owner_invited(
        self, vendor: Caller, key: Issued, work: Work, db: Connection
    ) -> None:
        made = answered(await register(vendor, key, work), 201)
        data, urgent = made["data"], made["urgent"]
        assert (data["edrpou"], data["type"], data["status"]) == (EDRPOU, "OUTPATIENT", "ACTIVE")
        assert data["edr"] == json.loads(msgspec.json.encode(state_record()))
        assert (data["name"], data["email"]) == ("КНП «Нова поліклініка»", "clinic@esoz.example")
        assert data["license"]["license_number"] == "АЕ777777"
        assert (data["nhs_verified"], data["nhs_reviewed"], data["is_active"]) == (False, False, True)
        assert data["inserted_by"] == str(vendor.user_id)
        assert urgent["security"]["client_id"] == data["id"]
        assert len(urgent["security"]["secret_key"]) > 40
        request = await db.fetchrow("select * from employee_requests")
        assert (str(request["id"]), request["employee_type"], request["status"]) == (
            urgent["employee_request_id"],
            "OWNER",
            "NEW",
        )
        assert "/invitations/" in await last_mail(db, "owner@nova.example")
        kept = await db.fetchval("select object_name from legal_entity_documents")
        assert kept.startswith(f"legal_entities/{data['id']}/")
        again = answered(await register(vendor, key, work))
        assert again["data"]["id"] == data["id"]
        assert "security" not in again["urgent"]

    # LE-15
    async def test_owner_accepts_then_works_there_as_owner(
        self, vendor: Caller, key: Issued, work: Work, db: Connection
    ) -> None:
        made = answered(await register(vendor, key, work), 201)
        mail = await last_mail(db, "owner@nova.example")
        token = mail.split("/invitations/", 1)[1].split()[0]
        request = await workforce.accept_invitation(work, token, password="Дуже-Довгий-Пароль-26")
        assert request.employee_id is not None
        employee = await workforce.find_employee(db, request.employee_id)
        assert (employee.employee_type, employee.party.tax_id) == ("OWNER", OWNER_TAX_ID)
        role = await db.fetchrow(
            "select client_id, role from user_roles r join users u on u.id = r.user_id"
            " where u.email = 'owner@nova.example'"
        )
        assert (str(role["client_id"]), role["role"]) == (made["data"]["id"], "OWNER")

    # LE-6
    async def test_known_then_changed_and_its_code_and_verification_stay(
        self, vendor: Caller, key: Issued, work: Work, db: Connection
    ) -> None:
        first = answered(await register(vendor, key, work), 201)["data"]
        await organisations.import_state_register(work, [state_record(name="КНП «Інша назва»")])
        await organisations.verify_legal_entity(work, UUID(first["id"]))
        changed = registration(email="new@esoz.example")
        changed["license"]["license_number"] = "АЕ888888"
        data = answered(await register(vendor, key, work, changed))["data"]
        assert (data["id"], data["name"], data["email"]) == (first["id"], "КНП «Інша назва»", "new@esoz.example")
        assert data["nhs_verified"] is True
        assert (data["license"]["id"], data["license"]["license_number"]) == (first["license"]["id"], "АЕ888888")
        assert await db.fetchval("select name from clients where id = $1::uuid", first["id"]) == "КНП «Інша назва»"
        assert await db.fetchval("select count(*) from licenses where legal_entity_id = $1::uuid", first["id"]) == 1

    # LE-9
    async def test_license_by_id_of_its_sister_then_a_copy_of_it(self, vendor: Caller, key: Issued, work: Work) -> None:
        first = answered(await register(vendor, key, work), 201)["data"]
        content = registration(type="PRIMARY_CARE", license={"id": first["license"]["id"]})
        second = answered(await register(vendor, key, work, content), 201)["data"]
        assert second["license"]["license_number"] == "АЕ777777"
        assert second["license"]["id"] != first["license"]["id"]

    async def test_license_by_its_own_id_then_it_stays_primary(self, vendor: Caller, key: Issued, work: Work) -> None:
        first = answered(await register(vendor, key, work), 201)["data"]
        content = registration(license={"id": first["license"]["id"]})
        assert answered(await register(vendor, key, work, content))["data"]["license"] == first["license"]

    # LE-1
    @pytest.mark.parametrize(
        ("changes", "entry", "words"),
        [
            ({"type": "MSP"}, "$.type", "value is not allowed in enum"),
            ({"type": "SPACESHIP"}, "$.type", "value is not allowed in enum"),
            (
                {"public_offer": {"consent": False, "consent_text": "Ні"}},
                "$.public_offer.consent",
                "consent is mandatory",
            ),
            (
                {"residence_address": registration()["residence_address"] | {"zip": "1"}},
                "$.residence_address[0].zip",
                "string does not match pattern [0-9]{5}",
            ),
            ({"phones": registration()["phones"] * 2}, "$.phones", "No duplicate values."),
            ({"license": {"id": "00000000-0000-0000-0000-000000000001"}}, "$.license.id", "License not found"),
            ({"type": "PHARMACY"}, "$.license.type", "License is not needed for chosen legal entity type"),
        ],
    )
    async def test_wrong_field_then_named(
        self, vendor: Caller, key: Issued, work: Work, changes: dict[str, Any], entry: str, words: str
    ) -> None:
        assert faults(await register(vendor, key, work, registration(**changes))) == [(entry, words)]

    # EM-7, LE-3
    @pytest.mark.parametrize(
        ("changes", "entry", "words"),
        [
            ({"no_tax_id": True}, "$.owner.no_tax_id", "'no_tax_id' must be false"),
            ({"tax_id": "1234567890"}, "$.owner.tax_id", "invalid tax_id value"),
            ({"birth_date": "1875-11-22"}, "$.owner.birth_date", "invalid birth_date value"),
            ({"employee_id": "00000000-0000-0000-0000-000000000001"}, "$.owner.employee_id", "Employee not found"),
        ],
    )
    async def test_wrong_owner_then_named(
        self, vendor: Caller, key: Issued, work: Work, changes: dict[str, Any], entry: str, words: str
    ) -> None:
        content = registration(owner=registration()["owner"] | changes)
        assert faults(await register(vendor, key, work, content)) == [(entry, words)]

    async def test_license_half_told_then_what_is_missing(self, vendor: Caller, key: Issued, work: Work) -> None:
        content = registration(license={"id": "00000000-0000-0000-0000-000000000001", "order_no": "1"})
        assert ("$.license.order_no", "schema does not allow additional properties") in faults(
            await register(vendor, key, work, content)
        )

    async def test_signed_by_another_organisation_then_refused(
        self, vendor: Caller, authority: Authority, work: Work
    ) -> None:
        foreign = key_of_owner(authority, work, edrpou="11112222")
        words = "EDRPOU does not match legal_entity edrpou"
        assert faults(await register(vendor, foreign, work)) == [("$.edrpou", words)]

    async def test_signed_by_a_person_without_organisation_then_refused(
        self, vendor: Caller, authority: Authority, work: Work
    ) -> None:
        own = key_of_owner(authority, work, edrpou=None)
        assert faults(await register(vendor, own, work)) == [("$.edrpou", "DRFO does not match signer drfo")]

    async def test_not_signed_then_refused(self, vendor: Caller) -> None:
        [(entry, _)] = faults(await put(vendor, PATH, body("YWJj")))
        assert entry == "$.signed_legal_entity_request"

    async def test_suspended_then_conflict(self, vendor: Caller, key: Issued, work: Work, db: Connection) -> None:
        answered(await register(vendor, key, work), 201)
        await db.execute("update legal_entities set status = 'SUSPENDED' where edrpou = $1", EDRPOU)
        words = "Legal entity with such edrpou and type already exists"
        refused(await register(vendor, key, work), 409, "request_conflict", words)

    async def test_without_scope_is_forbidden(self, doctor: Caller, key: Issued, work: Work) -> None:
        refused(await register(doctor, key, work), 403, "forbidden")

    async def test_without_token_is_denied(self, vendor: Caller, key: Issued, work: Work) -> None:
        refused(await register(replace(vendor, token=""), key, work), 401, "access_denied")


class TestStateRegister:
    async def test_unknown_code_then_not_active(self, vendor: Caller, key: Issued, work: Work) -> None:
        words = "Provided EDRPOU is not active in EDR"
        assert faults(await register(vendor, key, work)) == [("$.edrpou", words)]

    async def test_ended_then_not_active(self, vendor: Caller, key: Issued, work: Work) -> None:
        await organisations.import_state_register(work, [state_record(state=3)])
        words = "Provided EDRPOU is not active in EDR"
        assert faults(await register(vendor, key, work)) == [("$.edrpou", words)]

    # LE-12
    async def test_ended_after_registration_then_suspended(
        self, vendor: Caller, key: Issued, work: Work, db: Connection
    ) -> None:
        await organisations.import_state_register(work, [state_record()])
        answered(await register(vendor, key, work), 201)
        await organisations.import_state_register(work, [state_record(state=3)])
        row = await db.fetchrow("select status, status_reason from legal_entities where edrpou = $1", EDRPOU)
        assert tuple(row) == ("SUSPENDED", "AUTO_SUSPEND")

    # LE-11
    async def test_code_given_anew_then_the_one_before_must_end_first(
        self, vendor: Caller, key: Issued, work: Work, db: Connection
    ) -> None:
        await organisations.import_state_register(work, [state_record()])
        answered(await register(vendor, key, work), 201)
        await db.execute("update edr_records set state = 3, content = content || '{\"state\": 3}'")
        await organisations.import_state_register(work, [state_record(id=502)])
        words = "Invalid edr state. Previous legal entity must be closed"
        refused(await register(vendor, key, work), 409, "request_conflict", words)

    # LE-10
    async def test_two_active_then_named(self, vendor: Caller, key: Issued, work: Work) -> None:
        await organisations.import_state_register(work, [state_record(), state_record(id=502)])
        assert faults(await register(vendor, key, work)) == [("$.edrpou", "More than 1 active entities in EDR")]


class TestDeactivate:
    @staticmethod
    def path(caller: Caller) -> str:
        return f"/api/legal_entities/{caller.client_id}/actions/deactivate"

    @pytest.fixture
    async def nhs(self, work: Work, doctor: Caller) -> Caller:
        return await official(work, doctor, "NHS_ADMIN", "legal_entity:deactivate")

    # LE-19
    async def test_acting_then_closed_everybody_dismissed_and_declarations_ended(
        self, nhs: Caller, doctor: Caller, patient: Caller, db: Connection, worker: Worker
    ) -> None:
        data = answered(await nhs.patch(self.path(doctor)))["data"]
        assert (data["id"], data["status"]) == (str(doctor.client_id), "CLOSED")
        rows = await db.fetch("select distinct status from employees where legal_entity_id = $1", doctor.client_id)
        assert [row["status"] for row in rows] == ["DISMISSED"]
        assert await db.fetchval("select count(*) from user_roles where client_id = $1", doctor.client_id) == 0
        while await worker.perform_one():
            pass
        row = await db.fetchrow("select status, reason from declarations where person_id = $1", patient.person_id)
        assert tuple(row) == ("terminated", "auto_deactivation_legal_entity")
        refused(await nhs.patch(self.path(doctor)), 409, "request_conflict")

    async def test_unknown_is_not_found(self, nhs: Caller, work: Work) -> None:
        refused(await nhs.patch(f"/api/legal_entities/{work.new_id()}/actions/deactivate"), 404, "not_found")

    async def test_by_the_owner_is_forbidden(self, world: Any) -> None:
        refused(await world.owner.patch(self.path(world.owner)), 403, "forbidden")


class TestRequestThroughMis:
    @pytest.mark.usefixtures("_in_register")
    async def test_own_then_status_and_employee_and_anothers_is_not_found(
        self, vendor: Caller, key: Issued, work: Work, db: Connection
    ) -> None:
        made = answered(await register(vendor, key, work), 201)
        path = f"/api/mis/employee_requests/{made['urgent']['employee_request_id']}"
        assert answered(await vendor.get(path))["data"] == {
            "id": made["urgent"]["employee_request_id"],
            "status": "NEW",
            "updated_at": "2026-11-22T10:00:00Z",
        }
        await db.execute("update employee_requests set inserted_at = $1", work.now - timedelta(days=29))
        assert answered(await vendor.get(path))["data"]["status"] == "EXPIRED"
        await db.execute("update employee_requests set mis_id = $1", work.new_id())
        refused(await vendor.get(path), 404, "not_found")
