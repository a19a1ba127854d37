"""The state register from a file: read whole, or told what is wrong with it."""

import msgspec
import pytest

from esoz.central import organisations
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.factories.registries import state_record


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
