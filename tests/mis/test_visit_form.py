"""The rules of the encounter's form, at their edges, and the package of outpatient care."""

from datetime import UTC, date, datetime, timedelta
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
    for name in (
        *names,
        *model.DIAGNOSES.values(),
        *forms.ALLERGY_LISTS.values(),
        model.ALLERGY_CODES,
        model.OBSERVATIONS,
    ):
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
        form = {"klass": "PHC", "rows": "1", "clinical_1": "active", "verification_1": "confirmed", "measured": "x"}
        found = list(faults(form, codes, NOW))
        assert found == ["type", "day", "reason_1", "measured", "diagnosis_1", "action_1"]

    @pytest.mark.parametrize(("end", "fault"), [("12:00", None), ("12:01", None), ("12:02", forms.FUTURE)])
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


class TestAllergies:
    def test_of_one_that_was_only_named_then_what_is_usual(self, codes: Dictionaries) -> None:
        [allergy] = visit_of({**FORM, "allergy_1": "Пеніциліни"}, codes).allergies
        assert allergy == model.Allergy("Пеніциліни", "allergy", "medication", "unable_to_assess", "unconfirmed")

    def test_of_several_with_a_gap_then_closed_up_and_in_the_package_as_published(self, codes: Dictionaries) -> None:
        typed = {
            **FORM,
            "allergy_1": "Пеніциліни",
            "allergy_verification_1": "confirmed",
            "allergy_3": "Горіхи",
            "allergy_category_3": "food",
            "allergy_since_3": "2020-01-02",
        }
        visit = visit_of(forms.compact(typed), codes)
        content = wire.build(visit, ENCOUNTER, episode_id=EPISODE, visit_id=VISIT, place=PLACE)
        package = msgspec.json.decode(content)
        Schema(whole_signed_schema("post_api_patients_ID_encounter_package") or {}, lambda _name: None).check(package)
        told = [(each["code"]["text"], each["category"]) for each in package["allergy_intolerances"]]
        assert told == [("Пеніциліни", "medication"), ("Горіхи", "food")]
        assert package["allergy_intolerances"][1]["onset_date_time"] == "2020-01-01T22:00:00Z"
        assert wire.field_of(package, "$.allergy_intolerances[1].code") == "allergy_2"

    @pytest.mark.parametrize(
        ("typed", "fault"),
        [
            ({"allergy_1": "ж" * 201}, {"allergy_1": forms.LONG_ALLERGY}),
            ({"allergy_1": "a", "allergy_since_1": "2026-11-23"}, {"allergy_since_1": forms.FUTURE}),
            ({"allergy_1": "a", "allergy_since_1": "x"}, {"allergy_since_1": forms.NO_DAY}),
            ({"allergy_1": "a", "allergy_category_1": "x"}, {"allergy_category_1": forms.NO_STATUS}),
            (
                {"allergy_1": "a", "allergy_verification_1": "entered_in_error"},
                {"allergy_verification_1": forms.NO_STATUS},
            ),
            ({"allergy_category_1": "x"}, {}),
        ],
    )
    def test_of_what_cannot_be_then_a_fault_at_its_field(
        self, codes: Dictionaries, typed: dict[str, str], fault: dict[str, str]
    ) -> None:
        assert faults({**FORM, **typed}, codes, NOW) == fault


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


class TestNight:
    """The nights when clocks are changed, and visits over midnight. Times of the tests are of Kyiv."""

    AUTUMN = datetime(2026, 10, 25, 12, 0, tzinfo=UTC)  # put back at 4:00
    SPRING = datetime(2027, 3, 28, 12, 0, tzinfo=UTC)  # put forward at 3:00

    def period(self, codes: Dictionaries, now: datetime, **changes: str) -> tuple[str, str] | dict[str, str]:
        """Start and end in UTC, or the faults."""
        day = f"{now:%Y-%m-%d}"
        visit, found = forms.read({**FORM, "day": day, "onset_1": "2026-10-01", **changes}, codes, now)
        return (f"{visit.start:%d %H:%M}", f"{visit.end:%d %H:%M}") if visit else found

    @pytest.mark.parametrize(
        ("start", "end", "hours", "expected"),
        [
            ("3:05", "3:20", ("first", "first"), ("25 00:05", "25 00:20")),
            ("3:05", "3:20", ("second", "second"), ("25 01:05", "25 01:20")),
            ("3:05", "3:20", ("first", "second"), ("25 00:05", "25 01:20")),
            ("3:50", "3:10", ("first", ""), ("25 00:50", "25 01:10")),
            ("2:50", "4:10", ("", ""), ("24 23:50", "25 02:10")),
            ("3:05", "3:20", ("", ""), {"start": forms.TWICE}),
            ("3:05", "3:20", ("first", ""), {"end": forms.TWICE}),
        ],
    )
    def test_repeated_hour_then_the_two_are_told_apart(
        self, *, codes: Dictionaries, start: str, end: str, hours: tuple[str, str], expected: object
    ) -> None:
        times = {"start": start, "end": end, "start_hour": hours[0], "end_hour": hours[1]}
        assert self.period(codes, self.AUTUMN, **times) == expected

    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            ("3:30", "3:40", {"start": forms.NO_SUCH_TIME}),
            ("3:30", "4:10", {"start": forms.NO_SUCH_TIME}),
            ("2:50", "3:10", {"end": forms.NO_SUCH_TIME}),
            ("2:50", "4:10", ("28 00:50", "28 01:10")),
        ],
    )
    def test_hour_left_out_then_refused_in_words(
        self, codes: Dictionaries, start: str, end: str, expected: object
    ) -> None:
        assert self.period(codes, self.SPRING, start=start, end=end) == expected

    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            ("23:50", "0:05", ("21 21:50", "21 22:05")),
            ("20:00", "8:00", ("21 18:00", "22 06:00")),
            ("20:00", "8:01", {"end": forms.END_FIRST}),
            ("15:30", "15:05", {"end": forms.END_FIRST}),
            ("10:30", "9:30", {"end": forms.END_FIRST}),
        ],
    )
    def test_over_midnight_then_it_ends_on_the_next_day(
        self, codes: Dictionaries, start: str, end: str, expected: object
    ) -> None:
        assert self.period(codes, NOW, day="2026-11-21", start=start, end=end) == expected

    def test_over_midnight_into_the_future_then_refused(self, codes: Dictionaries) -> None:
        assert self.period(codes, NOW, start="11:50", end="0:05") == {"end": forms.END_FIRST}
        assert self.period(codes, NOW, start="11:50", end="23:45") == {"end": forms.FUTURE}

    def test_repeated_hour_then_the_form_asks_which(self) -> None:
        assert forms.repeated({"day": "2026-10-25", "start": "3:05", "end": "4:00"}) == ["start"]
        assert forms.repeated({"day": "2026-10-24", "start": "23:00", "end": "3:20"}) == ["end"]
        assert forms.repeated({"day": "2026-11-22", "start": "3:05", "end": "x"}) == []
        assert forms.repeated({"day": "", "start": "3:05"}) == []

    @pytest.mark.parametrize("utc", ["2026-10-25T00:20", "2026-10-25T01:20", "2026-11-21T22:05", "2027-03-28T01:10"])
    def test_new_form_then_it_says_the_quarter_of_an_hour_before_now(self, codes: Dictionaries, utc: str) -> None:
        now = datetime.fromisoformat(utc).replace(tzinfo=UTC)
        filled = forms.empty("PHC", now)
        kept = {name: filled[name] for name in ("day", "start", "end", "start_hour", "end_hour") if name in filled}
        visit, found = forms.read({**FORM, "onset_1": "2026-10-01", **kept}, codes, now)
        assert visit is not None, found
        assert (visit.start, visit.end) == (now - timedelta(minutes=15), now)


class TestReading:
    def test_of_the_first_day_of_the_calendar_then_a_fault(self, codes: Dictionaries) -> None:
        assert faults({**FORM, "day": "0001-01-01"}, codes, NOW) == {"day": forms.NO_DAY}

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

    @pytest.mark.parametrize("form", [FORM, AMB, {**FORM, "measured": "t 36,6 SpO2 97", "prescriptions": "Пити воду"}])
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
