"""The record as an International Patient Summary: judged by models of FHIR R4 that others made, and by the profile."""

# ruff: noqa: F811  central's fixtures are imported, and asked for by the same names

from datetime import datetime
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from esoz.cabinet.own_data.fhir import Content, summary
from esoz.cabinet.own_data.fhir.codes import ICPC2, LOINC, OWN, UCUM, is_loinc, system_of
from esoz.cabinet.own_data.fhir.elements import moment, positive, pruned
from esoz.cabinet.record.model import Words
from tests.central.records.conftest import catalogued, chart, drug, known_codes, opened, written  # noqa: F401  its fixtures
from tests.factories.prescriptions import sent_code

from .conftest import error, last_events

PATH = "/own-data/summary"
NOW = datetime.fromisoformat("2026-11-22T10:00:00+00:00")
# Sections that an IPS always has: three that are required, and what every reader looks for.
ALWAYS = {"48765-2", "10160-0", "11450-4", "11369-6", "30954-2", "47519-4"}
WORDS = Words(
    lambda dictionary, code: {"R80": "Грип", "BCG": "Вакцина БЦЖ"}.get(code, code),
    str,
    quantity=lambda value, unit: f"{value} {unit}".strip(),
    moment=str,
    day=str,
)
PERSON = {
    "id": "0a3b1c52-6a5b-4a0c-9d55-1f6f3d3f8a01",
    "last_name": "Шевченко",
    "first_name": "Тарас",
    "gender": "MALE",
    "birth_date": "1990-03-09",
}


def made(records: dict[str, list[dict[str, Any]]] | None = None, prescriptions: Any = ()) -> dict[str, Any]:
    """A summary of these records, that the models of others accept."""
    found = summary(Content(NOW, PERSON, records or {}, prescriptions), WORDS)
    Bundle.model_validate(found)
    return found


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == kind]


def section(bundle: dict[str, Any], code: str) -> dict[str, Any]:
    (composition,) = resources(bundle, "Composition")
    (found,) = [each for each in composition["section"] if each["code"]["coding"][0]["code"] == code]
    return found


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["reference"]} if isinstance(node.get("reference"), str) else set()
        return own.union(*(references(each) for each in node.values()))
    return set().union(*(references(each) for each in node)) if isinstance(node, list) else set()


def condition(number: int, **changes: object) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "code": {"coding": [{"system": "eHealth/ICPC2/condition_codes", "code": "R80"}]},
        "clinical_status": "active",
        "verification_status": "confirmed",
        "onset_date": "2026-11-20T00:00:00Z",
    } | changes


def observation(number: int, **changes: object) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-9000-{number:012d}",
        "status": "valid",
        "code": {"coding": [{"system": "eHealth/LOINC/observation_codes", "code": "8310-5"}]},
        "categories": [{"coding": [{"system": "eHealth/observation_categories", "code": "vital-signs"}]}],
        "issued": "2026-11-22T09:00:00Z",
        "value_quantity": {"value": 38.5, "system": "eHealth/ucum/units", "code": "Cel"},
    } | changes


class TestFile:
    async def test_whole_record_then_valid_and_every_section_filled(
        self, patient, written, prescribing, dispensing, db, own, world
    ):
        rx = await prescribing.prescribe()
        await dispensing.give(rx["id"], 10, await sent_code(db, rx["request_number"]))
        answer = await patient.open(PATH)
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/fhir+json"
        assert "medychni-dani-ips-2026-11-22.json" in answer.headers["content-disposition"]
        bundle = answer.json()
        Bundle.model_validate(bundle)
        for kind in (
            "AllergyIntolerance",
            "MedicationRequest",
            "MedicationStatement",
            "Condition",
            "Immunization",
            "Observation",
            "DiagnosticReport",
            "Procedure",
            "Device",
            "DeviceUseStatement",
        ):
            assert resources(bundle, kind), kind
        (found,) = resources(bundle, "Patient")
        assert found["birthDate"] and found["name"][0]["family"]
        assert await last_events(own, 1) == [("own_data.summary_taken", world.patient.person_id)]

    async def test_whole_record_then_a_document_whose_references_lead_somewhere(self, patient, written):
        bundle = (await patient.open(PATH)).json()
        assert bundle["type"] == "document" and bundle["entry"][0]["resource"]["resourceType"] == "Composition"
        addresses = [each["fullUrl"] for each in bundle["entry"]]
        assert len(set(addresses)) == len(addresses)
        assert references(bundle) <= set(addresses)
        assert all(each["fullUrl"] == f"urn:uuid:{each['resource']['id']}" for each in bundle["entry"])
        reached = references(bundle) | {addresses[0]}
        assert reached == set(addresses), "what no reference leads to is no part of a document"

    async def test_part_refused_then_no_file(self, patient, road):
        road.answers["GET /api/pis/person/medical_events/conditions"] = error(403, "forbidden", "Access denied")
        await patient.open(PATH)
        assert patient.page.status_code == 403

    async def test_central_away_then_no_file(self, patient, road):
        road.is_cut = True
        await patient.open(PATH)
        assert patient.page.status_code == 503

    async def test_empty_record_then_sections_say_so(self, patient):
        bundle = (await patient.open(PATH)).json()
        Bundle.model_validate(bundle)
        assert section(bundle, "48765-2")["emptyReason"]["coding"][0]["code"] == "unavailable"


class TestSections:
    def test_nothing_known_then_each_required_one_with_its_reason_in_words(self):
        bundle = made()
        (composition,) = resources(bundle, "Composition")
        assert {each["code"]["coding"][0]["code"] for each in composition["section"]} == ALWAYS
        for each in composition["section"]:
            assert each["emptyReason"] and "entry" not in each
            assert "Це не означає" in each["text"]["div"]
        assert composition["type"]["coding"][0] == {
            "system": LOINC,
            "code": "60591-5",
            "display": "Patient summary Document",
        }

    def test_same_diagnosis_twice_then_the_latest_word_counts(self):
        over = condition(1, clinical_status="finished")
        bundle = made({"conditions": [over, condition(2)]})
        assert section(bundle, "11450-4")["emptyReason"]
        (found,) = resources(bundle, "Condition")
        assert found["clinicalStatus"]["coding"][0]["code"] == "resolved"
        assert len(section(bundle, "11348-0")["entry"]) == 1

    @pytest.mark.parametrize("status", ["refuted", "entered_in_error"])
    def test_diagnosis_that_does_not_stand_then_it_is_no_problem(self, status):
        bundle = made({"conditions": [condition(1, verification_status=status)]})
        assert resources(bundle, "Condition") == []

    def test_taken_back_word_then_the_one_before_it_counts(self):
        bundle = made({"conditions": [condition(1, verification_status="entered_in_error"), condition(2)]})
        (found,) = resources(bundle, "Condition")
        assert found["identifier"][0]["value"].endswith("000000000002")

    def test_records_without_a_code_then_none_hides_another(self):
        bundle = made({"observations": [observation(1, code={}), observation(2, code={})]})
        assert len(resources(bundle, "Observation")) == 2

    def test_two_kinds_with_one_id_then_two_resources(self):
        same = "00000000-0000-4000-8000-000000000001"
        bundle = made({"conditions": [condition(1)], "observations": [observation(1, id=same)]})
        assert len({each["fullUrl"] for each in bundle["entry"]}) == len(bundle["entry"])

    def test_narrative_of_a_doctor_with_markup_then_it_is_words(self):
        sly = {"coding": [], "text": "<script>alert(1)</script> & \x0b"}
        div = section(made({"conditions": [condition(1, code=sly)]}), "11450-4")["text"]["div"]
        assert "<script>" not in div and "&lt;script&gt;" in div and "\x0b" not in div

    @pytest.mark.parametrize(
        ("status", "last_day", "told"),
        [
            ("ACTIVE", "2026-12-22", "active"),
            ("COMPLETED", "2026-10-22", "completed"),
            ("EXPIRED", "2026-10-22", "stopped"),
            ("EXPIRED", "2026-05-26", "stopped"),
            ("EXPIRED", "2026-05-25", None),
            ("REJECTED", "2026-12-22", None),
        ],
    )
    def test_prescription_then_as_long_as_it_says_something(self, status, last_day, told):
        rx = {
            "id": PERSON["id"],
            "request_number": "0000-1111",
            "status": status,
            "created_at": "2026-05-01",
            "started_at": "2026-05-01",
            "ended_at": last_day,
            "medication_info": {"medication_name": "аміодарон", "medication_qty": 30},
        }
        found = resources(made(prescriptions=[rx]), "MedicationRequest")
        assert [each["status"] for each in found] == ([told] if told else [])


class TestValues:
    @pytest.mark.parametrize(
        ("value", "told"),
        [
            ({"value_string": "негативний"}, {"valueString": "негативний"}),
            ({"value_boolean": False}, {"valueBoolean": False}),
            ({"value_date_time": "2026-11-22T10:00:00+02:00"}, {"valueDateTime": "2026-11-22T10:00:00+02:00"}),
            (
                {"value_quantity": {"value": 2, "system": "eHealth/ucum/units", "code": "administration"}},
                {"valueQuantity": {"value": 2, "unit": "administration"}},
            ),
            (
                {"value_range": {"low": {"value": 1, "code": "mL"}, "high": {"value": 2, "code": "mL"}}},
                {
                    "valueRange": {
                        "low": {"value": 1, "unit": "mL", "system": UCUM, "code": "mL"},
                        "high": {"value": 2, "unit": "mL", "system": UCUM, "code": "mL"},
                    }
                },
            ),
        ],
    )
    def test_measurement_then_its_value_of_that_kind(self, value, told):
        (found,) = resources(
            made({"observations": [observation(1, **({"value_quantity": None} | value))]}), "Observation"
        )
        assert {name: each for name, each in found.items() if name.startswith("value")} == told

    def test_measurement_without_value_then_the_reason(self):
        (found,) = resources(made({"observations": [observation(1, value_quantity=None)]}), "Observation")
        assert found["dataAbsentReason"]["coding"][0]["code"] == "unknown"

    def test_vaccine_refused_then_not_done_with_why(self):
        refused = {
            "id": PERSON["id"],
            "status": "completed",
            "not_given": True,
            "vaccine_code": {"coding": [{"system": "eHealth/vaccine_codes", "code": "BCG"}]},
            "explanation": {"reasons_not_given": [{"coding": [{"system": "x", "code": "відмова"}]}]},
        }
        (found,) = resources(made({"immunizations": [refused]}), "Immunization")
        assert found["status"] == "not-done" and found["statusReason"]["text"] == "відмова"
        assert (
            found["occurrenceString"] == "Не записано" and found["vaccineCode"]["coding"][0]["display"] == "Вакцина БЦЖ"
        )

    @pytest.mark.parametrize(("value", "told"), [(1, 1), (2.0, 2), (0, None), (1.5, None), (True, None), ("1", None)])
    def test_number_of_a_dose(self, value, told):
        assert positive(value) == told

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            ("2026-11-22", "2026-11-22"),
            ("2026-11-22T10:00:00", "2026-11-22T10:00:00+00:00"),
            ("колись", ""),
            (None, ""),
        ],
    )
    def test_moment_then_with_a_zone_or_nothing(self, value, told):
        assert moment(value) == told

    def test_empty_values_then_none_is_told(self):
        assert pruned({"a": " ", "b": [], "c": {"d": None}, "e": " x\x00 ", "f": False, "g": 0}) == {
            "e": "x",
            "f": False,
            "g": 0,
        }


class TestCodes:
    @pytest.mark.parametrize(
        ("dictionary", "code", "system"),
        [
            ("eHealth/ICPC2/condition_codes", "R80", ICPC2),
            ("eHealth/ICPC2/condition_codes", "R80.1", f"{OWN}eHealth/ICPC2/condition_codes"),
            ("eHealth/ICD10_AM/condition_codes", "J10.1", "http://hl7.org/fhir/sid/icd-10-am"),
            ("eHealth/LOINC/observation_codes", "8310-5", LOINC),
            ("eHealth/LOINC/observation_codes", "8310-4", f"{OWN}eHealth/LOINC/observation_codes"),
            ("eHealth/SNOMED/route_codes", "26643006", "http://snomed.info/sct"),
            (
                "eHealth/SNOMED/medication_administration_categories",
                "outpatient",
                f"{OWN}eHealth/SNOMED/medication_administration_categories",
            ),
            ("eHealth/ucum/units", "mm[Hg]", UCUM),
            ("eHealth/ucum/units", "day", f"{OWN}eHealth/ucum/units"),
            ("eHealth/vaccine_codes", "BCG", f"{OWN}eHealth/vaccine_codes"),
        ],
    )
    def test_code_then_the_system_that_has_it(self, dictionary, code, system):
        assert system_of(dictionary, code) == system

    @pytest.mark.parametrize("code", ["60591-5", "48765-2", "10160-0", "11450-4", "8480-6", "29463-7", "39156-5"])
    def test_published_code_of_loinc_then_its_check_digit_fits(self, code):
        assert is_loinc(code)

    @pytest.mark.parametrize("code", ["", "8310", "8310-55", "abc-1", "12345678-1", "60591-4"])
    def test_other_text_then_no_code_of_loinc(self, code):
        assert not is_loinc(code)
