"""Rules that one kind of record has and no other."""

from dataclasses import replace
from uuid import uuid4

import pytest

from esoz.central.records.model.kinds import (
    CONDITIONS,
    DEVICE_DISPENSES,
    DIAGNOSTIC_REPORTS,
    IMMUNIZATIONS,
    OBSERVATIONS,
    PROCEDURES,
    SPECIMENS,
)
from esoz.central.records.model.reference_data import Service, StoredRecord
from esoz.central.records.model.staff import Doctor
from esoz.kernel.fhir import concept
from esoz.kernel.references import Answerable, Referent
from tests.factories import kinds, services
from tests.factories import records as build

from .packages import found, package_of


# CE-4
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
        stored = {"observations": {other: StoredRecord(concept("", ""), status)} if status else {}}
        package = package_of(visiting, CONDITIONS, evidences=self.evidence(other))
        entry = "$.conditions[0].evidences[0].details[0].identifier.value"
        assert found(CONDITIONS, package, reference_data(stored=stored)) == ([(entry, message)] if message else [])


# CE-5
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
        stored = {"diagnostic_reports": {report: StoredRecord(concept("", ""), "final")}}
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


# CE-6
class TestImmunization:
    @pytest.mark.parametrize(
        ("not_given", "explanation", "field"),
        [
            (False, None, None),
            (False, {"reasons": REASONS}, None),
            (False, {"reasons_not_given": [REFUSAL]}, "reasons_not_given"),
            (True, None, "reasons_not_given"),
            (True, {"reasons_not_given": [REFUSAL]}, None),
            (True, {"reasons": REASONS, "reasons_not_given": [REFUSAL]}, "reasons"),
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


# CE-10
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


ANSWERING = {DIAGNOSTIC_REPORTS: services.ECG, PROCEDURES: services.COLONOSCOPY}


# EN-9, CE-10
class TestAnswer:
    def faults(self, visiting, reference_data, kind, asked, *, category="counselling"):
        referral = ("service_request", uuid4())
        facts = reference_data(services={services.id_of(ANSWERING[kind]): Service(category)})
        facts = replace(facts, outside={**facts.outside, referral: asked})
        package = package_of(visiting, kind, based_on=build.ref(*referral))
        where = f"$.{kind.name}[0].based_on.identifier."
        return [(entry.removeprefix(where), message) for entry, message in found(kind, package, facts)]

    def asked(self, visiting, code, **changes):
        return Answerable(**({"taken_by": visiting.clinic, "services": frozenset({services.id_of(code)})} | changes))

    @pytest.mark.parametrize("kind", ANSWERING)
    def test_when_taken_here_and_of_its_service_then_nothing_is_wrong(self, visiting, reference_data, kind):
        assert self.faults(visiting, reference_data, kind, self.asked(visiting, ANSWERING[kind])) == []

    @pytest.mark.parametrize("kind", ANSWERING)
    @pytest.mark.parametrize(
        ("taken_by", "message"),
        [
            (None, "Service request must be used"),
            (uuid4(), "Service request is used by another legal_entity"),
        ],
    )
    def test_when_not_taken_here_then_refused(self, visiting, reference_data, kind, taken_by, message):
        asked = self.asked(visiting, ANSWERING[kind], taken_by=taken_by)
        assert self.faults(visiting, reference_data, kind, asked) == [("value", message)]

    @pytest.mark.parametrize("kind", ANSWERING)
    def test_when_over_then_that_alone_is_told(self, visiting, reference_data, kind):
        asked = self.asked(visiting, services.SPIROMETRY, refusal="Service request is not active or in progress")
        expected = [("value", "Service request is not active or in progress")]
        assert self.faults(visiting, reference_data, kind, asked) == expected

    @pytest.mark.parametrize(("kind", "title"), [(DIAGNOSTIC_REPORTS, "diagnostic report"), (PROCEDURES, "procedure")])
    def test_when_of_another_service_then_refused(self, visiting, reference_data, kind, title):
        asked = self.asked(visiting, services.SPIROMETRY)
        expected = [("value", f"Should reference the same service that is referenced in {title}")]
        assert self.faults(visiting, reference_data, kind, asked) == expected

    def test_when_outside_the_group_or_its_category_then_refused(self, visiting, reference_data):
        group = self.asked(visiting, services.SPIROMETRY, category="procedure", is_group=True)
        message = "Service referenced in procedure should belong to service group"
        assert self.faults(visiting, reference_data, PROCEDURES, group, category="procedure") == [("value", message)]
        message = "Service request category should be equal to service category"
        assert self.faults(visiting, reference_data, PROCEDURES, group, category="imaging") == [("value", message)]
        right = replace(group, services=frozenset({services.id_of(services.COLONOSCOPY)}))
        assert self.faults(visiting, reference_data, PROCEDURES, right, category="procedure") == []

    def test_when_based_on_anything_else_then_refused(self, visiting, reference_data):
        target = ("episode", uuid4())
        facts = reference_data()
        facts = replace(facts, outside={**facts.outside, target: Referent()})
        package = package_of(visiting, PROCEDURES, based_on=build.ref(*target))
        entry = "$.procedures[0].based_on.identifier.type.coding[0].code"
        assert found(PROCEDURES, package, facts) == [(entry, "value is not allowed in enum")]


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
