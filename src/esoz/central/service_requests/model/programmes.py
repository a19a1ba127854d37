"""Whether a medical programme takes a referral: why it does not, in the words of the publication."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from esoz.central.programmes import Programme
from esoz.kernel.fhir import Reference

SERVICES = "SERVICE"  # the type of programmes that pay for services
VALID, INVALID = "VALID", "INVALID"
NOT_INCLUDED = "Service is not included in the program"
_SYSTEMS = {
    "eHealth/ICD10_AM/condition_codes": "conditions_icd10_am_allowed",
    "eHealth/ICPC2/condition_codes": "conditions_icpc2_allowed",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a programme looks at: the requester's specialities, the diagnoses, whether a care plan stands behind."""

    specialities: frozenset[str]
    diagnoses: Mapping[str, frozenset[str]]  # codes by system
    in_care_plan: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a programme takes a referral; `reason` is empty when it does."""

    programme: Programme
    reason: str

    @property
    def status(self) -> str:
        return INVALID if self.reason else VALID


def refusal(programme: Programme, offered: Collection[UUID], asked: Asked | None) -> str:
    """SR-15: why a programme does not take a referral, or nothing.

    `offered`: what it pays for of what is asked. `asked` is None for the performer: the requester was judged before.
    """
    if not programme.is_active:
        return "Medical program is not active"
    if programme.type != SERVICES:
        return "Medical program is not a program of services"
    if not offered:
        return NOT_INCLUDED
    return "" if asked is None else _requester_refusal(programme, asked)


def _requester_refusal(programme: Programme, asked: Asked) -> str:
    settings = programme.settings
    if settings.care_plan_required and not asked.in_care_plan:
        return "Care plan is required by the medical program"
    if settings.specialities is not None and asked.specialities.isdisjoint(settings.specialities):
        return "Employee's speciality doesn't match the medical program"
    lists = {
        system: getattr(settings, name) for system, name in _SYSTEMS.items() if getattr(settings, name) is not None
    }
    if lists and not any(asked.diagnoses.get(system, frozenset()) & set(codes) for system, codes in lists.items()):
        return "Diagnoses of the encounter don't match the medical program"
    return ""


def services_asked(code: Reference, members: Collection[UUID]) -> Collection[UUID]:
    """The services that a referral may be answered with: the one asked for, or those of the group."""
    return members if code.kind == "service_group" else [code.id]
