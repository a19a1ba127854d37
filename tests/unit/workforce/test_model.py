"""Rules of employees."""

from datetime import date

import pytest

from esoz.central.workforce.model import (
    MOVES,
    Speciality,
    Status,
    declaration_limit,
    is_document_for_tax_id,
    officio,
    read_limits,
)
from esoz.kernel.settings import Settings


def speciality(name: str, *, is_officio: bool) -> Speciality:
    return Speciality(name, is_officio, "FIRST", "AWARDING", "Академія", date(2017, 2, 28), "AB/21331")


# EM-3
@pytest.mark.parametrize(
    ("flags", "chosen"), [((True, False), 0), ((False, True), 1), ((True, True), None), ((), None)]
)
def test_officio_when_exactly_one_is_marked_then_it_is_the_office(flags, chosen):
    listed = [speciality(f"S{number}", is_officio=flag) for number, flag in enumerate(flags)]
    assert officio(listed) == (None if chosen is None else listed[chosen])


# EM-21
@pytest.mark.parametrize(
    ("specialities", "limit"),
    [
        (["THERAPIST"], 2000),
        (["FAMILY_DOCTOR"], 1800),
        (["THERAPIST", "PEDIATRICIAN"], 900),
        (["VIROLOGY", "FAMILY_DOCTOR"], 1800),
        (["VIROLOGY"], None),
        ([], None),
    ],
)
def test_declaration_limit_when_several_specialities_then_the_smallest(specialities, limit):
    limits = read_limits(Settings({}).text("ESOZ_DECLARATION_LIMITS"))
    assert declaration_limit(specialities, limits) == limit


# DC-17
def test_limits_as_the_setting_has_them():
    assert read_limits(" PEDIATRICIAN=900  THERAPIST=1 ") == {"PEDIATRICIAN": 900, "THERAPIST": 1}
    assert read_limits("") == {}


@pytest.mark.parametrize(
    "text", ["PEDIATRICIAN", "PEDIATRICIAN=", "=900", "PEDIATRICIAN=-1", "PEDIATRICIAN=９", "A=1,B=2"]
)
def test_odd_limits_are_refused(text):
    with pytest.raises(ValueError, match="no limits of declarations"):
        read_limits(text)


@pytest.mark.parametrize(
    ("number", "fits"),
    [("123456789", True), ("АА120518", True), ("1234567890", False), ("12345678", False), ("АА12051", False)],
)
def test_document_for_tax_id_when_tax_id_is_refused_then_passport_forms_fit(number, fits):
    assert is_document_for_tax_id(number) is fits


def test_moves_when_read_then_every_status_is_there():
    assert set(MOVES) == set(Status)
