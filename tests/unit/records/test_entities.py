"""Rules of records of every kind: EN-3, EN-10, CE-1 … CE-10."""

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
from esoz.central.records.model.reference_data import Service, Stored
from esoz.central.records.model.staff import Doctor
from esoz.kernel.fhir import concept
from esoz.kernel.references import Referent
from tests.factories import kinds, services
from tests.factories import records as build

from .conftest import NOW, typed

MEDICATION = uuid4()


def _administration(visiting, **changes):
    return kinds.medication_administration(visiting, MEDICATION, **changes)


MAKERS = {kind: kinds.MAKERS.get(kind.name, _administration) for kind in ENTITIES}
SOURCED = [kind for kind in ENTITIES if kind.sourced]
FUTURE = build.moment(NOW + timedelta(seconds=1))


def found(kind, package, reference_data):
    """Faults of one kind in a package; the drug that an administration names is there."""
    drug = {("medication", MEDICATION): Referent()}
    reference_data = replace(reference_data, outside={**reference_data.outside, **drug})
    return [(fault.entry, fault.description) for fault in entity_faults(kind, typed(package), reference_data)]


def package_of(visiting, kind, **changes):
    """A package whose record of this kind has these fields; the records that others name stand beside it."""
    lists = {each.name: [MAKERS[each](visiting)] for each in ENTITIES if each not in (CONDITIONS, OBSERVATIONS)}
    return build.package(visiting, **(lists | {kind.name: [MAKERS[kind](visiting, **changes)]}))


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

    def test_ids_when_repeated_then_the_list_is_named(self, visiting, reference_data, kind):
        twice = package_of(visiting, kind) | {kind.name: [MAKERS[kind](visiting)] * 2}
        assert found(kind, twice, reference_data()) == [(f"$.{kind.name}", "All primary keys must be unique")]

    def test_id_when_stored_then_it_is_named(self, visiting, reference_data, kind):
        package = package_of(visiting, kind)
        id = typed(package).records.of(kind)[0].entity.id
        stored = {kind.name: {id: Stored(concept("", ""), "")}}
        expected = [(f"$.{kind.name}[0].id", f"{kind.title} with id '{id}' already exists")]
        assert found(kind, package, reference_data(stored=stored)) == expected

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

    @pytest.mark.parametrize("employee_type", ["PHARMACIST", "OWNER"])
    def test_author_when_not_a_doctor_of_the_clinic_then_refused(self, visiting, reference_data, kind, employee_type):
        author = uuid4()
        sourced = {"primary_source": True} if kind.sourced else {}
        package = package_of(visiting, kind, **sourced, **{kind.author: build.ref("employee", author)})
        facts = reference_data()
        doctors = {**facts.doctors, author: Doctor(author, visiting.clinic, employee_type, True)}
        entry = f"$.{kind.name}[0].{kind.author}.identifier.value"
        assert found(kind, package, replace(facts, doctors=doctors)) == [(entry, "Employee is not an active doctor")]

    def test_reference_when_nothing_is_there_then_its_place_is_named(self, visiting, reference_data, kind):
        package = package_of(visiting, kind)
        alone = {"encounter": package["encounter"], kind.name: package[kind.name]}
        facts = replace(reference_data(), outside={}, services={})
        faults = [(each.entry, each.description) for each in entity_faults(kind, typed(alone), facts)]
        assert faults == [(f"$.{kind.name}[0].{place}", message) for place, message in NAMED.get(kind, [])]


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


class TestCondition:
    def evidence(self, id):
        return [{"details": [build.ref("observation", id)]}]

    def test_evidence_when_in_the_package_then_nothing_is_wrong(self, visiting, reference_data):
        package = package_of(visiting, CONDITIONS, evidences=self.evidence(visiting.observation))
        assert found(CONDITIONS, package, reference_data()) == []

    @pytest.mark.parametrize(
        ("status", "message"),
        [
            (None, "Observation with such id is not found"),
            ("valid", None),
            ("entered_in_error", 'Observation in "entered_in_error" status can not be referenced'),
        ],
    )
    def test_evidence_when_not_a_valid_observation_then_refused(self, visiting, reference_data, status, message):
        other = uuid4()
        stored = {"observations": {other: Stored(concept("", ""), status)} if status else {}}
        package = package_of(visiting, CONDITIONS, evidences=self.evidence(other))
        entry = "$.conditions[0].evidences[0].details[0].identifier.value"
        assert found(CONDITIONS, package, reference_data(stored=stored)) == ([(entry, message)] if message else [])


class TestObservation:
    @pytest.mark.parametrize(
        ("field", "kind", "message"),
        [
            ("specimen", "specimen", "Specimen with such id is not found"),
            ("device", "equipment", "Equipment with such id is not found"),
            ("reaction_on", "immunization", "Immunization with such id is not found"),
        ],
    )
    def test_named_when_nothing_is_there_then_refused(self, visiting, reference_data, field, kind, message):
        package = package_of(visiting, OBSERVATIONS, **{field: build.ref(kind, uuid4())})
        assert found(OBSERVATIONS, package, reference_data()) == [
            (f"$.observations[0].{field}.identifier.value", message)
        ]

    def test_report_when_stored_and_not_in_the_package_then_refused(self, visiting, reference_data):
        report = uuid4()
        package = package_of(visiting, OBSERVATIONS, diagnostic_report=build.ref("diagnostic_report", report))
        message = "Submitted diagnostic report is not allowed for the observation"
        entry = "$.observations[0].diagnostic_report.identifier.value"
        stored = {"diagnostic_reports": {report: Stored(concept("", ""), "final")}}
        assert found(OBSERVATIONS, package, reference_data(stored=stored)) == [(entry, message)]

    def test_report_when_in_the_package_then_nothing_is_wrong(self, visiting, reference_data):
        report = build.ref("diagnostic_report", kinds.id_of(visiting, "diagnostic_reports"))
        assert found(OBSERVATIONS, package_of(visiting, OBSERVATIONS, diagnostic_report=report), reference_data()) == []

    def test_reaction_when_on_an_immunization_of_the_package_then_nothing_is_wrong(self, visiting, reference_data):
        reaction = build.observation(visiting, reaction_on=build.ref("immunization", visiting.immunization))
        package = build.package(visiting, observations=[reaction], immunizations=[build.immunization(visiting)])
        assert found(OBSERVATIONS, package, reference_data()) == []


REASONS = [build.concept("eHealth/reason_explanations", "429060002")]
REFUSAL = build.concept("eHealth/reason_not_given_explanations", "IMMUNE")


class TestImmunization:
    @pytest.mark.parametrize(
        ("not_given", "explanation", "field"),
        [
            (False, None, None),
            (False, {"reasons": REASONS}, None),
            (False, {"reasons_not_given": REFUSAL}, "reasons_not_given"),
            (True, None, "reasons_not_given"),
            (True, {"reasons_not_given": REFUSAL}, None),
            (True, {"reasons": REASONS, "reasons_not_given": REFUSAL}, "reasons"),
        ],
    )
    def test_explanation_when_it_does_not_fit_then_refused(
        self, visiting, reference_data, not_given, explanation, field
    ):
        package = package_of(visiting, IMMUNIZATIONS, not_given=not_given, explanation=explanation)
        entries = [entry for entry, _ in found(IMMUNIZATIONS, package, reference_data())]
        assert entries == ([f"$.immunizations[0].explanation.{field}"] if field else [])

    @pytest.mark.parametrize(
        ("dose", "series", "fields"), [(1, 1, []), (0, 1, ["dose_sequence"]), (1, 0, ["series_doses"])]
    )
    def test_doses_when_not_counted_from_one_then_refused(self, visiting, reference_data, dose, series, fields):
        disease = build.concept("eHealth/vaccination_target_diseases", "1857005")
        protocol = {"dose_sequence": dose, "series_doses": series, "target_diseases": [disease]}
        package = package_of(visiting, IMMUNIZATIONS, vaccination_protocols=[protocol])
        entries = [entry for entry, _ in found(IMMUNIZATIONS, package, reference_data())]
        assert entries == [f"$.immunizations[0].vaccination_protocols[0].{field}" for field in fields]

    def test_protocol_when_without_a_disease_then_refused(self, visiting, reference_data):
        package = package_of(visiting, IMMUNIZATIONS, vaccination_protocols=[{"target_diseases": []}])
        entry = "$.immunizations[0].vaccination_protocols[0].target_diseases"
        assert found(IMMUNIZATIONS, package, reference_data()) == [(entry, "expected at least 1 items")]


class TestDiagnosticReport:
    def faults(self, visiting, reference_data, category="counselling", **changes):
        service = {services.id_of(services.ECG): Service(category)}
        return found(
            DIAGNOSTIC_REPORTS, package_of(visiting, DIAGNOSTIC_REPORTS, **changes), reference_data(services=service)
        )

    def test_when_the_service_may_not_be_asked_for_then_refused(self, visiting, reference_data):
        facts = reference_data(services={services.id_of(services.ECG): Service("counselling", request_allowed=False)})
        entry = "$.diagnostic_reports[0].code.identifier.value"
        expected = [(entry, "Request is not allowed for the service")]
        assert found(DIAGNOSTIC_REPORTS, package_of(visiting, DIAGNOSTIC_REPORTS), facts) == expected

    def test_when_of_a_laboratory_without_observations_then_refused(self, visiting, reference_data):
        message = "Observations are mandatory when service category = laboratory_procedure"
        expected = [("$.diagnostic_reports[0].code.identifier.value", message)]
        assert self.faults(visiting, reference_data, "laboratory_procedure") == expected
        report = build.ref("diagnostic_report", kinds.id_of(visiting, "diagnostic_reports"))
        package = package_of(visiting, OBSERVATIONS, diagnostic_report=report)
        facts = reference_data(services={services.id_of(services.ECG): Service("laboratory_procedure")})
        assert found(DIAGNOSTIC_REPORTS, package, facts) == []

    @pytest.mark.parametrize("category", ["diagnostic_procedure", "imaging"])
    def test_when_of_an_examination_without_conclusion_then_refused(self, visiting, reference_data, category):
        faults = self.faults(visiting, reference_data, category, conclusion=None, results_interpreter={"text": "Лікар"})
        assert [entry for entry, _ in faults] == [
            "$.diagnostic_reports[0].conclusion",
            "$.diagnostic_reports[0].results_interpreter.reference",
        ]

    def test_when_own_but_told_by_words_or_of_another_clinic_then_refused(self, visiting, reference_data):
        faults = self.faults(visiting, reference_data, performer={"text": "Лікар"}, managing_organization=None)
        places = ("performer.reference", "managing_organization.identifier.value")
        assert [entry for entry, _ in faults] == [f"$.diagnostic_reports[0].{place}" for place in places]

    def test_when_told_by_others_then_their_words_are_enough(self, visiting, reference_data):
        by_another = {"primary_source": False, "managing_organization": None, "results_interpreter": None}
        assert self.faults(visiting, reference_data, **by_another, performer={"text": "Лікарня"}) == []
        assert (
            self.faults(
                visiting, reference_data, **by_another, performer=None, report_origin=build.concept("x", "patient")
            )
            == []
        )
        message = "report_origin or performer with type text must be filled"
        entry = "$.diagnostic_reports[0].report_origin"
        assert self.faults(visiting, reference_data, **by_another, performer=None) == [(entry, message)]

    def test_when_told_by_others_but_signed_as_own_then_refused(self, visiting, reference_data):
        faults = self.faults(visiting, reference_data, primary_source=False)
        assert [entry for entry, _ in faults] == [
            "$.diagnostic_reports[0].performer.reference",
            "$.diagnostic_reports[0].results_interpreter.reference",
            "$.diagnostic_reports[0].report_origin",
            "$.diagnostic_reports[0].managing_organization.identifier.value",
        ]


class TestOthers:
    @pytest.mark.parametrize("kind", [PROCEDURES, SPECIMENS])
    def test_record_when_of_another_clinic_then_refused(self, visiting, reference_data, kind):
        other = uuid4()
        facts = reference_data()
        facts = replace(facts, outside={**facts.outside, ("legal_entity", other): Referent()})
        package = package_of(visiting, kind, managing_organization=build.ref("legal_entity", other))
        message = "Managing_organization does not correspond to user's legal_entity"
        entry = f"$.{kind.name}[0].managing_organization.identifier.value"
        assert found(kind, package, facts) == [(entry, message)]

    def test_procedure_when_recorded_by_a_pharmacist_then_refused(self, visiting, reference_data):
        other = uuid4()
        facts = reference_data()
        facts = replace(
            facts,
            doctors={**facts.doctors, other: Doctor(other, visiting.clinic, "PHARMACIST", True)},
            outside={**facts.outside, ("employee", other): Referent()},
        )
        package = package_of(visiting, PROCEDURES, recorded_by=build.ref("employee", other))
        expected = [("$.procedures[0].recorded_by.identifier.value", "Employee is not an active doctor")]
        assert found(PROCEDURES, package, facts) == expected

    def test_specimen_when_two_containers_have_one_number_then_refused(self, visiting, reference_data):
        containers = kinds.specimen(visiting)["container"] * 2
        package = package_of(visiting, SPECIMENS, container=containers)
        assert found(SPECIMENS, package, reference_data()) == [
            ("$.specimens[0].container", "All primary keys must be unique")
        ]
        assert [
            entry for entry, _ in found(SPECIMENS, package_of(visiting, SPECIMENS, container=[]), reference_data())
        ] == ["$.specimens[0].container"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"primary_source": False}, "report_origin"),
            ({"report_origin": build.concept("eHealth/report_origins", "patient")}, "report_origin"),
            ({"primary_source": False, "external_provider": {"provider_legal_entity_name": "Аптека"}}, None),
            (
                {"details": [{"quantity": {"value": 0, "system": "device_unit", "code": "piece"}}]},
                "details[0].quantity.value",
            ),
        ],
    )
    def test_device_when_handed_over_by_whom_is_unclear_or_none_then_refused(
        self, visiting, reference_data, changes, field
    ):
        faults = found(DEVICE_DISPENSES, package_of(visiting, DEVICE_DISPENSES, **changes), reference_data())
        assert [entry for entry, _ in faults] == ([f"$.device_dispenses[0].{field}"] if field else [])

    def test_service_when_out_of_use_then_refused(self, visiting, reference_data):
        facts = reference_data()
        target = ("service", services.id_of(services.COLONOSCOPY))
        facts = replace(facts, outside={**facts.outside, target: Referent(refusal="Service should be active")})
        expected = [("$.procedures[0].code.identifier.value", "Service should be active")]
        assert found(PROCEDURES, package_of(visiting, PROCEDURES), facts) == expected
