"""Rules of records of every kind."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.records.model import ENTITIES
from esoz.central.records.model.entities import entity_faults, source_faults
from esoz.central.records.model.kinds import (
    ALLERGY_INTOLERANCES,
    CLINICAL_IMPRESSIONS,
    CONDITIONS,
    DETECTED_ISSUES,
    DEVICE_ASSOCIATIONS,
    DEVICE_DISPENSES,
    DEVICES,
    DIAGNOSTIC_REPORTS,
    IMMUNIZATIONS,
    MEDICATION_ADMINISTRATIONS,
    MEDICATION_STATEMENTS,
    OBSERVATIONS,
    PROCEDURES,
    RISK_ASSESSMENTS,
    SPECIMENS,
)
from esoz.central.records.model.reference_data import StoredRecord
from esoz.central.records.model.staff import Doctor
from esoz.kernel.fhir import concept
from tests.factories import records as build

from .conftest import NOW, typed
from .packages import MAKERS, found, package_of

SOURCED = [kind for kind in ENTITIES if kind.sourced]
FUTURE = build.moment(NOW + timedelta(seconds=61))


# What a record of each kind names, besides its encounter and its author, and what is said when nothing of it is there.
_EMPLOYEE = "Employee with such ID is not found"
_CLINIC = ("managing_organization.identifier.value", "LegalEntity with such ID is not found")
_SERVICE = ("code.identifier.value", "Service with such ID is not found")
_CONDITION, _DEVICE = "Condition with such id is not found", "Device with such id is not found"
NAMED = {
    RISK_ASSESSMENTS: [
        ("basis.references[0].identifier.value", "Observation with such id is not found"),
        ("reason_references[0].value", _CONDITION),
    ],
    DEVICE_ASSOCIATIONS: [("device.identifier.value", _DEVICE)],
    DETECTED_ISSUES: [("author.identifier.value", _EMPLOYEE), ("subject.identifier.value", _DEVICE)],
    MEDICATION_ADMINISTRATIONS: [("medication.identifier.value", "Medication with such id is not found")],
    DIAGNOSTIC_REPORTS: [
        _SERVICE,
        _CLINIC,
        ("performer.reference.identifier.value", _EMPLOYEE),
        ("results_interpreter.reference.identifier.value", _EMPLOYEE),
    ],
    PROCEDURES: [
        _SERVICE,
        ("recorded_by.identifier.value", _EMPLOYEE),
        _CLINIC,
        ("reason_references[0].identifier.value", _CONDITION),
    ],
    CLINICAL_IMPRESSIONS: [
        ("problems[0].identifier.value", _CONDITION),
        ("findings[0].item_reference.identifier.value", "Observation with such id is not found"),
        ("supporting_info[0].identifier.value", "Procedure with such id is not found"),
    ],
    SPECIMENS: [_CLINIC, ("collection.collector.identifier.value", _EMPLOYEE)],
    DEVICE_DISPENSES: [("location.identifier.value", "Division with such ID is not found")],
}


@pytest.mark.parametrize("kind", ENTITIES)
class TestEveryKind:
    def test_when_everything_is_right_then_nothing_is_wrong(self, visiting, reference_data, kind):
        assert found(kind, package_of(visiting, kind), reference_data()) == []

    # EN-10
    def test_ids_when_repeated_then_the_list_is_named(self, visiting, reference_data, kind):
        twice = package_of(visiting, kind) | {kind.name: [MAKERS[kind](visiting)] * 2}
        assert found(kind, twice, reference_data()) == [(f"$.{kind.name}", "All primary keys must be unique")]

    # EN-10
    def test_id_when_stored_then_it_is_named(self, visiting, reference_data, kind):
        package = package_of(visiting, kind)
        id = typed(package).records.of(kind)[0].entity.id
        stored = {kind.name: {id: StoredRecord(concept("", ""), "")}}
        expected = [(f"$.{kind.name}[0].id", f"{kind.title} with id '{id}' already exists")]
        assert found(kind, package, reference_data(stored=stored)) == expected

    # CE-1
    def test_context_when_another_encounter_then_refused(self, visiting, reference_data, kind):
        package = package_of(visiting, kind, **{kind.context: build.ref("encounter", uuid4())})
        message = f"Submitted {kind.context} is not allowed for the {kind.title.lower()}"
        assert found(kind, package, reference_data()) == [
            (f"$.{kind.name}[0].{kind.context}.identifier.value", message)
        ]

    def test_status_when_entered_in_error_at_birth_then_refused(self, visiting, reference_data, kind):
        package = package_of(visiting, kind, **{kind.status: "entered_in_error"})
        assert found(kind, package, reference_data()) == [
            (f"$.{kind.name}[0].{kind.status}", "value is not allowed in enum")
        ]

    # CE-3, CE-8
    @pytest.mark.parametrize("employee_type", ["PHARMACIST", "OWNER"])
    def test_author_when_not_a_doctor_of_the_clinic_then_refused(self, visiting, reference_data, kind, employee_type):
        author = uuid4()
        sourced = {"primary_source": True} if kind.sourced else {}
        package = package_of(visiting, kind, **sourced, **{kind.author: build.ref("employee", author)})
        facts = reference_data()
        doctors = {**facts.doctors, author: Doctor(author, visiting.clinic, employee_type, True)}
        entry = f"$.{kind.name}[0].{kind.author}.identifier.value"
        assert found(kind, package, replace(facts, doctors=doctors)) == [(entry, "Employee is not an active doctor")]

    # CE-8
    def test_reference_when_nothing_is_there_then_its_place_is_named(self, visiting, reference_data, kind):
        package = package_of(visiting, kind)
        alone = {"encounter": package["encounter"], kind.name: package[kind.name]}
        facts = replace(reference_data(), outside={}, services={})
        faults = [(each.entry, each.description) for each in entity_faults(kind, typed(alone), facts)]
        assert faults == [(f"$.{kind.name}[0].{place}", message) for place, message in NAMED.get(kind, [])]


# CE-3, EN-3
@pytest.mark.parametrize("kind", SOURCED)
class TestSource:
    @pytest.mark.parametrize(
        ("source", "wrong"),
        [
            ((True, True, False), None),
            ((False, False, True), None),
            ((True, True, True), "Only one of the parameters must be present"),
            ((False, True, True), "Only one of the parameters must be present"),
            ((True, False, True), "{author} must be present if primary_source is true"),
            ((True, False, False), "{author} must be present if primary_source is true"),
            ((False, True, False), "report_origin must be present if primary_source is false"),
            ((False, False, False), "report_origin must be present if primary_source is false"),
        ],
    )
    def test_source_when_not_the_one_told_then_refused(self, visiting, kind, source, wrong):
        primary, author, origin = source
        document = MAKERS[kind](visiting, primary_source=primary)
        document[kind.author] = build.ref("employee", visiting.doctor) if author else None
        document["report_origin"] = build.concept("eHealth/report_origins", "patient") if origin else None
        package = {"encounter": build.encounter(visiting), kind.name: [document]}
        messages = [fault.description for fault in source_faults(typed(package).records)]
        assert messages == ([wrong.format(author=kind.author)] if wrong else [])


# CE-2, CE-7
@pytest.mark.parametrize(
    ("kind", "field", "name"),
    [
        (CONDITIONS, "onset_date", "Onset date"),
        (CONDITIONS, "asserted_date", "Asserted date"),
        (OBSERVATIONS, "issued", "Issued"),
        (OBSERVATIONS, "effective_date_time", "Effective date time"),
        (IMMUNIZATIONS, "date", "Date"),
        (ALLERGY_INTOLERANCES, "onset_date_time", "Onset date time"),
        (ALLERGY_INTOLERANCES, "asserted_date", "Asserted date"),
        (ALLERGY_INTOLERANCES, "last_occurrence", "Last occurrence"),
        (RISK_ASSESSMENTS, "asserted_date", "Asserted date"),
        (DEVICES, "manufacture_date", "Manufacture date"),
        (DEVICE_ASSOCIATIONS, "recorded", "Recorded"),
        (DETECTED_ISSUES, "identified_date_time", "Identified date time"),
        (MEDICATION_STATEMENTS, "asserted_date", "Asserted date"),
        (MEDICATION_ADMINISTRATIONS, "performed_date_time", "Performed date time"),
        (DIAGNOSTIC_REPORTS, "issued", "Issued"),
        (CLINICAL_IMPRESSIONS, "effective_date_time", "Effective date time"),
        (SPECIMENS, "received_time", "Received time"),
        (DEVICE_DISPENSES, "when_handed_over", "When handed over"),
    ],
)
def test_date_when_in_the_future_then_it_is_named(visiting, reference_data, kind, field, name):
    package = package_of(visiting, kind, **{field: FUTURE})
    assert found(kind, package, reference_data()) == [(f"$.{kind.name}[0].{field}", f"{name} must be in past")]


def test_day_when_tomorrow_then_it_is_named(visiting, reference_data):
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    package = package_of(visiting, DEVICE_ASSOCIATIONS, association_date=tomorrow)
    entry = "$.device_associations[0].association_date"
    assert found(DEVICE_ASSOCIATIONS, package, reference_data()) == [(entry, "Association date must be in past")]


@pytest.mark.parametrize(
    ("kind", "place"),
    [(PROCEDURES, "performed_period"), (DIAGNOSTIC_REPORTS, "effective_period")],
)
def test_period_when_it_ends_before_it_begins_then_named(visiting, reference_data, kind, place):
    period = {"start": build.moment(NOW - timedelta(hours=1)), "end": build.moment(NOW - timedelta(hours=2))}
    package = package_of(visiting, kind, **{place: period})
    message = "End date must be greater or equal than start date"
    assert found(kind, package, reference_data()) == [(f"$.{kind.name}[0].{place}.end", message)]


def test_date_when_no_date_then_it_is_named(visiting, reference_data):
    package = package_of(visiting, OBSERVATIONS, effective_date_time="учора")
    entry = "$.observations[0].effective_date_time"
    assert found(OBSERVATIONS, package, reference_data()) == [(entry, "expected a valid date-time")]
