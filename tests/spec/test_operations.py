"""The list of operations is the published one, whole."""

import re

import pytest

from esoz import spec


class TestOperations:
    def test_list_when_read_then_has_every_published_operation_once(self):
        ids = [each.id for each in spec.operations()]
        assert len(ids) == len(set(ids)) == 535

    def test_rows_when_read_then_stand_in_the_order_of_area_path_method(self):
        rows = [(each.area, each.path, each.method) for each in spec.operations()]
        assert rows == sorted(rows)

    def test_signed_operation_when_read_then_says_where_the_signature_stands(self):
        package = spec.operation("post_api_patients_ID_encounter_package")
        assert package.signed_fields == ("signed_data",)
        assert package.async_mode == "async"
        assert package.success == (202,)
        assert package.scopes == ("encounter:write",)
        assert package.scope_inferred

    def test_unknown_id_when_asked_then_raises(self):
        with pytest.raises(KeyError):
            spec.operation("get_nothing")


class TestFind:
    def test_every_template_when_searched_then_finds_itself(self):
        missed = [each.id for each in spec.operations() if spec.find(each.method, each.path) != each]
        assert missed == []

    @pytest.mark.parametrize(
        ("method", "path", "template"),
        [
            ("GET", "/api/patients/7a/episodes/7b", "/api/patients/{patient_id}/episodes/{episode_id}"),
            ("get", "/api/patients/7a/episodes/7b?page=1", "/api/patients/{patient_id}/episodes/{episode_id}"),
            ("GET", "/api/medical_programs/", "/api/medical_programs"),
            (
                "POST",
                "/api/medication_request_requests/prequalify",
                "/api/medication_request_requests/prequalify",
            ),
        ],
    )
    def test_real_path_when_searched_then_finds_its_template(self, method, path, template):
        found = spec.find(method, path)
        assert found is not None
        assert found.path == template

    def test_literal_segment_when_a_variable_fits_too_then_wins(self):
        literal = spec.find("GET", "/api/pis/person/verification")
        assert literal is not None
        assert "{" not in literal.path

    @pytest.mark.parametrize(("method", "path"), [("GET", "/api/nothing"), ("DELETE", "/api/medical_programs")])
    def test_unknown_path_when_searched_then_finds_nothing(self, method, path):
        assert spec.find(method, path) is None


def test_names_of_operations_when_read_then_are_of_one_alphabet():
    mixed = re.compile("[A-Za-z][А-Яа-яІіЇїЄєҐґ]|[А-Яа-яІіЇїЄєҐґ][A-Za-z]")
    assert [each.name for each in spec.operations() if mixed.search(each.name)] == []


class TestCoverage:
    def test_count_when_taken_then_only_live_public_operations_are_in_it(self):
        coverage = spec.coverage()
        assert coverage.published == len(coverage.operations) == 436
        assert sum(area.published for area in coverage.areas.values()) == 436
        assert sum(area.built for area in coverage.areas.values()) == coverage.built
        assert coverage.built == sum(each.state == "built" for each in coverage.operations)

    def test_newer_contract_when_counted_then_stands_apart(self):
        newer = spec.coverage(spec.NEXT_CONTRACT)
        assert (newer.contract, newer.published) == ("9.15", 18)
        ids = {each.id for each in newer.operations}
        assert {"post_api_v3_person_requests", "get_api_v2_declarations", "post_api_connections"} <= ids
        assert ids & {each.id for each in spec.coverage().operations} == set()

    def test_deprecated_operation_when_counted_then_is_left_out(self):
        assert spec.operation("get_api_drugs").deprecated
        assert "get_api_drugs" not in {each.id for each in spec.coverage().operations}
