"""Tampering with the audit log is found and located, by the database or by a file alone."""

import argparse
import asyncio
import io
import random
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from uuid import uuid4

import pytest

from esoz import audit_command
from esoz.audit_command import SOUND, UNREADABLE, UNSOUND, Found, opening
from esoz.central import anchors
from esoz.gateways.seal import Seal
from esoz.kernel import audit
from esoz.kernel.audit_check import Flaw
from esoz.kernel.audit_file import NotALog
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, AuditEntry
from esoz.trust_centre.centre import House
from tests.conftest import Server

from .conftest import NOW, OWNER, TERM, grow, sealed

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
