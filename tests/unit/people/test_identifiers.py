"""Numbers that identify a person, names as compared, masks."""

from datetime import date

import pytest

from esoz.central.people.model import (
    age,
    mask_number,
    mask_phone,
    short_name,
    tax_id_is_valid,
    tidy,
    unzr_is_valid,
)


# SG-1
@pytest.mark.parametrize(
    ("tax_id", "valid"),
    [
        ("3999869394", True),  # a sample of the published API
        ("3126509816", False),  # another one of it: its control digit is wrong
        ("3126509817", True),
        ("3184710691", True),
        ("3184710961", False),
        ("0000000000", False),
        ("312650981", False),
        ("31265098170", False),
        ("312650981a", False),
        ("3126509817\n", False),
        ("３126509817", False),
        ("", False),
    ],
)
def test_tax_id_when_its_control_digit_is_counted_then_only_right_ones_pass(tax_id, valid):
    assert tax_id_is_valid(tax_id) is valid


def test_tax_id_when_any_one_digit_is_mistyped_then_it_is_nearly_always_found():
    wrong = [
        f"{'3184710691'[:place]}{digit}{'3184710691'[place + 1 :]}"
        for place in range(10)
        for digit in "0123456789"
        if digit != "3184710691"[place]
    ]
    # 11 remainders stand on 10 digits, so the remainder 10 hides a few mistakes behind the digit 0.
    assert sum(tax_id_is_valid(each) for each in wrong) <= 2


# PS-3
@pytest.mark.parametrize(
    ("unzr", "valid"),
    [
        ("19910819-00099", True),
        ("19910818-00099", False),
        ("19910819-0009", False),
        ("1991081900099", False),
        ("19910819-000999", False),
        ("19910819-00099\n", False),
    ],
)
def test_unzr_when_compared_with_birth_date_then_first_eight_digits_decide(unzr, valid):
    assert unzr_is_valid(unzr, date(1991, 8, 19)) is valid


# PS-15
@pytest.mark.parametrize(
    ("birth_date", "today", "years"),
    [
        (date(2008, 11, 22), date(2026, 11, 21), 17),
        (date(2008, 11, 22), date(2026, 11, 22), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
        (date(2026, 11, 23), date(2026, 11, 22), -1),
    ],
)
def test_age_when_counted_by_the_calendar_then_whole_years(birth_date, today, years):
    assert age(birth_date, today) == years


# PS-19
def test_tidy_when_spaces_run_then_one_is_left():
    assert tidy(" Анна   Марія ") == "Анна Марія"


# DC-10
def test_mask_phone_when_shown_then_six_first_and_two_last_symbols_stay():
    assert mask_phone("+380932345685") == "+38093*****85"


@pytest.mark.parametrize(("number", "masked"), [("АА120518", "******18"), ("19", "19"), ("7", "7")])
def test_mask_number_when_shown_then_two_last_symbols_stay(number, masked):
    assert mask_number(number) == masked


def test_short_name_when_second_name_is_missing_then_one_initial():
    assert short_name(("Петров", "Андрій", None)) == "Петров А."
    assert short_name(("Петров", "Андрій", "Андрійович")) == "Петров А.А."
