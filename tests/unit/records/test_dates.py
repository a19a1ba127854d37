"""Dates of records at their edges."""

from datetime import UTC, datetime, timedelta

import pytest

from esoz.central.records.model.dates import in_past, ordered, recorded_in_time
from esoz.kernel.clock import SKEW
from esoz.kernel.fhir import Period

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


# EN-5
@pytest.mark.parametrize(
    ("ago", "message"),
    [
        (timedelta(0), None),
        (-SKEW, None),
        (-SKEW - SECOND, "Date must be in past"),
        (timedelta(days=7) - SECOND, None),
        (timedelta(days=7), "Date must be greater than 2026-11-15T10:00:00Z"),
        (timedelta(days=8), "Date must be greater than 2026-11-15T10:00:00Z"),
    ],
)
def test_encounter_when_recorded_after_some_time_then_less_than_seven_days_are_allowed(ago, message):
    faults = list(recorded_in_time("$.encounter.period.end", NOW - ago, NOW))
    expected = [("$.encounter.period.end", message)] if message else []
    assert [(fault.entry, fault.description) for fault in faults] == expected


# CE-2
@pytest.mark.parametrize(
    ("ago", "message"),
    [
        (timedelta(0), None),
        (-SKEW, None),
        (-SKEW - SECOND, "Onset date must be in past"),
        (timedelta(days=150 * 365) - SECOND, None),
        (timedelta(days=150 * 365), "Date must be greater than 1876-12-28"),
    ],
)
def test_date_when_outside_a_life_then_it_is_refused(ago, message):
    assert [fault.description for fault in in_past("$.x", "Onset date", NOW - ago, NOW)] == (
        [message] if message else []
    )


def test_date_when_absent_then_nothing_is_wrong():
    assert list(in_past("$.x", "Onset date", None, NOW)) == []


@pytest.mark.parametrize(("length", "faults"), [(timedelta(0), 0), (-SECOND, 1), (SECOND, 0)])
def test_period_when_it_ends_before_it_starts_then_its_end_is_named(length, faults):
    found = list(ordered("$.period", Period(NOW, NOW + length)))
    assert [fault.entry for fault in found] == ["$.period.end"] * faults
