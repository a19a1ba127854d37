"""Rules of declarations."""

import itertools
import re
from datetime import date

import pytest

from esoz.central.declarations.model import MOVES, Status, end_date, first_status, may_choose, number


# DC-5, GP-1
@pytest.mark.parametrize(
    ("speciality", "age", "allowed"),
    [
        ("THERAPIST", 17, False),
        ("THERAPIST", 18, True),
        ("PEDIATRICIAN", 17, True),
        ("PEDIATRICIAN", 18, False),
        ("FAMILY_DOCTOR", 0, True),
        ("FAMILY_DOCTOR", 90, True),
        ("VIROLOGY", 30, False),
        (None, 30, False),
    ],
)
def test_may_choose_when_age_meets_speciality_then_allowed(speciality, age, allowed):
    assert may_choose(speciality, age) is allowed


# DC-22
@pytest.mark.parametrize(
    ("no_tax_id", "on_paper", "expected"),
    [
        (False, False, (Status.ACTIVE, None)),
        (False, True, (Status.PENDING_VERIFICATION, "offline")),
        (True, False, (Status.PENDING_VERIFICATION, "no_tax_id")),
        (True, True, (Status.PENDING_VERIFICATION, "no_tax_id")),
    ],
)
def test_first_status_when_papers_are_to_be_looked_at_then_it_waits(no_tax_id, on_paper, expected):
    assert first_status(no_tax_id=no_tax_id, on_paper=on_paper) == expected


# DC-7
@pytest.mark.parametrize(
    ("speciality", "birth_date", "last"),
    [
        ("PEDIATRICIAN", date(2012, 5, 7), date(2030, 5, 6)),
        ("PEDIATRICIAN", date(2008, 12, 1), date(2026, 11, 30)),
        ("PEDIATRICIAN", date(2012, 2, 29), date(2030, 2, 28)),
        ("FAMILY_DOCTOR", date(2012, 5, 7), date(2126, 11, 22)),
        ("THERAPIST", date(1970, 5, 7), date(2126, 11, 22)),
    ],
)
def test_end_date_when_child_has_a_pediatrician_then_the_day_before_eighteen(speciality, birth_date, last):
    assert end_date(date(2026, 11, 22), birth_date=birth_date, speciality=speciality) == last


# DC-8
def test_number_when_made_then_published_form_and_alphabet():
    assert re.fullmatch(r"0001-[0A1E2H3K4M5P6T7X89]{4}-[0A1E2H3K4M5P6T7X89]{4}", number(lambda count: b"\x9a" * count))


# BG-15
def test_number_when_made_one_after_another_then_the_next_is_not_the_next_in_order():
    """The system of 2019 counted them, so anyone could guess the next one."""
    source = itertools.count(1)
    first, second = (number(lambda size: next(source).to_bytes(size, "big")) for _ in range(2))
    assert first != second
    assert number(bytes) == "0001-0000-0000"


# DC-2
def test_moves_when_read_then_every_status_is_there():
    assert set(MOVES) == set(Status)


# DC-2
@pytest.mark.parametrize("ended", [Status.TERMINATED, Status.CLOSED, Status.REJECTED])
def test_moves_when_ended_then_for_ever(ended):
    assert MOVES[ended] == frozenset()
