"""Which fields the form of an encounter has, and what each of them is looked up in."""

from collections.abc import Mapping

from esoz.kernel.pages import mark as _

from ..model import (
    ACTIONS,
    ALLERGY_CATEGORIES,
    ALLERGY_KINDS,
    ALLERGY_VERIFICATION,
    BY_FIELD,
    CRITICALITIES,
    DIAGNOSES,
    PHC,
    REASONS,
)

REASON_ROWS = ACTION_ROWS = 3
ALLERGY_ROWS = 3
ALLERGY_LISTS = {
    "allergy_kind": ALLERGY_KINDS,
    "allergy_category": ALLERGY_CATEGORIES,
    "allergy_criticality": CRITICALITIES,
    "allergy_verification": ALLERGY_VERIFICATION,
}
USUAL_ALLERGY = {
    "allergy_kind": "allergy",
    "allergy_category": "medication",
    "allergy_criticality": "unable_to_assess",
    "allergy_verification": "unconfirmed",
}
LONGEST_ALLERGY = 200
LEAST_ROWS, MOST_ROWS = 1, 8

HOURS = ("first", "second")  # of the hour that is repeated
HOUR_WORDS = ((HOURS[0], _("перший, за літнім часом")), (HOURS[1], _("другий, за зимовим часом")))


def klass_of(values: Mapping[str, str]) -> str:
    """The class of the encounter: primary or outpatient care."""
    return values.get("klass", "") if values.get("klass") in DIAGNOSES else PHC


def rows_of(values: Mapping[str, str]) -> int:
    """How many rows of diagnoses the form shows."""
    asked = values.get("rows", "")
    return min(max(int(asked) if asked.isdecimal() and len(asked) < 3 else LEAST_ROWS, LEAST_ROWS), MOST_ROWS)


def sources(values: Mapping[str, str]) -> dict[str, str]:
    """Picker → the dictionary it searches."""
    diagnoses = DIAGNOSES[klass_of(values)]
    return (
        {f"reason_{number}": REASONS for number in range(1, REASON_ROWS + 1)}
        | {f"diagnosis_{number}": diagnoses for number in range(1, rows_of(values) + 1)}
        | {f"action_{number}": ACTIONS for number in range(1, ACTION_ROWS + 1)}
    )


def fields(values: Mapping[str, str]) -> list[str]:
    """All fields of the form: what is kept of it."""
    pickers = [*sources(values), *(f"service_{number}" for number in range(1, ACTION_ROWS + 1))]
    rows = [
        f"{name}_{number}"
        for number in range(1, rows_of(values) + 1)
        for name in ("role", "clinical", "verification", "onset")
    ]
    allergies = [
        f"{name}_{number}"
        for number in range(1, ALLERGY_ROWS + 1)
        for name in ("allergy", "allergy_since", *ALLERGY_LISTS)
    ]
    single = [
        "klass",
        "type",
        "day",
        "start",
        "start_hour",
        "end",
        "end_hour",
        "complaints",
        "measured",
        "prescriptions",
        "rows",
    ]
    worded = [f"{name}_text" for name in pickers]
    sure = [f"sure_{name}" for name in (*sources(values), *BY_FIELD)]
    return [*single, *pickers, *worded, *sure, *rows, *allergies]
