"""Programmes on the wire, and drugs: what may be prescribed, in which packages, under which programmes."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from esoz.central.medications import Dosage, Medication, Strength, ingredient, manufacturer, strength
from esoz.kernel.payload import JSON, number, omit_none

from .content import without_settings
from .model import Participant, Participation, Programme


def drug_v2(dosage: Dosage, parts: Iterable[Participation]) -> JSON:
    """`Drug_v2_Response`: a dosage with its packages. Doses that are not known are 0, as the fields are required."""
    return {
        **_dosage(dosage),
        "max_daily_dosage": number(dosage.max_daily_dosage or Decimal(0)),
        "packages": _packages(parts),
    }


def drug_v3(dosage: Dosage, parts: Iterable[Participation]) -> JSON:
    """`Drug_v3_Response`: also what the dosage itself may in programmes, when it has no packages."""
    parts = list(parts)
    return {
        **_dosage(dosage),
        "program_medications": [program_medication(part) for part, medication in parts if medication is None],
        "packages": _packages(parts),
    }


def _dosage(dosage: Dosage) -> JSON:
    return {
        "id": dosage.id,
        "name": dosage.name,
        "mr_blank_type": dosage.mr_blank_type,
        "dosage_form_is_dosed": dosage.dosage_form_is_dosed,
        "form": dosage.form,
        "daily_dosage": number(dosage.daily_dosage or Decimal(0)),
        "ingredients": [ingredient(each) for each in dosage.ingredients],
    }


def _packages(parts: Iterable[Participation]) -> list[JSON]:
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


def program_medication(value: Participant) -> JSON:
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


def programme(programme: Programme) -> JSON:
    """The whole programme with its settings."""
    return {
        **without_settings(programme),
        "medical_program_settings": omit_none(msgspec.to_builtins(programme.settings)),
        **omit_none({"medical_program_settings_text": programme.settings_text}),
    }


def package(found: Medication, dosage_name: str) -> JSON:
    """A package of the register as a pharmacy enters it."""
    return {
        "id": found.id,
        "name": found.name,
        "manufacturer": manufacturer(found),
        "form": found.form,
        "container": strength(found.container),
        "package_qty": number(found.package_qty),
        "package_min_qty": number(found.package_min_qty),
        "innm_dosage": {"id": found.innm_dosage_id, "name": dosage_name},
    }
