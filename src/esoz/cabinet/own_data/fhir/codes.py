"""Code systems by their addresses: which dictionaries of central carry codes of an international system.

Ukraine publishes no addresses for its own dictionaries, so they stand under a name of ours and are never passed off as
somebody else's: `urn:esoz:dictionary:` and the name that central gives them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
ICPC2, ICD10_AM = "http://hl7.org/fhir/sid/icpc-2", "http://hl7.org/fhir/sid/icd-10-am"
OWN = "urn:esoz:dictionary:"
SNOMED_DICTIONARIES = "eHealth/SNOMED/"
UNITS = "eHealth/ucum/units"
# Codes of eHealth/ucum/units that UCUM has; the others of it (day, administration) are words.
UCUM_CODES = frozenset(
    {"%", "/min", "Cel", "L", "[degF]", "[iU]", "a", "cm", "d", "g", "h", "kg", "kg/m2", "mL", "mg", "mg/kg", "mg/mL"}
    | {"min", "mm[Hg]", "mmol/L", "mo", "ug", "wk", "{Beats}/min", "{Breaths}/min", "{capsule}", "{tbl}"}
)
_LOINC = re.compile(r"(\d{1,7})-(\d)")


@dataclass(frozen=True, slots=True)
class International:
    """An international system behind a dictionary; `has` says which codes can be its own."""

    address: str
    has: Callable[[str], bool]


def is_loinc(code: str) -> bool:
    """Digits, a hyphen and the check digit that they give (mod 10, as LOINC publishes it)."""
    found = _LOINC.fullmatch(code)
    if found is None:
        return False
    digits = [int(each) for each in reversed(found[1])]
    doubled = [sum(divmod(each * 2, 10)) for each in digits[::2]]
    return (sum(doubled) + sum(digits[1::2]) + int(found[2])) % 10 == 0


def _like(pattern: str) -> Callable[[str], bool]:
    form = re.compile(pattern)
    return lambda code: form.fullmatch(code) is not None


_ICPC2 = International(ICPC2, _like(r"[A-Z]\d\d"))
_SNOMED = International(SNOMED, _like(r"[1-9]\d{5,17}"))
BEHIND: Mapping[str, International] = {
    "eHealth/ICPC2/condition_codes": _ICPC2,
    "eHealth/ICPC2/reasons": _ICPC2,
    "eHealth/ICPC2/actions": _ICPC2,
    "eHealth/ICD10_AM/condition_codes": International(ICD10_AM, _like(r"[A-Z]\d\d(\.\d{1,2})?")),
    "eHealth/LOINC/observation_codes": International(LOINC, is_loinc),
    UNITS: International(UCUM, UCUM_CODES.__contains__),
}


def system_of(dictionary: str, code: str) -> str:
    """The address of the system that a code belongs to; a dictionary's own codes stand under its name."""
    behind = _SNOMED if dictionary.startswith(SNOMED_DICTIONARIES) else BEHIND.get(dictionary)
    return behind.address if behind is not None and behind.has(code) else OWN + dictionary


# What central's codes are called in FHIR's required value sets; a code that has no counterpart is not told as a code.
CONDITION_CLINICAL: Mapping[str, str] = {
    "active": "active",
    "recurrence": "recurrence",
    "remission": "remission",
    "resolved": "resolved",
    "finished": "resolved",
}
ALLERGY_CLINICAL: Mapping[str, str] = {each: each for each in ("active", "inactive", "resolved")}
CONDITION_VERIFICATION: Mapping[str, str] = {
    each: each for each in ("provisional", "differential", "confirmed", "refuted")
}
ALLERGY_VERIFICATION: Mapping[str, str] = {each: each for each in ("unconfirmed", "confirmed", "refuted")}
ALLERGY_TYPE: Mapping[str, str] = {each: each for each in ("allergy", "intolerance")}
ALLERGY_CATEGORY: Mapping[str, str] = {each: each for each in ("food", "medication", "environment", "biologic")} | {
    "environmental": "environment"
}
CRITICALITY: Mapping[str, str] = {"low": "low", "high": "high", "unable_to_assess": "unable-to-assess"}
GENDER: Mapping[str, str] = {"MALE": "male", "FEMALE": "female"}
OBSERVATION_STATUS: Mapping[str, str] = {"valid": "final"}
STATEMENT_STATUS: Mapping[str, str] = {"active": "active", "stopped": "stopped", "completed": "completed"}
PROCEDURE_STATUS: Mapping[str, str] = {"completed": "completed", "not_done": "not-done"}
PRESCRIPTION_STATUS: Mapping[str, str] = {
    "ACTIVE": "active",
    "BLOCKED": "on-hold",
    "COMPLETED": "completed",
    "EXPIRED": "stopped",
}
OBSERVATION_CATEGORIES: Sequence[str] = (
    "social-history",
    "vital-signs",
    "imaging",
    "laboratory",
    "procedure",
    "survey",
    "exam",
    "therapy",
)
VITAL_SIGNS = "vital-signs"
