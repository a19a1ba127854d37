"""What a division has is told to central: switched by the head, pushed after changes, tried again when it fails."""

from dataclasses import replace
from datetime import timedelta

import httpx
import msgspec
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.mis.app import Mis
from esoz.mis.stock.commands import tell
from esoz.mis.stock.model.sharing import LONGEST_PAUSE, pause
from esoz.mis.stock.store import shares as store
from tests.factories.world import World

from ..conftest import Browser, Wire, make_user
from .conftest import Package, receive


def test_pause_then_twice_as_long_each_time_and_an_hour_at_most() -> None:
    assert [pause(tries).total_seconds() for tries in (0, 1, 2, 6)] == [30, 60, 120, 1920]
    assert pause(7) == pause(10_000) == LONGEST_PAUSE


@pytest.fixture
def path(connected: World, wire: Wire) -> str:
    """Central takes what it is told."""
    found = f"/api/pharmacy/divisions/{connected.pharmacist.division_id}/assortment"
    wire.answers[f"PUT {found}"] = httpx.Response(200, json={"meta": {"code": 200}, "data": {}})
    return found


@pytest.fixture
async def shared(pharmacist: Browser, mis: Mis, connected: World) -> None:
    """The head has switched it on."""
    async with mis.services.database.connection() as db:
        await db.execute(
            "insert into stock_shares (clinic_id, division_id, is_on, user_id, switched_at, next_at)"
            " select $1, $2, true, id, $3, $3 from users limit 1",
            connected.pharmacist.client_id,
            connected.pharmacist.division_id,
            mis.services.clock.now(),
        )


def told(wire: Wire, path: str) -> list[list[dict[str, object]]]:
    sent = [each for each in wire.seen if each.method == "PUT" and each.url.path == path]
    return [msgspec.json.decode(each.content)["assortment"] for each in sent]


class TestTell:
    async def test_after_a_receipt_then_what_may_be_given_with_its_price(
        self,
        *,
        pharmacist: Browser,
        packages: list[Package],
        shared: None,
        path: str,
        mis: Mis,
        wire: Wire,
        clock: FixedClock,
    ) -> None:
        await tell(mis.services)
        assert told(wire, path) == [[]]
        await receive(pharmacist, packages[0], 2)
        await tell(mis.services)
        assert len(told(wire, path)) == 1  # changes of half a minute travel together
        clock.forward(timedelta(seconds=31))
        await tell(mis.services)
        assert told(wire, path)[1:] == [
            [{"medication_id": str(packages[0].id), "package_price": 125.5, "available": True}]
        ]
        await tell(mis.services)
        assert len(told(wire, path)) == 2
        await pharmacist.get("/stock/sharing")
        assert "Пацієнти бачать" in pharmacist.text
        clock.forward(timedelta(hours=6))
        await tell(mis.services)
        assert len(told(wire, path)) == 3

    async def test_refused_or_away_then_tried_again_later_and_told_on_the_page(
        self,
        *,
        pharmacist: Browser,
        shared: None,
        path: str,
        mis: Mis,
        wire: Wire,
        clock: FixedClock,
    ) -> None:
        good = wire.answers[f"PUT {path}"]
        wire.answers[f"PUT {path}"] = httpx.Response(503, json={"error": {"message": "x"}})
        for _turn in range(3):
            await tell(mis.services)
        assert len(told(wire, path)) == 1
        await pharmacist.get("/stock/sharing")
        assert "ЕСОЗ не" in pharmacist.text
        wire.answers[f"PUT {path}"] = good
        clock.forward(timedelta(minutes=2))
        await tell(mis.services)
        assert len(told(wire, path)) == 2
        await pharmacist.get("/stock/sharing")
        assert "ЕСОЗ не" not in pharmacist.text

    async def test_nobody_has_consented_then_told_so_and_nothing_sent(
        self, *, pharmacist: Browser, shared: None, path: str, mis: Mis, wire: Wire, mis_database: Database
    ) -> None:
        async with mis_database.connection() as db:
            await db.execute("delete from central_tokens")
        await tell(mis.services)
        assert told(wire, path) == []
        async with mis_database.connection() as db:
            assert await db.fetchval("select refusal from stock_shares") == "nobody"

    async def test_refused_to_one_then_the_next_try_is_a_colleague_s(
        self, *, pharmacist: Browser, shared: None, path: str, mis: Mis, wire: Wire, clock: FixedClock, connected: World
    ) -> None:
        place = connected.pharmacist
        async with mis.services.database.connection() as db:
            other = await make_user(db, mis.services.passwords, "OTHER", place)
            await db.execute("update workplaces set role = 'PHARMACIST' where user_id = $1", other)
            await db.execute(
                "insert into central_tokens"
                " select (jsonb_populate_record(t, jsonb_build_object('user_id', $1::uuid))).*"
                " from central_tokens t where user_id <> $1 limit 1",
                other,
            )
            share = await store.due(db, clock.now())
            assert share is not None
            first, second, third = [
                await store.teller(db, replace(share, tries=tries), ["PHARMACIST"]) for tries in range(3)
            ]
            await db.execute("delete from central_tokens where user_id = $1", other)
            await db.execute("delete from workplaces where user_id = $1", other)
            await db.execute("delete from users where id = $1", other)
        assert first == third and {first, second} > {other}


class TestSwitch:
    async def test_by_a_pharmacist_then_refused_and_seen_all_the_same(self, pharmacist: Browser) -> None:
        await pharmacist.get("/stock/sharing")
        assert "керівник аптеки" in pharmacist.text
        answer = await pharmacist.client.post("/stock/sharing", data={"csrf": "x", "is_on": "yes"})
        assert answer.status_code == 403

    async def test_switched_off_then_central_is_told_of_nothing_once(
        self, *, pharmacist: Browser, packages: list[Package], shared: None, path: str, mis: Mis, wire: Wire
    ) -> None:
        await receive(pharmacist, packages[0], 2)
        async with mis.services.database.connection() as db:
            await db.execute("update stock_shares set is_on = false, next_at = $1", mis.services.clock.now())
        await tell(mis.services)
        await tell(mis.services)
        assert told(wire, path) == [[]]
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select next_at from stock_shares") is None
