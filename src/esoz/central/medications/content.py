"""How drugs stand in documents, some of which are signed: the shape is part of what was signed."""

from decimal import Decimal

from esoz.kernel.payload import JSON, number, omit_none

from .model import Dosage, Ingredient, Medication, Strength


def strength(value: Strength) -> JSON:
    return {
        "numerator_unit": value.numerator_unit,
        "numerator_value": number(value.numerator_value),
        "denumerator_unit": value.denumerator_unit,
        "denumerator_value": number(value.denumerator_value),
    }


def ingredient(value: Ingredient) -> JSON:
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


def medication_info(dosage: Dosage, quantity: Decimal) -> JSON:
    """`Innm_Dosage_for_Medication_request_Responce`."""
    return {
        "medication_id": dosage.id,
        "medication_name": dosage.name,
        "form": dosage.form,
        "dosage": strength(dosage.primary.dosage),
        "ingredients": [ingredient(each) for each in dosage.ingredients],
        "medication_qty": number(quantity),
    }


def manufacturer(medication: Medication) -> JSON:
    return {"name": medication.manufacturer_name, "country": medication.manufacturer_country}


def medication_short(medication: Medication) -> JSON:
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
