"""Rules of the encounter itself: its episode, doctor, place, dates, diagnoses and actions."""

from collections.abc import Mapping
from uuid import UUID

from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault, one_too_many
from esoz.kernel.fhir import CodeableConcept, Reference

from .dates import in_past, ordered, recorded_in_time
from .documents import Names
from .entity import Condition
from .episode import Diagnosis, EpisodeStatus
from .kinds import CONDITIONS, ENTERED_IN_ERROR
from .package import Encounter, Package, SubmittedDiagnosis, Visit
from .reference_data import ReferenceData
from .references import reference_faults
from .referrals import answer_faults

FINISHED = "finished"
PHC, INPATIENT = "PHC", "INPATIENT"
INTERVENTION, DISCHARGE = "intervention", "discharge"
PRIMARY = "primary"

ICPC2 = "eHealth/ICPC2/condition_codes"
ICD10_AM = "eHealth/ICD10_AM/condition_codes"
# EN-8: primary care thinks in ICPC-2, everyone else in ICD-10-AM.
MAIN_CODING = {PHC: ICPC2}


# References of an encounter that have rules of their own.
_OWN_REFERENCES = ("visit", "episode", "performer", "participant", "diagnoses", "division")


def must_be_signers_own(legal_entity_id: UUID, *, clinic: UUID | None, is_caller: bool) -> None:
    """EN-2: the performer works in the caller's clinic and is the caller. Raises Conflict."""
    if legal_entity_id != clinic:
        raise Conflict("Performer does not belong to current legal entity")
    if not is_caller:
        raise Conflict("Employee is not performer of encounter")


def visit_faults(visit: Visit | None, encounter: Encounter, reference_data: ReferenceData) -> Faults:
    """EN-4: the visit comes with the package or is stored for this patient, not both."""
    if visit is not None:
        if visit.id in reference_data.stored["visits"]:
            yield fault("$.visit.id", "Visit with such id already exists")
        yield from ordered("$.visit.period", visit.period)
        yield from in_past("$.visit.period.end", "End date of visit", visit.period.end, reference_data.now)
    if encounter.visit.id not in reference_data.stored["visits"] and (visit is None or encounter.visit.id != visit.id):
        yield fault("$.encounter.visit.identifier.value", "Visit with such ID is not found")


def encounter_faults(package: Package, reference_data: ReferenceData) -> Faults:
    """EN-4 … EN-10 for the encounter."""
    encounter = package.encounter
    if encounter.id in reference_data.stored["encounters"]:
        yield fault("$.encounter.id", "Encounter with such id already exists")
    if encounter.status != FINISHED:
        yield fault("$.encounter.status", "value is not allowed in enum", rule="inclusion")
    yield from ordered("$.encounter.period", encounter.period)
    if encounter.period.end is not None:
        yield from recorded_in_time("$.encounter.period.end", encounter.period.end, reference_data.now)
    yield from in_past("$.encounter.period.start", "Start date", encounter.period.start, reference_data.now)
    yield from _episode_faults(encounter, reference_data)
    yield from _people_faults(encounter, reference_data)
    yield from _division_faults(encounter, reference_data)
    yield from diagnoses_faults(package, reference_data)
    yield from class_faults(encounter)
    yield from referral_faults(encounter)
    yield from answer_faults("$.encounter.incoming_referral", encounter.incoming_referral, reference_data)
    yield from reference_faults(
        "$.encounter",
        package.content["encounter"],
        package.records,
        reference_data,
        without=_OWN_REFERENCES,
        encounter_id=encounter.id,
    )


def _episode_faults(encounter: Encounter, reference_data: ReferenceData) -> Faults:
    # EN-4: an active episode of this patient in the caller's clinic. Of another patient is the same as none.
    entry = "$.encounter.episode.identifier.value"
    episode = reference_data.episode
    if episode is None:
        yield fault(entry, "Encounter's episode not found")
    elif episode.managing_organization.id != reference_data.legal_entity_id:
        yield fault(entry, "Managing_organization does not correspond to user's legal_entity")
    elif episode.status is not EpisodeStatus.ACTIVE:
        yield fault(entry, "Episode is not active")


def _people_faults(encounter: Encounter, reference_data: ReferenceData) -> Faults:
    # The performer was found when the signature was compared; participants are colleagues of any clinic.
    if not reference_data.doctors[encounter.performer.id].treats_in(reference_data.legal_entity_id):
        yield fault("$.encounter.performer.identifier.value", "Employee is not an active doctor")
    for number, colleague in enumerate(encounter.participant):
        if colleague.id not in reference_data.doctors:
            entry = f"$.encounter.participant[{number}].identifier.value"
            yield fault(entry, "Employee with such ID is not found")


def _division_faults(encounter: Encounter, reference_data: ReferenceData) -> Faults:
    # EN-4: an active division of the caller's clinic.
    if encounter.division is None:
        return
    entry = "$.encounter.division.identifier.value"
    place = reference_data.divisions.get(encounter.division.id)
    if place is None:
        yield fault(entry, "Division with such ID is not found")
    elif not place.active:
        yield fault(entry, "Division is not active")
    elif place.legal_entity_id != reference_data.legal_entity_id:
        yield fault(entry, "User is not allowed to create encouners for this division")


def diagnoses_faults(package: Package, reference_data: ReferenceData) -> Faults:
    """EN-6, EN-7, EN-8: one primary diagnosis, of known conditions, in the coding system of the class."""
    encounter = package.encounter
    if not encounter.diagnoses and encounter.type.code == INTERVENTION:
        return
    codes = known_codes(package, reference_data)
    primary = [number for number, each in enumerate(encounter.diagnoses) if each.role.code == PRIMARY]
    # EN-6 said "at least one" in 2019; two main diagnoses contradict each other, so exactly one.
    if not primary:
        yield fault("$.encounter.diagnoses", "Encounter must have at least one chief complaint")
    elif len(primary) > 1:
        yield fault("$.encounter.diagnoses", "Encounter must have exactly one primary diagnosis")
    for number, each in enumerate(encounter.diagnoses):
        if each.condition.id not in codes:
            entry = f"$.encounter.diagnoses[{number}].condition.identifier.value"
            yield fault(entry, "Condition with such id is not found")
    for number in primary:
        yield from _coding_faults(encounter, number, codes)


def _coding_faults(encounter: Encounter, number: int, codes: Mapping[UUID, CodeableConcept]) -> Faults:
    # EN-8, dead in the 2019 source (BG-2).
    code = codes.get(encounter.diagnoses[number].condition.id)
    system = MAIN_CODING.get(encounter.klass.code, ICD10_AM)
    if code is not None and not any(coding.system == system for coding in code.coding):
        message = f"At least one of the diagnosis codes should be defined in the {system} system"
        yield fault(f"$.encounter.diagnoses[{number}].condition", message)


def known_codes(package: Package, reference_data: ReferenceData) -> Mapping[UUID, CodeableConcept]:
    """EN-7: codes of the conditions that a diagnosis may name: of this package, or stored and not taken back."""
    stored = reference_data.stored["conditions"].items()
    kept = {id: condition.code for id, condition in stored if condition.status != ENTERED_IN_ERROR}
    submitted = (each.entity for each in package.records.of(CONDITIONS))
    return kept | {each.id: each.code for each in submitted if isinstance(each, Condition)}


def class_faults(encounter: Encounter) -> Faults:
    """What the class of an encounter asks for (EN-4; hospitalization and action references as published later)."""
    if encounter.klass.code == PHC:
        if not encounter.reasons:
            yield fault("$.encounter.reasons", "required property reasons was not present", rule="required")
        if not encounter.actions and not encounter.action_references:
            yield fault("$.encounter.actions", "required property actions was not present", rule="required")
    else:
        if encounter.actions:
            yield fault("$.encounter.actions", "Actions are allowed only for encounters of class PHC")
        if not encounter.action_references:
            message = "required property action_references was not present"
            yield fault("$.encounter.action_references", message, rule="required")
    yield from _hospitalization_faults(encounter)


def _hospitalization_faults(encounter: Encounter) -> Faults:
    stay = encounter.hospitalization
    if stay is not None and encounter.klass.code != INPATIENT:
        yield fault("$.encounter.hospitalization", "Hospitalization is allowed only for encounters of class INPATIENT")
    if encounter.klass.code != INPATIENT or encounter.type.code != DISCHARGE:
        return
    for name in ("admit_source", "discharge_disposition", "discharge_department"):
        if stay is None or getattr(stay, name) is None:
            entry = f"$.encounter.hospitalization.{name}"
            yield fault(entry, f"required property {name} was not present", rule="required")


def referral_faults(encounter: Encounter) -> Faults:
    """EN-9: a referral is electronic or on paper, not both."""
    if encounter.incoming_referral is not None and encounter.paper_referral is not None:
        yield one_too_many("$.encounter.paper_referral", "$.encounter.incoming_referral", "$.encounter.paper_referral")


def with_codes(
    diagnoses: tuple[SubmittedDiagnosis, ...], codes: Mapping[UUID, CodeableConcept], names: Names
) -> list[Diagnosis]:
    """EN-7: diagnoses with the codes of their conditions copied in."""
    return [
        Diagnosis(_named(each.condition, names), codes[each.condition.id], each.role, each.rank) for each in diagnoses
    ]


def _named(condition: Reference, names: Names) -> Reference:
    return Reference(condition.identifier, names.get(("condition", condition.id), ""))
