"""The register of territories: imported with its history, asked by place and day, open to everybody."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from esoz.central import imports, war_territories
from esoz.central.dictionaries import place_id
from esoz.central.war_territories import Kind, TerritoryRow
from esoz.kernel.db import Connection
from esoz.kernel.settings import Settings
from esoz.kernel.work import Work
from esoz.spec.files import content
from tests.central.answers import answered
from tests.central.site.conftest import browser  # noqa: F401 fixture
from tests.central.test_imports import settings, take  # noqa: F401 fixture
from tests.factories.world import Caller

# ruff: noqa: F811 fixtures of other tests are imported and then named as arguments

PATH = "/api/war_territories"
POZHNIA = "UA59040030120038500"  # a village of the community that follows
COMMUNITY = "UA59040030000060142"


@pytest.fixture
async def listed(work: Work) -> None:
    """The list of the demo."""
    rows, _ = war_territories.read_territories(content("war_territories.csv"))
    await war_territories.import_territories(work, rows)


class TestImport:
    async def test_file_when_taken_in_again_changed_then_history_is_kept(self, settings: Settings, fresh_database):
        raw = content("war_territories.csv")
        assert (await take(settings, "war-territories", imports.File("list.csv", raw)))[-1] == (
            "24 territories in the file: 24 added, 0 changed, 0 out of use"
        )
        assert (await take(settings, "war-territories", imports.File("list.csv", raw)))[-1] == (
            "24 territories in the file: 0 added, 0 changed, 0 out of use"
        )
        lines = raw.decode().replace("громада,20.03.2024,", "громада,20.03.2024,31.08.2026").splitlines(keepends=True)
        changed = imports.File("list.csv", "".join(lines[:-1]).encode())
        assert (await take(settings, "war-territories", changed))[-1] == (
            "23 territories in the file: 0 added, 1 changed, 1 out of use"
        )
        async with fresh_database.connection() as db:
            ends = await db.fetch(
                "select ends, replaced_at is null as is_valid from war_territories where katottg = $1"
                " and kind = 'active_hostilities' order by ends nulls first",
                COMMUNITY,
            )
            assert [tuple(each) for each in ends] == [(None, False), (date(2026, 8, 31), True)]
            assert await db.fetchval("select count(*) from audit_events where event = 'war_territories.imported'") == 3

    async def test_file_when_it_is_no_list_then_the_register_stays(self, settings: Settings, fresh_database):
        await take(settings, "war-territories", imports.File("list.csv", content("war_territories.csv")))
        with pytest.raises(ValueError, match="no territory"):
            await take(settings, "war-territories", imports.File("list.csv", b"kind,katottg,name,begins,ends\n"))
        async with fresh_database.connection() as db:
            assert await db.fetchval("select count(*) from war_territories where replaced_at is null") == 24


# WT-1, WT-2, WT-3
class TestQuestion:
    @pytest.mark.parametrize(
        ("code", "day", "allowed"),
        [
            (POZHNIA, date(2024, 3, 19), False),  # possible hostilities until then
            (POZHNIA, date(2024, 3, 20), True),
            (POZHNIA, date(2022, 2, 24), True),  # occupied for three days
            (POZHNIA, date(2022, 2, 26), True),
            (POZHNIA, date(2022, 2, 27), False),
            ("UA59040010010030316", date(2024, 3, 20), False),  # the next community
            ("UA80000000000093317", date(2024, 3, 20), False),
        ],
    )
    async def test_place_and_day_then_as_the_list_has_it(
        self, db: Connection, listed: None, code: str, day: date, allowed: bool
    ) -> None:
        assert await war_territories.may_dispense_without_prescription(db, place_id(code), day) is allowed

    async def test_place_when_the_list_takes_it_out_then_not(self, work: Work) -> None:
        row = TerritoryRow(kind=Kind.OCCUPIED, katottg=COMMUNITY, name="Г", begins=work.today, except_names=("Пожня",))
        await war_territories.import_territories(work, [row])
        ask = war_territories.may_dispense_without_prescription
        assert not await ask(work.db, place_id(POZHNIA), work.today)
        assert await ask(work.db, place_id("UA59040030010059554"), work.today)
        assert not await ask(work.db, place_id("UA59040030010059554"), work.today - timedelta(days=1))

    async def test_place_when_nobody_knows_it_then_not(self, db: Connection, listed: None) -> None:
        assert not await war_territories.may_dispense_without_prescription(db, UUID(int=1), date(2024, 3, 20))


@pytest.mark.usefixtures("listed")
class TestList:
    async def test_place_and_day_then_what_covers_it(self, doctor: Caller) -> None:
        body = answered(await doctor.get(PATH, place=POZHNIA, date="2026-11-22"))
        assert [(each["kind"], each["katottg"], each["dispensing_without_prescription"]) for each in body["data"]] == [
            ("active_hostilities", COMMUNITY, True)
        ]
        assert body["data"][0]["begins"] == "2024-03-20" and "ends" not in body["data"][0]
        assert len(answered(await doctor.get(PATH, place=POZHNIA))["data"]) == 3

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({}, 24),
            ({"kind": "temporarily_occupied"}, 6),
            ({"katottg": COMMUNITY}, 3),
            ({"name": "великописарівська"}, 3),
            ({"region": "сумська"}, 3),
            ({"name": "%"}, 0),
            ({"date": "2022-02-23"}, 1),
            ({"kind": "active_hostilities", "date": "2026-11-22", "region": "Сумська"}, 1),
        ],
    )
    async def test_filters_then_what_they_name(self, doctor: Caller, query: dict[str, str], count: int) -> None:
        assert answered(await doctor.get(PATH, **query))["paging"]["total_entries"] == count

    @pytest.mark.parametrize(
        ("query", "entry"),
        [
            ({"kind": "peace"}, "$.kind"),
            ({"date": "2026-02-30"}, "$.date"),
            ({"place": "UA00000000000000000"}, "$.place"),
        ],
    )
    async def test_filter_when_odd_then_refused_by_name(
        self, doctor: Caller, query: dict[str, str], entry: str
    ) -> None:
        answer = await doctor.get(PATH, **query)
        assert (answer.status_code, answer.json()["error"]["invalid"][0]["entry"]) == (422, entry)

    async def test_page_for_everybody_then_those_in_force_today(self, browser) -> None:
        page = (await browser.get("/war-territories")).text
        assert "Великописарівська" in page and "триває" in page and "Марганецька" in page
        assert "20.03.2024" in page and "26.02.2022" not in page

    async def test_page_when_searched_then_found_or_told_that_there_is_none(self, browser) -> None:
        found = (await browser.get("/war-territories", name="Козачок", on="2024-06-30")).text
        assert "можна" in found and "Можливі бойові дії" in found
        none = (await browser.get("/war-territories", name="Нетакого")).text
        assert "Таких територій на цей день немає" in none
        wrong = await browser.get("/war-territories", on="2026-13-01")
        assert wrong.status_code == 422 and "Введіть справжню дату" in wrong.text
