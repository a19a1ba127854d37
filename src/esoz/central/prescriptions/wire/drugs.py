"""Drugs on the wire: what may be prescribed, in which packages, under which programmes."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.kernel.payload import Object, number, omit_none

from ..model import Dosage, Ingredient, Medication, Participant, Strength

Part: TypeAlias = tuple[Participant, Medication | None]


class DrugsQuery(msgspec.Struct, frozen=True):
    """Filters of the drug search."""

    innm_id: UUID | None = None
    innm_name: str | None = None
    innm_sctid: str | None = None
    innm_dosage_form: str | None = None
    innm_dosage_id: UUID | None = None
    innm_dosage_name: str | None = None
    medication_code_atc: str | None = None
    medical_program_id: UUID | None = None
    mr_blank_type: str | None = None
    dosage_form_is_dosed: bool | None = None
    medication_request_allowed: bool | None = None
    care_plan_activity_allowed: bool | None = None


def strength(value: Strength) -> Object:
    return {
        "numerator_unit": value.numerator_unit,
        "numerator_value": number(value.numerator_value),
        "denumerator_unit": value.denumerator_unit,
        "denumerator_value": number(value.denumerator_value),
    }


def ingredient(value: Ingredient) -> Object:
    return omit_none(
        {
            "id": value.id,
            "name": value.name,
            "name_original": value.name_original,
            "sctid": value.sctid,
            "dosage": strength(value.dosage),
            "is_primary": value.is_primary,
        }
    )


def drug_v2(dosage: Dosage, parts: Iterable[Part]) -> Object:
    """`Drug_v2_Response`: a dosage with its packages. Doses that are not known are 0, as the fields are required."""
    return {
        **_dosage(dosage),
        "max_daily_dosage": number(dosage.max_daily_dosage or Decimal(0)),
        "packages": _packages(parts),
    }


def drug_v3(dosage: Dosage, parts: Iterable[Part]) -> Object:
    """`Drug_v3_Response`: also what the dosage itself may in programmes, when it has no packages."""
    parts = list(parts)
    return {
        **_dosage(dosage),
        "program_medications": [program_medication(part) for part, medication in parts if medication is None],
        "packages": _packages(parts),
    }


def _dosage(dosage: Dosage) -> Object:
    return {
        "id": dosage.id,
        "name": dosage.name,
        "mr_blank_type": dosage.mr_blank_type,
        "dosage_form_is_dosed": dosage.dosage_form_is_dosed,
        "form": dosage.form,
        "daily_dosage": number(dosage.daily_dosage or Decimal(0)),
        "ingredients": [ingredient(each) for each in dosage.ingredients],
    }


def _packages(parts: Iterable[Part]) -> list[Object]:
    found: dict[tuple[Strength, Decimal, Decimal, Decimal | None], list[Participant]] = defaultdict(list)
    for participant, package in parts:
        if package is not None:
            key = (package.container, package.package_qty, package.package_min_qty, package.max_request_dosage)
            found[key].append(participant)
    ordered = sorted(found.items(), key=lambda item: (item[0][1], item[0][2], item[0][0].numerator_value))
    return [
        {
            "container_dosage": strength(container),
            "package_qty": number(quantity),
            "package_min_qty": number(smallest),
            "max_request_dosage": number(most or Decimal(0)),
            "program_medications": [program_medication(each) for each in participants],
        }
        for (container, quantity, smallest, most), participants in ordered
    ]


def program_medication(value: Participant) -> Object:
    return omit_none(
        {
            "id": value.id,
            "start_date": value.start_date,
            "end_date": value.end_date,
            "medication_request_allowed": value.medication_request_allowed,
            "care_plan_activity_allowed": value.care_plan_activity_allowed,
            "registry_number": value.registry_number,
            "max_daily_dosage": number(value.max_daily_dosage or Decimal(0)),
            "package_qty_divisible": value.package_qty_divisible,
        }
    )


def medication_info(dosage: Dosage, quantity: Decimal) -> Object:
    """`Innm_Dosage_for_Medication_request_Responce`."""
    return {
        "medication_id": dosage.id,
        "medication_name": dosage.name,
        "form": dosage.form,
        "dosage": strength(dosage.primary.dosage),
        "ingredients": [ingredient(each) for each in dosage.ingredients],
        "medication_qty": number(quantity),
    }


def participant(value: Participant, medication: Medication) -> Object:
    """One package that a pharmacy may give by a programme, with what the state pays for it (hryvnias)."""
    return omit_none(
        {
            "id": value.id,
            "medication_id": medication.id,
            "medication_name": medication.name,
            "form": medication.form,
            "manufacturer": manufacturer(medication),
            "reimbursement_amount": number(value.reimbursement_amount),
            "wholesale_price": number(value.wholesale_price),
            "consumer_price": number(value.consumer_price),
            "reimbursement_daily_dosage": number(value.reimbursement_daily_dosage),
            "estimated_payment_amount": number(value.estimated_payment_amount),
            "container_dosage": strength(medication.container),
            "package_min_qty": number(medication.package_min_qty),
            "package_qty": number(medication.package_qty),
            "start_date": value.start_date,
            "end_date": value.end_date,
            "registry_number": value.registry_number,
            "drlz_sku_id": medication.drlz_sku_id,
            "package_qty_divisible": value.package_qty_divisible,
        }
    )


def manufacturer(medication: Medication) -> Object:
    return {"name": medication.manufacturer_name, "country": medication.manufacturer_country}


def medication_short(medication: Medication) -> Object:
    """`Medication_Short` of a dispense."""
    return omit_none(
        {
            "name": medication.name,
            "type": "BRAND",
            "manufacturer": manufacturer(medication),
            "form": medication.form,
            "container": strength(medication.container),
            "form_pharm": medication.form_pharm,
            "drlz_sku_id": medication.drlz_sku_id,
        }
    )
