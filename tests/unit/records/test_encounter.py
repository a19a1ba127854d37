"""Rules of the encounter."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from esoz.central.records.model.encounter import (
    encounter_faults,
    known_codes,
    must_be_signers_own,
    visit_faults,
    with_codes,
)
from esoz.central.records.model.episode import EpisodeStatus
from esoz.central.records.model.kinds import CONDITIONS
from esoz.central.records.model.package import Visit
from esoz.central.records.model.reference_data import StoredRecord
from esoz.central.records.model.staff import Doctor, Location
from esoz.kernel.errors import Conflict
from esoz.kernel.fhir import Period, concept, reference
from esoz.kernel.references import Answerable, Referent
from tests.factories import records as build
from tests.factories import services

from .conftest import NOW, typed

ACTION = [build.ref("service", services.id_of(services.ECG))]


def found(package, reference_data):
    return [(fault.entry, fault.description) for fault in encounter_faults(typed(package), reference_data)]


@pytest.fixture
def right(reference_data, visiting):
    return reference_data(stored={"visits": {visiting.visit: StoredRecord(concept("", ""), "")}})


class TestEncounter:
    def test_when_everything_is_right_then_nothing_is_wrong(self, visiting, right):
        assert found(build.package(visiting), right) == []

    # EN-10
    def test_when_stored_already_then_its_id_is_named(self, visiting, reference_data):
        stored = {"encounters": {visiting.encounter: StoredRecord(concept("", ""), "finished")}}
        expected = [("$.encounter.id", "Encounter with such id already exists")]
        assert found(build.package(visiting), reference_data(stored=stored)) == expected

    def test_when_entered_in_error_at_birth_then_refused(self, visiting, right):
        package = build.package(visiting, encounter_changes={"status": "entered_in_error"})
        assert found(package, right) == [("$.encounter.status", "value is not allowed in enum")]

    # BG-7, EN-5
    def test_when_exactly_a_week_old_then_the_end_of_its_period_is_named(self, visiting, right):
        end = NOW - timedelta(days=7)
        period = {"start": build.moment(end - timedelta(hours=1)), "end": build.moment(end)}
        faults = found(build.package(visiting, encounter_changes={"period": period}), right)
        assert faults == [("$.encounter.period.end", "Date must be greater than 2026-11-15T10:00:00Z")]


# EN-4
class TestEpisodeOfEncounter:
    entry = "$.encounter.episode.identifier.value"

    def test_when_unknown_then_refused(self, visiting, reference_data):
        assert found(build.package(visiting), reference_data(episode=None)) == [
            (self.entry, "Encounter's episode not found")
        ]

    @pytest.mark.parametrize("status", [EpisodeStatus.CLOSED, EpisodeStatus.ENTERED_IN_ERROR])
    def test_when_not_active_then_refused(self, visiting, reference_data, episode, status):
        facts = reference_data(episode=msgspec.structs.replace(episode, status=status))
        assert found(build.package(visiting), facts) == [(self.entry, "Episode is not active")]

    def test_when_of_another_clinic_then_refused(self, visiting, reference_data, episode):
        foreign = msgspec.structs.replace(episode, managing_organization=reference("legal_entity", uuid4()))
        message = "Managing_organization does not correspond to user's legal_entity"
        assert found(build.package(visiting), reference_data(episode=foreign)) == [(self.entry, message)]


class TestPeople:
    # EN-4
    @pytest.mark.parametrize(
        ("employee_type", "approved", "right"),
        [("DOCTOR", True, True), ("SPECIALIST", True, True), ("DOCTOR", False, False), ("PHARMACIST", True, False)],
    )
    def test_performer_when_not_an_approved_medic_then_refused(
        self, visiting, reference_data, employee_type, approved, right
    ):
        doctor = Doctor(visiting.doctor, visiting.clinic, employee_type, approved)
        faults = found(build.package(visiting), reference_data(doctors={visiting.doctor: doctor}))
        expected = [("$.encounter.performer.identifier.value", "Employee is not an active doctor")]
        assert faults == ([] if right else expected)

    def test_participant_when_unknown_then_refused(self, visiting, right):
        participants = [build.ref("employee", visiting.doctor), build.ref("employee", uuid4())]
        faults = found(build.package(visiting, encounter_changes={"participant": participants}), right)
        assert faults == [("$.encounter.participant[1].identifier.value", "Employee with such ID is not found")]

    # EN-2
    def test_signer_when_of_another_clinic_then_conflict(self, visiting):
        with pytest.raises(Conflict, match="Performer does not belong to current legal entity"):
            must_be_signers_own(visiting.clinic, clinic=uuid4(), is_caller=True)

    # EN-2
    def test_signer_when_another_user_then_conflict(self, visiting):
        with pytest.raises(Conflict, match="Employee is not performer of encounter"):
            must_be_signers_own(visiting.clinic, clinic=visiting.clinic, is_caller=False)


# EN-4
class TestDivision:
    @pytest.mark.parametrize(
        ("place", "message"),
        [
            (None, "Division with such ID is not found"),
            ((True, False), "Division is not active"),
            ((False, True), "User is not allowed to create encouners for this division"),
        ],
    )
    def test_when_not_an_active_own_one_then_refused(self, visiting, reference_data, place, message):
        divisions = (
            {} if place is None else {visiting.division: Location(visiting.clinic if place[0] else uuid4(), place[1])}
        )
        faults = found(build.package(visiting), reference_data(divisions=divisions))
        assert faults == [("$.encounter.division.identifier.value", message)]

    def test_when_absent_then_nothing_is_wrong(self, visiting, right):
        package = build.package(visiting)
        del package["encounter"]["division"]
        assert found(package, right) == []


class TestDiagnoses:
    # EN-6
    @pytest.mark.parametrize(
        ("roles", "message"),
        [
            ([], "Encounter must have at least one chief complaint"),
            (["comorbidity"], "Encounter must have at least one chief complaint"),
            (["primary"], None),
            (["primary", "comorbidity"], None),
            (["primary", "primary"], "Encounter must have exactly one primary diagnosis"),
        ],
    )
    def test_primary_when_not_exactly_one_then_refused(self, visiting, right, roles, message):
        diagnoses = [build.diagnosis(visiting.condition, role) for role in roles]
        faults = found(build.package(visiting, encounter_changes={"diagnoses": diagnoses}), right)
        assert faults == ([("$.encounter.diagnoses", message)] if message else [])

    def test_intervention_when_without_diagnoses_then_nothing_is_wrong(self, visiting, right):
        changes = {"diagnoses": [], "type": build.concept("eHealth/encounter_types", "intervention")}
        assert found(build.package(visiting, encounter_changes=changes), right) == []

    # BG-2, EN-8
    @pytest.mark.parametrize(
        ("klass", "system", "right_system"),
        [
            ("PHC", build.ICPC2, build.ICPC2),
            ("PHC", build.ICD10_AM, build.ICPC2),
            ("AMB", build.ICD10_AM, build.ICD10_AM),
            ("AMB", build.ICPC2, build.ICD10_AM),
            ("INPATIENT", build.ICPC2, build.ICD10_AM),
            ("INPATIENT", build.ICD10_AM, build.ICD10_AM),
        ],
    )
    def test_main_coding_when_not_of_the_class_then_refused(self, visiting, right, klass, system, right_system):
        changes = {"class": {"system": "eHealth/encounter_classes", "code": klass}}
        if klass != "PHC":
            changes |= {"actions": [], "action_references": ACTION}
        conditions = [build.condition(visiting, code=build.concept(system, "R80"))]
        faults = found(build.package(visiting, encounter_changes=changes, conditions=conditions), right)
        message = f"At least one of the diagnosis codes should be defined in the {right_system} system"
        assert faults == ([] if system == right_system else [("$.encounter.diagnoses[0].condition", message)])

    # EN-7
    def test_condition_when_unknown_then_refused(self, visiting, right):
        diagnoses = [build.diagnosis(visiting.condition), build.diagnosis(uuid4(), "comorbidity")]
        faults = found(build.package(visiting, encounter_changes={"diagnoses": diagnoses}), right)
        entry = "$.encounter.diagnoses[1].condition.identifier.value"
        assert faults == [(entry, "Condition with such id is not found")]

    @pytest.mark.parametrize(("status", "known"), [("confirmed", True), ("entered_in_error", False)])
    def test_condition_when_stored_then_known_unless_taken_back(self, visiting, reference_data, status, known):
        stored = {"conditions": {visiting.condition: StoredRecord(concept(build.ICPC2, "R80"), status)}}
        package = typed(build.package(visiting, conditions=[]))
        assert (visiting.condition in known_codes(package, reference_data(stored=stored))) is known

    # EN-7
    def test_code_when_diagnosis_is_kept_then_it_is_copied_from_the_condition(self, visiting, right):
        package = typed(build.package(visiting))
        names = {("condition", visiting.condition): "Грип"}
        kept = with_codes(package.encounter.diagnoses, known_codes(package, right), names)
        assert [each.code for each in kept] == [package.records.of(CONDITIONS)[0].entity.code]
        assert [each.condition.display_value for each in kept] == ["Грип"]


class TestClass:
    @pytest.mark.parametrize(
        ("klass", "changes", "entries"),
        [
            ("PHC", {}, []),
            ("PHC", {"reasons": []}, ["$.encounter.reasons"]),
            ("PHC", {"actions": []}, ["$.encounter.actions"]),
            ("PHC", {"actions": [], "action_references": ACTION}, []),
            ("PHC", {"hospitalization": {}}, ["$.encounter.hospitalization"]),
            ("AMB", {"actions": [], "action_references": ACTION}, []),
            ("AMB", {"action_references": ACTION}, ["$.encounter.actions"]),
            ("AMB", {"actions": []}, ["$.encounter.action_references"]),
            ("INPATIENT", {"actions": [], "action_references": ACTION, "hospitalization": {}}, []),
        ],
    )
    def test_when_the_class_asks_otherwise_then_the_field_is_named(self, visiting, right, klass, changes, entries):
        changes = {"class": {"system": "eHealth/encounter_classes", "code": klass}} | changes
        code = build.concept(build.ICPC2 if klass == "PHC" else build.ICD10_AM, "R80")
        conditions = [build.condition(visiting, code=code)]
        faults = found(build.package(visiting, encounter_changes=changes, conditions=conditions), right)
        assert [entry for entry, _ in faults] == entries

    def test_discharge_when_nothing_is_told_of_it_then_each_field_is_named(self, visiting, right):
        changes = {
            "class": {"system": "eHealth/encounter_classes", "code": "INPATIENT"},
            "actions": [],
            "action_references": ACTION,
            "type": build.concept("eHealth/encounter_types", "discharge"),
            "hospitalization": {"admit_source": build.concept("eHealth/encounter_admit_source", "physician_ref")},
        }
        conditions = [build.condition(visiting, code=build.concept(build.ICD10_AM, "J10.1"))]
        faults = found(build.package(visiting, encounter_changes=changes, conditions=conditions), right)
        assert [entry for entry, _ in faults] == [
            "$.encounter.hospitalization.discharge_disposition",
            "$.encounter.hospitalization.discharge_department",
        ]


# EN-9
class TestReferences:
    def test_incoming_referral_when_given_then_it_is_not_found(self, visiting, right):
        changes = {"incoming_referral": build.ref("service_request", uuid4())}
        faults = found(build.package(visiting, encounter_changes=changes), right)
        entry = "$.encounter.incoming_referral.identifier.value"
        assert faults == [(entry, "Service request with such id is not found")]

    @pytest.mark.parametrize(
        ("clinic", "message"),
        [
            ("ours", None),
            ("nobody's", "Service request must be used"),
            ("another", "Service request is used by another legal_entity"),
        ],
    )
    def test_incoming_referral_when_not_taken_here_then_refused(self, visiting, right, clinic, message):
        referral = ("service_request", uuid4())
        taken_by = {"ours": visiting.clinic, "nobody's": None, "another": uuid4()}[clinic]
        facts = replace(right, outside={**right.outside, referral: Answerable(taken_by=taken_by)})
        faults = found(build.package(visiting, encounter_changes={"incoming_referral": build.ref(*referral)}), facts)
        entry = "$.encounter.incoming_referral.identifier.value"
        assert faults == ([(entry, message)] if message else [])

    def test_incoming_referral_when_of_another_kind_then_refused(self, visiting, right):
        other = ("medication_request", uuid4())
        facts = replace(right, outside={**right.outside, other: Referent()})
        faults = found(build.package(visiting, encounter_changes={"incoming_referral": build.ref(*other)}), facts)
        entry = "$.encounter.incoming_referral.identifier.type.coding[0].code"
        assert faults == [(entry, "value is not allowed in enum")]

    @pytest.mark.parametrize(
        ("outside", "message"),
        [
            ({}, "Service with such ID is not found"),
            (Referent(refusal="Service should be active"), "Service should be active"),
        ],
    )
    def test_action_when_no_active_service_then_refused(self, visiting, right, outside, message):
        facts = replace(right, outside={("service", services.id_of(services.ECG)): outside} if outside else {})
        faults = found(build.package(visiting, encounter_changes={"action_references": ACTION}), facts)
        assert faults == [("$.encounter.action_references[0].identifier.value", message)]

    def test_referral_when_electronic_and_on_paper_then_refused(self, visiting, right):
        referral = ("service_request", uuid4())
        changes = {"incoming_referral": build.ref(*referral), "paper_referral": {"requisition": "1"}}
        facts = replace(right, outside={**right.outside, referral: Referent()})
        faults = found(build.package(visiting, encounter_changes=changes), facts)
        assert faults == [("$.encounter.paper_referral", "Only one of the parameters must be present")]

    @pytest.mark.parametrize(
        ("status", "message"),
        [
            (None, "Observation with such id is not found"),
            ("valid", None),
            ("entered_in_error", 'Observation in "entered_in_error" status can not be referenced'),
        ],
    )
    def test_supporting_info_when_not_a_valid_record_then_refused(self, visiting, reference_data, status, message):
        other = uuid4()
        stored = {"observations": {other: StoredRecord(concept("", ""), status)} if status else {}}
        info = [build.ref("observation", other), build.ref("observation", visiting.observation)]
        faults = found(
            build.package(visiting, encounter_changes={"supporting_info": info}), reference_data(stored=stored)
        )
        assert faults == ([("$.encounter.supporting_info[0].identifier.value", message)] if message else [])


# EN-4
class TestVisit:
    def faults(self, visit, visiting, facts):
        package = typed(build.package(visiting))
        return [(fault.entry, fault.description) for fault in visit_faults(visit, package.encounter, facts)]

    def test_when_in_the_package_then_nothing_is_wrong(self, visiting, reference_data):
        visit = Visit(visiting.visit, Period(visiting.started, NOW))
        assert self.faults(visit, visiting, reference_data()) == []

    def test_when_stored_then_nothing_is_wrong(self, visiting, right):
        assert self.faults(None, visiting, right) == []

    def test_when_nowhere_then_refused(self, visiting, reference_data):
        expected = [("$.encounter.visit.identifier.value", "Visit with such ID is not found")]
        assert self.faults(None, visiting, reference_data()) == expected

    def test_when_stored_and_sent_again_then_refused(self, visiting, right):
        visit = Visit(visiting.visit, Period(visiting.started, NOW))
        assert self.faults(visit, visiting, right) == [("$.visit.id", "Visit with such id already exists")]

    def test_when_it_ends_later_than_now_then_refused(self, visiting, reference_data):
        visit = Visit(visiting.visit, Period(visiting.started, NOW + timedelta(seconds=61)))
        assert self.faults(visit, visiting, reference_data()) == [
            ("$.visit.period.end", "End date of visit must be in past")
        ]
