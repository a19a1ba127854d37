"""Reading a form: every kind of field with what people and machines type; any text gives a value or a fault."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esoz.kernel.pages.reading import Reading, day_of, moment_of

WRONG, MISSING, LONG = "wrong", "missing", "too long"
ID = UUID(int=7)


def read(kind: str, text: str | None, missing: str = "") -> tuple[object, str | None]:
    """The value and the fault of one field."""
    form = Reading({} if text is None else {"field": text})
    match kind:
        case "text":
            value: object = form.text("field", too_long=LONG, missing=missing, longest=5)
        case "code":
            value = form.code("field", {"A1", "B2"}.__contains__, wrong=WRONG, missing=missing)
        case _:
            value = getattr(form, kind)("field", wrong=WRONG, missing=missing)
    return value, form.faults.get("field")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", " Їжак ", "Їжак"),
        ("text", "12345", "12345"),
        ("day", "2028-02-29", date(2028, 2, 29)),
        ("day", " 2026-11-22 ", date(2026, 11, 22)),
        ("day", "9998-12-31", date(9998, 12, 31)),
        ("clock", "9:30", time(9, 30)),
        ("clock", "09.05", time(9, 5)),
        ("clock", "23:59", time(23, 59)),
        ("number", "36,6", Decimal("36.6")),
        ("number", "36.60", Decimal("36.60")),
        ("number", "-1", Decimal(-1)),
        ("id", str(ID), ID),
        ("code", "A1", "A1"),
    ],
)
def test_what_is_right_then_its_value(kind: str, text: str, value: object) -> None:
    assert read(kind, text) == (value, None)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("day", "2026-02-29"),
        ("day", "22.11.2026"),
        ("day", "0001-01-01"),
        ("day", "9999-12-31"),
        ("day", "2026-11-22T00:00"),
        ("clock", "24:00"),
        ("clock", "9:5"),
        ("clock", "٩:٣٠"),
        ("number", "багато"),
        ("number", "1_000"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("number", "1,2,3"),
        ("id", "7"),
        ("code", "C3"),
    ],
)
def test_what_is_wrong_then_the_fault_and_no_value(kind: str, text: str) -> None:
    assert read(kind, text) == (None, WRONG)


@pytest.mark.parametrize("kind", ["text", "day", "clock", "number", "id", "code"])
@pytest.mark.parametrize("text", [None, "", "   "])
def test_what_is_left_empty_then_a_fault_where_it_is_needed(kind: str, text: str | None) -> None:
    assert read(kind, text) == (None, None)
    assert read(kind, text, MISSING) == (None, MISSING)


def test_text_of_too_many_characters_then_a_fault() -> None:
    assert read("text", "123456")[1] == LONG


def test_words_that_no_code_was_chosen_for_then_a_fault() -> None:
    form = Reading({"field_text": "кашель"})
    assert form.code("field", bool, wrong=WRONG) is None
    assert form.faults == {"field": WRONG}


def test_of_several_faults_then_the_first_is_told() -> None:
    form = Reading({"day": "x"})
    form.day("day", wrong=WRONG)
    form.fault("day", "later")
    assert form.faults == {"day": WRONG}


def test_box_when_ticked_then_true() -> None:
    form = Reading({"yes": "yes", "no": "on"})
    assert form.tick("yes") and not form.tick("no") and not form.tick("absent")


@given(st.sampled_from(["text", "day", "clock", "number", "id", "code"]), st.text(st.characters(codec=None)))
def test_any_text_then_a_value_or_a_fault(kind: str, text: str) -> None:
    value, fault = read(kind, text)
    assert value is None or fault is None or fault == LONG
    assert value is not None or fault is not None or not text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "0001-01-01", "9999-12-31", "2026-02-30", "20261122", "2026-W47-7", "22.11.2026", "٢٠٢٦-11-22", " 2026-11-22"],
)
def test_text_that_is_no_day_of_a_form_then_none(text: str) -> None:
    assert day_of(text) is None


@pytest.mark.parametrize(
    "text", ["", "x", "2026-11-22T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
def test_text_that_is_no_moment_then_none(text: str) -> None:
    assert moment_of(text) is None


def test_day_and_moment_then_read() -> None:
    assert day_of("2026-11-22") == date(2026, 11, 22)
    assert moment_of("2026-11-22T10:00:00Z") == datetime(2026, 11, 22, 10, tzinfo=UTC)


@given(st.text())
def test_any_text_then_a_day_or_none(text: str) -> None:
    assert day_of(text) is None or day_of(text).isoformat() == text
