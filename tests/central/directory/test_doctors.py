"""The search for doctors: open to everybody, by name, speciality and place; free places are told."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central.directory import store
from esoz.kernel.db import Connection
from tests.central.answers import answered, faults, refused
from tests.contract.checker import must_be_as_published
from tests.factories.world import Caller, World

EMPLOYEES, PARTIES = "/api/stats/employees", "/api/stats/parties"


class Stranger:
    """Somebody who has not signed in anywhere."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: object) -> httpx.Response:
        response = await self.client.get(path, params={name: str(value) for name, value in query.items()})
        must_be_as_published(response)
        return response

    async def ids(self, path: str, **query: object) -> list[str]:
        return [each["id"] for each in answered(await self.get(path, **query))["data"]]


@pytest.fixture
def stranger(world: World) -> Stranger:
    assert world.doctor.client is not None
    return Stranger(world.doctor.client)


async def party_of(db: Connection, caller: Caller) -> Any:
    return await db.fetchrow(
        "select p.* from parties p join employees e on e.party_id = p.id where e.id = $1", caller.employee_id
    )


class TestEmployees:
    async def test_nobody_signed_in_then_doctors_by_the_alphabet(self, stranger: Stranger, world: World) -> None:
        body = answered(await stranger.get(EMPLOYEES))
        found = [each["id"] for each in body["data"]]
        assert {str(world.doctor.employee_id), str(world.specialist.employee_id)} <= set(found)
        assert body["paging"]["total_entries"] == len(found)
        assert str(world.registrar.employee_id) not in found
        assert str(world.pharmacist.employee_id) not in found

    async def test_with_a_token_of_whomever_then_the_same(self, world: World) -> None:
        for caller in (world.patient, world.doctor):
            answered(await caller.get(EMPLOYEES))
            answered(await caller.get("/api/pis/bulk/divisions"))

    async def test_one_then_nothing_secret_is_told(self, stranger: Stranger, world: World, db: Connection) -> None:
        party = await party_of(db, world.doctor)
        text = (await stranger.get(EMPLOYEES, id=world.doctor.employee_id)).text
        text += (await stranger.get(f"{EMPLOYEES}/{world.doctor.employee_id}")).text
        assert party["last_name"] in text
        assert party["tax_id"] not in text
        assert str(party["birth_date"]) not in text
        assert all(phone["number"] not in text for phone in party["phones"])

    async def test_every_filter(self, stranger: Stranger, world: World, db: Connection) -> None:
        party = await party_of(db, world.doctor)
        place = await db.fetchrow("select name, addresses from divisions where id = $1", world.doctor.division_id)
        employee = await db.fetchrow("select speciality from employees where id = $1", world.doctor.employee_id)
        address, id = place["addresses"][0], str(world.doctor.employee_id)
        first_and_last = f"{party['first_name'].upper()}  {party['last_name'].lower()}"
        fitting: list[dict[str, object]] = [
            {"full_name": first_and_last},
            {"full_name": party["last_name"][:4]},
            {"speciality": employee["speciality"]},
            {"division_id": world.doctor.division_id},
            {"division_name": place["name"].split()[0]},
            {"area": address["area"]},
            {"settlement": address["settlement"].upper()},
            {"legal_entity_status": "ACTIVE"},
            {"updated_at_from": "2020-01-01T00:00:00Z", "updated_at_to": "2030-01-01T00:00:00Z"},
            {"full_name": ""},
        ]
        for query in fitting:
            assert id in await stranger.ids(EMPLOYEES, **query), query
        away: list[dict[str, object]] = [
            {"full_name": "%"},
            {"full_name": f"{party['last_name']} ніхто"},
            {"speciality": "SURGEON"},
            {"division_id": uuid4()},
            {"division_name": "немає такого"},
            {"area": "Крайня"},
            {"region": "Крайній"},
            {"settlement": "Крайнє"},
            {"legal_entity_status": "CLOSED"},
            {"updated_at_to": "2020-01-01T00:00:00Z"},
            {"updated_at_from": "2030-01-01T00:00:00Z"},
        ]
        for query in away:
            assert id not in await stranger.ids(EMPLOYEES, **query), query

    async def test_filter_of_a_wrong_form_then_named(self, stranger: Stranger) -> None:
        assert [place for place, _ in faults(await stranger.get(EMPLOYEES, division_id="5", updated_at_to="x"))] == [
            "$.division_id",
            "$.updated_at_to",
        ]
        assert [place for place, _ in faults(await stranger.get(PARTIES, location_north="91"))] == ["$.location_north"]

    async def test_pages_do_not_overlap(self, stranger: Stranger) -> None:
        whole = await stranger.ids(EMPLOYEES)
        parts = [await stranger.ids(EMPLOYEES, page=page, page_size=1) for page in range(1, len(whole) + 1)]
        assert [id for part in parts for id in part] == whole

    # DC-17
    async def test_last_place_taken_then_not_available(self, stranger: Stranger, world: World, db: Connection) -> None:
        async def is_free() -> bool:
            [found] = answered(await stranger.get(EMPLOYEES, id=world.doctor.employee_id))["data"]
            free: bool = found["party"]["is_available"]
            return free

        assert await is_free()
        await db.execute(
            "update parties set declaration_count = 1800 where id in (select party_id from employees where id = $1)",
            world.doctor.employee_id,
        )
        assert not await is_free()

    # DC-4: a hospital's therapist takes no declarations.
    async def test_specialist_then_never_available(self, stranger: Stranger, world: World) -> None:
        [found] = answered(await stranger.get(EMPLOYEES, id=world.specialist.employee_id))["data"]
        assert found["party"]["is_available"] is False

    @pytest.mark.parametrize(
        "gone",
        [
            "update employees set status = 'DISMISSED' where id = $1",
            "update employees set is_active = false where id = $1",
            "update divisions set status = 'INACTIVE' where id in (select division_id from employees where id = $1)",
        ],
    )
    async def test_who_no_longer_receives_is_not_found(
        self, stranger: Stranger, world: World, db: Connection, gone: str
    ) -> None:
        id = world.doctor.employee_id
        await db.execute(gone, id)
        assert str(id) not in await stranger.ids(EMPLOYEES)
        refused(await stranger.get(f"{EMPLOYEES}/{id}"), 404, "not_found")


class TestEmployee:
    async def test_doctor_then_what_they_learned(self, stranger: Stranger, world: World) -> None:
        found = answered(await stranger.get(f"{EMPLOYEES}/{world.doctor.employee_id}"))["data"]
        assert found["party"]["specialities"] and found["employee_type"] == "DOCTOR"
        assert found["division"]["id"] == str(world.doctor.division_id)

    async def test_no_doctor_then_not_found(self, stranger: Stranger, world: World) -> None:
        for id in (world.registrar.employee_id, world.pharmacist.employee_id, uuid4(), "5"):
            refused(await stranger.get(f"{EMPLOYEES}/{id}"), 404, "not_found")


class TestParties:
    async def test_doctor_then_with_services_and_places(self, stranger: Stranger, world: World, db: Connection) -> None:
        await _give_service(db, world.doctor)
        party = await party_of(db, world.doctor)
        [found] = answered(await stranger.get(PARTIES, full_name=party["last_name"], speciality="CARDIOLOGIST"))["data"]
        assert found["id"] == str(party["id"])
        [service] = [each for office in found["employees"] for each in office["healthcare_services"]]
        assert service["speciality_type"] == "CARDIOLOGIST"
        assert service["division"]["id"] == str(world.doctor.division_id)

    async def test_map_then_only_those_within_its_edges(self, stranger: Stranger, world: World, db: Connection) -> None:
        await db.execute(
            "update divisions set latitude = 50.45, longitude = 30.52 where id = $1", world.doctor.division_id
        )
        id = str((await party_of(db, world.doctor))["id"])
        edges = {"location_north": 50.5, "location_south": 50.4, "location_east": 30.6, "location_west": 30.5}
        assert id in await stranger.ids(PARTIES, **edges)
        for edge, value in (("location_north", 50.44), ("location_south", 50.46), ("location_east", 30.51)):
            assert id not in await stranger.ids(PARTIES, **edges | {edge: value})

    async def test_two_offices_then_one_person(self, stranger: Stranger, world: World, db: Connection) -> None:
        party = await party_of(db, world.doctor)
        await db.execute("update employees set party_id = $1 where id = $2", party["id"], world.specialist.employee_id)
        [found] = answered(await stranger.get(PARTIES, full_name=party["last_name"]))["data"]
        assert {each["id"] for each in found["employees"]} == {
            str(world.doctor.employee_id),
            str(world.specialist.employee_id),
        }

    async def test_dismissed_while_it_is_answered_then_no_longer_told(
        self, stranger: Stranger, world: World, db: Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked, party = store.offices, await party_of(db, world.doctor)

        async def offices(db: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
            await db.execute("update employees set status = 'DISMISSED' where party_id = $1", party["id"])
            return await asked(db, ids)

        assert str(party["id"]) in await stranger.ids(PARTIES)
        monkeypatch.setattr(store, "offices", offices)
        assert str(party["id"]) not in await stranger.ids(PARTIES)

    async def test_every_other_filter(self, stranger: Stranger, world: World, db: Connection) -> None:
        party = await party_of(db, world.doctor)
        id = str(party["id"])
        assert id in await stranger.ids(PARTIES, employee_type="DOCTOR", division_id=world.doctor.division_id)
        assert id in await stranger.ids(PARTIES, verification_status=party["verification_status"])
        assert id not in await stranger.ids(PARTIES, employee_type="SPECIALIST")
        assert id not in await stranger.ids(PARTIES, verification_status="CHANGES_NEEDED")
        assert await stranger.ids(PARTIES, employee_type="OWNER") == []


async def _give_service(db: Connection, doctor: Caller) -> None:
    service_id = await db.fetchval(
        "insert into healthcare_services (id, legal_entity_id, division_id, category, speciality_type,"
        " providing_condition, status, inserted_at, inserted_by, updated_at, updated_by) values (gen_random_uuid(), $1,"
        " $2, 'MSP', 'CARDIOLOGIST', 'OUTPATIENT', 'ACTIVE', now(), $3, now(), $3) returning id",
        doctor.client_id,
        doctor.division_id,
        doctor.user_id,
    )
    await db.execute(
        "insert into employee_roles (id, healthcare_service_id, employee_id, legal_entity_id, start_date, status,"
        " inserted_at, inserted_by, updated_at)"
        " values (gen_random_uuid(), $1, $2, $3, now(), 'ACTIVE', now(), $4, now())",
        service_id,
        doctor.employee_id,
        doctor.client_id,
        doctor.user_id,
    )
