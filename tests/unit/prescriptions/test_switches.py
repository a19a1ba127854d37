"""Every setting of a medical programme stands in the table of switches, and does something when it is turned."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace as changed

from esoz import spec
from esoz.central.people import AuthenticationType, ContactMethod
from esoz.central.prescriptions.model import Intent, dispenses, drafts
from esoz.central.prescriptions.model.notices import is_told_by_phone
from esoz.central.prescriptions.model.switches import SWITCHES, Asked
from esoz.central.programmes import WITHOUT_PROGRAMME, Settings
from esoz.kernel.errors import Problem
from tests.unit.prescriptions.test_drafts import order

OPEN = changed(WITHOUT_PROGRAMME, employee_types_to_create_medication_request=("DOCTOR",))
DOCTOR = drafts.Prescriber("DOCTOR", "APPROVED", True, order().employee_id, frozenset({"THERAPIST"}))
ICD10, ICPC2 = "eHealth/ICD10_AM/condition_codes", "eHealth/ICPC2/condition_codes"
PHONE = ContactMethod(AuthenticationType.OTP, phone="+380500000000")


def refused(rule: Callable[[], object]) -> bool:
    """Whether a rule refuses; a rule that answers refuses nothing."""
    try:
        rule()
    except Problem:
        return True
    return False


def by(settings: Settings, **asked: Any) -> Callable[[], object]:
    """The rules that settings alone steer, about one doctor and one course of 31 days."""
    course = replace(order(), ended_at=order().started_at + timedelta(days=31))

    def rules() -> None:
        drafts.must_be_in_programme(asked.get("doctor", DOCTOR), settings)
        drafts.must_be_in_care_plan(course, settings)
        drafts.must_fit_period(course, settings)
        drafts.must_have_condition(settings, {ICD10: frozenset({"A00.0"}), ICPC2: frozenset({"A01"})})

    return rules


# Name → a value that refuses and one that does not, of what the rules above say.
TURNED: Mapping[str, tuple[object, object]] = {
    "care_plan_required": (True, False),
    "employee_types_to_create_medication_request": (("SPECIALIST",), ("SPECIALIST", "DOCTOR")),
    "speciality_types_allowed": (("SURGEON",), ("THERAPIST",)),
    "speciality_types_request_allowed": (("SURGEON",), ("THERAPIST", "SURGEON")),
    "conditions_icd10_am_allowed": (("B00.0",), ("A00.0",)),
    "conditions_icpc2_allowed": (("B01",), ("A01",)),
    "medication_request_max_period_day": (30, 31),
}


# MR-22
@pytest.mark.parametrize("name", TURNED)
def test_switch_of_writing_when_turned_then_refuses_and_allows(name: str) -> None:
    refusing, allowing = TURNED[name]
    assert refused(by(changed(OPEN, **{name: refusing})))
    assert not refused(by(changed(OPEN, **{name: allowing})))


def test_kind_of_employee_when_not_validated_then_anybody() -> None:
    nurse = replace(DOCTOR, employee_type="ASSISTANT")
    assert refused(by(OPEN, doctor=nurse))
    assert not refused(by(changed(OPEN, skip_employee_validation=True), doctor=nurse))


# MR-3
@pytest.mark.parametrize(
    ("employee", "clinic", "with_employee", "with_clinic", "refuses"),
    [
        (False, False, False, True, True),
        (False, False, True, True, False),
        (True, False, False, False, True),
        (True, False, False, True, False),
        (True, True, False, False, False),
    ],
)
def test_declaration_when_waived_then_not_asked(
    *, employee: bool, clinic: bool, with_employee: bool, with_clinic: bool, refuses: bool
) -> None:
    settings = changed(
        OPEN,
        skip_medication_request_employee_declaration_verify=employee,
        skip_medication_request_legal_entity_declaration_verify=clinic,
    )
    rule = drafts.must_have_declaration
    assert refused(lambda: rule(settings, with_employee=with_employee, with_clinic=with_clinic)) is refuses


# MR-5
@pytest.mark.parametrize(("days", "length"), [(None, 30), (10, 10), (90, 90)])
def test_days_of_dispensing_then_those_of_the_programme(days: int | None, length: int) -> None:
    first, last = drafts.dispense_dates(order(), changed(OPEN, medication_dispense_period_day=days))
    assert first is not None and last is not None and (last - first).days == length


@pytest.mark.parametrize("name", ["medication_request_notification_disabled", "request_notification_disabled"])
def test_messages_when_disabled_then_none(name: str) -> None:
    assert is_told_by_phone(Intent.ORDER, OPEN, PHONE)
    assert not is_told_by_phone(Intent.ORDER, changed(OPEN, **{name: True}), PHONE)


# MD-1, MD-6, MD-7, MD-13
def test_dispensing_when_turned_then_refuses_and_allows() -> None:
    unknown = {"is_active": True, "is_ours": True, "dls_verified": False}
    assert refused(lambda: dispenses.must_be_fit(**unknown, settings=OPEN))
    skipping = changed(OPEN, skip_dispense_division_dls_verify=True)
    assert not refused(lambda: dispenses.must_be_fit(**unknown, settings=skipping))
    half = {"prescribed": Decimal(20), "taken": Decimal(0)}
    assert refused(lambda: dispenses.must_have_left(Decimal(10), **half, several=False))
    assert not refused(lambda: dispenses.must_have_left(Decimal(10), **half, several=True))
    assert refused(lambda: dispenses.must_be_licensed(False))
    assert not refused(lambda: dispenses.must_be_licensed(True))


# The others are turned through the API.
THROUGH_THE_API = {
    "skip_mnn_in_treatment_period": "tests/central/prescriptions/test_drafts.py",
    "skip_medication_dispense_sign": "tests/central/prescriptions/test_dispenses.py",
    "skip_contract_provision_verify": "tests/central/contracts/test_contracts.py",
    "medical_program_change_on_dispense_allowed": "tests/central/prescriptions/test_dispenses.py",
    "license_types_allowed": "tests/central/contracts/test_contracts.py",
}


def test_every_published_setting_stands_in_the_table_and_its_rule_in_the_register() -> None:
    assert set(SWITCHES) == set(Settings.__struct_fields__)
    assert {each.rule for each in SWITCHES.values()} <= spec.rules().keys()


def test_every_switch_that_is_asked_is_turned_by_a_test() -> None:
    here = {
        *TURNED,
        "skip_employee_validation",
        "skip_medication_request_employee_declaration_verify",
        "skip_medication_request_legal_entity_declaration_verify",
        "medication_dispense_period_day",
        "medication_request_notification_disabled",
        "request_notification_disabled",
        "multi_medication_dispense_allowed",
        "skip_dispense_division_dls_verify",
    }
    asked = {name for name, each in SWITCHES.items() if each.asked not in (Asked.CARE_PLANS, Asked.DEVICES)}
    assert here | THROUGH_THE_API.keys() == asked


@pytest.mark.parametrize(("name", "file"), THROUGH_THE_API.items())
def test_switch_that_is_turned_elsewhere_is_named_there(name: str, file: str) -> None:
    root = spec.__file__.partition("/src/")[0]
    with open(f"{root}/{file}", encoding="utf-8") as text:
        assert f"{name}=" in text.read()
