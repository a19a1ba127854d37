"""How a legal entity stands: verified, suspended by hand and by term, told otherwise by the register, merged."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.central import identity, organisations, registration, workforce
from esoz.central.dictionaries import dictionaries
from esoz.central.organisations import Cause, LegalEntityStatus, consequences
from esoz.central.organisations.commands import suspend_unverified
from esoz.central.registration.model import NHS_EDRPOU
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, Forbidden, Rejected
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Actor, Work
from esoz.signature import Authority, Issued, Subject, sign
from tests.central.answers import answered, refused
from tests.central.workforce.test_requests import NEWCOMER, PATH, body, told
from tests.factories.registries import state_record
from tests.factories.world import Caller, World

ACTIVE, SUSPENDED = LegalEntityStatus.ACTIVE, LegalEntityStatus.SUSPENDED


@pytest.fixture(autouse=True)
async def _known_codes(db: Connection) -> None:
    await dictionaries.load(db)


@pytest.fixture
def told_of() -> Iterator[list[tuple[UUID, set[str]]]]:
    """What somebody who follows changes (contracts) is told."""
    heard: list[tuple[UUID, set[str]]] = []

    async def follower(work: Work, id: UUID, causes: frozenset[Cause]) -> None:
        heard.append((id, {str(each) for each in causes}))

    consequences.follow(follower)
    yield heard
    consequences._followers.remove(follower)


async def entity_of(work: Work, caller: Caller) -> organisations.LegalEntity:
    return await organisations.find_legal_entity(work.db, caller.client_id)


def later(work: Work, days: int) -> Work:
    return replace(work, now=work.now + timedelta(days=days), recorded=[])


class TestVerification:
    # LE-17
    async def test_verified_and_taken_back_then_the_moment_is_kept(self, work: Work, doctor: Caller) -> None:
        with pytest.raises(Conflict, match="LegalEntity is VERIFIED"):
            await organisations.verify_legal_entity(work, doctor.client_id)
        await organisations.unverify_legal_entity(work, doctor.client_id)
        entity = await entity_of(work, doctor)
        assert (entity.nhs_verified, entity.nhs_reviewed, entity.nhs_unverified_at) == (False, True, work.now)
        with pytest.raises(Conflict, match="NOT_VERIFIED"):
            await organisations.unverify_legal_entity(work, doctor.client_id)
        await organisations.verify_legal_entity(work, doctor.client_id)
        assert (await entity_of(work, doctor)).nhs_unverified_at is None

    # LE-22
    @pytest.mark.parametrize(("days", "status"), [(90, ACTIVE), (91, SUSPENDED)])
    async def test_not_verified_for_ninety_days_then_suspended(
        self, work: Work, doctor: Caller, told_of: list[Any], days: int, status: LegalEntityStatus
    ) -> None:
        await organisations.unverify_legal_entity(work, doctor.client_id)
        await suspend_unverified(later(work, days))
        entity = await entity_of(work, doctor)
        assert entity.status is status
        assert entity.status_reason == ("AUTO_SUSPEND" if status is SUSPENDED else None)
        assert told_of == ([(doctor.client_id, {"status"})] if status is SUSPENDED else [])
        assert await suspend_unverified(later(work, days)) == 0

    async def test_never_verified_then_never_suspended(self, work: Work) -> None:
        assert await suspend_unverified(later(work, 1000)) == 0


class TestByHand:
    # LE-18
    async def test_suspended_then_it_cannot_hire_and_comes_back(
        self, work: Work, world: World, told_of: list[Any]
    ) -> None:
        owner = world.owner
        await organisations.change_status(work, owner.client_id, SUSPENDED)
        assert (await entity_of(work, owner)).status_reason == "MANUAL_LEGAL_ENTITY_STATUS_UPDATE"
        assert told_of == [(owner.client_id, {"status"})]
        refused(await owner.post(PATH, body(owner.sign(told(owner)))), 409, "request_conflict")
        with pytest.raises(Conflict, match="Incorrect status transition"):
            await organisations.change_status(work, owner.client_id, SUSPENDED)
        await organisations.change_status(work, owner.client_id, ACTIVE)
        answered(await owner.post(PATH, body(owner.sign(told(owner)))))

    async def test_suspended_by_term_and_back_then_the_term_begins_anew(self, work: Work, doctor: Caller) -> None:
        await organisations.unverify_legal_entity(work, doctor.client_id)
        late = later(work, 91)
        await suspend_unverified(late)
        await organisations.change_status(late, doctor.client_id, ACTIVE)
        assert await suspend_unverified(later(work, 92)) == 0

    @pytest.mark.parametrize("status", [LegalEntityStatus.CLOSED, LegalEntityStatus.REORGANIZED])
    async def test_other_statuses_then_conflict(self, work: Work, doctor: Caller, status: LegalEntityStatus) -> None:
        with pytest.raises(Conflict, match="Incorrect status transition"):
            await organisations.change_status(work, doctor.client_id, status)


class TestStateRegister:
    # LE-23
    @pytest.mark.parametrize(
        ("changes", "verified"),
        [
            ({}, True),
            ({"name": "Інша назва"}, False),
            ({"legal_form": "999"}, False),
            ({"kveds": ()}, False),
            ({"registration_address": {"address": "Деінде"}}, False),
        ],
    )
    async def test_told_otherwise_then_verified_no_more(
        self, work: Work, doctor: Caller, changes: dict[str, Any], verified: bool
    ) -> None:
        entity = await entity_of(work, doctor)
        edr = entity.edr
        fields = {name: getattr(edr, name) for name in edr.__struct_fields__}
        await organisations.import_state_register(work, [organisations.EDR(**fields | changes)])
        assert (await entity_of(work, doctor)).nhs_verified is verified

    async def test_of_another_code_then_nothing_changes(self, work: Work, doctor: Caller) -> None:
        await organisations.import_state_register(work, [state_record()])
        assert (await entity_of(work, doctor)).nhs_verified


class TestConsequences:
    # EM-20
    async def test_owner_replaced_then_contracts_hear_of_it(self, work: Work, world: World, told_of: list[Any]) -> None:
        party = workforce.PartyDetails(
            first_name="Інша",
            last_name="Власниця",
            birth_date=work.today.replace(year=1980),
            gender="FEMALE",
            tax_id=NEWCOMER,
            email="next@nova.example",
            documents=(workforce.PartyDocument("PASSPORT", "АА120519"),),
            phones=(),
        )
        details = workforce.EmployeeDetails(party=party, employee_type="OWNER", position="P1", start_date=work.today)
        await workforce.hire(work, details, legal_entity_id=world.owner.client_id)
        assert told_of == [(world.owner.client_id, {"owner"})]
        renamed = replace(details, party=replace(party, last_name="Нова"))
        await workforce.hire(work, renamed, legal_entity_id=world.owner.client_id)
        assert told_of[1:] == [(world.owner.client_id, {"owner_name"})]
        respelt = replace(details, party=replace(party, last_name="НОВA"))
        await workforce.hire(work, respelt, legal_entity_id=world.owner.client_id)
        assert told_of[2:] == []

    # LE-16
    async def test_name_and_address_changed_then_contracts_hear_what(
        self, work: Work, doctor: Caller, told_of: list[Any]
    ) -> None:
        entity = await entity_of(work, doctor)
        names = organisations.LegalEntityDetails.__dataclass_fields__.keys() & entity.__dataclass_fields__.keys()
        same = organisations.LegalEntityDetails(**{name: getattr(entity, name) for name in names})
        await organisations.update_legal_entity(work, entity, same)
        renamed = replace(same, edr=msgspec.structs.replace(entity.edr, name="Нова назва"))
        changed = await organisations.update_legal_entity(work, entity, renamed)
        moved = msgspec.structs.replace(entity.residence_address, street="Інша")
        await organisations.update_legal_entity(work, changed, replace(renamed, residence_address=moved))
        always = "legal_entity_has_changed"
        assert [causes for _, causes in told_of] == [{always}, {always, "name"}, {always, "address"}]

    # EM-25
    async def test_signer_dismissed_then_contracts_hear_of_it(
        self, work: Work, world: World, told_of: list[Any]
    ) -> None:
        details = workforce.EmployeeDetails(
            party=workforce.PartyDetails(
                first_name="Нова",
                last_name="Адміністраторка",
                birth_date=work.today.replace(year=1980),
                gender="FEMALE",
                tax_id=NEWCOMER,
                email="a@nova.example",
                documents=(workforce.PartyDocument("PASSPORT", "АА120519"),),
                phones=(),
            ),
            employee_type="ADMIN",
            position="P1",
            start_date=work.today,
        )
        hired = await workforce.hire(work, details, legal_entity_id=world.owner.client_id)
        answered(await world.owner.patch(f"/api/employees/{hired.id}/actions/deactivate"))
        assert told_of == [(world.owner.client_id, {"signer_dismissed"})]

    async def test_doctor_dismissed_then_they_do_not(self, world: World, told_of: list[Any]) -> None:
        answered(await world.owner.patch(f"/api/employees/{world.doctor.employee_id}/actions/deactivate"))
        assert told_of == []


@pytest.fixture
async def nhs(work: Work) -> Work:
    """Work of an administrator of the НСЗУ."""
    user = await identity.create_user(work, email="nhs@central.example", password=None, tax_id=NEWCOMER)
    return replace(work, actor=Actor(user_id=user.id), recorded=[])


def key_of(authority: Authority, work: Work, *, edrpou: str = NHS_EDRPOU, drfo: str = NEWCOMER) -> Issued:
    subject = Subject(surname="Людина", given_name="Уповноважена", drfo=drfo, organization="НСЗУ", edrpou=edrpou)
    return authority.issue(subject, valid_from=work.now - timedelta(days=9), valid_to=work.now + timedelta(days=9))


def signed(content: object, key: Issued, work: Work) -> str:
    raw = json.dumps(content, ensure_ascii=False).encode()
    return base64.b64encode(sign(raw, key.key, key.certificate, at=work.now)).decode()


async def merging(work: Work, source: Caller, target: Caller, **changes: Any) -> dict[str, Any]:
    places = {}
    for name, caller in (("merged_from_legal_entity", source), ("merged_to_legal_entity", target)):
        entity = await entity_of(work, caller)
        places[name] = {"id": str(entity.id), "name": entity.name, "edrpou": entity.edrpou}
    return places | {"reason": "Рішення 7"} | changes


class TestMerge:
    # LE-21
    async def test_done_then_reorganised_doctors_gone_tokens_ended_and_the_relation_is_told(
        self, nhs: Work, world: World, authority: Authority, db: Connection, worker: Worker, told_of: list[Any]
    ) -> None:
        source, target = world.doctor, world.foreign_doctor
        document = signed(await merging(nhs, source, target), key_of(authority, nhs), nhs)
        await registration.merge(nhs, document)
        entity = await entity_of(nhs, source)
        assert (entity.status, entity.end_date) == (LegalEntityStatus.REORGANIZED, nhs.today)
        assert (source.client_id, {"legal_entity_has_changed", "status"}) in told_of
        refused(await source.get("/api/employees"), 401, "token_expired")
        assert await db.fetchval("select type from clients where id = $1", source.client_id) == "MSP_LIMITED"
        while await worker.perform_one():
            pass
        row = await db.fetchrow("select status, status_reason from employees where id = $1", source.employee_id)
        assert tuple(row) == ("DISMISSED", "auto_reorganization")
        query = "select distinct status, reason from declarations where employee_id = $1"
        ended = [tuple(each) for each in await db.fetch(query, source.employee_id)]
        assert [reason for _, reason in ended] == ["auto_reorganization"]
        assert "active" not in [status for status, _ in ended]
        kept = await db.fetchval("select count(*) from legal_entity_documents where legal_entity_id = $1", entity.id)
        assert kept == 1
        related = await db.fetchrow("select * from related_legal_entities")
        assert (related["merged_from_id"], related["merged_to_id"], related["reason"]) == (
            source.client_id,
            target.client_id,
            "Рішення 7",
        )

    async def test_doctor_works_so_in_the_successor_then_stays(
        self, nhs: Work, world: World, authority: Authority, db: Connection
    ) -> None:
        source, target = world.doctor, world.foreign_doctor
        await db.execute(
            "insert into employees (id, party_id, legal_entity_id, division_id, employee_type, position, speciality,"
            " speciality_level, education, status, minfin_validation_status, start_date, inserted_at, updated_at)"
            " select gen_random_uuid(), party_id, $2, null, employee_type, position, speciality, speciality_level,"
            " education, status, minfin_validation_status, start_date, inserted_at, updated_at"
            " from employees where id = $1",
            source.employee_id,
            target.client_id,
        )
        await registration.merge(nhs, signed(await merging(nhs, source, target), key_of(authority, nhs), nhs))
        assert await db.fetchval("select status from employees where id = $1", source.employee_id) == "APPROVED"

    async def test_second_time_or_into_one_that_is_gone_then_conflict(
        self, nhs: Work, world: World, authority: Authority
    ) -> None:
        source, target, key = world.doctor, world.foreign_doctor, key_of(authority, nhs)
        there, back = await merging(nhs, source, target), await merging(nhs, target, source)
        await registration.merge(nhs, signed(there, key, nhs))
        for content in (there, back):
            with pytest.raises(Conflict):
                await registration.merge(nhs, signed(content, key, nhs))

    # LE-20
    async def test_other_name_same_one_or_another_kind_then_refused_at_the_field(
        self, nhs: Work, world: World, authority: Authority
    ) -> None:
        source, key = world.doctor, key_of(authority, nhs)
        wrong = await merging(nhs, source, world.foreign_doctor)
        wrong["merged_from_legal_entity"]["name"] = "Інша назва"
        for content, place in (
            (wrong, "$.merged_from_legal_entity.name"),
            (await merging(nhs, source, source), "$.merged_to_legal_entity.id"),
            (await merging(nhs, source, world.pharmacist), "$.merged_to_legal_entity.id"),
        ):
            with pytest.raises(Rejected) as refusal:
                await registration.merge(nhs, signed(content, key, nhs))
            assert refusal.value.invalid[0].entry == place

    @pytest.mark.parametrize("who", [{"edrpou": "44445555"}, {"drfo": "3180000010"}])
    async def test_key_of_somebody_else_then_refused(
        self, nhs: Work, world: World, authority: Authority, who: dict[str, str]
    ) -> None:
        content = await merging(nhs, world.doctor, world.foreign_doctor)
        with pytest.raises(Rejected):
            await registration.merge(nhs, signed(content, key_of(authority, nhs, **who), nhs))
        assert (await entity_of(nhs, world.doctor)).status is ACTIVE

    async def test_nobody_is_signed_in_then_forbidden(self, work: Work, world: World, authority: Authority) -> None:
        content = await merging(work, world.doctor, world.foreign_doctor)
        with pytest.raises(Forbidden):
            await registration.merge(work, signed(content, key_of(authority, work), work))
