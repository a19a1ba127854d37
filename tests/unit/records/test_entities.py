"""Rules of conditions, observations, immunizations and allergies: EN-3, EN-10, CE-1 … CE-7."""

from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.records.model import ALLERGY_INTOLERANCES, CONDITIONS, ENTITIES, IMMUNIZATIONS, OBSERVATIONS
from esoz.central.records.model.encounter import Stored
from esoz.central.records.model.entities import entity_faults, source_faults
from esoz.central.records.model.staff import Doctor
from esoz.kernel.fhir import concept
from tests.factories import records as build

from .conftest import NOW, typed

MAKERS = {
    CONDITIONS: build.condition,
    OBSERVATIONS: build.observation,
    IMMUNIZATIONS: build.immunization,
    ALLERGY_INTOLERANCES: build.allergy,
}
ORIGIN = concept("eHealth/report_origins", "patient")
FUTURE = build.moment(NOW + timedelta(seconds=1))


def found(kind, package, around):
    return [(fault.entry, fault.description) for fault in entity_faults(kind, typed(package), around)]


def package_of(visiting, kind, **changes):
    return build.package(visiting, **{kind.name: [MAKERS[kind](visiting, **changes)]})


@pytest.mark.parametrize("kind", ENTITIES)
class TestEveryKind:
    def test_when_everything_is_right_then_nothing_is_wrong(self, visiting, around, kind):
        assert found(kind, package_of(visiting, kind), around()) == []

    def test_ids_when_repeated_then_the_list_is_named(self, visiting, around, kind):
        twice = build.package(visiting, **{kind.name: [MAKERS[kind](visiting)] * 2})
        assert found(kind, twice, around()) == [(f"$.{kind.name}", "All primary keys must be unique")]

    def test_id_when_stored_then_it_is_named(self, visiting, around, kind):
        package = package_of(visiting, kind)
        id = typed(package).of(kind)[0].id
        stored = {kind.name: {id: Stored(concept("", ""), "")}}
        expected = [(f"$.{kind.name}[0].id", f"{kind.title} with id '{id}' already exists")]
        assert found(kind, package, around(stored=stored)) == expected

    def test_context_when_another_encounter_then_refused(self, visiting, around, kind):
        package = package_of(visiting, kind, context=build.ref("encounter", uuid4()))
        words = f"Submitted context is not allowed for the {kind.title.lower()}"
        assert found(kind, package, around()) == [(f"$.{kind.name}[0].context.identifier.value", words)]

    def test_status_when_entered_in_error_at_birth_then_refused(self, visiting, around, kind):
        package = package_of(visiting, kind, **{kind.status: "entered_in_error"})
        assert found(kind, package, around()) == [(f"$.{kind.name}[0].{kind.status}", "value is not allowed in enum")]

    @pytest.mark.parametrize("employee_type", ["PHARMACIST", "OWNER"])
    def test_author_when_not_a_doctor_of_the_clinic_then_refused(self, visiting, around, kind, employee_type):
        author = uuid4()
        package = package_of(visiting, kind, primary_source=True, **{kind.author: build.ref("employee", author)})
        doctors = {author: Doctor(author, visiting.clinic, employee_type, True)}
        entry = f"$.{kind.name}[0].{kind.author}.identifier.value"
        assert found(kind, package, around(doctors=doctors)) == [(entry, "Employee is not an active doctor")]

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
        words = [fault.description for fault in source_faults(typed(package))]
        assert words == ([wrong.format(author=kind.author)] if wrong else [])


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
    ],
)
def test_date_when_in_the_future_then_it_is_named(visiting, around, kind, field, name):
    package = package_of(visiting, kind, **{field: FUTURE})
    assert found(kind, package, around()) == [(f"$.{kind.name}[0].{field}", f"{name} must be in past")]


class TestCondition:
    def evidence(self, id):
        return [{"details": [build.ref("observation", id)]}]

    def test_evidence_when_in_the_package_then_nothing_is_wrong(self, visiting, around):
        package = package_of(visiting, CONDITIONS, evidences=self.evidence(visiting.observation))
        assert found(CONDITIONS, package, around()) == []

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (None, "Observation with such id is not found"),
            ("valid", None),
            ("entered_in_error", 'Observation in "entered_in_error" status can not be referenced'),
        ],
    )
    def test_evidence_when_not_a_valid_observation_then_refused(self, visiting, around, status, words):
        other = uuid4()
        stored = {"observations": {other: Stored(concept("", ""), status)} if status else {}}
        package = package_of(visiting, CONDITIONS, evidences=self.evidence(other))
        entry = "$.conditions[0].evidences[0].details[0].identifier.value"
        assert found(CONDITIONS, package, around(stored=stored)) == ([(entry, words)] if words else [])


class TestObservation:
    @pytest.mark.parametrize(
        ("field", "kind", "words"),
        [
            ("specimen", "specimen", "Specimen with such id is not found"),
            ("device", "equipment", "Device with such id is not found"),
            ("reaction_on", "immunization", "Immunization with such id is not found"),
        ],
    )
    def test_reference_when_nothing_is_there_then_refused(self, visiting, around, field, kind, words):
        package = package_of(visiting, OBSERVATIONS, **{field: build.ref(kind, uuid4())})
        assert found(OBSERVATIONS, package, around()) == [(f"$.observations[0].{field}.identifier.value", words)]

    def test_report_when_named_then_refused(self, visiting, around):
        package = package_of(visiting, OBSERVATIONS, diagnostic_report=build.ref("diagnostic_report", uuid4()))
        words = "Submitted diagnostic report is not allowed for the observation"
        entry = "$.observations[0].diagnostic_report.identifier.value"
        assert found(OBSERVATIONS, package, around()) == [(entry, words)]

    def test_reaction_when_on_an_immunization_of_the_package_then_nothing_is_wrong(self, visiting, around):
        reaction = build.observation(visiting, reaction_on=build.ref("immunization", visiting.immunization))
        package = build.package(visiting, observations=[reaction], immunizations=[build.immunization(visiting)])
        assert found(OBSERVATIONS, package, around()) == []


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
    def test_explanation_when_it_does_not_fit_then_refused(self, visiting, around, not_given, explanation, field):
        package = package_of(visiting, IMMUNIZATIONS, not_given=not_given, explanation=explanation)
        entries = [entry for entry, _ in found(IMMUNIZATIONS, package, around())]
        assert entries == ([f"$.immunizations[0].explanation.{field}"] if field else [])

    @pytest.mark.parametrize(
        ("dose", "series", "fields"), [(1, 1, []), (0, 1, ["dose_sequence"]), (1, 0, ["series_doses"])]
    )
    def test_doses_when_not_counted_from_one_then_refused(self, visiting, around, dose, series, fields):
        disease = build.concept("eHealth/vaccination_target_diseases", "1857005")
        protocol = {"dose_sequence": dose, "series_doses": series, "target_diseases": [disease]}
        package = package_of(visiting, IMMUNIZATIONS, vaccination_protocols=[protocol])
        entries = [entry for entry, _ in found(IMMUNIZATIONS, package, around())]
        assert entries == [f"$.immunizations[0].vaccination_protocols[0].{field}" for field in fields]

    def test_protocol_when_without_a_disease_then_refused(self, visiting, around):
        package = package_of(visiting, IMMUNIZATIONS, vaccination_protocols=[{"target_diseases": []}])
        entry = "$.immunizations[0].vaccination_protocols[0].target_diseases"
        assert found(IMMUNIZATIONS, package, around()) == [(entry, "expected at least 1 items")]
