"""How long a registrar waits before another code is sent: never more seconds than central asks for."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from esoz.mis.reception.confidants.model import ConfidantRequest
from esoz.mis.reception.methods.model import MethodRequest
from esoz.mis.reception.registration.model.registrations import Registration

SENT = datetime(2026, 12, 1, 10, tzinfo=UTC)


class Sent:
    """What the pause is reckoned from."""

    code_sent_at: datetime | None = SENT


# DC-13
@pytest.mark.parametrize("kind", [ConfidantRequest, MethodRequest, Registration])
@pytest.mark.parametrize(
    ("passed", "left"),
    [
        (timedelta(0), 60),
        (timedelta(milliseconds=1), 60),
        (timedelta(seconds=59), 1),
        (timedelta(seconds=59, milliseconds=999), 1),
        (timedelta(seconds=60), 0),
        (timedelta(seconds=61), 0),
    ],
)
def test_pause_then_whole_seconds_and_a_minute_at_most(kind: Any, passed: timedelta, left: int) -> None:
    assert cast(Any, kind).pause_left(Sent(), SENT + passed) == left
