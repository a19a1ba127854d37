"""Doctors' load for everybody: places and visits by region, speciality and clinic; few visits are hidden."""

import csv
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest

from esoz.central.dictionaries import dictionaries
from esoz.central.statistics.model import hidden_visits
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.central.statistics.test_told import public
from tests.factories.world import World

__all__ = ["public"]
PATH = "/doctors-load"


async def lines(public: httpx.AsyncClient, **query: str) -> dict[str, dict[str, Any]]:
    answer = await public.get(f"{PATH}.json", params=query)
    assert answer.status_code == 200, answer.text
    return {line["key"]: line for line in answer.json()["lines"]}


@pytest.fixture
async def seen(world: World, db: Connection, clock: FixedClock) -> World:
    """The doctor saw forty people last month, and has 1,790 declarations."""
    await dictionaries.load(db)
    month = (clock.now().date().replace(day=1) - timedelta(days=1)).replace(day=1)
    await db.execute("delete from doctor_months")
    await db.execute("insert into doctor_months values ($1, $2, 0, 40, 0)", month, world.doctor.employee_id)
    await db.execute(
        "update parties set declaration_count = 1790 where id = (select party_id from employees where id = $1)",
        world.doctor.employee_id,
    )
    return world


class TestLoad:
    # DC-17
    async def test_of_clinics_then_places_that_are_left_and_visits_of_last_month(
        self, public: httpx.AsyncClient, seen: World, clock: FixedClock
    ) -> None:
        clinic = (await lines(public, by="clinic"))[str(seen.doctor.client_id)]
        assert clinic["declared"] >= 1790 and clinic["limit"] >= 1800
        assert clinic["visits"] == 40 and clinic["free"] >= 10
        regions = await lines(public)
        assert regions[clinic["region"]]["visits"] == 40
        assert sum(each["visits"] for each in (await lines(public, by="speciality")).values()) == 40
        of_region = await lines(public, by="clinic", region=clinic["region"])
        assert str(seen.doctor.client_id) in of_region
        html = (await public.get(PATH, params={"region": clinic["region"]})).text
        assert clinic["name"].replace("«", "").split()[0] in html and "FAMILY_DOCTOR" not in html

    async def test_as_file_then_the_same_numbers(self, public: httpx.AsyncClient, seen: World) -> None:
        told = await lines(public, by="clinic")
        text = (await public.get(f"{PATH}.csv", params={"by": "clinic"})).content.decode("utf-8-sig")
        rows = {row["key"]: row for row in csv.DictReader(io.StringIO(text))}
        assert {key: row["free"] for key, row in rows.items()} == {key: str(each["free"]) for key, each in told.items()}

    async def test_within_five_minutes_then_the_same_with_its_moment_and_then_anew(
        self, public: httpx.AsyncClient, seen: World, db: Connection, clock: FixedClock
    ) -> None:
        key = str(seen.doctor.client_id)
        assert (await lines(public, by="clinic"))[key]["visits"] == 40
        await db.execute("update doctor_months set visits = 50")
        clock.forward(timedelta(minutes=4))
        assert (await lines(public, by="clinic"))[key]["visits"] == 40
        clock.forward(timedelta(minutes=2))
        assert (await lines(public, by="clinic"))[key]["visits"] == 50

    # ST-1
    async def test_of_few_visits_then_hidden_in_all_three(
        self, public: httpx.AsyncClient, seen: World, db: Connection
    ) -> None:
        await db.execute("update doctor_months set visits = 3")
        for by in ("region", "speciality", "clinic"):
            assert None in {each["visits"] for each in (await lines(public, by=by)).values()}
        assert "приховано" in (await public.get(PATH)).text

    @pytest.mark.parametrize("query", [{"by": "doctor"}, {"region": "Крайня", "by": "clinic"}, {"region": "Крайня"}])
    async def test_odd_then_422(self, public: httpx.AsyncClient, seen: World, query: dict[str, str]) -> None:
        for end in (".json", ".csv"):
            assert (await public.get(PATH + end, params=query)).status_code == 422
        if "region" in query:
            page = await public.get(PATH, params=query)
            assert page.status_code == 422 and "Такої області немає" in page.text


# ST-2, ST-3
class TestHidden:
    def test_of_a_small_clinic_then_another_of_the_region_too(self) -> None:
        clinics = {"A": {"1": 3, "2": 10, "3": 90}, "B": {"4": 50, "5": 60}}
        assert hidden_visits({"A": 103, "B": 110}, clinics, 5) == (frozenset(), {"1", "2"})

    def test_of_a_region_with_one_small_clinic_then_another_region_and_parts_of_it_too(self) -> None:
        clinics = {"A": {"1": 3}, "B": {"4": 50, "5": 60}, "C": {"6": 70}}
        of_regions, of_clinics = hidden_visits({"A": 3, "B": 110, "C": 70}, clinics, 5)
        assert of_regions == {"A", "C"} and of_clinics == {"1", "6"}

    def test_of_nothing_small_then_nothing(self) -> None:
        assert hidden_visits({"A": 13, "B": 0}, {"A": {"1": 13}, "B": {"2": 0}}, 5) == (frozenset(), frozenset())
