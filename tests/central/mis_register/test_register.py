"""The way of a system through the register, and what its steps mean at the gate."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest

from esoz.central import identity, mis_register
from esoz.central.mis_register import MOVES, Application, Contacts, Status
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, NotFound, Rejected
from esoz.kernel.work import NOBODY, Work
from esoz.sdk import Central
from esoz.spec.roles import client_type_scopes
from tests.central.answers import answered, refused
from tests.factories.world import Caller

CONTACTS = Contacts(
    "+380 44 123 45 67", "help@mis.example", "щодня 8–20", "https://mis.example", "https://status.mis.example"
)
GIVEN = Application(
    "Нова МІС",
    "1.0",
    "ТОВ «Розробник»",
    "12345678",
    ("PRIMARY_CARE",),
    "team@mis.example",
    CONTACTS,
    "АТ-1",
    date(2028, 1, 1),
)


async def tested(work: Work) -> UUID:
    """A system that has passed its programme."""
    entry = await mis_register.apply(work, GIVEN)
    await mis_register.begin_testing(work, entry.id)
    for test in mis_register.missing_tests(GIVEN.areas, []):
        await mis_register.record_result(work, entry.id, test.code, passed=True)
    await mis_register.pass_tests(work, entry.id)
    return entry.id


async def status(work: Work, mis_id: UUID) -> Status:
    return (await mis_register.one(work, mis_id))[0].status


class TestApply:
    async def test_of_a_whole_application_waits_for_tests(self, work: Work) -> None:
        entry = await mis_register.apply(work, GIVEN)
        assert await status(work, entry.id) is Status.SUBMITTED

    async def test_faults_name_their_fields(self, work: Work) -> None:
        wrong = replace(
            GIVEN,
            product="",
            edrpou="12",
            areas=("SHOP",),
            contact_email="a",
            contacts=Contacts("дзвоніть", "b", "", "http://mis.example", "javascript:alert(1)"),
        )
        with pytest.raises(Rejected) as refusal:
            await mis_register.apply(work, wrong)
        assert {each.entry for each in refusal.value.invalid} == {
            "$.product",
            "$.edrpou",
            "$.areas",
            "$.contact_email",
            "$.support_phone",
            "$.support_email",
            "$.support_hours",
            "$.website",
            "$.status_page",
        }

    async def test_twice_is_a_conflict_and_after_a_rejection_is_not(self, work: Work) -> None:
        entry = await mis_register.apply(work, GIVEN)
        with pytest.raises(Conflict):
            await mis_register.apply(work, replace(GIVEN, product="НОВА МІС"))
        await mis_register.reject(work, entry.id, "немає документів")
        assert (await mis_register.apply(work, GIVEN)).id != entry.id

    async def test_database_too_lets_no_second_open_one_in(self, work: Work, db: Connection) -> None:
        await mis_register.apply(work, GIVEN)
        copy = "insert into mis_register select gen_random_uuid(), broker_id, product, version, vendor, edrpou, areas,"
        rest = " contact_email, support_phone, support_email, support_hours, website, status_page, attestation,"
        with pytest.raises(asyncpg.UniqueViolationError):
            async with db.transaction():
                await db.execute(copy + rest + " attestation_until, status, inserted_at, updated_at from mis_register")


class TestTests:
    async def test_system_conforms_only_with_every_test_of_its_programme(self, work: Work) -> None:
        entry = await mis_register.apply(work, GIVEN)
        await mis_register.begin_testing(work, entry.id)
        tests = mis_register.missing_tests(GIVEN.areas, [])
        assert {test.area for test in tests} == {"", "PRIMARY_CARE"}
        for test in tests[1:]:
            await mis_register.record_result(work, entry.id, test.code, passed=True)
        await mis_register.record_result(work, entry.id, tests[0].code, passed=False, note="не той підпис")
        with pytest.raises(Conflict, match=tests[0].code):
            await mis_register.pass_tests(work, entry.id)
        await mis_register.record_result(work, entry.id, tests[0].code, passed=True)
        assert (await mis_register.pass_tests(work, entry.id)).status is Status.TESTED

    async def test_result_of_another_programme_or_before_the_tests_is_refused(self, work: Work) -> None:
        entry = await mis_register.apply(work, GIVEN)
        with pytest.raises(Conflict):
            await mis_register.record_result(work, entry.id, "attestation", passed=True)
        await mis_register.begin_testing(work, entry.id)
        with pytest.raises(Rejected):
            await mis_register.record_result(work, entry.id, "dispense", passed=True)

    async def test_untested_system_is_not_connected(self, work: Work) -> None:
        entry = await mis_register.apply(work, GIVEN)
        with pytest.raises(Conflict):
            await mis_register.connect(work, entry.id)
        with pytest.raises(NotFound):
            await mis_register.connect(work, UUID(int=1))


# GW-5
class TestConnected:
    async def test_keys_open_the_gate_within_the_tested_areas(self, work: Work, doctor: Caller, db: Connection) -> None:
        mis_id = await tested(work)
        keys = await mis_register.connect(work, mis_id)
        assert doctor.client is not None
        headers = doctor.headers | {"API-key": keys.api_key, "X-Custom-PSK": keys.psk}
        assert (await doctor.client.get("/api/persons", headers=headers)).status_code == 422
        row = await db.fetchrow("select * from brokers where name = 'Нова МІС'")
        assert frozenset(row["scopes"]) == client_type_scopes("PRIMARY_CARE") | client_type_scopes("MIS")
        assert keys.api_key not in str(dict(row))

    async def test_blocked_disconnected_and_unblocked_are_told_at_the_gate(self, work: Work, doctor: Caller) -> None:
        mis_id = await tested(work)
        keys = await mis_register.connect(work, mis_id)
        assert doctor.client is not None
        headers = doctor.headers | {"API-key": keys.api_key, "X-Custom-PSK": keys.psk}
        await mis_register.block(work, mis_id, "порушення договору")
        response = await doctor.client.get("/api/persons", headers=headers)
        refused(response, 401, "access_denied", "API-KEY header is invalid.")
        await mis_register.unblock(work, mis_id, "усунено")
        assert (await doctor.client.get("/api/persons", headers=headers)).status_code == 422
        await mis_register.disconnect(work, mis_id, "договір розірвано")
        response = await doctor.client.get("/api/persons", headers=headers)
        refused(response, 401, "access_denied", "API-KEY header is invalid.")
        with pytest.raises(Conflict):
            await mis_register.unblock(work, mis_id, "знову")

    async def test_decision_against_a_system_needs_a_reason(self, work: Work) -> None:
        mis_id = await tested(work)
        await mis_register.connect(work, mis_id)
        with pytest.raises(Rejected):
            await mis_register.block(work, mis_id, " ")

    async def test_every_decision_is_kept_with_its_moment(self, work: Work, db: Connection, clock: FixedClock) -> None:
        mis_id = await tested(work)
        clock.forward(timedelta(days=1))
        later = Work(NOBODY, clock.now(), db, work.dependencies)
        await mis_register.connect(later, mis_id, "договір 12")
        _, decisions, _ = await mis_register.one(later, mis_id)
        assert [each.status for each in decisions] == [
            Status.SUBMITTED,
            Status.TESTING,
            Status.TESTED,
            Status.CONNECTED,
        ]
        assert (decisions[-1].reason, decisions[-1].decided_at) == ("договір 12", clock.now())

    async def test_new_keys_end_the_old_ones(self, work: Work, doctor: Caller) -> None:
        mis_id = await tested(work)
        old = await mis_register.connect(work, mis_id)
        new = await mis_register.refresh_keys(work, mis_id)
        assert doctor.client is not None
        for keys, expected in ((old, 401), (new, 422)):
            headers = doctor.headers | {"API-key": keys.api_key, "X-Custom-PSK": keys.psk}
            assert (await doctor.client.get("/api/persons", headers=headers)).status_code == expected


class TestPublished:
    async def test_json_is_open_to_all_and_tells_contacts_and_dates(self, work: Work, doctor: Caller) -> None:
        mis_id = await tested(work)
        await mis_register.apply(work, replace(GIVEN, product="Ще не протестована"))
        assert doctor.client is not None
        data = answered(await doctor.client.get("/api/mis_register"))["data"]
        assert [each["name"] for each in data] == ["Нова МІС", "test mis"]
        assert data[0] == {
            "id": str(mis_id),
            "name": "Нова МІС",
            "version": "1.0",
            "vendor": {"name": "ТОВ «Розробник»", "edrpou": "12345678"},
            "legal_entity_types": ["PRIMARY_CARE"],
            "status": "TESTED",
            "support": {"phone": "+380 44 123 45 67", "email": "help@mis.example", "hours": "щодня 8–20"},
            "website": "https://mis.example",
            "status_page": "https://status.mis.example",
            "tested_at": "2026-11-22T10:00:00Z",
            "connected_at": None,
            "blocked_at": None,
            "disconnected_at": None,
        }
        assert "team@mis.example" not in str(data)

    async def test_vendor_connected_by_the_operator_stands_in_it_with_its_state(
        self, work: Work, doctor: Caller, db: Connection
    ) -> None:
        await identity.block_broker(work, await db.fetchval("select id from brokers where kind = 'MIS'"), "перевірка")
        assert doctor.client is not None
        data = answered(await doctor.client.get("/api/mis_register"))["data"]
        assert [(each["name"], each["status"]) for each in data] == [("test mis", "BLOCKED")]

    async def test_entered_vendor_has_contacts_and_is_there_once(
        self, work: Work, doctor: Caller, db: Connection
    ) -> None:
        broker_id = await db.fetchval("select id from brokers where kind = 'MIS'")
        await mis_register.enter(work, broker_id, GIVEN, reason="пісочниця")
        assert doctor.client is not None
        data = answered(await doctor.client.get("/api/mis_register"))["data"]
        assert [(each["name"], each["status"]) for each in data] == [("Нова МІС", "CONNECTED")]


# GW-5
class TestOwnEntry:
    async def ask(self, doctor: Caller, keys: mis_register.Access | identity.BrokerKeys) -> httpx.Response:
        assert doctor.client is not None
        headers = {"API-key": keys.api_key, "X-Custom-PSK": keys.psk}
        return await doctor.client.get("/api/mis_register/own", headers=headers)

    async def test_of_a_connected_system_tells_what_was_tested_and_whom_to_call(
        self, work: Work, doctor: Caller
    ) -> None:
        mis_id = await tested(work)
        keys = await mis_register.connect(work, mis_id)
        data = answered(await self.ask(doctor, keys))["data"]
        assert (data["id"], data["status"], data["version"]) == (str(mis_id), "CONNECTED", "1.0")
        assert (data["oldest_version"], data["attestation_until"]) == (None, "2028-01-01")
        assert data["support"]["phone"] == CONTACTS.support_phone
        await mis_register.change_versions(work, mis_id, "1.10", "1.9")
        data = answered(await self.ask(doctor, keys))["data"]
        assert (data["version"], data["oldest_version"]) == ("1.10", "1.9")

    async def test_blocked_and_disconnected_system_still_learns_it(self, work: Work, doctor: Caller) -> None:
        mis_id = await tested(work)
        keys = await mis_register.connect(work, mis_id)
        for act, status in ((mis_register.block, "BLOCKED"), (mis_register.disconnect, "DISCONNECTED")):
            await act(work, mis_id, "порушення")
            assert answered(await self.ask(doctor, keys))["data"]["status"] == status

    async def test_vendor_without_an_application_learns_its_status(self, doctor: Caller) -> None:
        assert doctor.client is not None
        headers = {"API-key": doctor.headers["API-key"]}
        data = answered(await doctor.client.get("/api/mis_register/own", headers=headers))["data"]
        assert (data["name"], data["status"], data["version"]) == ("test mis", "CONNECTED", None)

    async def test_key_that_is_missing_or_of_nobody_or_without_its_secret_is_refused(
        self, work: Work, doctor: Caller
    ) -> None:
        keys = await mis_register.connect(work, await tested(work))
        assert doctor.client is not None
        response = await doctor.client.get("/api/mis_register/own")
        refused(response, 401, "access_denied", "API-KEY header required.")
        response = await self.ask(doctor, replace(keys, api_key="чужий".encode().hex()))
        refused(response, 401, "access_denied", "API-KEY header is invalid.")
        assert (await self.ask(doctor, replace(keys, psk="other"))).status_code == 404

    async def test_keys_as_the_register_gives_them_open_central_for_our_own_client(
        self, work: Work, doctor: Caller
    ) -> None:
        keys = await mis_register.connect(work, await tested(work))
        assert doctor.client is not None
        road = httpx.MockTransport(doctor.client.send)
        address = str(doctor.client.base_url)
        async with Central(address, api_key=keys.api_key, psk=keys.psk, transport=road) as central:
            assert (await central.get("/api/mis_register/own")).record()["status"] == "CONNECTED"


class TestVersions:
    @pytest.mark.parametrize(
        ("version", "oldest", "fields"),
        [
            ("", "", ["$.version"]),
            ("1.9", "1.10", ["$.oldest_version"]),
            ("1.9", "нова", ["$.oldest_version"]),
            ("1.9", "1.9", []),
            ("осінь 2026", "1.9", []),
        ],
    )
    async def test_change_that_nobody_could_follow_is_refused(
        self, work: Work, db: Connection, version: str, oldest: str, fields: list[str]
    ) -> None:
        entry = await mis_register.apply(work, GIVEN)
        try:
            await mis_register.change_versions(work, entry.id, version, oldest)
        except Rejected as refusal:
            assert [each.entry for each in refusal.invalid] == fields
            assert await db.fetchval("select version from mis_register") == GIVEN.version
        else:
            assert not fields
            assert work.recorded[-1].event == "mis_versions.changed"


def test_every_status_but_the_last_two_leads_somewhere() -> None:
    assert {name for name, targets in MOVES.items() if not targets} == {Status.DISCONNECTED, Status.REJECTED}
