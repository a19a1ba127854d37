"""`esoz operations show`: a person reads everything that is published of an operation."""

import sys

import pytest

from esoz import spec
from esoz.__main__ import main

DRAFT = "post_api_medication_request_requests"


def shown(id: str) -> list[str]:
    return spec.shown(spec.operation(id)).splitlines()


class TestShown:
    def test_facts_then_both_ids_publication_state_and_scope(self):
        assert shown(DRAFT)[:8] == [
            "POST /api/medication_request_requests",
            "Create Medication Request Request",
            "",
            f"id           API-005-044-0002 (elsewhere {DRAFT})",
            "published in general blueprint 9.13.6 v.1 production, 2026-03-25",
            "state        built; public",
            "caller       a bearer token",
            "scope        medication_request_request:write",
        ]

    def test_shape_then_required_marked_and_words_of_dictionaries_told(self):
        lines = shown(DRAFT)
        assert "    intent*: string, one of plan, order, dictionary MEDICATION_REQUEST_INTENT" in lines
        assert "        coding: list of object, each coding of eHealth/SNOMED/additional_dosage_instructions" in lines
        assert "      (as_needed_boolean not together with as_needed_codeable_concept)" in lines

    def test_job_then_its_answer_and_the_signed_document(self):
        lines = shown("post_api_patients_ID_encounter_package")
        assert "answered     by a job" in lines
        assert "scope        encounter:write (not published: inferred)" in lines
        assert "Signed content, in signed_data of the request" in lines
        assert "  encounter*: object" in lines and "Answer 202" in lines

    @pytest.mark.parametrize("operation", spec.operations(), ids=lambda each: each.id)
    def test_every_operation_then_no_reference_is_left_and_each_status_is_told(self, operation):
        text = spec.shown(operation)
        assert "$ref" not in text and "#/$defs" not in text
        told = [line for line in text.splitlines() if line.startswith(("Answer ", "Error "))]
        assert len(told) == len({*operation.success, *spec.response_statuses(operation.id)})


class TestSearch:
    @pytest.mark.parametrize("text", [DRAFT, "API-005-044-0002", "POST /api/medication_request_requests"])
    def test_either_id_or_its_address_then_the_one(self, text):
        assert [each.id for each in spec.search(text)] == [DRAFT]

    def test_address_with_ids_in_it_then_the_one(self):
        assert [each.id for each in spec.search("GET /api/patients/17/approvals")] == ["get_api_patients_ID_approvals"]

    def test_path_then_all_its_methods(self):
        assert {each.method for each in spec.search("/api/medication_request_requests")} == {"GET", "POST"}

    def test_part_of_a_name_then_whatever_the_case(self):
        assert "get_reports_stats_regions" in [each.id for each in spec.search("STATS/regions")]
        assert spec.search("no such thing") == []


class TestCommand:
    def run(self, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["esoz", "operations", *words])
        return main()

    def test_one_then_shown(self, monkeypatch, capsys):
        assert self.run(monkeypatch, "show", "POST", "/api/medication_request_requests") == 0
        assert capsys.readouterr().out == spec.shown(spec.operation(DRAFT))

    def test_several_then_a_list_of_them(self, monkeypatch, capsys):
        assert self.run(monkeypatch, "show", "medication_request_requests") == 0
        lines = capsys.readouterr().out.splitlines()
        assert "built    API-005-044-0002                   POST /api/medication_request_requests" in lines

    def test_none_then_said_so(self, monkeypatch, capsys):
        assert self.run(monkeypatch, "show", "no such thing") == 1
        assert "no published operation" in capsys.readouterr().err

    def test_alone_then_counted(self, monkeypatch, capsys):
        assert self.run(monkeypatch) == 0
        assert capsys.readouterr().out.splitlines()[-1].startswith("all live public operations")
