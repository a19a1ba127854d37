"""Tables of employees by their type: every code in them is one of the published dictionaries."""

from collections.abc import Iterable

from esoz import spec
from esoz.spec import employees


def unknown(codes: Iterable[str], dictionary: str) -> set[str]:
    return set(codes) - {value.code for value in spec.dictionary(dictionary).values}


def test_types_are_of_the_dictionary() -> None:
    tables = (
        employees.BLOCKS,
        employees.SPECIALITIES,
        employees.LEVELS,
        employees.NO_QUALIFICATION,
        employees.POSITIONS,
    )
    types = {type for table in tables for type in table} | employees.MAY_LACK_OFFICE
    assert unknown(types | employees.OWNERS, "EMPLOYEE_TYPE") == set()


def test_values_are_of_their_dictionaries() -> None:
    assert unknown(frozenset().union(*employees.SPECIALITIES.values()), "SPECIALITY_TYPE") == set()
    assert unknown(frozenset().union(*employees.LEVELS.values()), "SPECIALITY_LEVEL") == set()
    assert unknown(frozenset().union(*employees.NO_QUALIFICATION.values()), "QUALIFICATION_TYPE") == set()
    assert unknown((code for codes in employees.POSITIONS.values() for code in codes), "POSITION") == set()


def test_who_has_rules_of_education_carries_its_block() -> None:
    asked = employees.SPECIALITIES.keys() | employees.LEVELS.keys() | employees.NO_QUALIFICATION.keys()
    assert asked | employees.MAY_LACK_OFFICE <= employees.BLOCKS.keys()


def test_code_that_is_none_is_found() -> None:
    assert unknown({"DOCTOR", "WIZARD"}, "EMPLOYEE_TYPE") == {"WIZARD"}
