"""How a medicine is taken, in one line: what is understood, and what is refused rather than guessed."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esoz.mis.care.prescriptions.forms import renewed
from esoz.mis.care.prescriptions.model.dosing import (
    BAD_DAYS,
    BAD_DOSE,
    BAD_TIMES,
    EMPTY,
    HALVED,
    NO_DOSE,
    NO_TIMES,
    NOT_PARTED,
    NOT_UNDERSTOOD,
    OTHER_UNIT,
    PIECE,
    TOO_LONG,
    TWICE,
    Dosing,
    Misread,
    dose_of,
    read_dosing,
)
from esoz.mis.care.prescriptions.model.drugs import Drug, Ingredient

D = Decimal
UNDERSTOOD = {
    "1 т. 3 р/д 7 дн": Dosing(D(1), PIECE, 3, 7),
    "1т 3р/д 7дн": Dosing(D(1), PIECE, 3, 7),
    "3 р/д 1 т. 7 дн": Dosing(D(1), PIECE, 3, 7),
    "1 3 р/д 7 дн": Dosing(D(1), "", 3, 7),
    "по 1 таб. тричі на день 7 днів": Dosing(D(1), PIECE, 3, 7),
    "По 1 капсулі 2 рази на добу, 10 діб.": Dosing(D(1), PIECE, 2, 10),
    "500 мг x 2 10 д": Dosing(D(500), "MG", 2, 10),
    "500 mg 3 p/д 7 дн": Dosing(D(500), "MG", 3, 7),
    "1 г двічі на день 5 дн": Dosing(D(1), "G", 2, 5),
    "5 мл 2р/д": Dosing(D(5), "ML", 2),
    "7,5 мл кожні 8 год 5 днів після їди": Dosing(D("7.5"), "ML", 3, 5, "PC"),
    "1/2 т 2 р/д 10 дн": Dosing(D("0.5"), PIECE, 2, 10),
    "½ т. 1 р/д 30 дн": Dosing(D("0.5"), PIECE, 1, 30),
    "1 1/2 т 2 р/д 5дн": Dosing(D("1.5"), PIECE, 2, 5),
    "пів таблетки раз на день 30 днів": Dosing(D("0.5"), PIECE, 1, 30),
    "1 т × 3 × 7 д": Dosing(D(1), PIECE, 3, 7),
    "1 т 3 р/д х 7 днів": Dosing(D(1), PIECE, 3, 7),
    "1-0-1 10 дн": Dosing(D(1), "", 2, 10),
    "1 т на ніч 30 дн": Dosing(D(1), PIECE, 1, 30, "HS"),
    "1 т вранці 2 тижні": Dosing(D(1), PIECE, 1, 14, "WAKE"),
    "1 т 2 р/д 3 міс": Dosing(D(1), PIECE, 2, 90),
    "1 т 3 р/д протягом тижня": Dosing(D(1), PIECE, 3, 7),
    "10 од п/ш 2 р/д 30 дн": Dosing(D(10), "IE", 2, 30, route="34206005"),
    "1 амп в/м 1 р/д 5 дн": Dosing(D(1), "AMPOULE", 1, 5, route="78421000"),
    "2 вдихи b.i.d. 30 дн": Dosing(D(2), "DOSE", 2, 30),
    "1 т. 2 р/д на 3 місяці": Dosing(D(1), PIECE, 2, 90),
    "1 т. 2 р/д на 10 днів": Dosing(D(1), PIECE, 2, 10),
    "1 т. 2 р/д на 2 тижні": Dosing(D(1), PIECE, 2, 14),
    "1 т 2 рази на день після їди на три дні": Dosing(D(1), PIECE, 2, 3, "PC"),
    "2 р/д на 7 д 1 т": Dosing(D(1), PIECE, 2, 7),
    "1 т щодня на 10 дн": Dosing(D(1), PIECE, 1, 10),
    "1 т тричі на добу на 10 діб": Dosing(D(1), PIECE, 3, 10),
    "1 т кожні 8 год на 5 днів": Dosing(D(1), PIECE, 3, 5),
    "1-0-1 т на 10 днів": Dosing(D(1), PIECE, 2, 10),
    "1 т на ніч на 30 днів": Dosing(D(1), PIECE, 1, 30, "HS"),
}
REFUSED = {
    "": EMPTY,
    "   ": EMPTY,
    "1" * 201: TOO_LONG,
    "3 р/д 7 дн": NO_DOSE,
    "1 т 7 дн": NO_TIMES,
    "1 т. 25 р/д 7 дн": BAD_TIMES,
    "1 т кожні 5 год 7 дн": BAD_TIMES,
    "1 т 0 р/д 7 дн": BAD_TIMES,
    "1 т 3 р/д 0 дн": BAD_DAYS,
    "1 т 3 р/д 400 дн": BAD_DAYS,
    "0 т 3 р/д 7 дн": BAD_DOSE,
    "1/0 т 3 р/д 7 дн": BAD_DOSE,
    "1 т 3 р/д 7": TWICE,
    "1 т 3 р/д на 0 днів": BAD_DAYS,
    "1 т 3 р/д на 400 днів": BAD_DAYS,
    "1 т 3 р/д 2 дні на 2 тижні": TWICE,
    "1 т 3 р/д 2 рази на 3 дні": TWICE,
    "1 т вранці 2 т 5 дн": TWICE,
    "1 т 3 р/д 7 дн 2 р/д": TWICE,
}
# Each of these would be a wrong course, some of them a deadly one, if a part of the line were taken for the whole.
NEVER_GUESSED = (
    "1 т 1 раз на тиждень",
    "1 т 1 раз на тиждень 30 дн",
    "1 т 1 раз тиждень",
    "1 т раз на тиждень 4 тижні",
    "1 т двічі на тиждень",
    "1 т щотижня 4 тижні",
    "1 т 1 р 2 тижні",
    "1 т 1 р на 2 тижні",
    "1 т 1 раз на 3 дні",
    "1 т 1 раз у 7 днів",
    "1 т раз на 3 дні",
    "1 т 2 рази на 3 дні",
    "1 т двічі на 3 дні",
    "1 т тричі на 2 тижні",
    "1 т х 2 на 3 дні",
    "1 т на 3 дні",
    "1 т на 10 днів 2 р/д",
    "1 т на ніч раз на 3 дні",
    "1 т на ніч 2 рази на 3 дні",
    "1 т 2 р/д 1 раз на 3 дні",
    "1 т 2 р/д на тиждень",
    "1 т 2 р/д на 5-7 днів",
    "1 раз 1 т в 10 днів",
    "1 т через день 5 днів",
    "1 т раз на місяць",
    "1 т х 2 на тиждень 30 дн",
    "1 т 2 р/д 2 дні на тиждень",
    "1-2 р/д 7 дн",
    "1 - 2 р/д 7 дн",
    "по 1-2 т 3 р/д 7 дн",
    "1 т 3 р/д 5-7 дн",
    "3 р/д 5-7 дн 1 т",
    "1-0-2 т 10 дн",
    "500 мг/кг 2 р/д 5 дн",
    "1 т за потреби 3 р/д 5 дн",
    "1 т 2 р/д перерва 7 дн",
    "1 т 2 р/д на ніч 7 дн",
    "1 т увечері 5 дн",
)


@pytest.mark.parametrize("line", UNDERSTOOD)
def test_line_when_it_is_whole_then_understood(line: str) -> None:
    assert read_dosing(line) == UNDERSTOOD[line]


@pytest.mark.parametrize("line", REFUSED)
def test_line_when_something_is_missing_or_odd_then_told_what(line: str) -> None:
    found = read_dosing(line)
    assert isinstance(found, Misread) and found.text == REFUSED[line]


@pytest.mark.parametrize("line", NEVER_GUESSED)
def test_line_when_a_part_means_something_else_then_refused(line: str) -> None:
    found = read_dosing(line)
    assert isinstance(found, Misread) and found.text == NOT_UNDERSTOOD and found.facts["part"]


@given(st.text(max_size=60) | st.text("0123456789 тркгмлд/.,-х½", max_size=40))
def test_any_line_then_a_dosing_in_bounds_or_a_fault(line: str) -> None:
    found = read_dosing(line)
    if isinstance(found, Dosing):
        assert 0 < found.dose <= 10000 and 1 <= found.times <= 24 and (found.days is None or 1 <= found.days <= 366)


@pytest.mark.parametrize(
    ("first", "last", "end"),
    [
        ("2026-11-02", "2026-11-08", "2026-11-28"),
        ("2026-11-02", "2026-11-02", "2026-11-22"),
        ("2026-11-02", "2026-11-01", "2026-11-22"),
        ("", "2026-11-08", "2026-11-22"),
        ("2026-11-02", "9998-12-31", "2027-11-22"),
    ],
)
def test_form_of_before_then_as_many_days_from_today_and_nothing_of_its_patient(
    first: str, last: str, end: str
) -> None:
    before = {"dose": "2", "times": "3", "weight": "14", "quantity": "7", "inform_with": "x"}
    form = renewed(before | {"started_at": first, "ended_at": last}, date(2026, 11, 22))
    assert (form["started_at"], form["ended_at"]) == ("2026-11-22", end)
    assert (form["dose"], form["times"]) == ("2", "3")
    assert {form[name] for name in ("weight", "quantity", "inform_with")} == {""}


def drug(form: str = "TABLET", unit: str = "PILL", amount: str = "250", of: str = "MG") -> Drug:
    part = Ingredient("речовина", "substance", D(amount), of)
    return Drug(
        id=UUID(int=1), name="ліки", form=form, substances="речовина", dose_unit=unit, quantity_unit=unit,
        packages=(), ingredients=(part,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "medicine", "dose"),
    [
        ("2 т 1 р/д", drug(), D(2)),
        ("2 1 р/д", drug("ORAL_SUSPENSION", "ML"), D(2)),
        ("1 т 1 р/д", drug("CAPSULE"), D(1)),
        ("500 мг 1 р/д", drug(), D(2)),
        ("0,5 г 1 р/д", drug(), D(2)),
        ("125 мг 1 р/д", drug(), D("0.5")),
        ("50 мкг 1 р/д", drug(amount="0.1"), D("0.5")),
        ("0,1 мг 1 р/д", drug(amount="50", of="MKG"), D(2)),
        ("250 мг 2 р/д", drug("ORAL_SUSPENSION", "ML", amount="50"), D(5)),
        ("1 св 1 р/д", drug("SUPPOSITORY"), D(1)),
        ("10 од 1 р/д", drug("INJECTION", "ML", amount="100", of="IE"), D("0.1")),
    ],
)
def test_dose_of_a_medicine_then_in_units_of_its_form(line: str, medicine: Drug, dose: Decimal) -> None:
    dosing = read_dosing(line)
    assert isinstance(dosing, Dosing)
    assert dose_of(dosing, medicine) == dose


@pytest.mark.parametrize(
    ("line", "medicine", "fault"),
    [
        ("300 мг 1 р/д", drug(), NOT_PARTED),
        ("125 мг 1 р/д", drug("CAPSULE"), NOT_PARTED),
        ("1/2 т 1 р/д", drug("CAPSULE"), HALVED),
        ("1/3 т 1 р/д", drug(), HALVED),
        ("5 мл 1 р/д", drug(), OTHER_UNIT),
        ("1 т 1 р/д", drug("ORAL_SUSPENSION", "ML"), OTHER_UNIT),
        ("100 од 1 р/д", drug(), OTHER_UNIT),
        ("1 саше 1 р/д", drug(), OTHER_UNIT),
    ],
)
def test_dose_that_cannot_be_given_so_then_told(line: str, medicine: Drug, fault: str) -> None:
    dosing = read_dosing(line)
    assert isinstance(dosing, Dosing)
    found = dose_of(dosing, medicine)
    assert isinstance(found, Misread) and found.text == fault
    assert "{" not in found.text.format(**found.facts)
