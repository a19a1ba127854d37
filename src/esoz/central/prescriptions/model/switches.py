"""Each switch of a medical programme: the rule it steers, where that is asked, and what is refused.

`tests/unit/prescriptions/test_switches.py` fails when a published setting stands in no row here, and tries each both
ways; `docs/reference/programme-switches.md` is made of it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from . import dispenses, drafts


class Asked(StrEnum):
    """At which act a switch is asked."""

    WRITING = "writing a prescription, and its prequalification"
    SIGNING = "signing, taking back, sending again: whether the patient gets a message"
    DISPENSING = "dispensing, and its qualification"
    CARE_PLANS = "activities of care plans, which are not built"
    DEVICES = "requests of devices, which are not built"


class Switch(NamedTuple):
    """The rule of a setting and the words of its refusal; none where it changes what is done instead."""

    asked: Asked
    rule: str
    refusal: str = ""


SWITCHES: Mapping[str, Switch] = {
    "care_plan_required": Switch(Asked.WRITING, "MR-22", "Care plan is required by the medical program"),
    "employee_types_to_create_medication_request": Switch(Asked.WRITING, "MR-22", drafts.ONLY_DOCTORS),
    "skip_employee_validation": Switch(Asked.WRITING, "MR-22", drafts.ONLY_DOCTORS),
    "speciality_types_allowed": Switch(
        Asked.WRITING, "MR-22", "Employee's speciality doesn't match the medical program"
    ),
    "speciality_types_request_allowed": Switch(
        Asked.WRITING, "MR-22", "Employee's speciality doesn't match the medical program"
    ),
    "conditions_icd10_am_allowed": Switch(
        Asked.WRITING, "MR-22", "Diagnoses of the encounter don't match the medical program"
    ),
    "conditions_icpc2_allowed": Switch(
        Asked.WRITING, "MR-22", "Diagnoses of the encounter don't match the medical program"
    ),
    "medication_request_max_period_day": Switch(
        Asked.WRITING, "MR-22", "Period between started_at and ended_at exceeds the maximum of the medical program"
    ),
    "skip_medication_request_employee_declaration_verify": Switch(Asked.WRITING, "MR-3", drafts.ONLY_WITH_DECLARATION),
    "skip_medication_request_legal_entity_declaration_verify": Switch(
        Asked.WRITING, "MR-3", drafts.NO_DECLARATION_HERE
    ),
    "skip_mnn_in_treatment_period": Switch(Asked.WRITING, "MR-8", drafts.TOO_EARLY),
    "medication_dispense_period_day": Switch(Asked.WRITING, "MR-5"),
    "medication_request_notification_disabled": Switch(Asked.SIGNING, "MR-22"),
    "request_notification_disabled": Switch(Asked.SIGNING, "MR-22"),
    "multi_medication_dispense_allowed": Switch(
        Asked.DISPENSING,
        "MD-7",
        "dispensed medication quantity must be equal to medication quantity in Medication Request",
    ),
    "skip_medication_dispense_sign": Switch(Asked.DISPENSING, "MD-10"),
    "skip_contract_provision_verify": Switch(
        Asked.DISPENSING, "MD-2", "Program cannot be used - no active contract exists"
    ),
    "medical_program_change_on_dispense_allowed": Switch(
        Asked.DISPENSING, "MD-3", "Medical program in dispense doesn't match the one in medication request"
    ),
    "license_types_allowed": Switch(Asked.DISPENSING, "MD-13", dispenses.UNLICENSED),
    "skip_dispense_division_dls_verify": Switch(Asked.DISPENSING, "MD-1", "Invalid division dls status"),
    # The published text gives these to activities of care plans and to devices alone.
    "providing_conditions_allowed": Switch(Asked.CARE_PLANS, "MR-22"),
    "patient_categories_allowed": Switch(Asked.CARE_PLANS, "MR-22"),
    "speciality_types_care_plan_activity_allowed": Switch(Asked.CARE_PLANS, "MR-22"),
    "device_request_allowed_code_types": Switch(Asked.DEVICES, "MR-22"),
}
