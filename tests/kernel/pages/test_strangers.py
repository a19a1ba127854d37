"""Refusals in the audit log: bounded, without personal data, and those of strangers as one line."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest

from esoz.kernel import strangers
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.errors import Unavailable
from esoz.kernel.strangers import MOST_KINDS, OTHERS, StrangersLog
from esoz.kernel.work import AuditEntry, resource_name

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    strangers._counts.clear()
    yield
    strangers._counts.clear()


class TestResourceName:
    @pytest.mark.parametrize(
        "name",
        [
            "aa3dacc5-3972-4694-b179-578a30f820f3",
            "0000-12AB-3456-7890",
            "UA05020030010063857",
            "eHealth/ICD10_AM/condition_codes",
            "regions",
            "A00.1",
            "",
            "a" * 64,
        ],
    )
    def test_id_or_word_then_as_it_is(self, name: str) -> None:
        assert resource_name(name) == name

    @pytest.mark.parametrize(
        "text",
        [
            "+380671234567",
            "380671234567",
            "067-123-45-67",
            "067 123 45 67",
            "3126509816",
            "АА123456",
            "AA123456",
            "19900101-00012",
            "Шевченко",
            "a.person@mail.example",
            "a" * 3000,
            "two words",
            "line\nbreak",
            "٣١٢٦٥٠٩٨١٦",
        ],
    )
    def test_number_name_address_or_anything_long_then_left_out(self, text: str) -> None:
        assert resource_name(text) == ""
        assert AuditEntry("read", text, None, {}).resource_id == ""


class TestCounts:
    async def test_written_then_one_line_of_sums_and_counted_anew(self, database: Database) -> None:
        for _ in range(600):
            strangers.note("get_api_persons", "access_denied")
        strangers.note("post_oauth_nonce", "validation_failed")
        await strangers.write(database, FixedClock(NOW))
        await strangers.write(database, FixedClock(NOW))
        async with database.connection() as db:
            lines = await db.fetch("select * from audit_events where event = 'strangers.refused'")
        assert [line["facts"] for line in lines] == [
            {"get_api_persons access_denied": 600, "post_oauth_nonce validation_failed": 1}
        ]
        assert strangers.counted() == {}

    async def test_many_kinds_then_the_line_is_bounded_and_no_refusal_is_missing(self, database: Database) -> None:
        for number in range(3 * MOST_KINDS):
            strangers.note(f"operation_{number}", "access_denied")
        await strangers.write(database, FixedClock(NOW))
        async with database.connection() as db:
            facts = await db.fetchval(
                "select facts from audit_events where event = 'strangers.refused' order by id desc limit 1"
            )
        assert facts[OTHERS] == 2 * MOST_KINDS
        assert len(msgspec.json.encode(facts)) < 8000

    async def test_database_away_then_counted_on(self) -> None:
        away = Database("postgresql://esoz@/none?host=/nonexistent&port=1")
        away._pool = _NoPool()
        strangers.note("post_oauth_nonce", "access_denied")
        with pytest.raises(Unavailable):
            await strangers.write(away, FixedClock(NOW))
        strangers.note("post_oauth_nonce", "access_denied")
        assert strangers.counted() == {"post_oauth_nonce access_denied": 2}

    async def test_process_ends_then_the_last_counts_are_written(self, database: Database) -> None:
        log = StrangersLog(database, FixedClock(NOW))
        log.stop()
        strangers.note("post_oauth_nonce", "access_denied")
        await log.run()
        assert strangers.counted() == {}


class _NoPool:
    async def acquire(self, timeout: float) -> None:
        raise OSError("no server")
