"""What the settings of a kind refuse, told by days alone; and numbers of conclusions."""

from datetime import date, timedelta

import pytest

from esoz.central.compositions.model.compositions import TITLE, new_title, read_title
from esoz.spec import dictionary
from esoz.spec.compositions import Before, Days, Wrong, configurations, wrong_days, wrong_patient

TODAY = date(2026, 11, 22)
ILLNESS = next(each.rules for each in configurations() if each.category == "TD_ILLNESS")
PREGNANCY = next(each.rules for each in configurations() if each.category == "TD_PREGNANCY")
BIRTH = next(each.rules for each in configurations() if each.category == "LIVE_BIRTH")


def days(start: int, count: int) -> Days:
    first = TODAY + timedelta(days=start)
    return Days(first, first + timedelta(days=count - 1))


# CM-7, CM-9
@pytest.mark.parametrize(
    ("period", "before", "wrong"),
    [
        (days(0, 1), Before(), []),
        (days(-7, 30), Before(), []),
        (days(1, 30), Before(), []),
        (days(0, 31), Before(), [Wrong.LENGTH]),
        (days(-8, 5), Before(), [Wrong.EARLY]),
        (days(-8, 5), Before(replaced_first=TODAY - timedelta(days=8)), []),
        (days(2, 5), Before(), [Wrong.LATE]),
        (days(2, 5), Before(replaced_first=TODAY + timedelta(days=2)), []),
        (days(3, 0), Before(), [Wrong.ORDER]),
        (days(10, 5), Before(end=TODAY + timedelta(days=9), days=10), []),
        (days(10, 5), Before(end=TODAY + timedelta(days=8), days=10), [Wrong.GAP]),
        (days(10, 5), Before(end=TODAY + timedelta(days=10), days=10), [Wrong.GAP]),
        (days(1, 30), Before(end=TODAY, days=90), []),
        (days(1, 30), Before(end=TODAY, days=91), [Wrong.TOTAL]),
    ],
)
def test_days_when_told_then_what_is_wrong_with_them(period, before, wrong):
    assert list(wrong_days(ILLNESS, period, TODAY, before)) == wrong


def test_kind_without_a_period_then_nothing_is_wrong():
    assert list(wrong_days(BIRTH, days(-900, 4000), TODAY, Before())) == []


# CM-5
@pytest.mark.parametrize(
    ("gender", "years", "wrong"),
    [
        ("FEMALE", 30, []),
        ("MALE", 30, [Wrong.GENDER]),
        ("FEMALE", 13, [Wrong.AGE]),
        ("FEMALE", 61, [Wrong.AGE]),
        (None, None, []),
    ],
)
def test_patient_when_told_then_what_is_wrong(gender, years, wrong):
    assert list(wrong_patient(PREGNANCY, gender, years)) == wrong


# CM-8
def test_days_that_touch_then_meet():
    assert days(0, 5).meets(days(4, 2))
    assert not days(0, 5).meets(days(5, 2))


# CM-2
def test_kinds_then_of_the_dictionaries_and_each_once():
    pairs = [(each.type, each.category) for each in configurations()]
    assert len(pairs) == len(set(pairs))
    types = {value.code for value in dictionary("COMPOSITION_TYPES").values}
    categories = {value.code for value in dictionary("COMPOSITION_CATEGORIES").values}
    assert {type for type, _ in pairs} == types
    assert {category for _, category in pairs} == categories
    assert all(each.source for each in configurations())


# CM-1
def test_number_then_of_its_alphabet_and_read_as_typed():
    drawn = iter(range(256))
    title = new_title(lambda count: bytes(next(drawn) for _ in range(count)))
    assert TITLE.fullmatch(title)
    assert read_title(title.lower().replace("-", " ")) == title
    assert read_title(title.replace("-", "")) == title
