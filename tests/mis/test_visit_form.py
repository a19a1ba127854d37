"""The rules of the encounter's form, at their edges, and the package of outpatient care."""

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from esoz import spec
from esoz.central.contract import whole_signed_schema
from esoz.kernel.validation import Schema
from esoz.mis.base.dictionaries import Dictionaries, Value
from esoz.mis.base.workplace import Workplace
from esoz.mis.care.visits import forms, model, wire

from .conftest import NOW

ENCOUNTER, EPISODE, VISIT, SERVICE = (UUID(int=number) for number in range(1, 5))
PLACE = Workplace(UUID(int=5), UUID(int=6), "Поліклініка", "OUTPATIENT", "SPECIALIST", UUID(int=7), UUID(int=8), "", "")
FORM = {
    "klass": "PHC",
    "type": "home",
    "day": "2026-11-22",
    "start": "11:30",
    "end": "12:00",
    "rows": "1",
    "reason_1": "R05",
    "diagnosis_1": "R78",
    "clinical_1": "active",
    "verification_1": "confirmed",
    "onset_1": "2026-11-20",
    "action_1": "*30",
}
AMB = {**FORM, "klass": "AMB", "diagnosis_1": "J20.9", "reason_1": "", "action_1": "", "service_1": str(SERVICE)}


@pytest.fixture(scope="module")
def codes() -> Dictionaries:
    found = Dictionaries()
    names = (model.TYPES, model.REASONS, model.ACTIONS, model.ROLES, model.CLINICAL, model.VERIFICATION)
    for name in (*names, *model.DIAGNOSES.values()):
        known = spec.dictionary(name).values
        found.put(name, [Value(value.code, value.description, value.is_active) for value in known])
    return found


def faults(form: dict[str, str], codes: Dictionaries, now: datetime) -> dict[str, str]:
    """What is wrong by field; a visit comes just when nothing is."""
    visit, found = forms.read(form, codes, now)
    assert (visit is None) == bool(found)
    return found


def visit_of(form: dict[str, str], codes: Dictionaries) -> model.Visit:
    visit, found = forms.read(form, codes, NOW)
    assert visit is not None, found
    return visit


class TestErrors:
    def test_of_a_whole_form_there_are_none(self, codes: Dictionaries) -> None:
        assert faults(FORM, codes, NOW) == {}
        assert faults(AMB, codes, NOW) == {}

    def test_stand_in_the_order_of_the_form(self, codes: Dictionaries) -> None:
        form = {"klass": "PHC", "rows": "1", "clinical_1": "active", "verification_1": "confirmed", "pulse": "x"}
        found = list(faults(form, codes, NOW))
        assert found == ["type", "day", "reason_1", "pulse", "diagnosis_1", "action_1"]

    @pytest.mark.parametrize(("end", "fault"), [("12:00", None), ("12:01", forms.FUTURE)])
    def test_an_end_after_now_is_a_fault(self, codes: Dictionaries, end: str, fault: str | None) -> None:
        assert faults({**FORM, "end": end}, codes, NOW).get("end") == fault

    @pytest.mark.parametrize(("later", "fault"), [(timedelta(seconds=-1), None), (timedelta(0), forms.TOO_OLD)])
    def test_exactly_seven_days_is_too_late(self, codes: Dictionaries, later: timedelta, fault: str | None) -> None:
        assert faults(FORM, codes, NOW + timedelta(days=7) + later).get("day") == fault

    def test_primary_care_is_not_coded_by_icd(self, codes: Dictionaries) -> None:
        assert faults({**FORM, "diagnosis_1": "J20.9"}, codes, NOW) == {"diagnosis_1": forms.NO_CODE}

    def test_outpatient_care_needs_a_service_and_no_action(self, codes: Dictionaries) -> None:
        assert faults({**AMB, "service_1": ""}, codes, NOW) == {"service_1": forms.NO_SERVICE}

    def test_complaints_need_a_reason_whose_words_they_are(self, codes: Dictionaries) -> None:
        assert faults({**AMB, "complaints": "Кашель"}, codes, NOW) == {"reason_1": forms.NO_REASON}

    def test_a_second_diagnosis_is_not_the_main_one(self, codes: Dictionaries) -> None:
        second = {
            "rows": "2",
            "diagnosis_2": "R05",
            "clinical_2": "active",
            "verification_2": "confirmed",
            "onset_2": "2026-11-20",
        }
        assert faults({**FORM, **second, "role_2": "primary"}, codes, NOW) == {"role_2": forms.NO_STATUS}
        assert faults({**FORM, **second, "role_2": "comorbidity"}, codes, NOW) == {}

    @pytest.mark.parametrize("vital", model.VITALS, ids=lambda vital: vital.field)
    def test_a_measurement_outside_its_limits_then_named_with_them(
        self, codes: Dictionaries, vital: model.Vital
    ) -> None:
        pair = {"systolic": "120", "diastolic": "80"} if vital.field in {"systolic", "diastolic"} else {}
        for typed in (vital.least - 1, vital.most + 1, "1e99999"):
            assert faults({**FORM, **pair, vital.field: str(typed)}, codes, NOW) == {vital.field: vital.outside}
        for typed in (vital.least, vital.most):
            assert vital.field not in faults({**FORM, **pair, vital.field: str(typed)}, codes, NOW)
        for said in (vital.label, str(vital.least).replace(".", ","), str(vital.most), vital.suffix.strip(".")):
            assert said in vital.outside

    @pytest.mark.parametrize("typed", ["багато", "NaN"])
    def test_a_temperature_is_a_number(self, codes: Dictionaries, typed: str) -> None:
        assert faults({**FORM, "temperature": typed}, codes, NOW) == {"temperature": forms.NOT_NUMBER}


def test_rows_without_a_diagnosis_are_closed_up() -> None:
    form = {
        **FORM,
        "rows": "3",
        "role_2": "comorbidity",
        "diagnosis_3": "R05",
        "diagnosis_3_text": "R05 Кашель",
        "role_3": "complication",
    }
    found = forms.compact(form)
    assert (found["rows"], found["diagnosis_2"], found["role_2"]) == ("2", "R05", "complication")
    assert found["diagnosis_2_text"] == "R05 Кашель"
    assert "diagnosis_3" not in found


def test_the_day_of_payment_is_the_day_in_kyiv(codes: Dictionaries) -> None:
    visit = visit_of({**FORM, "start": "0:15", "end": "0:30"}, codes)
    assert (visit.end.date(), model.service_date(visit)) == (date(2026, 11, 21), date(2026, 11, 22))


class TestReading:
    def test_of_the_first_day_of_the_calendar_then_a_fault(self, codes: Dictionaries) -> None:
        assert faults({**FORM, "day": "0001-01-01"}, codes, NOW) == {"day": forms.NO_DAY}

    def test_of_vitals_then_exact_numbers(self, codes: Dictionaries) -> None:
        visit = visit_of({**FORM, "temperature": "36,6", "weight": "81.25"}, codes)
        assert [(vital.field, str(number)) for vital, number in visit.vitals] == [
            ("temperature", "36.6"),
            ("weight", "81.25"),
        ]

    def test_of_words_that_no_code_was_chosen_for_then_a_fault(self, codes: Dictionaries) -> None:
        form = {**FORM, "reason_2_text": "кашель", "rows": "2", "diagnosis_2_text": "бронхіт"}
        found = faults(form, codes, NOW)
        assert found["reason_2"] == found["diagnosis_2"] == forms.NO_CODE
        assert found["role_2"] == forms.NO_STATUS


class TestPackage:
    def build(self, form: dict[str, str], codes: Dictionaries) -> dict[str, object]:
        content = wire.build(visit_of(form, codes), ENCOUNTER, episode_id=EPISODE, visit_id=VISIT, place=PLACE)
        found: dict[str, object] = msgspec.json.decode(content)
        return found

    @pytest.mark.parametrize("form", [FORM, AMB, {**FORM, "temperature": "36,6", "prescriptions": "Пити воду"}])
    def test_is_as_published(self, form: dict[str, str], codes: Dictionaries) -> None:
        operation = spec.find("POST", "/api/patients/{id}/encounter_package")
        assert operation
        Schema(whole_signed_schema(operation.id) or {}, lambda _name: None).check(self.build(form, codes))

    def test_a_correction_keeps_the_ids(self, codes: Dictionaries) -> None:
        first, second = self.build(FORM, codes), self.build({**FORM, "diagnosis_1": "R74"}, codes)
        assert [each["id"] for each in first["conditions"]] == [each["id"] for each in second["conditions"]]

    def test_outpatient_care_is_coded_by_icd_and_names_services(self, codes: Dictionaries) -> None:
        found = self.build(AMB, codes)
        assert found["conditions"][0]["code"]["coding"][0]["system"] == "eHealth/ICD10_AM/condition_codes"
        assert "actions" not in found["encounter"]
        assert found["encounter"]["action_references"][0]["identifier"]["value"] == str(SERVICE)
