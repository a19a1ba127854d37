"""Rules of the registries (2019 source), each with the test that would fail without it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# rule → what it says in short, file, test
RULES: dict[str, tuple[str, str, str]] = {
    "LE-1": (
        "types that may be registered",
        "tests/central/registration/test_register.py",
        "TestRegister.test_wrong_field_then_named",
    ),
    "LE-2": (
        "statuses and their moves",
        "tests/unit/organisations/test_model.py",
        "test_moves_when_read_then_every_status_is_there",
    ),
    "LE-3": (
        "order of checks of a registration",
        "tests/central/registration/test_register.py",
        "TestRegister.test_wrong_owner_then_named",
    ),
    "LE-4": (
        "KVEDs come from the state register (second version)",
        "tests/central/registration/test_register.py",
        "TestRegister.test_new_then_whole_answer_secret_once_and_owner_invited",
    ),
    "LE-5": (
        "code of the certificate",
        "tests/unit/registration/test_model.py",
        "test_signer_of_another_then_refused_with_its_words",
    ),
    "LE-6": (
        "one acting entity of a code and type",
        "tests/central/registration/test_register.py",
        "TestRegister.test_known_then_changed_and_its_code_and_verification_stay",
    ),
    "LE-7": (
        "new: active, not verified",
        "tests/central/registration/test_register.py",
        "TestRegister.test_new_then_whole_answer_secret_once_and_owner_invited",
    ),
    "LE-8": (
        "one licence of the kind of the type",
        "tests/central/organisations/test_legal_entities.py",
        "TestCreate.test_wrong_field_is_named",
    ),
    "LE-9": (
        "licence by its id",
        "tests/central/registration/test_register.py",
        "TestRegister.test_license_by_id_of_its_sister_then_a_copy_of_it",
    ),
    "LE-10": (
        "exactly one active record",
        "tests/central/registration/test_register.py",
        "TestStateRegister.test_two_active_then_named",
    ),
    "LE-11": (
        "code on an ended record that we hold",
        "tests/central/registration/test_register.py",
        "TestStateRegister.test_code_given_anew_then_the_one_before_must_end_first",
    ),
    "LE-12": (
        "ended record suspends",
        "tests/central/registration/test_register.py",
        "TestStateRegister.test_ended_after_registration_then_suspended",
    ),
    "LE-13": (
        "signed document is kept",
        "tests/central/registration/test_register.py",
        "TestRegister.test_new_then_whole_answer_secret_once_and_owner_invited",
    ),
    "LE-14": (
        "client of the same id, secret once",
        "tests/central/test_new_clinic.py",
        "test_from_application_to_working_people",
    ),
    "LE-15": (
        "owner is invited",
        "tests/central/registration/test_register.py",
        "TestRegister.test_owner_accepts_then_works_there_as_owner",
    ),
    "LE-16": (
        "contracts hear of a change",
        "tests/central/organisations/test_standing.py",
        "TestConsequences.test_name_and_address_changed_then_contracts_hear_what",
    ),
    "LE-17": (
        "verified and taken back",
        "tests/central/organisations/test_standing.py",
        "TestVerification.test_verified_and_taken_back_then_the_moment_is_kept",
    ),
    "LE-18": (
        "status by hand",
        "tests/central/organisations/test_standing.py",
        "TestByHand.test_suspended_then_it_cannot_hire_and_comes_back",
    ),
    "LE-19": (
        "closing",
        "tests/central/registration/test_register.py",
        "TestDeactivate.test_acting_then_closed_everybody_dismissed_and_declarations_ended",
    ),
    "LE-20": (
        "who may be merged, who signs",
        "tests/central/organisations/test_standing.py",
        "TestMerge.test_other_name_same_one_or_another_kind_then_refused_at_the_field",
    ),
    "LE-21": (
        "what merging does",
        "tests/central/organisations/test_standing.py",
        "TestMerge.test_done_then_reorganised_doctors_gone_tokens_ended_and_the_relation_is_told",
    ),
    "LE-22": (
        "90 days without verification",
        "tests/central/organisations/test_standing.py",
        "TestVerification.test_not_verified_for_ninety_days_then_suspended",
    ),
    "LE-23": (
        "register tells otherwise",
        "tests/central/organisations/test_standing.py",
        "TestStateRegister.test_told_otherwise_then_verified_no_more",
    ),
    "LE-24": (
        "clinic sees only itself",
        "tests/central/organisations/test_legal_entities.py",
        "TestLegalEntities.test_foreign_id_gives_an_empty_list",
    ),
    "DV-1": (
        "legal entity acts or is suspended",
        "tests/central/organisations/test_divisions.py",
        "TestCreate.test_of_not_active_legal_entity_is_a_conflict",
    ),
    "DV-2": (
        "types by type of legal entity",
        "tests/central/organisations/test_division_changes.py",
        "TestCreate.test_wrong_field_then_named",
    ),
    "DV-3": (
        "addresses and phones of one kind each",
        "tests/central/organisations/test_division_changes.py",
        "TestCreate.test_wrong_field_then_named",
    ),
    "DV-4": (
        "mountain settlements",
        "tests/central/organisations/test_state_register.py",
        "TestMountains.test_imported_then_divisions_there_follow_and_back",
    ),
    "DV-5": (
        "working hours",
        "tests/unit/organisations/test_model.py",
        "test_hours_when_not_ranges_with_a_dot_then_the_day_is_named",
    ),
    "DV-6": (
        "status, and drug control",
        "tests/central/organisations/test_drug_control.py",
        "TestImport.test_same_address_and_code_then_verified_whatever_the_spelling",
    ),
    "DV-7": (
        "legal entity is the token's",
        "tests/central/organisations/test_division_changes.py",
        "TestCreate.test_ours_then_whole_and_the_legal_entity_is_the_callers",
    ),
    "AD-1": (
        "fields of an address",
        "tests/central/organisations/test_division_changes.py",
        "TestCreate.test_wrong_field_then_named",
    ),
    "AD-2": (
        "names are those of the register",
        "tests/unit/dictionaries/test_model.py",
        "test_address_when_names_differ_from_register_then_field_is_named",
    ),
    "AD-3": ("postal code", "tests/central/organisations/test_divisions.py", "TestCreate.test_wrong_field_is_named"),
    "AD-4": (
        "old names of streets",
        "tests/central/dictionaries/test_addresses.py",
        "TestStreets.test_old_name_finds_the_street",
    ),
    "EM-1": (
        "types by type of legal entity",
        "tests/central/workforce/test_employees.py",
        "TestHire.test_wrong_field_is_named",
    ),
    "EM-2": (
        "block of education",
        "tests/central/workforce/test_requests.py",
        "TestCreate.test_block_of_another_type_with_a_wrong_code_then_named_there",
    ),
    "EM-3": (
        "one speciality of the office",
        "tests/unit/workforce/test_model.py",
        "test_officio_when_exactly_one_is_marked_then_it_is_the_office",
    ),
    "EM-4": (
        "specialities of the office",
        "tests/central/workforce/test_employees.py",
        "TestHire.test_wrong_field_is_named",
    ),
    "EM-5": ("levels", "tests/central/workforce/test_employees.py", "TestHire.test_wrong_field_is_named"),
    "EM-6": (
        "kinds of qualification",
        "tests/central/workforce/test_employees.py",
        "TestHire.test_wrong_field_is_named",
    ),
    "EM-7": (
        "tax id, documents, age",
        "tests/central/workforce/test_employees.py",
        "TestHire.test_wrong_party_is_named",
    ),
    "EM-8": (
        "legal entity acts",
        "tests/central/workforce/test_requests.py",
        "TestCreate.test_legal_entity_does_not_act_then_conflict",
    ),
    "EM-9": (
        "division",
        "tests/central/workforce/test_employees.py",
        "TestHire.test_division_of_another_clinic_is_refused",
    ),
    "EM-10": (
        "no owner by invitation",
        "tests/central/workforce/test_requests.py",
        "TestCreate.test_owner_then_conflict",
    ),
    "EM-11": (
        "black list",
        "tests/central/workforce/test_black_list.py",
        "TestHiring.test_listed_before_the_invitation_then_conflict",
    ),
    "EM-12": (
        "update of the same human being",
        "tests/central/workforce/test_requests.py",
        "TestUpdateOfEmployee.test_another_human_being_then_conflict",
    ),
    "EM-13": (
        "signed invitation and its mail",
        "tests/central/workforce/test_requests.py",
        "TestCreate.test_signed_by_somebody_else_then_refused",
    ),
    "EM-14": (
        "answered once",
        "tests/central/test_at_once.py",
        "test_accepted_and_rejected_at_once_then_one_answer_holds",
    ),
    "EM-15": (
        "by the one who is invited",
        "tests/central/workforce/test_requests.py",
        "TestAnswer.test_by_somebody_else_is_forbidden",
    ),
    "EM-16": ("term", "tests/central/workforce/test_requests.py", "TestInvitation.test_nobody_answers_then_it_expires"),
    "EM-17": (
        "one party",
        "tests/central/workforce/test_employees.py",
        "TestHire.test_user_of_another_party_is_a_conflict",
    ),
    "EM-18": ("one owner", "tests/central/workforce/test_employees.py", "TestHire.test_new_owner_retires_the_old_one"),
    "EM-19": (
        "role by type",
        "tests/central/workforce/test_requests.py",
        "TestAnswer.test_approved_then_employee_party_and_role",
    ),
    "EM-20": (
        "contracts hear of the owner",
        "tests/central/organisations/test_standing.py",
        "TestConsequences.test_owner_replaced_then_contracts_hear_of_it",
    ),
    "EM-21": (
        "limit of declarations, the real one everywhere",
        "tests/unit/workforce/test_model.py",
        "test_declaration_limit_when_several_specialities_then_the_smallest",
    ),
    "EM-22": (
        "who may be dismissed",
        "tests/central/workforce/test_dismissal.py",
        "TestDismiss.test_owner_then_conflict",
    ),
    "EM-23": (
        "role goes with the last office",
        "tests/central/workforce/test_dismissal.py",
        "TestDismiss.test_other_office_of_the_same_type_then_the_role_stays",
    ),
    "EM-24": (
        "declarations end",
        "tests/central/workforce/test_dismissal.py",
        "TestDismiss.test_doctor_then_role_taken_and_declarations_end",
    ),
    "EM-25": (
        "status and day; signers of contracts",
        "tests/central/organisations/test_standing.py",
        "TestConsequences.test_signer_dismissed_then_contracts_hear_of_it",
    ),
    "EM-26": (
        "entering the black list",
        "tests/central/workforce/test_black_list.py",
        "TestAdd.test_users_are_not_blocked_then_conflict_until_they_are",
    ),
    "EM-27": (
        "what a list shows",
        "tests/central/workforce/test_employees.py",
        "TestEmployees.test_clinic_sees_its_own_without_tax_ids",
    ),
    "SG-9": (
        "late proof",
        "tests/trust_centre/test_rechecks.py",
        "TestAskedAgain.test_revoked_before_the_signing_then_marked_recorded_and_told",
    ),
}
LAST = {"LE": 24, "DV": 7, "AD": 4, "EM": 27}


def names(file: str) -> set[str]:
    """Tests of a file, those of classes as CLASS.TEST."""
    found = set()
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.AsyncFunctionDef)}
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
        elif isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
            found.add(node.name)
    return found


@pytest.mark.parametrize("rule", RULES)
def test_rule_when_named_then_its_test_is_there(rule: str) -> None:
    _, file, test = RULES[rule]
    assert test in names(file)


def test_rules_when_counted_then_none_is_left_out() -> None:
    expected = {f"{area}-{number}" for area, last in LAST.items() for number in range(1, last + 1)}
    assert expected - RULES.keys() == set()
