"""Rules that only one kind of record has."""

from collections import Counter
from collections.abc import Callable, Mapping

from esoz.kernel.faults import Faults, fault, one_too_many

from .entity import DeviceDispense, DiagnosticReport, Immunization, Observation, Procedure, Specimen
from .kinds import (
    DEVICE_DISPENSES,
    DIAGNOSTIC_REPORTS,
    IMMUNIZATIONS,
    OBSERVATIONS,
    PROCEDURES,
    SPECIMENS,
    Kind,
)
from .package import PlacedRecord, Records
from .reference_data import ReferenceData
from .referrals import answer_faults, service_faults

# Categories of services (SERVICE_CATEGORY) whose reports must say what was found.
LABORATORY, DIAGNOSTIC, IMAGING = "laboratory_procedure", "diagnostic_procedure", "imaging"
FOREIGN = "Managing_organization does not correspond to user's legal_entity"


def own_faults(placed: PlacedRecord, records: Records, reference_data: ReferenceData) -> Faults:
    """What the rules of its kind alone find."""
    rules = _RULES.get(placed.kind)
    if rules is not None:
        yield from rules(placed, records, reference_data)


def _observation_faults(placed: PlacedRecord, records: Records, _around: ReferenceData) -> Faults:
    # CE-5: the report of an observation comes in the same package.
    observation = placed.entity
    assert isinstance(observation, Observation)
    report = observation.diagnostic_report
    if report is not None and report.id not in records.ids(DIAGNOSTIC_REPORTS):
        message = "Submitted diagnostic report is not allowed for the observation"
        yield fault(f"{placed.entry}.diagnostic_report.identifier.value", message)


def _immunization_faults(placed: PlacedRecord, _records: Records, _around: ReferenceData) -> Faults:
    # CE-6: the explanation fits what was done; doses are counted from one.
    entry, immunization = placed.entry, placed.entity
    assert isinstance(immunization, Immunization)
    explanation = immunization.explanation
    reasons = bool(explanation and explanation.reasons)
    refusal = bool(explanation and explanation.reasons_not_given)
    explained = [f"{entry}.explanation.{name}" for name in ("reasons", "reasons_not_given")]
    if immunization.not_given and not refusal:
        message = "required property reasons_not_given was not present"
        yield fault(f"{entry}.explanation.reasons_not_given", message, rule="required")
    if immunization.not_given and reasons:
        yield one_too_many(explained[0], *explained)
    if not immunization.not_given and refusal:
        yield one_too_many(explained[1], *explained)
    for number, protocol in enumerate(immunization.vaccination_protocols):
        where = f"{entry}.vaccination_protocols[{number}]"
        for name, count in (("dose_sequence", protocol.dose_sequence), ("series_doses", protocol.series_doses)):
            if count is not None and count <= 0:
                yield fault(f"{where}.{name}", "expected the value to be > 0", rule="number")
        if not protocol.target_diseases:
            yield fault(f"{where}.target_diseases", "expected at least 1 items", rule="length")


def _report_faults(placed: PlacedRecord, records: Records, reference_data: ReferenceData) -> Faults:
    # CE-10: the service allows a report, and the report says what the category of the service asks for.
    report = placed.entity
    assert isinstance(report, DiagnosticReport)
    service = reference_data.services.get(report.code.id)  # its absence was told with the other references
    if service is not None and not service.request_allowed:
        yield fault(f"{placed.entry}.code.identifier.value", "Request is not allowed for the service")
    if service is not None and service.category == LABORATORY and not _has_observations(report, records):
        message = f"Observations are mandatory when service category = {LABORATORY}"
        yield fault(f"{placed.entry}.code.identifier.value", message)
    if service is not None and service.category in (DIAGNOSTIC, IMAGING):
        yield from _interpretation_faults(placed.entry, report)
    yield from _report_source_faults(placed.entry, report, reference_data)
    yield from _answer_faults(placed, report, reference_data)


def _answer_faults(placed: PlacedRecord, record: DiagnosticReport | Procedure, reference_data: ReferenceData) -> Faults:
    # EN-9, CE-10: what was done was asked for, and of this clinic.
    entry, title = f"{placed.entry}.based_on", placed.kind.title.lower()
    yield from answer_faults(entry, record.based_on, reference_data)
    yield from service_faults(entry, record.based_on, record.code.id, title, reference_data)


def _has_observations(report: DiagnosticReport, records: Records) -> bool:
    named = (each.diagnostic_report for each in records.observations)
    return any(each is not None and each.id == report.id for each in named)


def _interpretation_faults(entry: str, report: DiagnosticReport) -> Faults:
    when = f"when service category is {DIAGNOSTIC} or {IMAGING}"
    if not report.conclusion:
        yield fault(f"{entry}.conclusion", f"Must be filled {when}", rule="required")
    if report.results_interpreter is None or report.results_interpreter.reference is None:
        message = f"results_interpreter with type reference must be filled {when}"
        yield fault(f"{entry}.results_interpreter.reference", message, rule="required")


def _report_source_faults(entry: str, report: DiagnosticReport, reference_data: ReferenceData) -> Faults:
    performer, organization = report.performer, report.managing_organization
    by_reference = performer is not None and performer.reference is not None
    if report.primary_source:
        if not by_reference:
            message = "performer must be present if primary_source is true"
            yield fault(f"{entry}.performer.reference", message, rule="required")
        if organization is None or organization.id != reference_data.legal_entity_id:
            yield fault(f"{entry}.managing_organization.identifier.value", FOREIGN)
        return
    if by_reference:
        yield fault(f"{entry}.performer.reference", "performer with type reference must not be filled")
    if report.results_interpreter is not None and report.results_interpreter.reference is not None:
        message = "results_interpreter with type reference must not be filled"
        yield fault(f"{entry}.results_interpreter.reference", message)
    if report.report_origin is None and not (performer and performer.text):
        yield fault(f"{entry}.report_origin", "report_origin or performer with type text must be filled")
    if organization is not None:
        yield fault(f"{entry}.managing_organization.identifier.value", FOREIGN)


def _procedure_faults(placed: PlacedRecord, _records: Records, reference_data: ReferenceData) -> Faults:
    # As CE-10 for reports: recorded by a doctor of the clinic that answers for it.
    procedure = placed.entity
    assert isinstance(procedure, Procedure)
    recorder = reference_data.doctors.get(procedure.recorded_by.id)
    if recorder is not None and not recorder.treats_in(reference_data.legal_entity_id):
        yield fault(f"{placed.entry}.recorded_by.identifier.value", "Employee is not an active doctor")
    if procedure.managing_organization.id != reference_data.legal_entity_id:
        yield fault(f"{placed.entry}.managing_organization.identifier.value", FOREIGN)
    yield from _answer_faults(placed, procedure, reference_data)


def _specimen_faults(placed: PlacedRecord, _records: Records, reference_data: ReferenceData) -> Faults:
    # A laboratory finds a specimen by the number on its container.
    specimen = placed.entity
    assert isinstance(specimen, Specimen)
    if specimen.managing_organization.id != reference_data.legal_entity_id:
        yield fault(f"{placed.entry}.managing_organization.identifier.value", FOREIGN)
    if not specimen.container:
        yield fault(f"{placed.entry}.container", "expected at least 1 items", rule="length")
    counted = Counter(each.identifier for each in specimen.container)
    if any(times > 1 for times in counted.values()):
        yield fault(f"{placed.entry}.container", "All primary keys must be unique")


def _dispense_faults(placed: PlacedRecord, _records: Records, _around: ReferenceData) -> Faults:
    # EN-3: handed over here, or elsewhere as somebody tells.
    entry, dispense = placed.entry, placed.entity
    assert isinstance(dispense, DeviceDispense)
    elsewhere = dispense.report_origin is not None or dispense.external_provider is not None
    if dispense.primary_source and elsewhere:
        yield one_too_many(f"{entry}.report_origin", f"{entry}.primary_source", f"{entry}.report_origin")
    if not dispense.primary_source and not elsewhere:
        message = "report_origin must be present if primary_source is false"
        yield fault(f"{entry}.report_origin", message, rule="required")
    for number, line in enumerate(dispense.details):
        if line.quantity.value <= 0:
            yield fault(f"{entry}.details[{number}].quantity.value", "expected the value to be > 0", rule="number")


_RULES: Mapping[Kind, Callable[[PlacedRecord, Records, ReferenceData], Faults]] = {
    OBSERVATIONS: _observation_faults,
    IMMUNIZATIONS: _immunization_faults,
    DIAGNOSTIC_REPORTS: _report_faults,
    PROCEDURES: _procedure_faults,
    SPECIMENS: _specimen_faults,
    DEVICE_DISPENSES: _dispense_faults,
}
