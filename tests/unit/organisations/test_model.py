"""Rules of legal entities and divisions."""

import pytest

from esoz.central.dictionaries import Phone
from esoz.central.organisations.model import (
    DIVISION_MOVES,
    MOVES,
    DivisionStatus,
    Status,
    active_record,
    hours_fault,
    phone_faults,
    repeated,
)
from esoz.kernel.errors import Rejected
from tests.factories.registries import state_record


# DV-5
@pytest.mark.parametrize(
    ("hours", "day"),
    [
        ({}, None),
        ({"mon": [["08.00", "12.00"], ["14.00", "18.00"]], "sun": []}, None),
        ({"mon": [["08:00", "12:00"]]}, "mon"),
        ({"mon": [["08.00", "12.00"]], "tue": [["8.00", "12.00"]]}, "tue"),
        ({"fri": [["12.00", "08.00"]]}, "fri"),
        ({"fri": [["08.00", "08.00"]]}, "fri"),
        ({"fri": [["08.00", "24.00"]]}, "fri"),
        ({"fri": [["08.60", "12.00"]]}, "fri"),
        ({"fri": [["08.00"]]}, "fri"),
    ],
)
def test_hours_when_not_ranges_with_a_dot_then_the_day_is_named(hours, day):
    assert hours_fault(hours) == day


@pytest.mark.parametrize(("values", "first"), [(["a", "b"], None), (["a", "b", "b", "a"], "b"), ([], None)])
def test_repeated_when_a_value_comes_twice_then_it_is_told(values, first):
    assert repeated(values) == first


# LE-2
def test_moves_when_read_then_every_status_is_there():
    assert set(MOVES) == set(Status)
    assert set(DIVISION_MOVES) == set(DivisionStatus)


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("+380671112233", True),
        ("0671112233", False),
        ("+38067111223", False),
        ("+3806711122334", False),
    ],
)
def test_phone_when_not_international_then_named(number, good):
    faults = [fault.entry for fault in phone_faults([Phone("MOBILE", number)], "$.phones")]
    assert faults == ([] if good else ["$.phones[0].number"])


def test_record_of_the_state_register_when_exactly_one_is_active_then_it():
    active, ended = state_record(), state_record(state=3, id=9)
    assert active_record([ended, active]) == active
    for records in ([], [ended], [active, active]):
        with pytest.raises(Rejected):
            active_record(records)
