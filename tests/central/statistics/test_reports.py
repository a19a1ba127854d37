"""The published numbers of regions, months and divisions, each against the rows."""

from datetime import date
from typing import Any

import httpx
import pytest

from esoz.central.statistics.model import Balance, Cell
from esoz.central.statistics.queries.main import balances
from esoz.central.statistics.store import counting
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.contract.checker import must_be_as_published
from tests.factories.prescriptions import Dispensing, Prescribing, sent_code
from tests.factories.world import World


async def asked(world: World, path: str, status: int = 200) -> Any:
    assert world.doctor.client is not None
    answer: httpx.Response = await world.doctor.client.get(path)
    must_be_as_published(answer)
    assert answer.status_code == status, answer.text
    return answer.json().get("data")


class TestRegions:
    async def test_by_anybody_then_every_region_with_what_stands_there(self, world: World, db: Connection) -> None:
        rows = await db.fetch(
            "select d.addresses -> 0 ->> 'area' as region, count(*) filter (where x.status = 'active') as live"
            " from declarations x join divisions d on d.id = x.division_id group by 1"
        )
        await counting.fold(db, 1000)
        found = {each["region"]["name"]: each["stats"] for each in await asked(world, "/reports/stats/regions")}
        assert len(found) == await db.fetchval("select count(*) from regions") > 0
        live = {row["region"].lower(): row["live"] for row in rows}
        told = {name.lower(): stats["declarations_total"] for name, stats in found.items()}
        assert {name: count for name, count in told.items() if count} == live
        main = await asked(world, "/reports/stats")
        for name in ("msps", "doctors", "pharmacies", "pharmacists"):
            assert sum(stats[name] for stats in found.values()) == main[name], name

    async def test_after_a_declaration_ended_then_it_is_closed_and_not_in_the_total(
        self, world: World, db: Connection
    ) -> None:
        await db.execute("update declarations set status = 'terminated'")
        every = [each["stats"] for each in await asked(world, "/reports/stats/regions")]
        sums = [sum(each[f"declarations_{name}"] for each in every) for name in ("total", "created", "closed")]
        assert sums == [0, 1, 1]


class TestHistogram:
    async def test_after_acts_then_thirteen_months_with_what_was_there_at_both_ends(
        self, world: World, prescribing: Prescribing, dispensing: Dispensing, db: Connection, work: Work
    ) -> None:
        first, _ = await prescribing.prescribe(), await prescribing.prescribe()
        await dispensing.give(first["id"], 20, await sent_code(db, first["request_number"]))
        months = await asked(world, "/reports/stats/histogram")
        assert len(months) == 13 and [each["period_name"] for each in months] == sorted(
            each["period_name"] for each in months
        )
        last = months[-1]
        assert last["period_name"] == f"{work.today:%Y-%m}"
        assert [
            last[f"medication_requests_{name}"] for name in ("created", "closed", "active_start", "active_end")
        ] == [
            2,
            1,
            0,
            1,
        ]
        assert last["declarations_active_end"] == (await asked(world, "/reports/stats"))["declarations"]

    def test_of_months_with_gaps_then_what_was_before_is_carried(self) -> None:
        cells = [
            Cell(date(2020, 1, 1), "", {"declared": 5, "undeclared": 1}),
            Cell(date(2026, 2, 1), "", {"declared": 3, "undeclared": 2}),
        ]
        months = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
        found = balances(cells, months, ("declared",), ("undeclared",))
        assert found == [Balance(0, 0, 4), Balance(3, 2, 4), Balance(0, 0, 5)]


class TestDivision:
    async def test_after_acts_then_its_numbers(
        self, world: World, prescribing: Prescribing, dispensing: Dispensing, db: Connection
    ) -> None:
        first, _ = await prescribing.prescribe(), await prescribing.prescribe()
        await dispensing.give(first["id"], 20, await sent_code(db, first["request_number"]))
        found = await asked(world, f"/reports/stats/division/{world.doctor.division_id}")
        stats = found["stats"]
        assert found["division"]["id"] == str(world.doctor.division_id)
        assert (stats["medication_requests_active"], stats["medication_requests_completed"]) == (1, 1)
        assert stats["msps"] == 1 and stats["declarations"] == 1 and stats["doctors"] >= 1

    @pytest.mark.parametrize("id", ["00000000-0000-0000-0000-000000000001", "no-id", "%00"])
    async def test_of_no_division_then_not_found(self, world: World, id: str) -> None:
        await asked(world, f"/reports/stats/division/{id}", 404)

    async def test_of_a_closed_division_then_not_found(self, world: World, db: Connection) -> None:
        await db.execute("update divisions set status = 'INACTIVE' where id = $1", world.doctor.division_id)
        await asked(world, f"/reports/stats/division/{world.doctor.division_id}", 404)
