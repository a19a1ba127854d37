"""The law of referrals without a database: numbers, the term, the tables of states."""

from datetime import UTC, datetime

import pytest

from esoz.central.service_requests.model import MOVES, PROCESSING_MOVES, Processing, Status
from esoz.central.service_requests.model.requests import end_of_term, new_requisition, read_requisition


class TestNumbers:
    # SR-6
    @pytest.mark.parametrize(
        ("source", "number"),
        [(bytes(16), "0000-0000-0000-0000"), ((10**16 + 42).to_bytes(16), "0000-0000-0000-0042")],
    )
    def test_of_chance_then_sixteen_digits(self, source, number):
        assert new_requisition(lambda size: source[:size]) == number

    # SR-13
    @pytest.mark.parametrize(
        "typed",
        [
            "1234-5678-9012-3456",
            "1234567890123456",
            " 1234 5678 9012 3456 ",
            "1234–5678–9012–3456",
            "1234\u00a05678 90123456",
        ],
    )
    def test_as_people_type_it_then_the_number(self, typed):
        assert read_requisition(typed) == "1234-5678-9012-3456"

    # SR-13
    @pytest.mark.parametrize(
        "typed", ["", "1234-5678-9012-345", "12345678901234567", "1234-5678-9012-345A", "١٢٣٤-5678-9012-3456"]
    )
    def test_of_anything_else_then_none(self, typed):
        assert read_requisition(typed) is None


class TestTerm:
    # SR-5: to the last second in Kyiv, on both sides of midnight and of the change of clocks
    @pytest.mark.parametrize(
        ("now", "days", "end"),
        [
            (datetime(2026, 11, 22, 21, 59, 59, tzinfo=UTC), 1, datetime(2026, 11, 23, 21, 59, 59, tzinfo=UTC)),
            (datetime(2026, 11, 22, 22, 0, tzinfo=UTC), 1, datetime(2026, 11, 24, 21, 59, 59, tzinfo=UTC)),
            (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), 0, datetime(2026, 10, 24, 20, 59, 59, tzinfo=UTC)),
            (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), 1, datetime(2026, 10, 25, 21, 59, 59, tzinfo=UTC)),
        ],
    )
    def test_when_written_then_until_the_end_of_the_last_day(self, now, days, end):
        assert end_of_term(now, days) == end


class TestStates:
    # SR-7
    def test_every_status_is_in_its_table(self):
        assert set(MOVES) == set(Status) and set(PROCESSING_MOVES) == set(Processing)

    # SR-7
    def test_what_is_recalled_or_in_error_stays_so(self):
        assert MOVES[Status.RECALLED] == MOVES[Status.ENTERED_IN_ERROR] == frozenset()
