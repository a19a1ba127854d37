"""The audit log is sealed as it grows; while it is not, nobody is served."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from esoz.central import anchors
from esoz.central.anchoring import guard, sealing
from esoz.gateways.seal import Seal, SealError, open_sealed
from esoz.kernel.admission import Admission
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.errors import Unavailable
from esoz.kernel.settings import Settings
from esoz.signature import TrustList, write_jks
from esoz.trust_centre.centre import House

from .conftest import NOW, PASSWORD, Centre, grow, sealed


class TestAnchoring:
    async def test_then_the_chain_is_sealed_stamped_and_each_anchor_names_the_one_before(
        self, log: Database, seal: Seal, clock: FixedClock, house: House, centre: Centre
    ) -> None:
        await sealed(log, seal, clock, lines=3, times=2)
        async with log.connection() as db:
            first, second = await anchors.signed(db)
            head = await db.fetchrow("select number, hash from audit_chain order by number desc limit 1")
        trust = TrustList([seal.certificate, *house.authority.certificates, house.tsp.certificate])
        opened = open_sealed(second, trust, at=NOW)
        assert opened.certificate == seal.certificate and opened.proven_at == centre.moment
        found, faults = anchors.read_anchors([first, second], lambda each: open_sealed(each, trust, at=NOW).content)
        assert faults == [] and found[head["number"]] == head["hash"] and len(found) == 2

    async def test_nothing_new_then_no_anchor(self, log: Database, seal: Seal, clock: FixedClock) -> None:
        await sealed(log, seal, clock, lines=1, times=1)
        assert await anchors.anchor(log, seal, seal.certificate.der, clock) is None

    async def test_several_processes_then_one_anchor(self, log: Database, seal: Seal, clock: FixedClock) -> None:
        await grow(log, 5)
        made = await asyncio.gather(
            *(anchors.anchor(log, seal, seal.certificate.der, clock) for _ in range(6)), return_exceptions=False
        )
        assert len([each for each in made if each is not None]) == 1

    async def test_timestamp_service_away_then_nothing_is_kept_until_it_is_back(
        self, log: Database, seal: Seal, clock: FixedClock, centre: Centre
    ) -> None:
        await grow(log, 2)
        centre.is_away = True
        with pytest.raises(SealError):
            await anchors.anchor(log, seal, seal.certificate.der, clock)
        async with log.connection() as db:
            assert await anchors.signed(db) == []
        centre.is_away = False
        assert await anchors.anchor(log, seal, seal.certificate.der, clock) is not None

    async def test_key_that_does_not_open_then_told_at_start(self, log: Database, tmp_path: Path, seal: Seal) -> None:
        path = tmp_path / "seal.jks"
        path.write_bytes(write_jks(seal.key, (seal.certificate,), PASSWORD))
        given = {"ESOZ_SEAL_KEY": str(path), "ESOZ_SEAL_PASSWORD": PASSWORD}
        clock = FixedClock(NOW)
        [task] = sealing(log, Settings(given), clock)
        await grow(log, 1)
        await task.act()
        async with log.connection() as db:
            assert len(await anchors.signed(db)) == 1 and await anchors.seals(db) == [seal.certificate.der]
        assert sealing(log, Settings({}), clock) == []
        for wrong in ({"ESOZ_SEAL_PASSWORD": "інший"}, {"ESOZ_SEAL_KEY": str(tmp_path / "none")}):
            with pytest.raises(SealError, match="ESOZ_SEAL_KEY"):
                sealing(log, Settings(given | wrong), clock)


class TestGuard:
    @pytest.fixture
    def admission(self) -> Admission:
        return Admission(4)

    async def test_unsealed_for_so_many_hours_then_nobody_is_let_in_until_it_is_sealed(
        self, log: Database, seal: Seal, admission: Admission
    ) -> None:
        await grow(log, 1)
        async with log.connection() as db:
            since = await anchors.waiting_since(db)
        assert since is not None
        clock = FixedClock(since + timedelta(hours=4, seconds=-1))
        [task] = guard(log, Settings({"ESOZ_AUDIT_BEHIND_HOURS": "4"}), clock, admission)
        await task.act()
        async with admission.turn():
            pass
        clock.forward(timedelta(seconds=1))
        await task.act()
        with pytest.raises(Unavailable) as refused:
            async with admission.turn():
                pass
        assert refused.value.headers == {"Retry-After": "61"}
        await anchors.anchor(log, seal, seal.certificate.der, FixedClock(NOW))
        await task.act()
        async with admission.turn():
            pass

    async def test_not_asked_for_then_served_whatever_happens(self, log: Database, admission: Admission) -> None:
        assert guard(log, Settings({}), FixedClock(NOW), admission) == []
