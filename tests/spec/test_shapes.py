"""Every carried shape is a valid schema, complete in itself and free of prose."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import jsonschema_rs
import pytest

from esoz import spec
from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.validation import Schema
from esoz.spec import shapes
from esoz.spec.files import json_document

PROSE = {"description", "title", "example", "examples", "x-base", "x-fixed-type", "x-format", "x-mson-one-of"}
ENCOUNTER_PACKAGE = "post_api_patients_ID_encounter_package"


def schemas(id: str) -> Iterator[dict[str, Any]]:
    statuses = spec.response_statuses(id)
    signed = spec.signed(id)
    found = [spec.request_schema(id), *(spec.response_schema(id, status) for status in statuses)]
    found += [spec.signed_schema(id, part) for part in (signed.parts if signed else ())]
    return (each for each in found if each is not None)


def keywords(schema: Any) -> Iterator[str]:
    """Keywords of a schema, without the names of properties and definitions."""
    if isinstance(schema, list):
        for each in schema:
            yield from keywords(each)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            if key in {"properties", "$defs", "dependentSchemas"}:
                for each in value.values():
                    yield from keywords(each)
            elif key not in {"enum", "const"}:
                yield from keywords(value)


def faults(schema: dict[str, Any] | None, body: Any) -> list[tuple[str, str]]:
    assert schema is not None
    checker = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return [
        ("/".join(str(step) for step in each.instance_path), str(each.kind.name)) for each in checker.iter_errors(body)
    ]


class TestSchemas:
    @pytest.mark.parametrize("area", sorted({each.area for each in spec.operations()}))
    def test_schemas_of_an_area_when_compiled_then_all_references_resolve(self, area):
        compiled = 0
        for operation in spec.operations():
            if operation.area == area:
                for schema in schemas(operation.id):
                    jsonschema_rs.Draft202012Validator(schema)
                    compiled += 1
        assert compiled > 0

    def test_schemas_when_read_then_carry_no_prose(self):
        found = {word for each in spec.operations() for schema in schemas(each.id) for word in keywords(schema)}
        assert found & PROSE == set()
        assert {"x-dictionary", "x-coding", "x-resource", "format", "dependentSchemas"} <= found

    def test_definitions_when_carried_then_each_is_used(self):
        used = {name for each in spec.operations() for schema in schemas(each.id) for name in schema.get("$defs", {})}
        assert used == set(json_document("shapes", "_defs.json"))

    def test_every_body_of_the_contract_when_counted_then_is_there(self):
        requests = sum(spec.request_schema(each.id) is not None for each in spec.operations())
        answered = sum(bool(spec.response_statuses(each.id)) for each in spec.operations())
        signed = sum(spec.signed(each.id) is not None for each in spec.operations())
        assert (requests, answered, signed) == (158, 518, 58)

    def test_area_when_one_operation_is_asked_for_then_no_other_area_is_read(self):
        shapes._area.cache_clear()
        spec.query_parameters.cache_clear()
        spec.query_parameters("get_api_medical_programs")
        assert shapes._area.cache_info().currsize == 1


class TestChecks:
    def test_encounter_package_when_no_visit_then_the_fault_is_at_the_encounter(self):
        body = {"encounter": {"id": str(uuid4()), "status": "finished"}}
        found = faults(spec.signed_schema(ENCOUNTER_PACKAGE), body)
        assert ("encounter", "required") in found

    def test_id_when_not_a_uuid_then_its_format_is_at_fault(self):
        found = faults(spec.signed_schema(ENCOUNTER_PACKAGE), {"encounter": {"id": "12"}})
        assert ("encounter/id", "format") in found

    def test_choice_when_two_are_given_then_the_one_too_many_is_at_fault(self):
        condition = {"asserter": {}, "report_origin": {}}
        found = faults(spec.signed_schema(ENCOUNTER_PACKAGE, "$.conditions[]"), condition)
        assert ("report_origin", "falseSchema") in found

    def test_phone_when_not_international_then_its_pattern_is_at_fault(self):
        schema = spec.request_schema("post_api_verifications")
        assert faults(schema, {"phone_number": "0501234567"}) == [("phone_number", "pattern")]
        assert faults(schema, {"phone_number": "+380501234567"}) == []

    def test_code_when_it_belongs_to_a_dictionary_then_the_schema_names_it(self):
        schema = spec.signed_schema(ENCOUNTER_PACKAGE)
        assert schema is not None
        encounter = schema["$defs"]["medevents.Encounter_Base"]["properties"]
        assert encounter["status"]["x-dictionary"] == "eHealth/encounter_statuses"
        coded = schema["$defs"][encounter["class"]["$ref"].rsplit("/", 1)[1]]
        assert coded["x-coding"] == ["eHealth/encounter_classes"]

    def test_token_request_when_refreshed_then_is_as_good_as_one_with_a_code(self):
        schema = spec.request_schema("post_oauth_tokens")
        token = {"client_id": str(uuid4()), "client_secret": "s", "refresh_token": "r", "grant_type": "refresh_token"}
        assert faults(schema, {"token": token}) == []


class TestParameters:
    def test_page_size_when_described_then_is_a_number(self):
        found = {each.name: each for each in spec.query_parameters("get_api_divisions")}
        assert found["page_size"].type == "integer"
        assert found["type"].dictionary == "DIVISION_TYPE"
        assert found["status"].enum == ("ACTIVE", "INACTIVE")

    def test_path_variable_when_described_then_is_required(self):
        assert all(each.required for op in spec.operations() for each in spec.path_parameters(op.id))


class TestSigned:
    def test_answer_to_be_signed_when_the_server_gives_it_then_says_which(self):
        signed = spec.signed("patch_api_medication_request_requests_ID_actions_sign")
        assert signed is not None
        assert signed.fields == ("signed_medication_request_request",)
        assert signed.given_operation == "GET /api/persons/{person_id}/medication_request_requests/{id}"
        assert signed.given_path == "$.data"

    def test_operation_when_not_signed_then_has_nothing_to_sign(self):
        assert spec.signed("get_api_medical_programs") is None


def choices(schema: Any) -> Iterator[dict[str, Any]]:
    """Every place where only one of several members may be."""
    if isinstance(schema, list):
        for each in schema:
            yield from choices(each)
    elif isinstance(schema, dict):
        if "dependentSchemas" in schema:
            yield schema["dependentSchemas"]
        for each in schema.values():
            yield from choices(each)


def test_choice_when_any_two_are_given_then_told_as_published():
    """One fault for every pair of every choice, at the second, with the places of both."""
    found = [each for one in spec.operations() for schema in schemas(one.id) for each in choices(schema)]
    assert len(found) > 100
    for choice in {repr(each): each for each in found}.values():
        checked = Schema({"dependentSchemas": choice}, lambda _: None)
        for first, others in choice.items():
            for second in others["properties"]:
                with pytest.raises(Rejected) as refusal:
                    checked.check({first: None, second: None}, root="$.record")
                places = (f"$.record.{first}", f"$.record.{second}")
                words = "Only one of the parameters must be present"
                assert [*refusal.value.invalid] == [Invalid(places[1], "oneOf", words, places)]
