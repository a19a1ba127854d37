"""Dictionaries: those of 2019 whole, those of 2026 added with their source, nothing of tests."""

import pytest

from esoz import spec
from esoz.spec.files import json_document

# Names that stand in shapes, yet no text gives their values: their codes cannot be checked.
WITHOUT_VALUES = {
    "DECLARATION_REQUEST_STATUS_REASON",
    "FORM_PHARM_LIST",
    "device_definition_classification_type",
    "device_definition_packaging_type",
    "device_request_code_parameter",
    "eHealth/LOINC/LL5913-0",
    "eHealth/SNOMED/medication_administration_categories",
    "eHealth/assistive_products",
    "eHealth/body_structures",
    "eHealth/care_plan_activity_cancel_reasons",
    "eHealth/care_plan_activity_complete_reasons",
    "eHealth/care_plan_activity_goals",
    "eHealth/care_plan_activity_outcomes",
    "eHealth/care_plan_cancel_reasons",
    "eHealth/care_plan_categories",
    "eHealth/care_plan_complete_reasons",
    "eHealth/clinical_impression_patient_categories",
    "eHealth/immunization_body_sites",
    "eHealth/immunization_dosage_units",
    "eHealth/immunization_report_origins",
    "eHealth/medical_statement_medications",
    "eHealth/vaccination_authorities",
    "procedure_focal_device_actions",
}


def names_in(node: object) -> set[str]:
    """Dictionaries that a schema names, at any depth."""
    if isinstance(node, list):
        return set().union(*(names_in(each) for each in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {name} if isinstance(name := node.get("x-dictionary"), str) else set()
    pairs = set(names) if isinstance(names := node.get("x-coding"), list) else set()
    return own.union(pairs, *(names_in(each) for each in node.values()))


def named_in_shapes() -> set[str]:
    areas = {each.area for each in spec.operations()}
    return names_in([json_document("shapes", f"{area}.json") for area in ("_defs", *sorted(areas))])


class TestDictionaries:
    def test_values_of_2019_when_counted_then_none_is_lost(self):
        carried = [value for each in spec.dictionaries() for value in each.values if value.source.startswith("2019")]
        plain = [value for value in carried if value.source in {"2019", "2019, label ours"}]
        # 13,683 of the source, without the 2 of a dictionary that stands in its tests only, with the 10 nested ones
        # and the 2 lists that answer under two names.
        assert len(plain) == 13_683 - 2 + 10 + 2

    def test_dictionaries_when_counted_then_are_the_seed_and_the_additions(self):
        names = spec.dictionary_names()
        assert len(names) == len(set(names)) == 199
        assert "eHealth/vaccination_authorities" not in names

    def test_codes_when_read_then_are_unique_and_have_words(self):
        for each in spec.dictionaries():
            codes = [value.code for value in each.values]
            assert len(codes) == len(set(codes)), each.name
            assert all(value.description.strip() == value.description != "" for value in each.values), each.name
            assert {value.parent for value in each.values} - {""} <= set(codes), each.name

    def test_names_in_shapes_when_without_values_then_are_the_listed_ones(self):
        empty = {name for name in named_in_shapes() if name not in spec.dictionary_names()}
        assert empty == WITHOUT_VALUES

    def test_words_when_read_then_do_not_mix_alphabets(self):
        assert spec.dictionary("eHealth/ICD10/condition_codes").values[0].description.startswith("Холера")
        assert any(value.description.startswith("Інші") for value in spec.dictionary("KVEDS").values)
        mixed = [v for v in spec.dictionary("eHealth/ICD10/condition_codes").values if v.description.startswith("Iн")]
        assert mixed == []

    def test_unknown_name_when_asked_then_raises(self):
        with pytest.raises(KeyError):
            spec.dictionary("NOTHING")


class TestDiagnoses:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("J06.9", "Гостра інфекція верхніх дихальних шляхів, неуточнена"),
            ("I10", "Есенціальна (первинна) гіпертензія"),
            ("E11.9", "Інсулінонезалежний цукровий діабет без ускладнень"),
        ],
    )
    def test_code_in_use_when_looked_up_then_has_the_international_spelling(self, code, words):
        found = {value.code: value.description for value in spec.dictionary("eHealth/ICD10_AM/condition_codes").values}
        assert found[code] == words

    def test_national_list_when_respelt_then_no_code_is_lost(self):
        national = spec.dictionary("eHealth/ICD10/condition_codes").values
        respelt = spec.dictionary("eHealth/ICD10_AM/condition_codes").values
        assert len(national) == len(respelt) == 9530


class TestFirstJourney:
    @pytest.mark.parametrize(
        ("name", "codes"),
        [
            ("eHealth/episode_types", {"PHC", "AMB"}),
            ("eHealth/encounter_classes", {"PHC", "AMB", "INPATIENT"}),
            ("eHealth/diagnosis_roles", {"primary", "comorbidity", "complication"}),
            ("eHealth/episode_closing_reasons", {"resolved", "by_patient"}),
            ("MEDICATION_REQUEST_INTENT", {"plan", "order"}),
            ("MEDICATION_REQUEST_CATEGORY", {"community"}),
            ("MEDICATION_REQUEST_PRIORITY", {"routine", "urgent", "asap", "stat"}),
            ("MEDICATION_REQUEST_REJECT_REASON", {"PATIENT_REJECT", "WRONG_DOSAGE"}),
            ("AUTHENTICATION_METHOD", {"OTP", "OFFLINE", "THIRD_PERSON", "NA"}),
            ("MR_BLANK_TYPES", {"F-1"}),
            ("eHealth/ucum/units", {"mg", "mL", "d", "Cel"}),
            ("eHealth/SNOMED/route_codes", {"26643006", "47625008"}),
            ("EVENT_TIMING", {"ACM", "PCV"}),
        ],
    )
    def test_dictionary_when_needed_then_has_its_codes(self, name, codes):
        assert codes <= {value.code for value in spec.dictionary(name).values}
