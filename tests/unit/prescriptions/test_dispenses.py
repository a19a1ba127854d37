"""Rules of handing over, at their edges."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from esoz.central.prescriptions.model import dispenses as rules
from esoz.central.prescriptions.model import requests
from esoz.central.programmes import Participant
from esoz.kernel.errors import Conflict, Forbidden, Problem, Rejected
from tests.unit.medications.test_model import package

ID = UUID(int=7)
DAY = date(2026, 11, 22)


# MD-6, MD-7
@pytest.mark.parametrize(
    ("asked", "taken", "several", "refusal"),
    [
        (20, 0, True, None),
        (10, 10, True, None),
        (1, 19, True, None),
        (21, 0, True, Rejected),
        (11, 10, True, Rejected),
        (1, 20, True, Conflict),
        (20, 20, True, Conflict),
        (20, 0, False, None),
        (10, 0, False, Rejected),
        (20, 10, False, Forbidden),
    ],
)
def test_what_is_left_then_never_more(asked: int, taken: int, several: bool, refusal: type[Problem] | None) -> None:
    def rule() -> None:
        rules.must_have_left(Decimal(asked), prescribed=Decimal(20), taken=Decimal(taken), several=several)

    if refusal is None:
        rule()
    else:
        with pytest.raises(refusal):
            rule()


@pytest.mark.parametrize(
    ("discount", "fair"),
    [
        ("50", True),
        ("50.01", True),
        ("50.02", False),
        ("45", True),
        ("44.99", False),
        ("0", False),
    ],
)
def test_discount_then_between_nine_tenths_and_the_reimbursement(discount: str, fair: bool) -> None:
    """MD-4: 100 for a package of 20, 10 taken: 50 allowed."""
    participant = Participant(
        id=ID, medical_program_id=ID, innm_dosage_id=ID, start_date=DAY, reimbursement_amount=Decimal(100)
    )
    detail = rules.DispenseDetail(medication_id=ID, medication_qty=Decimal(10), discount_amount=Decimal(discount))
    assert rules.is_fair(detail, participant, package(10)) is fair


def test_without_reimbursement_then_no_discount_is_needed() -> None:
    participant = Participant(id=ID, medical_program_id=ID, innm_dosage_id=ID, start_date=DAY)
    assert rules.is_fair(rules.DispenseDetail(medication_id=ID, medication_qty=Decimal(10)), participant, package(10))


# MD-5
@pytest.mark.parametrize(
    ("candidate", "code", "right"),
    [
        ("4821", "4821", True),
        ("4822", "4821", False),
        ("", "4821", False),
        ("0000", "4821", False),
        ("", None, True),
        ("0000", None, True),
        ("4821", None, False),
    ],
)
def test_code_then_none_or_zeros_only_where_there_is_none(candidate: str, code: str | None, right: bool) -> None:
    assert rules.matches(candidate, code) is right


def test_statuses_then_every_one_is_in_its_table() -> None:
    assert set(rules.MOVES) == set(rules.Status)
    assert set(requests.MOVES) == set(requests.Status)
    for done in (rules.Status.PROCESSED, rules.Status.REJECTED, rules.Status.EXPIRED):
        with pytest.raises(Conflict, match=f"from {done} to PROCESSED"):
            rules.must_move(done, rules.Status.PROCESSED)


# MR-16
def test_last_day_then_of_dispensing_and_for_a_plan_of_the_course() -> None:
    assert requests.last_day(date(2026, 12, 22), date(2026, 11, 29)) == date(2026, 12, 22)
    assert requests.last_day(None, date(2026, 11, 29)) == date(2026, 11, 29)
