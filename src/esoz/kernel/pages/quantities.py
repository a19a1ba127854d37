"""How much of a medicine: the one place that knows what a quantity counts, and in which words people are told.

A dose is measured in the units of the form (5 ml), a quantity counts what a pharmacy hands over (2 bottles). Central
tells the second only beside packages, so for everything else it follows from the form.
"""

from collections.abc import Mapping

from .translations import mark as _

# Codes of MEDICATION_UNIT in words that do not change with the number; a capsule is PILL too, its form tells so.
UNITS: Mapping[str, str] = {
    "PILL": _("табл."),
    "ML": _("мл"),
    "MG": _("мг"),
    "MKG": _("мкг"),
    "IE": _("МО"),
    "DOSE": _("доз"),
    "BOTTLE": _("фл."),
    "AMPOULE": _("амп."),
    "SACHET": _("саше"),
    "VIAL": _("шприц"),
    "AEROSOL": _("балон"),
    "CONTAINER": _("конт."),
}
_PIECES = {"CAPSULE": _("капс."), "SUPPOSITORY": _("супоз.")}
# What is measured and not counted stands in something: what, a part of the form's code tells.
_MEASURED = frozenset({"ML", "MG", "MKG", "IE", "DOSE"})
_HOLDERS = (
    ("POWDER_FOR_INJECTION", "BOTTLE"),
    ("INJECTION", "AMPOULE"),
    ("INHALATION_SOLUTION", "CONTAINER"),
    ("NEBULISER", "CONTAINER"),
    ("INHALATION_POWDER", "CONTAINER"),
    ("AEROSOL", "AEROSOL"),
    ("PRESSURISED", "AEROSOL"),
)
BOTTLE = "BOTTLE"


def unit_in_words(code: str, form: str) -> str:
    """The unit in Ukrainian: «табл.», of a capsule «капс.»; the code itself when it is a new one."""
    if code == "PILL":
        return next((word for part, word in _PIECES.items() if part in form), UNITS[code])
    return UNITS.get(code, code)


def counted_in(form: str, dose_unit: str) -> str:
    """What a quantity of the form counts, a code of MEDICATION_UNIT: bottles of a suspension that is dosed in ml."""
    if dose_unit not in _MEASURED:
        return dose_unit
    return next((holder for part, holder in _HOLDERS if part in form), BOTTLE)


def unit_of(medicine: Mapping[str, object]) -> str:
    """What a quantity counts, in words, of the published `medication_info` or of a package (`Medication_Short`)."""
    form = str(medicine.get("form") or "")
    container, dosage = medicine.get("container"), medicine.get("dosage")
    if isinstance(container, Mapping) and container.get("denumerator_unit"):
        return unit_in_words(str(container["denumerator_unit"]), form)
    dose_unit = str(dosage.get("denumerator_unit") or "") if isinstance(dosage, Mapping) else ""
    return unit_in_words(counted_in(form, dose_unit), form) if dose_unit else ""
