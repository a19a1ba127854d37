"""The one box of the search: what is read from a line as people type it."""

import pytest

from esoz.mis.base.dictionaries import Dictionaries, Value
from esoz.mis.care.patients.model import BAD_BIRTH_DATE, BAD_PHONE, BAD_TAX_ID, NO_BIRTH_DATE, read_fields, read_line


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (
            "Шевченко Тарас Григорович 09.03.1964",
            {"last_name": "Шевченко", "first_name": "Тарас", "second_name": "Григорович", "birth_date": "09.03.1964"},
        ),
        (
            "  Єрмоленко   Зінаїда, 1-2-1990",
            {"last_name": "Єрмоленко", "first_name": "Зінаїда", "birth_date": "01.02.1990"},
        ),
        ("1964-03-09 Шевченко", {"birth_date": "1964-03-09", "last_name": "Шевченко"}),
        ("3126509816", {"tax_id": "3126509816"}),
        ("+38 050 123 45 67", {"phone_number": "+380501234567"}),
        ("0501234567", {"phone_number": "0501234567"}),
    ],
)
def test_a_line_is_read_as_fields(line: str, fields: dict[str, str]) -> None:
    assert read_line(line) == fields


def test_all_that_the_published_search_requires_is_asked_for() -> None:
    assert set(read_fields({})[1]) == {"last_name", "first_name", "birth_date"}
    assert read_fields({})[1]["birth_date"] == NO_BIRTH_DATE


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [("birth_date", "31.02.1990", BAD_BIRTH_DATE), ("tax_id", "123", BAD_TAX_ID), ("phone_number", "12", BAD_PHONE)],
)
def test_a_wrong_field_is_named(field: str, value: str, fault: str) -> None:
    values = {"last_name": "А", "first_name": "Б", "birth_date": "01.01.1990"} | {field: value}
    assert read_fields(values)[1] == {field: fault}


def test_apostrophes_of_all_kinds_are_sent_as_one() -> None:
    search, errors = read_fields({"last_name": "Лукʼяненко", "first_name": "В’ячеслав", "birth_date": "01.01.1990"})
    assert errors == {}
    assert (search.last_name, search.first_name) == ("Лук'яненко", "В'ячеслав")
    assert search.query()["second_name"] is None


class TestCodes:
    @pytest.fixture
    def codes(self) -> Dictionaries:
        found = Dictionaries()
        found.put(
            "d",
            [
                Value("R05", "Кашель", True),
                Value("R78", "Гострий бронхіт", True),
                Value("A1", "Запалення обʼємне", True),
                Value("R99", "Скасований кашель", False),
            ],
        )
        return found

    def test_by_the_beginning_of_a_code_also_in_cyrillic_letters(self, codes: Dictionaries) -> None:
        assert codes.search("d", "а1") == [("A1", "A1 Запалення обʼємне")]

    def test_by_words_in_any_order(self, codes: Dictionaries) -> None:
        assert [code for code, _ in codes.search("d", "бронхіт гост")] == ["R78"]

    def test_an_apostrophe_of_another_kind_is_the_same(self, codes: Dictionaries) -> None:
        assert [code for code, _ in codes.search("d", "об'ємне")] == ["A1"]

    def test_what_is_no_longer_active_is_described_but_not_offered(self, codes: Dictionaries) -> None:
        assert [code for code, _ in codes.search("d", "кашель")] == ["R05"]
        assert codes.describe("d", "R99") == "Скасований кашель"
        assert not codes.has("d", "R99")
