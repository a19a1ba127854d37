"""The rules of the encounter's form, at their edges, and the package of outpatient care."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest

from esoz import spec
from esoz.central.contract import whole_signed_schema
from esoz.kernel.validation import Schema
from esoz.mis.base.dictionaries import Dictionaries, Value
from esoz.mis.base.workplace import Workplace
from esoz.mis.care.visits import model, wire

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


class TestErrors:
    def test_of_a_whole_form_there_are_none(self, codes: Dictionaries) -> None:
        assert model.errors(FORM, codes, NOW) == {}
        assert model.errors(AMB, codes, NOW) == {}

    def test_stand_in_the_order_of_the_form(self, codes: Dictionaries) -> None:
        form = {"klass": "PHC", "rows": "1", "clinical_1": "active", "verification_1": "confirmed", "pulse": "x"}
        found = list(model.errors(form, codes, NOW))
        assert found == ["type", "day", "reason_1", "pulse", "diagnosis_1", "action_1"]

    @pytest.mark.parametrize(("end", "fault"), [("12:00", None), ("12:01", model.FUTURE)])
    def test_an_end_after_now_is_a_fault(self, codes: Dictionaries, end: str, fault: str | None) -> None:
        assert model.errors({**FORM, "end": end}, codes, NOW).get("end") == fault

    @pytest.mark.parametrize(("later", "fault"), [(timedelta(seconds=-1), None), (timedelta(0), model.TOO_OLD)])
    def test_exactly_seven_days_is_too_late(self, codes: Dictionaries, later: timedelta, fault: str | None) -> None:
        assert model.errors(FORM, codes, NOW + timedelta(days=7) + later).get("day") == fault

    def test_primary_care_is_not_coded_by_icd(self, codes: Dictionaries) -> None:
        assert model.errors({**FORM, "diagnosis_1": "J20.9"}, codes, NOW) == {"diagnosis_1": model.NO_CODE}

    def test_outpatient_care_needs_a_service_and_no_action(self, codes: Dictionaries) -> None:
        assert model.errors({**AMB, "service_1": ""}, codes, NOW) == {"service_1": model.NO_SERVICE}

    def test_complaints_need_a_reason_whose_words_they_are(self, codes: Dictionaries) -> None:
        assert model.errors({**AMB, "complaints": "Кашель"}, codes, NOW) == {"reason_1": model.NO_REASON}

    def test_a_second_diagnosis_is_not_the_main_one(self, codes: Dictionaries) -> None:
        second = {
            "rows": "2",
            "diagnosis_2": "R05",
            "clinical_2": "active",
            "verification_2": "confirmed",
            "onset_2": "2026-11-20",
        }
        assert model.errors({**FORM, **second, "role_2": "primary"}, codes, NOW) == {"role_2": model.NO_STATUS}
        assert model.errors({**FORM, **second, "role_2": "comorbidity"}, codes, NOW) == {}

    @pytest.mark.parametrize(
        ("typed", "fault"),
        [
            ("36,6", None),
            ("29.9", model.OUT_OF_RANGE),
            ("багато", model.NOT_NUMBER),
            ("NaN", model.NOT_NUMBER),
            ("1e99999", model.OUT_OF_RANGE),
        ],
    )
    def test_a_temperature_is_a_possible_number(self, codes: Dictionaries, typed: str, fault: str | None) -> None:
        assert model.errors({**FORM, "temperature": typed}, codes, NOW).get("temperature") == fault


def test_rows_without_a_diagnosis_are_closed_up() -> None:
    form = {
        **FORM,
        "rows": "3",
        "role_2": "comorbidity",
        "diagnosis_3": "R05",
        "diagnosis_3_text": "R05 Кашель",
        "role_3": "complication",
    }
    found = model.compact(form)
    assert (found["rows"], found["diagnosis_2"], found["role_2"]) == ("2", "R05", "complication")
    assert found["diagnosis_2_text"] == "R05 Кашель"
    assert "diagnosis_3" not in found


def test_the_day_of_payment_is_the_day_in_kyiv() -> None:
    visit = model.read({**FORM, "start": "0:15", "end": "0:30"})
    assert (visit.end.date(), model.service_date(visit)) == (date(2026, 11, 21), date(2026, 11, 22))


class TestPackage:
    def build(self, form: dict[str, str]) -> dict[str, object]:
        content = wire.build(model.read(form), ENCOUNTER, episode_id=EPISODE, visit_id=VISIT, place=PLACE)
        found: dict[str, object] = msgspec.json.decode(content)
        return found

    @pytest.mark.parametrize("form", [FORM, AMB, {**FORM, "temperature": "36,6", "prescriptions": "Пити воду"}])
    def test_is_as_published(self, form: dict[str, str]) -> None:
        operation = spec.find("POST", "/api/patients/{id}/encounter_package")
        assert operation
        Schema(whole_signed_schema(operation.id) or {}, lambda _name: None).check(self.build(form))

    def test_a_correction_keeps_the_ids(self) -> None:
        first, second = self.build(FORM), self.build({**FORM, "diagnosis_1": "R74"})
        assert [each["id"] for each in first["conditions"]] == [each["id"] for each in second["conditions"]]

    def test_outpatient_care_is_coded_by_icd_and_names_services(self) -> None:
        found = self.build(AMB)
        assert found["conditions"][0]["code"]["coding"][0]["system"] == "eHealth/ICD10_AM/condition_codes"
        assert "actions" not in found["encounter"]
        assert found["encounter"]["action_references"][0]["identifier"]["value"] == str(SERVICE)
