"""The order of ways, and when one gives over to the next."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from esoz.central.notices.model import (
    Asked,
    Notice,
    Outcome,
    State,
    Way,
    first_delivered,
    must_be_printed,
    outcome_of,
    pass_at,
    read_order,
    ways_of,
)

NOW = datetime(2026, 11, 22, 21, 59, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def asked(way: Way = Way.PUSH, **facts: object) -> Asked:
    plain = {
        "message_id": uuid4(),
        "place": 0,
        "way": way,
        "address": "+38067*****67",
        "outcome": Outcome.UNDER_WAY,
        "outcome_at": NOW,
        "pass_at": NOW + SECOND,
    }
    return Asked(**plain | facts)  # type: ignore[arg-type]  # facts of a test are of many types


# NT-1
class TestOrder:
    @pytest.mark.parametrize(
        ("text", "order"),
        [
            ("push,viber,sms", [Way.PUSH, Way.VIBER, Way.SMS]),
            ("viber", [Way.VIBER, Way.SMS]),
            ("sms, viber , push", [Way.VIBER, Way.PUSH, Way.SMS]),
            ("viber,viber", [Way.VIBER, Way.SMS]),
            ("", [Way.SMS]),
        ],
    )
    def test_order_then_sms_ends_it_always(self, text: str, order: list[Way]) -> None:
        assert list(read_order(text)) == order

    def test_unknown_way_then_refused(self) -> None:
        with pytest.raises(ValueError, match="pigeon"):
            read_order("pigeon")

    def test_way_without_address_then_passed_over(self) -> None:
        order = (Way.PUSH, Way.VIBER, Way.SMS)
        phone = {Way.VIBER: "+380671234567", Way.SMS: "+380671234567"}
        assert ways_of(order, phone) == [Way.VIBER, Way.SMS]
        assert ways_of(order, {}) == []


# NT-2
class TestOutcome:
    @pytest.mark.parametrize(
        ("facts", "outcome"),
        [
            ({}, Outcome.UNDER_WAY),
            ({"is_sent": True}, Outcome.UNDER_WAY),  # without a receipt: the next way after the silence
            ({"is_sent": True, "is_asked_about": True, "delivery": None}, Outcome.UNDER_WAY),
            ({"is_sent": True, "delivery": "delivered"}, Outcome.DELIVERED),
            ({"is_sent": True, "delivery": "failed"}, Outcome.FAILED),
            ({"is_dead": True}, Outcome.FAILED),
            ({"is_sent": True, "delivery": "unknown"}, Outcome.UNDER_WAY),
        ],
    )
    def test_within_its_time(self, facts: dict[str, object], outcome: Outcome) -> None:
        assert outcome_of(asked(**facts), NOW) is outcome

    def test_at_the_end_of_its_time_then_silent(self) -> None:
        assert outcome_of(asked(is_sent=True), NOW + SECOND) is Outcome.SILENT
        assert outcome_of(asked(), NOW + SECOND) is Outcome.SILENT  # its provider is away
        assert outcome_of(asked(delivery="delivered"), NOW + SECOND) is Outcome.DELIVERED

    @pytest.mark.parametrize(
        ("facts", "outcome"),
        [
            ({}, Outcome.UNDER_WAY),
            ({"is_sent": True}, Outcome.SENT),
            ({"is_sent": True, "is_asked_about": True}, Outcome.UNDER_WAY),
            ({"is_sent": True, "delivery": "unknown"}, Outcome.SENT),
            ({"is_sent": True, "delivery": "failed"}, Outcome.FAILED),
            ({"is_dead": True}, Outcome.FAILED),
        ],
    )
    def test_last_way_then_never_hurried(self, facts: dict[str, object], outcome: Outcome) -> None:
        assert outcome_of(asked(Way.SMS, pass_at=None, **facts), NOW + timedelta(days=400)) is outcome

    def test_pass_at_then_only_where_another_way_is_left(self) -> None:
        assert pass_at(NOW, [Way.SMS], SECOND) == NOW + SECOND
        assert pass_at(NOW, [], SECOND) is None


# NT-3
def test_two_delivered_then_the_first_told() -> None:
    push, viber = asked(delivery="delivered"), asked(Way.VIBER, place=1, delivery="delivered")
    assert first_delivered([push, viber]) == push
    assert first_delivered([asked(delivery="failed"), viber]) == viber
    assert first_delivered([asked()]) is None


# NT-4
@pytest.mark.parametrize("state", State)
def test_only_what_reached_nobody_then_printed(state: State) -> None:
    notice = Notice.__new__(Notice)
    object.__setattr__(notice, "state", state)
    assert must_be_printed(notice) is (state is State.FAILED)
    assert not must_be_printed(None)
