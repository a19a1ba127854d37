"""Identifiers of new rows: version 7, in the order of the acts, also of those of one millisecond."""

import pytest

from esoz.kernel import clock

MOMENT = 1_796_083_200_000_000_000


def test_ids_of_one_millisecond_then_in_the_order_of_their_making(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for part in range(0, 1_000_000, 500):
        monkeypatch.setattr(clock, "time_ns", lambda part=part: MOMENT + part)
        made.append(clock.new_id())
    assert made == sorted(made) and len({*made}) == len(made)


@pytest.mark.parametrize("nanoseconds", [0, 1, 999_999, 1_000_000])
def test_id_then_of_version_seven_and_of_its_millisecond(monkeypatch: pytest.MonkeyPatch, nanoseconds: int) -> None:
    monkeypatch.setattr(clock, "time_ns", lambda: MOMENT + nanoseconds)
    made = clock.new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == (MOMENT + nanoseconds) // 1_000_000
