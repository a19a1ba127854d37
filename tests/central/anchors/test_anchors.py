"""The audit log is sealed as it grows; tampering is found and located, by the database or by a file alone."""

import argparse
import asyncio
import io
import random
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from esoz import audit_command
from esoz.audit_command import SOUND, UNREADABLE, UNSOUND, Found, opening
from esoz.central import anchors
from esoz.central.anchoring import guard, sealing
from esoz.gateways.seal import Seal, SealError, open_sealed
from esoz.kernel import audit
from esoz.kernel.admission import Admission
from esoz.kernel.audit_check import Flaw
from esoz.kernel.audit_file import NotALog
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import Unavailable
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, AuditEntry
from esoz.signature import Subject, TrustList, write_jks
from esoz.trust_centre.centre import House, build
from esoz.trust_centre.formats import timestamps
from esoz.trust_centre.formats.addresses import Addresses
from esoz.trust_centre.model import Family
from tests.conftest import Server

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TERM = {"valid_from": NOW - timedelta(days=30), "valid_to": NOW + timedelta(days=700)}
OWNER = Subject(organization="Центральна база", edrpou="40000999", is_seal=True)
PASSWORD = "пароль печатки"


@pytest.fixture(scope="module")
def house() -> House:
    source = random.Random(7)
    return build(Family.GOST, Addresses("http://ca.test"), random=source.randbytes, at=NOW - timedelta(days=60))


class Centre(httpx.BaseTransport):
    """The timestamp service of the trust centre, which a test can take away."""

    def __init__(self, house: House) -> None:
        self.house, self.is_away, self.moment = house, False, NOW

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("away")
        asked = timestamps.read(request.read())
        return httpx.Response(
            200, content=timestamps.grant(self.house.tsp, self.house.authority.digest, asked, 1, at=self.moment)
        )


@pytest.fixture
def centre(house: House) -> Centre:
    return Centre(house)


@pytest.fixture
def seal(house: House, centre: Centre) -> Seal:
    issued = house.authority.issue(OWNER, **TERM)
    return Seal(issued.key, issued.certificate, "http://tsp.test/", centre)


@pytest.fixture
async def log(fresh_database: Database) -> Database:
    """A database whose log nobody else writes to."""
    return fresh_database


async def grow(database: Database, count: int) -> None:
    """So many more lines, chained."""
    async with database.transaction() as db:
        for number in range(count):
            about = audit.AuditContext(NOW + timedelta(seconds=number), "test", "test", NOBODY)
            await audit.write(db, about, [AuditEntry("test.done", str(uuid4()), None, {"number": number})])
        while await audit.chain(db):
            pass


async def sealed(database: Database, seal: Seal, clock: FixedClock, *, lines: int, times: int) -> None:
    """A log that was sealed so many times, each time after so many lines."""
    for _ in range(times):
        await grow(database, lines)
        assert await anchors.anchor(database, seal, seal.certificate.der, clock) is not None
        clock.forward(timedelta(minutes=1))


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


Tamper = Callable[[Connection, int], Awaitable[object]]


async def edit(db: Connection, number: int) -> object:
    event = await db.fetchrow("select event_id, at from audit_chain where number = $1", number)
    return await db.execute(
        "update audit_events set outcome = 'forbidden' where id = $1 and at = $2", event["event_id"], event["at"]
    )


async def move_in_time(db: Connection, number: int) -> object:
    id = await db.fetchval("select event_id from audit_chain where number = $1", number)
    return await db.execute("update audit_events set at = at + interval '1 microsecond' where id = $1", id)


async def delete_line(db: Connection, number: int) -> object:
    id = await db.fetchval("select event_id from audit_chain where number = $1", number)
    return await db.execute("delete from audit_events where id = $1", id)


async def delete_both(db: Connection, number: int) -> object:
    await delete_line(db, number)
    return await db.execute("delete from audit_chain where number = $1", number)


async def insert_line(db: Connection, _number: int) -> object:
    return await db.execute(
        "insert into audit_events select gen_random_uuid(), at, request_id, operation, event, resource_id, patient_id,"
        " user_id, client_id, mis_id, person_id, outcome, facts from audit_events limit 1"
    )


async def drop_pending(db: Connection, _number: int) -> object:
    about = audit.AuditContext(NOW, "test", "test", NOBODY)
    await audit.write(db, about, [AuditEntry("test.done", str(uuid4()), None, {})])
    return await db.execute("delete from audit_pending")


async def swap(db: Connection, number: int) -> object:
    """Two links change their numbers; as no number may stand twice, one of them steps aside."""
    for before, after in ((number, -1), (number + 1, number), (-1, number + 1)):
        await db.execute("update audit_chain set number = $2 where number = $1", before, after)
    return None


async def change_hash(db: Connection, number: int) -> object:
    return await db.execute("update audit_chain set hash = sha256(hash) where number = $1", number)


async def cut(db: Connection, number: int) -> object:
    await db.execute(
        "delete from audit_events e using audit_chain c where c.event_id = e.id and c.number >= $1", number
    )
    return await db.execute("delete from audit_chain where number >= $1", number)


async def chain_anew(db: Connection, number: int) -> object:
    """Change a line and make all links behind it fit again."""
    await edit(db, number)
    rows = await db.fetch("select event_id, at from audit_chain where number >= $1 order by number", number)
    await db.execute("delete from audit_chain where number >= $1", number)
    for row in rows:
        await db.execute("insert into audit_pending (event_id, at) values ($1, $2)", row["event_id"], row["at"])
        await audit.chain(db)
    return None


# How it is done → what is found, and how far from the place.
TAMPERINGS: dict[Tamper, tuple[Collection[Flaw], bool]] = {
    edit: ({Flaw.CHANGED}, True),
    move_in_time: ({Flaw.MISSING}, True),
    delete_line: ({Flaw.MISSING}, True),
    delete_both: ({Flaw.GAP}, True),
    insert_line: ({Flaw.OUTSIDE}, False),
    drop_pending: ({Flaw.OUTSIDE}, False),
    swap: ({Flaw.CHANGED}, True),
    change_hash: ({Flaw.CHANGED}, True),
    cut: ({Flaw.CUT}, True),
    chain_anew: ({Flaw.REWRITTEN}, False),
}


class TestVerify:
    @pytest.fixture
    async def whole(self, database: Database, db: Connection, seal: Seal, clock: FixedClock) -> Connection:
        """A log that was sealed three times; what was written before it is sealed with it."""
        while await audit.chain(db):
            pass
        await sealed(database, seal, clock, lines=20, times=3)
        return db

    async def check(self, db: Connection, file: Path | None, seal: Seal | None, *kept: bytes) -> Found:
        """Check it by the database, or by a file that is written of it."""
        opened = opening([seal.certificate.der]) if seal else None
        if file is None:
            return await audit_command.check_database(db, "central", kept, opened)
        with file.open("wb") as written:
            await audit_command.write_log(db, written, "central")
        return audit_command.check_file(file, kept, opened)

    @pytest.fixture(params=[False, True], ids=["database", "file"])
    def file(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
        return tmp_path / "log.jsonl" if request.param else None

    async def test_whole_then_no_fault(
        self, whole: Connection, database: Database, seal: Seal, file: Path | None
    ) -> None:
        await grow(database, 4)
        about = audit.AuditContext(NOW, "test", "test", NOBODY)
        await audit.write(whole, about, [AuditEntry("test.done", str(uuid4()), None, {})])
        found = await self.check(whole, file, seal)
        last = await whole.fetchval("select max(number) from audit_chain")
        assert found.examination.faults == [] and (found.sealed, found.waiting) == (3, 1)
        assert (found.examination.number, found.examination.anchored) == (last, last - 4)

    @pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda each: each.__name__)
    async def test_tampered_with_then_found_and_located(
        self, whole: Connection, seal: Seal, file: Path | None, tamper: Tamper
    ) -> None:
        flaws, is_located = TAMPERINGS[tamper]
        last = await whole.fetchval("select max(number) from audit_chain")
        number = random.Random(tamper.__name__).randint(last - 30, last - 2)
        await whole.execute("set local session_replication_role = replica")  # whoever may do anything
        await tamper(whole, number)
        await whole.execute("set local session_replication_role = origin")
        faults = (await self.check(whole, file, seal)).examination.faults
        assert {fault.flaw for fault in faults} & flaws, faults
        if is_located:
            assert {fault.number for fault in faults} & {number, number + 1}, (number, faults)

    async def test_anchors_dropped_too_then_one_that_was_kept_elsewhere_tells(
        self, whole: Connection, seal: Seal
    ) -> None:
        kept = (await anchors.signed(whole))[-1]
        last = await whole.fetchval("select max(number) from audit_chain")
        await whole.execute("set local session_replication_role = replica")
        await cut(whole, last - 10)
        await whole.execute("delete from audit_anchors where number > $1", last - 11)
        assert (await self.check(whole, None, seal)).examination.faults == []
        [fault] = (await self.check(whole, None, seal, kept)).examination.faults
        assert (fault.flaw, fault.number) == (Flaw.CUT, last - 10)

    async def test_anchor_taken_out_of_the_row_then_found(self, whole: Connection, seal: Seal) -> None:
        await whole.execute("set local session_replication_role = replica")
        await whole.execute(
            "delete from audit_anchors where number = (select number from audit_anchors order by 1 offset 1 limit 1)"
        )
        [fault] = (await self.check(whole, None, seal)).examination.faults
        assert fault.flaw is Flaw.SEAL and "the anchor before it is gone" in fault.what

    async def test_anchor_of_another_seal_then_found(
        self, whole: Connection, database: Database, seal: Seal, house: House, clock: FixedClock
    ) -> None:
        other = house.authority.issue(OWNER, **TERM)
        await grow(database, 1)
        await anchors.anchor(database, Seal(other.key, other.certificate), other.certificate.der, clock)
        [fault] = (await self.check(whole, None, seal)).examination.faults
        assert fault.flaw is Flaw.SEAL and fault.what.startswith("anchor 4: ")
        both = opening([seal.certificate.der, other.certificate.der])
        assert (await audit_command.check_database(whole, "central", (), both)).examination.faults == []

    async def test_part_of_a_log_then_judged_alone(self, whole: Connection, seal: Seal, tmp_path: Path) -> None:
        last = await whole.fetchval("select max(number) from audit_chain")
        with (tmp_path / "part").open("wb") as file:
            assert await audit_command.write_log(whole, file, "central", last - 24, last) == 25
        found = audit_command.check_file(tmp_path / "part", (), opening([seal.certificate.der]))
        assert found.first == last - 24 and found.examination.faults == [] and found.sealed == 2
        with pytest.raises(ValueError, match="has no line"):
            await audit_command.write_log(whole, io.BytesIO(), "central", last + 2)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda data: b"",
            lambda data: b"{}\n",
            lambda data: data.replace(b'"esoz_audit":1', b'"esoz_audit":2', 1),
            lambda data: data[: len(data) // 2 + 3],
            lambda data: data.replace(b'"h":"', b'"h":"zz', 1),
            lambda data: b"\xff\xfe\n" + data,
        ],
    )
    async def test_file_that_is_none_then_said(
        self, whole: Connection, tmp_path: Path, spoil: Callable[[bytes], bytes]
    ) -> None:
        written = io.BytesIO()
        await audit_command.write_log(whole, written, "central")
        (tmp_path / "log").write_bytes(spoil(written.getvalue()))
        with pytest.raises(NotALog):
            audit_command.check_file(tmp_path / "log", (), None)


class TestCommand:
    """As it is typed, on a real database and nothing but a file."""

    async def test_export_then_verify_then_tampered_with(
        self,
        log: Database,
        server: Server,
        process_name: str,
        *,
        seal: Seal,
        clock: FixedClock,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        await sealed(log, seal, clock, lines=20, times=2)
        (tmp_path / "seal.cer").write_bytes(seal.certificate.der)
        file, certificate = str(tmp_path / "log.jsonl.gz"), ("--certificate", str(tmp_path / "seal.cer"))
        url = server.url(f"{process_name}_fresh")
        assert await self.run(url, "export", file) == SOUND
        assert await self.run("", "verify", file, *certificate) == SOUND
        assert await self.run(url, "verify", *certificate) == SOUND
        told = capsys.readouterr().out
        assert told.count("the log is whole") == 2 and "anchors: 2; sealed up to line" in told
        assert await self.run("", "verify", file) == SOUND
        assert "anchors: 2, not looked at" in capsys.readouterr().out
        async with log.transaction() as db:
            await db.execute("set local session_replication_role = replica")
            await edit(db, 7)
        assert await self.run(url, "verify", *certificate) == UNSOUND
        assert "FAULT line 7: changed\n" in capsys.readouterr().out
        (tmp_path / "log.jsonl").write_bytes(b"nothing")
        assert await self.run("", "verify", str(tmp_path / "log.jsonl")) == UNREADABLE
        assert await self.run("", "verify", str(tmp_path / "none")) == UNREADABLE

    async def run(self, url: str, *words: str) -> int:
        parser = argparse.ArgumentParser()
        audit_command.add_to(parser)
        arguments = parser.parse_args(words)
        settings = Settings({"ESOZ_CENTRAL_DATABASE": url})
        return int(await asyncio.to_thread(arguments.audit_command, arguments, settings))
