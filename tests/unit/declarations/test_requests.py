"""Rules of requests for declarations."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from esoz.central.declarations.model import Channel, DeclarationRequest, has_place
from esoz.central.declarations.model.requests import MOVES, OPEN, Status, must_be_signable
from esoz.kernel.errors import Rejected

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
LIFETIME = timedelta(days=1)
REQUEST = DeclarationRequest(
    id=UUID(int=1),
    person_id=UUID(int=2),
    declaration_id=UUID(int=3),
    declaration_number="0001-XXXX-XXXX",
    employee_id=UUID(int=4),
    party_id=UUID(int=5),
    division_id=UUID(int=6),
    legal_entity_id=UUID(int=7),
    status=Status.APPROVED,
    channel=Channel.MIS,
    start_date=date(2026, 11, 22),
    end_date=date(2126, 11, 22),
    method="OTP",
    system_declaration_limit=1800,
    current_declaration_count=0,
    expires_at=NOW + LIFETIME,
    inserted_at=NOW,
    updated_at=NOW,
)


# DC-1
def test_moves_when_read_then_every_status_is_there():
    assert set(MOVES) == set(Status)
    assert {status for status, targets in MOVES.items() if targets} == OPEN
    assert all(Status.SIGNED not in targets for status, targets in MOVES.items() if status is not Status.APPROVED)


# DC-26
@pytest.mark.parametrize("status", Status)
def test_status_at_when_a_day_is_over_then_open_ones_have_expired(status):
    request = replace(REQUEST, status=status)
    assert request.status_at(NOW + LIFETIME - timedelta(microseconds=1)) is status
    assert request.status_at(NOW + LIFETIME) is (Status.EXPIRED if status in OPEN else status)


# DC-19
@pytest.mark.parametrize("status", Status)
def test_must_be_signable_when_not_approved_then_refused(status):
    request = replace(REQUEST, status=status)
    if status is Status.APPROVED:
        must_be_signable(request, NOW)
    else:
        with pytest.raises(Rejected):
            must_be_signable(request, NOW)


# DC-17
@pytest.mark.parametrize(
    ("count", "limit", "expected"), [(899, 900, True), (900, 900, False), (901, 900, False), (5, None, True)]
)
def test_has_place_when_at_the_limit_then_no_more(count, limit, expected):
    assert has_place(count, limit) is expected
