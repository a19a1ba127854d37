"""Free places, what somebody learned told once, names typed in any order."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from esoz.central.directory.model import all_training, is_available, name_patterns
from esoz.central.workforce import Employee, Party, Status
from tests.factories.workforce import EDUCATION, training

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PARTY = Party(
    id=UUID(int=1),
    first_name="Оксана",
    last_name="Лікарська",
    birth_date=date(1980, 1, 1),
    gender="FEMALE",
    tax_id="2922100001",
    inserted_at=NOW,
    updated_at=NOW,
)


def employee(*specialities: str) -> Employee:
    return Employee(
        id=UUID(int=2),
        party=PARTY,
        legal_entity_id=UUID(int=3),
        employee_type="DOCTOR",
        position="P7",
        status=Status.APPROVED,
        start_date=date(2020, 1, 1),
        inserted_at=NOW,
        updated_at=NOW,
        education=training(*specialities),
    )


LIMITS = {"PEDIATRICIAN": 900, "THERAPIST": 2000, "FAMILY_DOCTOR": 1800}


# DC-17
@pytest.mark.parametrize(
    ("specialities", "count", "free"),
    [
        (["FAMILY_DOCTOR"], 1799, True),
        (["FAMILY_DOCTOR"], 1800, False),
        (["THERAPIST", "PEDIATRICIAN"], 899, True),
        (["THERAPIST", "PEDIATRICIAN"], 900, False),
        (["SURGEON"], 0, False),
        ([], 0, False),
    ],
)
def test_place_is_free_below_the_smallest_limit(specialities: list[str], count: int, free: bool) -> None:
    office = replace(employee("THERAPIST"), party=replace(PARTY, declaration_count=count))
    assert is_available([office], specialities, LIMITS) is free
    assert not is_available([replace(office, employee_type="SPECIALIST")], specialities, LIMITS)


def test_training_of_two_offices_is_told_once() -> None:
    found = all_training([employee("THERAPIST"), employee("THERAPIST"), employee("PEDIATRICIAN")])
    assert list(found.educations) == [EDUCATION]
    assert [each.speciality for each in found.specialities] == ["THERAPIST", "PEDIATRICIAN"]


def test_training_of_nobody_is_empty() -> None:
    assert all_training([]).educations == ()


@pytest.mark.parametrize(
    ("words", "patterns"),
    [("лікарська оксана", ["%лікарська%", "%оксана%"]), ("", []), ("100%_\\", ["%100\\%\\_\\\\%"])],
)
def test_each_word_of_a_name_is_looked_for(words: str, patterns: list[str]) -> None:
    assert name_patterns(words) == patterns
