"""The one box of the search: what is read from a line as people type it."""

from datetime import date

import pytest

from esoz.kernel.tax_id import tax_id_is_valid
from esoz.mis.care.patients.model import (
    BAD_BIRTH_DATE,
    BAD_PHONE,
    BAD_TAX_ID,
    LATIN,
    NO_BIRTH_DATE,
    read_fields,
    read_line,
)

TODAY = date(2026, 11, 22)
KOVAL = {"last_name": "Коваль", "first_name": "Іван"}
BORN = {"birth_date": "01.02.1980"}
TARAS = {"last_name": "Шевченко", "first_name": "Тарас", "second_name": "Григорович"}
NECHUI = {"last_name": "Нечуй Левицький", "first_name": "Іван", "second_name": "Семенович"}


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("Шевченко Тарас Григорович 09.03.1964", TARAS | {"birth_date": "09.03.1964"}),
        ("Тарас Григорович Шевченко 9/3/1964р.", TARAS | {"birth_date": "09.03.1964"}),
        ("  Коваль   Іван, 1-2-1980", KOVAL | BORN),
        ("1980-02-01 Коваль", {"last_name": "Коваль"} | BORN),
        ("3126509816", {"tax_id": "3126509816"}),
        ("Коваль Іван 1.2.1980 р.н.", KOVAL | BORN),
        ("Коваль Іван, нар. 1.2.1980", KOVAL | BORN),
        ("Коваль Іван 1 лютого 1980 року народження", KOVAL | BORN),
        ("Коваль Іван 01.02.80", KOVAL | BORN),
        ("01021980 Коваль Іван", KOVAL | BORN),
        ("Коваль Іван 22.11.26", KOVAL | {"birth_date": "22.11.2026"}),
        ("Коваль Іван 23.11.26", KOVAL | {"birth_date": "23.11.1926"}),
        ("Нечуй Левицький Іван Семенович 1.2.80", NECHUI | BORN),
        ("Iвaн Koвaль 1.2.80", {"last_name": "Іван", "first_name": "Коваль"} | BORN),
    ],
)
def test_a_line_is_read_as_fields(line: str, fields: dict[str, str]) -> None:
    read = read_line(line, TODAY)
    assert next(read.readings()) == fields
    assert read.unread == []


@pytest.mark.parametrize(
    "phone",
    ["+380 67 123 45 67", "0671234567", "38 067 123-45-67", "(067) 123-45-67", "тел. 067.123.45.67", "+38(067)1234567"],
)
def test_a_telephone_is_read_in_every_way_to_write_it(phone: str) -> None:
    for line in (f"Коваль Іван {phone} 1.2.1980", f"{phone} Коваль Іван 1.2.1980", f"1.2.1980 Коваль Іван {phone}"):
        [fields, *_] = read_line(line, TODAY).readings()
        number = fields.pop("phone_number")
        assert (fields, number.removeprefix("+").removeprefix("38")) == (KOVAL | BORN, "0671234567"), line


# SG-1
def test_ten_digits_with_a_right_control_digit_are_a_tax_id_whatever_they_begin_with() -> None:
    number = next(text for text in (f"06712345{tail:02}" for tail in range(100)) if tax_id_is_valid(text))
    assert read_line(number, TODAY).fields == {"tax_id": number}


@pytest.mark.parametrize(
    ("line", "unread"),
    [
        ("Ivanenko Іван 1.2.1980", ["Ivanenko"]),
        ("Коваль Іван 31.02.1990", ["31.02.1990"]),
        ("Коваль Іван 1980", ["1980"]),
        ("Коваль Іван Петрович Київ 1.1.1990", ["Київ"]),
        ("Коваль Іван 1.2.1980 №5", ["№5"]),
        ("Коваль Іван 1.2.1980 2.3.1981", ["2.3.1981"]),
    ],
)
def test_what_is_not_understood_is_told(line: str, unread: list[str]) -> None:
    assert read_line(line, TODAY).unread == unread


@pytest.mark.parametrize(
    ("line", "ways"),
    [
        ("Тарас Шевченко", [("Тарас", "Шевченко", ""), ("Шевченко", "Тарас", "")]),
        (
            "Нечуй Левицький Іван",
            [("Нечуй", "Левицький", "Іван"), ("Нечуй Левицький", "Іван", ""), ("Левицький Іван", "Нечуй", "")],
        ),
    ],
)
def test_names_without_a_patronymic_are_read_in_each_order(line: str, ways: list[tuple[str, str, str]]) -> None:
    assert read_line(line, TODAY).names == ways


@pytest.mark.parametrize("typed", ["1.2.80", "01021980", "1980-02-01", "01/02/1980"])
def test_a_birth_date_in_its_field_is_read_in_the_same_ways(typed: str) -> None:
    search, errors = read_fields(KOVAL | {"birth_date": typed}, TODAY)
    assert (search.birth_date, errors) == ("1980-02-01", {})


def test_letters_of_the_other_keyboard_are_meant_as_ours_and_latin_names_are_told() -> None:
    search, errors = read_fields({"last_name": "Koвaль", "first_name": "Ivan", "birth_date": "1.2.1980"}, TODAY)
    assert (search.last_name, errors) == ("Коваль", {"first_name": LATIN})


def test_all_that_the_published_search_requires_is_asked_for() -> None:
    assert set(read_fields({}, TODAY)[1]) == {"last_name", "first_name", "birth_date"}
    assert read_fields({}, TODAY)[1]["birth_date"] == NO_BIRTH_DATE


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [("birth_date", "31.02.1990", BAD_BIRTH_DATE), ("tax_id", "123", BAD_TAX_ID), ("phone_number", "12", BAD_PHONE)],
)
def test_a_wrong_field_is_named(field: str, value: str, fault: str) -> None:
    values = {"last_name": "А", "first_name": "Б", "birth_date": "01.01.1990"} | {field: value}
    assert read_fields(values, TODAY)[1] == {field: fault}


def test_apostrophes_of_all_kinds_are_sent_as_one() -> None:
    search, errors = read_fields(
        {"last_name": "Лукʼяненко", "first_name": "В’ячеслав", "birth_date": "01.01.1990"}, TODAY
    )
    assert errors == {}
    assert (search.last_name, search.first_name) == ("Лук'яненко", "В'ячеслав")
    assert search.query()["second_name"] is None
