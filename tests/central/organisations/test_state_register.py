"""Registers of the state from files: read whole, or told what is wrong with them."""

import msgspec
import pytest

from esoz.central import organisations
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.sandbox.country import ORGANISATIONS
from tests.factories.registries import state_record
from tests.factories.world import Caller


class TestRead:
    def test_list_then_records(self) -> None:
        told = [state_record(), state_record("11112222", id=7)]
        assert organisations.read_state_register(b"\xef\xbb\xbf" + msgspec.json.encode(told)) == [
            msgspec.json.decode(msgspec.json.encode(each), type=organisations.EDR) for each in told
        ]

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            (b"{}", "not a list"),
            (b'[{"edrpou": "1"}]', "missing required field"),
            (msgspec.json.encode([state_record(), state_record()]), "an id is told twice"),
        ],
    )
    def test_anything_else_then_what_is_wrong(self, raw: bytes, words: str) -> None:
        with pytest.raises(ValueError, match=words):
            organisations.read_state_register(raw)


class TestImport:
    async def test_twice_then_the_last_word_holds(self, work: Work, db: Connection) -> None:
        assert await organisations.import_state_register(work, [state_record()]) == 1
        assert await organisations.import_state_register(work, [state_record(name="КНП «Пізніше»")]) == 1
        [record] = await organisations.edr_records(db, "44445555")
        assert record.name == "КНП «Пізніше»"


class TestMountains:
    """DV-4: the status of a settlement decides the tariff, and divisions follow it."""

    # DV-4
    async def test_imported_then_divisions_there_follow_and_back(
        self, work: Work, doctor: Caller, db: Connection
    ) -> None:
        code = ORGANISATIONS[0].place.code
        row = "select mountain_group from divisions where id = $1"
        count, changed = await organisations.import_mountain_settlements(
            work, organisations.read_mountain_settlements(f"\ufeff{code}\n\n".encode())
        )
        assert (count, changed > 0, await db.fetchval(row, ORGANISATIONS[0].division_id)) == (1, True, True)
        assert await organisations.import_mountain_settlements(work, []) == (0, changed)
        assert await db.fetchval(row, ORGANISATIONS[0].division_id) is False

    async def test_unknown_settlement_or_no_code_then_refused(self, work: Work) -> None:
        unknown = organisations.read_mountain_settlements(b"UA99999999999999999")
        with pytest.raises(ValueError, match="1 codes are no settlements"):
            await organisations.import_mountain_settlements(work, unknown)
        with pytest.raises(ValueError, match="line 2"):
            organisations.read_mountain_settlements(b"UA80000000000093317\nnonsense")
