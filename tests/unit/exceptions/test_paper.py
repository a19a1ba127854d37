"""Blanks of paper: which paper is this one, how long it is good, how much of it is left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from esoz.central.exceptions.model.asked import Medicine, left_of
from esoz.central.exceptions.model.handing_over import Status as DispenseStatus
from esoz.central.exceptions.model.paper import (
    PaperDetails,
    PaperDispense,
    PaperPrescription,
    Status,
    day_of_blank_faults,
    key_of,
    paper_faults,
    term_faults,
    valid_to,
)
from esoz.kernel.clock import Days

TODAY = date(2026, 11, 22)
DAYS = Days(TODAY, TODAY, TODAY)
ONE, OTHER = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DETAILS = PaperDetails(
    division_id=UUID(int=3),
    series="АБ",
    number="000123",
    institution_name="КНП «Лікарня»",
    institution_edrpou="40000029",
    doctor_name="Ковальчук Олена",
    issued_at=TODAY,
    medicines=(Medicine(ONE, Decimal(20)),),
)
PAPER = PaperPrescription(
    id=UUID(int=4),
    status=Status.ACTIVE,
    legal_entity_id=UUID(int=5),
    division_id=UUID(int=3),
    series="АБ",
    number="000123",
    institution_name="КНП «Лікарня»",
    institution_edrpou="40000029",
    doctor_name="Ковальчук Олена",
    issued_at=TODAY,
    valid_to=TODAY + timedelta(days=30),
    medicines=(Medicine(ONE, Decimal(20)), Medicine(OTHER, Decimal("1.5"))),
    content={},
    words="",
    key="",
    inserted_at=NOW,
    inserted_by=ONE,
    updated_at=NOW,
    updated_by=ONE,
)


def given(number: int, *lines: Medicine, status: DispenseStatus = DispenseStatus.COMPLETED) -> PaperDispense:
    return PaperDispense(
        id=UUID(int=number),
        paper_prescription_id=PAPER.id,
        status=status,
        legal_entity_id=PAPER.legal_entity_id,
        division_id=PAPER.division_id,
        party_id=ONE,
        dispensed_at=TODAY,
        given=lines,
        content={},
        region="",
        signed_document="",
        inserted_at=NOW,
        inserted_by=ONE,
        updated_at=NOW,
        updated_by=ONE,
    )


# PP-1
class TestKey:
    @pytest.mark.parametrize(
        "changes",
        [
            {"series": "аб"},
            {"series": " А-Б "},
            {"series": "AБ"},  # a Latin A
            {"number": "000 123"},
            {"number": "№ 000-123"},
            {"institution_name": "Інша назва", "doctor_name": "Інший лікар"},
        ],
    )
    def test_paper_when_spelled_otherwise_then_the_same(self, changes: dict[str, str]) -> None:
        assert key_of(msgspec.structs.replace(DETAILS, **changes)) == key_of(DETAILS)

    @pytest.mark.parametrize(
        "changes",
        [
            {"series": "АВ"},
            {"series": ""},
            {"number": "000124"},
            {"institution_edrpou": "40000035"},
            {"issued_at": TODAY - timedelta(days=1)},
            {"series": "А", "number": "Б000123"},
        ],
    )
    def test_paper_when_another_then_another_key(self, changes: dict[str, object]) -> None:
        assert key_of(msgspec.structs.replace(DETAILS, **changes)) != key_of(DETAILS)


# PP-2
@pytest.mark.parametrize(
    ("changes", "entry"),
    [
        ({"number": ""}, "$.number"),
        ({"number": "---"}, "$.number"),
        ({"number": "1" * 31}, "$.number"),
        ({"number": "<b>1</b>"}, "$.number"),
        ({"series": "А" * 21}, "$.series"),
        ({"institution_edrpou": "4000002"}, "$.institution_edrpou"),
        ({"institution_edrpou": "٤0000029"}, "$.institution_edrpou"),
        ({"institution_name": "  "}, "$.institution_name"),
        ({"doctor_name": "а" * 256}, "$.doctor_name"),
        ({"medicines": ()}, "$.medicines"),
        ({"medicines": tuple(Medicine(UUID(int=n), Decimal(1)) for n in range(4))}, "$.medicines"),
        ({"medicines": (Medicine(ONE, Decimal(0)),)}, "$.medicines[0].medication_qty"),
        ({"medicines": (Medicine(ONE, Decimal(1)), Medicine(ONE, Decimal(1)))}, "$.medicines[1].medication_id"),
    ],
)
def test_blank_when_something_is_wrong_then_named(changes: dict[str, object], entry: str) -> None:
    assert [each.entry for each in paper_faults(msgspec.structs.replace(DETAILS, **changes))] == [entry]
    assert list(paper_faults(DETAILS)) == []


# PP-3, PP-4
@pytest.mark.parametrize(
    ("issued", "valid", "entry"),
    [
        (TODAY, None, None),
        (TODAY + timedelta(days=1), None, "$.issued_at"),
        (TODAY - timedelta(days=44), None, None),  # its last day was fourteen days ago
        (TODAY - timedelta(days=45), None, "$.issued_at"),
        (TODAY, TODAY + timedelta(days=30), None),
        (TODAY, TODAY + timedelta(days=31), "$.valid_to"),
        (TODAY, TODAY - timedelta(days=1), "$.valid_to"),
        (TODAY - timedelta(days=20), TODAY - timedelta(days=15), "$.issued_at"),
    ],
)
def test_term_then_at_its_edges(issued: date, valid: date | None, entry: str | None) -> None:
    details = msgspec.structs.replace(DETAILS, issued_at=issued, valid_to=valid)
    assert [each.entry for each in term_faults(details, DAYS, 14)] == ([entry] if entry else [])


# PP-3
def test_blank_when_its_last_day_is_over_then_expired() -> None:
    last = valid_to(DETAILS)
    assert last == date(2026, 12, 22)
    assert PAPER.status_on(last) is Status.ACTIVE and PAPER.status_on(last + timedelta(days=1)) is Status.EXPIRED
    assert replace(PAPER, status=Status.COMPLETED).status_on(date(2099, 1, 1)) is Status.COMPLETED
    for day, is_good in ((TODAY, True), (last, True), (TODAY - timedelta(days=1), False)):
        assert (not list(day_of_blank_faults(day, PAPER))) is is_good


# PP-5
def test_left_then_what_is_given_is_taken_off_and_what_was_a_mistake_is_not() -> None:
    dispenses = [
        given(1, Medicine(ONE, Decimal(5)), Medicine(OTHER, Decimal("0.5"))),
        given(2, Medicine(ONE, Decimal(10)), status=DispenseStatus.ENTERED_IN_ERROR),
        given(3, Medicine(ONE, Decimal(15))),
    ]
    assert left_of(PAPER, dispenses) == {ONE: 0, OTHER: 1}
    assert left_of(PAPER, ()) == {ONE: 20, OTHER: Decimal("1.5")}
