"""Taking a visit back: what is asked, and the package that is signed for it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from esoz.kernel.fhir import concept
from esoz.kernel.pages import mark as _

KIND = "encounter_cancel"
REASONS = "eHealth/cancellation_reasons"
ENTERED_IN_ERROR = "entered_in_error"
LONGEST_LETTER = 2000

NO_REASON = _("Оберіть причину скасування.")
NO_LETTER = _("Опишіть, що було записано помилково.")
TOO_LONG = _("Пояснення задовге: щонайбільше 2000 знаків.")

# Where each record of the package says that it was a mistake.
STATUSES: Mapping[str, str] = {"conditions": "verification_status", "observations": "status"}


def errors(values: Mapping[str, str], reasons: Sequence[tuple[str, str]]) -> dict[str, str]:
    """CN-7: a reason of the dictionary and a letter; field → what is wrong."""
    found = {}
    if values.get("reason") not in dict(reasons):
        found["reason"] = NO_REASON
    if not values.get("letter"):
        found["letter"] = NO_LETTER
    elif len(values["letter"]) > LONGEST_LETTER:
        found["letter"] = TOO_LONG
    return found


def taken_back(content: Mapping[str, Any], reason: str, letter: str) -> bytes:
    """CN-3, CN-4: the package exactly as it was signed once, with every record of it entered in error."""
    encounter = content["encounter"] | {
        "status": ENTERED_IN_ERROR,
        "cancellation_reason": concept(REASONS, reason),
        "explanatory_letter": letter,
    }
    package: dict[str, Any] = {"encounter": encounter}
    for name, status in STATUSES.items():
        if name in content:
            package[name] = [each | {status: ENTERED_IN_ERROR, "explanatory_letter": letter} for each in content[name]]
    return msgspec.json.encode(package)


def field_of(_content: Mapping[str, Any], entry: str) -> str:
    """The form's field that an entry of central's refusal is about."""
    return "letter" if entry.endswith("explanatory_letter") else "reason" if "cancellation_reason" in entry else ""
