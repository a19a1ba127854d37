"""The search for places where people are received: open to everybody, by place, by service, by who works there."""

from typing import Any
from uuid import uuid4

import pytest

from esoz.kernel.db import Connection
from tests.central.answers import answered, faults
from tests.central.directory.test_doctors import Stranger
from tests.factories.world import World

PATH = "/reports/stats/divisions"


@pytest.fixture
def stranger(world: World) -> Stranger:
    assert world.doctor.client is not None
    return Stranger(world.doctor.client)


@pytest.fixture
async def place(world: World, db: Connection) -> Any:
    """The doctor's division, on the map."""
    return await db.fetchrow(
        "update divisions d set latitude = 49.59, longitude = 34.55 from legal_entities l"
        " where d.id = $1 and l.id = d.legal_entity_id returning d.*, l.edrpou, l.name as entity",
        world.doctor.division_id,
    )


class TestPlaces:
    async def test_nobody_signed_in_then_places_with_what_is_offered(
        self, stranger: Stranger, world: World, place: Any, db: Connection
    ) -> None:
        body = answered(await stranger.get(PATH))
        ids = {each["id"] for each in body["data"]}
        assert {str(world.doctor.division_id), str(world.pharmacist.division_id)} <= ids
        assert body["paging"]["total_entries"] == len(ids)
        [found] = answered(await stranger.get(PATH, id=place["id"]))["data"]
        assert (found["name"], found["coordinates"]) == (place["name"], {"latitude": 49.59, "longitude": 34.55})
        assert found["legal_entity"]["edrpou"] == place["edrpou"]
        offered = await db.fetchval(
            "select count(*) from healthcare_services where division_id = $1 and status = 'ACTIVE'", place["id"]
        )
        assert len(found["healthcare_services"]) == offered
        assert all("inserted_by" not in each and "updated_by" not in each for each in found["healthcare_services"])

    async def test_every_filter(self, stranger: Stranger, world: World, place: Any, db: Connection) -> None:
        await db.execute(
            "update healthcare_services set speciality_type = 'FAMILY_DOCTOR', providing_condition = 'OUTPATIENT'"
            " where division_id = $1",
            place["id"],
        )
        has_services = await db.fetchval("select count(*) from healthcare_services where division_id = $1", place["id"])
        address, id = place["addresses"][0], str(place["id"])
        fitting: list[dict[str, object]] = [
            {"id": id, "type": place["type"], "name": place["name"].split()[0].upper()},
            {"employee_id": world.doctor.employee_id},
            {"area": address["area"], "settlement": address["settlement"].upper()},
            {"legal_entity_edrpou": place["edrpou"], "legal_entity_id": place["legal_entity_id"]},
            {"legal_entity_name": place["entity"].split()[-1].lower()},
            {"north": 49.6, "south": 49.5, "east": 34.6, "west": 34.5},
            {"updated_at_from": "2020-01-01T00:00:00Z", "updated_at_to": "2030-01-01T00:00:00Z"},
        ]
        both = {
            "healthcare_service_speciality_type": "FAMILY_DOCTOR",
            "healthcare_service_providing_condition": "OUTPATIENT",
        }
        fitting += [both] if has_services else []
        for query in fitting:
            assert id in await stranger.ids(PATH, **query), query
        away: list[dict[str, object]] = [
            {"id": uuid4()},
            {"employee_id": world.pharmacist.employee_id},
            {"type": "FAP"},
            {"name": "немає такого"},
            {"name": "%"},
            {"area": "Крайня"},
            {"region": "Крайній"},
            {"settlement": "Крайнє"},
            {"legal_entity_edrpou": "00000000"},
            {"legal_entity_id": uuid4()},
            {"legal_entity_name": "немає такого"},
            {"north": 49.5},
            {"south": 49.6},
            {"east": 34.5},
            {"west": 34.6},
            {"updated_at_from": "2030-01-01T00:00:00Z"},
            {"healthcare_service_speciality_type": "SURGEON"},
            both | {"healthcare_service_providing_condition": "INPATIENT"},
        ]
        for query in away:
            assert id not in await stranger.ids(PATH, **query), query

    async def test_filter_of_a_wrong_form_then_each_is_named(self, stranger: Stranger) -> None:
        odd = {"id": "5", "north": "91", "west": "-181", "updated_at_to": "2026-02-30T00:00:00Z", "nobody": "1"}
        assert {entry for entry, _ in faults(await stranger.get(PATH, **odd))} == {f"$.{name}" for name in odd}

    @pytest.mark.parametrize(
        "gone",
        [
            "update divisions set status = 'INACTIVE' where id = $1",
            "update divisions set is_active = false where id = $1",
            "update legal_entities set status = 'CLOSED'"
            " where id = (select legal_entity_id from divisions where id = $1)",
        ],
    )
    async def test_that_act_no_more_then_not_told(
        self, stranger: Stranger, place: Any, db: Connection, gone: str
    ) -> None:
        await db.execute(gone, place["id"])
        assert str(place["id"]) not in await stranger.ids(PATH)

    async def test_pages_do_not_overlap(self, stranger: Stranger, place: Any) -> None:
        whole = await stranger.ids(PATH)
        parts = [await stranger.ids(PATH, page=page, page_size=1) for page in range(1, len(whole) + 1)]
        assert [id for part in parts for id in part] == whole
