"""Roles: who may hold which scope (AUTH-36)."""

import pytest

from esoz import spec


def scopes_of(*prefixes: str) -> set[str]:
    """Scopes on live operations, by what they are about."""
    named = {scope for each in spec.operations() if each.published for scope in each.scopes}
    return {scope for scope in named if scope.split(":")[0] in prefixes}


class TestRoles:
    def test_doctor_when_asked_then_may_do_the_whole_visit(self):
        needed = scopes_of("episode", "encounter", "medication_request_request", "condition", "observation", "job")
        needed |= {"person:read", "drugs:read", "medical_program:read", "patient_summary:read", "legal_entity:read"}
        needed |= {"medication_request:read", "medication_request:details", "medication_request:reject"}
        assert needed <= spec.role_scopes("DOCTOR") & spec.client_type_scopes("PRIMARY_CARE")

    def test_pharmacist_when_asked_then_may_dispense_and_sees_no_medical_record(self):
        may = spec.role_scopes("PHARMACIST")
        assert {"medication_dispense:write", "medication_dispense:process", "medication_request:read_pharm"} <= may
        assert {"medical_program:read"} <= may & spec.client_type_scopes("PHARMACY")
        assert not may & scopes_of("episode", "encounter", "person", "condition", "observation", "patient_summary")

    def test_owner_when_asked_then_hires_and_sees_no_medical_record(self):
        may = spec.role_scopes("OWNER")
        assert scopes_of("division") | {"employee_request:write", "employee:deactivate"} <= may
        assert not may & scopes_of("episode", "encounter", "condition", "observation", "patient_summary")

    def test_patient_when_asked_then_has_the_cabinet_and_no_bulk_lists(self):
        may = spec.role_scopes("PATIENT")
        assert {"declaration:read_pis", "declaration_request:sign_pis", "person:sign_in"} <= may
        assert not any("bulk" in scope for scope in may)

    def test_clinic_when_it_hires_then_takes_no_pharmacist(self):
        assert "DOCTOR" in spec.employee_types("PRIMARY_CARE")
        assert "PHARMACIST" not in spec.employee_types("PRIMARY_CARE")
        assert spec.employee_types("PHARMACY") >= {"PHARMACIST", "PHARMACY_OWNER"}

    def test_every_employee_type_when_hired_then_has_a_role(self):
        types = {each for name in spec.client_types() if name in HIRING for each in spec.employee_types(name)}
        assert types <= set(spec.roles())

    def test_administration_when_asked_then_verifies(self):
        needed = {"legal_entity:verify", "party_verification:read", "event:read"}
        assert needed <= spec.role_scopes("NHS_ADMIN") & spec.client_type_scopes("NHS_ADMIN")

    def test_user_of_a_mis_when_asked_then_registers_legal_entities_and_sees_no_person(self):
        may = spec.role_scopes("MIS_USER") & spec.client_type_scopes("MIS")
        assert may == {"legal_entity:write", "legal_entity:read", "event:read"}

    def test_scope_of_a_built_operation_when_asked_for_then_some_role_holds_it(self):
        held = frozenset().union(*(spec.role_scopes(role) for role in spec.roles()))
        assert {"legal_entity:write", "legal_entity:verify", "party_verification:read", "event:read"} <= held

    def test_unknown_role_when_asked_then_raises(self):
        with pytest.raises(KeyError):
            spec.role_scopes("GUEST")


HIRING = {"MSP", "MSP_LIMITED", "PRIMARY_CARE", "OUTPATIENT", "EMERGENCY", "PHARMACY"}
