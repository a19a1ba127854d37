"""Times of a healthcare service."""

import pytest

from esoz.central.healthcare_services.model import AvailableTime, Schedule, schedule_faults

DAYS = frozenset({"mon", "tue"})


@pytest.mark.parametrize(
    ("hours", "place"),
    [
        ({"all_day": True}, None),
        ({"available_start_time": "08:00:00", "available_end_time": "08:00:01"}, None),
        ({"available_start_time": "08:00:00", "available_end_time": "08:00:00"}, "available_end_time"),
        ({"available_start_time": "8:00", "available_end_time": "09:00:00"}, "available_start_time"),
        ({"available_start_time": "08:00:00", "available_end_time": "24:00:00"}, "available_end_time"),
        ({"available_start_time": "08:00:00"}, "available_end_time"),
        ({"all_day": True, "available_start_time": "08:00:00"}, "all_day"),
    ],
)
def test_hours_when_told_then_both_in_order_or_all_day(hours, place):
    schedule = Schedule(available_time=(AvailableTime(("mon",), **hours),))
    expected = [] if place is None else [f"$.available_time[0].{place}"]
    assert [fault.entry for fault in schedule_faults(schedule, DAYS)] == expected


def test_days_when_the_dictionary_is_not_known_then_nothing_is_refused():
    schedule = Schedule(available_time=(AvailableTime(("someday",), True),))
    assert list(schedule_faults(schedule, None)) == []
    assert [fault.entry for fault in schedule_faults(schedule, DAYS)] == ["$.available_time[0].days_of_week"]
