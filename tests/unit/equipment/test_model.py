"""Moves of equipment."""

import pytest

from esoz.central.equipment.model import AVAILABILITY_MOVES, MOVES, Availability, Status


@pytest.mark.parametrize("status", [Status.INACTIVE, Status.ENTERED_IN_ERROR])
def test_status_when_out_of_the_inventory_then_it_never_moves(status):
    assert MOVES[status] == frozenset()


def test_availability_when_destroyed_then_it_stays_so_and_what_is_lost_may_be_found():
    assert AVAILABILITY_MOVES[Availability.DESTROYED] == frozenset()
    assert Availability.AVAILABLE in AVAILABILITY_MOVES[Availability.LOST]
