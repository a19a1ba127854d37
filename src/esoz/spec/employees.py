"""What the published rules ask of an employee by their type: blocks of education, specialities, categories.

The national database refuses by these tables, and a workplace asks by them, so that its form refuses nothing else.
Values are codes of EMPLOYEE_TYPE, SPECIALITY_TYPE, SPECIALITY_LEVEL and QUALIFICATION_TYPE.
"""

from collections.abc import Mapping

# EM-2 (the newer types by the published shapes): who carries a block of education, and its name.
BLOCKS: Mapping[str, str] = {
    "DOCTOR": "doctor",
    "SPECIALIST": "specialist",
    "ASSISTANT": "assistant",
    "PHARMACIST": "pharmacist",
    "LABORANT": "laborant",
    "MED_ADMIN": "med_admin",
    "MED_COORDINATOR": "med_coordinator",
}
# API of 2026: these may have one speciality of the office, or none.
MAY_LACK_OFFICE = frozenset({"MED_ADMIN", "MED_COORDINATOR"})
# EM-4, EM-5: what the speciality of the office and its level may be.
SPECIALITIES: Mapping[str, frozenset[str]] = {
    "DOCTOR": frozenset({"THERAPIST", "PEDIATRICIAN", "FAMILY_DOCTOR"}),
    "PHARMACIST": frozenset({"PHARMACIST", "PROVISOR", "CLINICAL_PROVISOR", "RECEPTIONIST"}),
}
LEVELS: Mapping[str, frozenset[str]] = {
    "DOCTOR": frozenset({"FIRST", "SECOND", "HIGHEST", "NOT_APPLICABLE"}),
    "PHARMACIST": frozenset({"BASIC", "FIRST", "SECOND", "HIGHEST"}),
}
# EM-6: of the kinds of qualification a pharmacist has no clinical residency.
NO_QUALIFICATION: Mapping[str, frozenset[str]] = {"PHARMACIST": frozenset({"CLINICAL_RESIDENCY"})}
# Heads of clinics and of pharmacies; one of each legal entity.
OWNERS = frozenset({"OWNER", "PHARMACY_OWNER"})
