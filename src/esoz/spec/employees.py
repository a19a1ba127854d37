"""What the published rules ask of an employee by their type: blocks of education, specialities, categories.

The national database refuses by these tables, and a workplace asks by them, so that its form refuses nothing else.
Values are codes of EMPLOYEE_TYPE, SPECIALITY_TYPE, SPECIALITY_LEVEL, QUALIFICATION_TYPE and POSITION.
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


def _codes(listed: str) -> tuple[str, ...]:
    """Codes of POSITION by their numbers: «7-9 16» is P7, P8, P9, P16."""
    ends = [each.partition("-")[::2] for each in listed.split()]
    return tuple(f"P{number}" for first, last in ends for number in range(int(first), int(last or first) + 1))


_HEAD = "1-6 18 19 22-26 32 229-240 247 249 257"
# Which positions a type of employee may have, by the tables of an open MIS that works with the real system (August
# 2026). The publication says nothing of them: the national database takes any code of POSITION, a workplace offers
# these.
# Ours: P15 of ADMIN, for EMPLOYEE_TYPE calls it a registrar, as clinics did before RECEPTIONIST came; the head of a
# clinic that is reorganised is a head.
POSITIONS: Mapping[str, tuple[str, ...]] = {
    "OWNER": _codes(_HEAD),
    "PHARMACY_OWNER": _codes(_HEAD),
    "REORGANIZATION_OWNER": _codes(_HEAD),
    "DOCTOR": _codes("7-11"),
    "SPECIALIST": _codes("5 6 8-13 33-65 67-167 228 245 246 248 258 266-270 282 283"),
    "ASSISTANT": _codes("17 66 169-171 173-216 250-253 256 284-286"),
    "LABORANT": _codes("17 170 173 241-244 251 256 271-274 276-279 281"),
    "PHARMACIST": _codes("16 19-21 217-223 259-265"),
    "MED_ADMIN": _codes("1-6 23-26 32 229-231 249 257"),
    "MED_COORDINATOR": _codes("280"),
    "RECEPTIONIST": _codes("15"),
    "ADMIN": _codes("15 5 6 14 18 19"),
    "HR": _codes("14"),
}
