"""Rules of what an encounter brings: conditions, observations, immunizations, allergies."""

from collections import Counter
from collections.abc import Callable, Mapping

from .dates import in_past, ordered
from .encounter import Surroundings, stored_faults
from .faults import Faults, fault
from .kinds import (
    ALLERGY_INTOLERANCES,
    CONDITIONS,
    ENTERED_IN_ERROR,
    ENTITIES,
    IMMUNIZATIONS,
    OBSERVATIONS,
    Kind,
)
from .package import AllergyIntolerance, Condition, Entity, Immunization, Observation, Package


def source_faults(package: Package) -> Faults:
    """EN-3 for every entity: told by its author or taken from elsewhere, exactly one of the two."""
    for kind in ENTITIES:
        for entry, entity in package.placed(kind):
            yield from _one_source(entry, kind, entity)


def _one_source(entry: str, kind: Kind, entity: Entity) -> Faults:
    if entity.author is not None and entity.report_origin is not None:
        yield fault(f"{entry}.report_origin", "Only one of the parameters must be present", rule="oneOf")
    elif entity.primary_source and entity.author is None:
        words = f"{kind.author} must be present if primary_source is true"
        yield fault(f"{entry}.{kind.author}", words, rule="required")
    elif not entity.primary_source and entity.report_origin is None:
        words = "report_origin must be present if primary_source is false"
        yield fault(f"{entry}.report_origin", words, rule="required")


def common_faults(kind: Kind, package: Package, around: Surroundings) -> Faults:
    """EN-10, CE-1, CE-3: ids are new and unique, the context is this encounter, the author treats in this clinic."""
    counted = Counter(entity.id for entity in package.of(kind))
    if any(times > 1 for times in counted.values()):
        yield fault(f"$.{kind.name}", "All primary keys must be unique")
    title = kind.title.lower()
    for entry, entity in package.placed(kind):
        if entity.id in around.stored[kind.name]:
            yield fault(f"{entry}.id", f"{kind.title} with id '{entity.id}' already exists")
        if entity.context is None or entity.context.id != package.encounter.id:
            yield fault(f"{entry}.context.identifier.value", f"Submitted context is not allowed for the {title}")
        if entity.state == ENTERED_IN_ERROR:
            yield fault(f"{entry}.{kind.status}", "value is not allowed in enum", rule="inclusion")
        doctor = around.doctors.get(entity.author.id) if entity.author else None
        if entity.author and (doctor is None or not doctor.treats_in(around.legal_entity_id)):
            yield fault(f"{entry}.{kind.author}.identifier.value", "Employee is not an active doctor")


def entity_faults(kind: Kind, package: Package, around: Surroundings) -> Faults:
    """Every rule for the entities of one kind."""
    yield from common_faults(kind, package, around)
    for entry, entity in package.placed(kind):
        yield from _OWN_RULES[kind](entry, entity, package, around)


def condition_faults(entry: str, condition: Condition, package: Package, around: Surroundings) -> Faults:
    """CE-2, CE-4: dates, and evidence that exists."""
    yield from in_past(f"{entry}.onset_date", "Onset date", condition.onset_date, around.now)
    yield from in_past(f"{entry}.asserted_date", "Asserted date", condition.asserted_date, around.now)
    submitted = {observation.id for observation in package.observations}
    for number, evidence in enumerate(condition.evidences):
        for place, detail in enumerate(evidence.details):
            if detail.id not in submitted:
                where = f"{entry}.evidences[{number}].details[{place}].identifier.value"
                yield from stored_faults(where, detail, around)


def observation_faults(entry: str, observation: Observation, package: Package, around: Surroundings) -> Faults:
    """CE-2, CE-5: dates; what it points at must be there."""
    yield from in_past(f"{entry}.issued", "Issued", observation.issued, around.now)
    yield from in_past(
        f"{entry}.effective_date_time", "Effective date time", observation.effective_date_time, around.now
    )
    if observation.effective_period is not None:
        yield from ordered(f"{entry}.effective_period", observation.effective_period)
        start = observation.effective_period.start
        yield from in_past(f"{entry}.effective_period.start", "Effective period start", start, around.now)
    if observation.diagnostic_report is not None:
        # Only a report of the same package may be named (CE-5), and packages bring no reports yet.
        words = "Submitted diagnostic report is not allowed for the observation"
        yield fault(f"{entry}.diagnostic_report.identifier.value", words)
    for name in ("specimen", "device"):
        if getattr(observation, name) is not None:
            yield fault(f"{entry}.{name}.identifier.value", f"{name.capitalize()} with such id is not found")
    cause = observation.reaction_on
    if cause is not None and cause.id not in {each.id for each in package.immunizations}:
        yield from stored_faults(f"{entry}.reaction_on.identifier.value", cause, around)


def immunization_faults(entry: str, immunization: Immunization, _package: Package, around: Surroundings) -> Faults:
    """CE-2, CE-6: the date, the explanation that fits, doses counted from one."""
    yield from in_past(f"{entry}.date", "Date", immunization.date, around.now)
    explanation = immunization.explanation
    reasons = bool(explanation and explanation.reasons)
    refusal = bool(explanation and explanation.reasons_not_given)
    if immunization.not_given and not refusal:
        words = "required property reasons_not_given was not present"
        yield fault(f"{entry}.explanation.reasons_not_given", words, rule="required")
    if immunization.not_given and reasons:
        yield fault(f"{entry}.explanation.reasons", "Only one of the parameters must be present", rule="oneOf")
    if not immunization.not_given and refusal:
        words = "Only one of the parameters must be present"
        yield fault(f"{entry}.explanation.reasons_not_given", words, rule="oneOf")
    for number, protocol in enumerate(immunization.vaccination_protocols):
        where = f"{entry}.vaccination_protocols[{number}]"
        for name, count in (("dose_sequence", protocol.dose_sequence), ("series_doses", protocol.series_doses)):
            if count is not None and count <= 0:
                yield fault(f"{where}.{name}", "expected the value to be > 0", rule="number")
        if not protocol.target_diseases:
            yield fault(f"{where}.target_diseases", "expected at least 1 items", rule="length")


def allergy_faults(entry: str, allergy: AllergyIntolerance, _package: Package, around: Surroundings) -> Faults:
    """CE-2, CE-7: each of its dates is in the past."""
    yield from in_past(f"{entry}.onset_date_time", "Onset date time", allergy.onset_date_time, around.now)
    yield from in_past(f"{entry}.asserted_date", "Asserted date", allergy.asserted_date, around.now)
    yield from in_past(f"{entry}.last_occurrence", "Last occurrence", allergy.last_occurrence, around.now)


_OWN_RULES: Mapping[Kind, Callable[..., Faults]] = {
    CONDITIONS: condition_faults,
    OBSERVATIONS: observation_faults,
    IMMUNIZATIONS: immunization_faults,
    ALLERGY_INTOLERANCES: allergy_faults,
}
