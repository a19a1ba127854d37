"""What cannot be at an encounter, and what is asked about: sex and age of a code, status, pressure, measurements."""

from datetime import date
from uuid import UUID

import pytest

from esoz import spec
from esoz.mis.app import Mis
from esoz.mis.base.dictionaries import Dictionaries
from esoz.mis.base.patient import Patient
from esoz.mis.care.visits import forms, model
from tests.factories.world import World

from .conftest import NOW, Browser, Post
from .test_visit_form import AMB, FORM, codes, faults, visit_of
from .test_visits import begin_visit, episode_of, fill_in, open_episode

__all__ = ["codes"]

MAN = Patient(UUID(int=9), "Мельник", "Іван", "", date(1981, 5, 1), "MALE")
WOMAN = Patient(UUID(int=9), "Мельник", "Ганна", "", date(1991, 5, 1), "FEMALE")
GRANDMOTHER = Patient(UUID(int=9), "Мельник", "Віра", "", date(1941, 5, 1), "FEMALE")
BABY = Patient(UUID(int=9), "Мельник", "Оля", "", date(2026, 8, 1), "FEMALE")


def asked(form: dict[str, str], patient: Patient, codes: Dictionaries) -> list[str]:
    """Fields that are doubted."""
    return [each.field for each in model.doubts(visit_of(form, codes), patient, form)]


class TestCodes:
    @pytest.mark.parametrize(
        ("form", "code", "patient", "doubted"),
        [
            (FORM, "W78", MAN, True),
            (FORM, "W78", WOMAN, False),
            (FORM, "W78", GRANDMOTHER, True),
            (FORM, "X74", MAN, True),
            (FORM, "X11", WOMAN, False),
            (FORM, "X11", BABY, True),
            (FORM, "Y73", WOMAN, True),
            (FORM, "Y85", MAN, False),
            (FORM, "A93", MAN, True),
            (FORM, "A93", BABY, False),
            (FORM, "R78", MAN, False),
            (AMB, "O80.0", MAN, True),
            (AMB, "O80.0", WOMAN, False),
            (AMB, "N40", WOMAN, True),
            (AMB, "C61", WOMAN, True),
            (AMB, "B26.0", WOMAN, True),
            (AMB, "B26.9", WOMAN, False),
            (AMB, "J20.9", BABY, False),
        ],
    )
    def test_of_another_sex_or_age_then_asked(
        self, codes: Dictionaries, form: dict[str, str], code: str, patient: Patient, doubted: bool
    ) -> None:
        found = asked({**form, "diagnosis_1": code}, patient, codes)
        assert found == (["diagnosis_1"] if doubted else [])

    def test_of_a_person_whose_sex_is_not_told_then_only_the_age_counts(self, codes: Dictionaries) -> None:
        unknown = Patient(UUID(int=9), "М", "І", "", date(1991, 5, 1), "")
        assert asked({**FORM, "diagnosis_1": "W78"}, unknown, codes) == []

    def test_confirmed_then_not_asked_again_until_another_code_stands_there(self, codes: Dictionaries) -> None:
        form = {**FORM, "diagnosis_1": "W78", "sure_diagnosis_1": "W78"}
        assert asked(form, MAN, codes) == []
        assert asked({**form, "diagnosis_1": "W79"}, MAN, codes) == ["diagnosis_1"]

    def test_of_the_table_then_every_row_is_about_published_codes(self) -> None:
        names = {"icpc2": model.DIAGNOSES[model.PHC], "icd10": model.DIAGNOSES[model.AMB]}
        known = {system: [value.code for value in spec.dictionary(name).values] for system, name in names.items()}
        for row in model.code_limits():
            assert len(row.first) == len(row.last) and row.first <= row.last, row
            assert row.sex or row.least is not None or row.most is not None, row
            assert any(row.covers(code) for code in known[row.system]), row


class TestStatus:
    @pytest.mark.parametrize("clinical", ["active", "recurrence"])
    def test_refuted_and_active_then_a_fault(self, codes: Dictionaries, clinical: str) -> None:
        form = {**FORM, "verification_1": "refuted", "clinical_1": clinical}
        assert faults(form, codes, NOW) == {"clinical_1": forms.NOT_ACTIVE}

    @pytest.mark.parametrize("clinical", ["remission", "resolved", "finished"])
    def test_refuted_and_over_then_taken(self, codes: Dictionaries, clinical: str) -> None:
        assert faults({**FORM, "verification_1": "refuted", "clinical_1": clinical}, codes, NOW) == {}

    def test_of_a_second_row_then_at_its_own_field(self, codes: Dictionaries) -> None:
        second = {"rows": "2", "diagnosis_2": "R05", "role_2": "comorbidity", "onset_2": "2026-11-20"}
        form = {**FORM, **second, "verification_2": "refuted", "clinical_2": "active"}
        assert faults(form, codes, NOW) == {"clinical_2": forms.NOT_ACTIVE}

    def test_begun_before_birth_then_a_fault(self, codes: Dictionaries) -> None:
        old = visit_of({**FORM, "onset_1": "1950-01-01"}, codes)
        assert model.impossible(old, WOMAN) == {"onset_1": model.BEFORE_BIRTH}
        assert model.impossible(old, GRANDMOTHER) == {}
        assert model.impossible(visit_of({**FORM, "onset_1": "1991-05-01"}, codes), WOMAN) == {}


class TestMeasurements:
    @pytest.mark.parametrize(
        ("typed", "patient", "found"),
        [
            ("t 36,6", MAN, []),
            ("t 33", MAN, ["temperature"]),
            ("t 42", BABY, ["temperature"]),
            ("пульс 190", MAN, ["pulse"]),
            ("пульс 190", BABY, []),
            ("250/140", MAN, ["systolic", "diastolic"]),
            ("зріст 60 вага 5", BABY, []),
            ("зріст 60 вага 5", MAN, ["height", "weight"]),
            ("сатурація 84", BABY, ["saturation"]),
            ("вага 250", MAN, ["weight"]),
        ],
    )
    def test_rare_ones_then_asked(self, codes: Dictionaries, typed: str, patient: Patient, found: list[str]) -> None:
        assert asked({**FORM, "measured": typed}, patient, codes) == found

    @pytest.mark.parametrize(("value", "found"), [("250", []), ("251", ["weight"])])
    def test_confirmed_then_not_asked_again_until_another_value_stands_there(
        self, codes: Dictionaries, value: str, found: list[str]
    ) -> None:
        form = {**FORM, "measured": f"вага {value}", "sure_weight": "250"}
        assert asked(form, MAN, codes) == found

    def test_every_measurement_has_usual_limits_within_the_possible_ones(self) -> None:
        for vital in model.VITALS:
            least, most = vital.usual
            assert vital.least < least < most <= vital.most


async def test_of_another_sex_then_asked_on_the_page_and_confirmed_in_the_audit_log(
    doctor: Browser, mis: Mis, connected: World, post: Post, patient_id: UUID
) -> None:
    opening = await open_episode(doctor, patient_id)
    await post.carry()
    document_id = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
    strange = "W78" if connected.persons[0].gender == "MALE" else "Y73"
    answer = await fill_in(doctor, document_id, diagnosis_1=strange, measured="")
    assert answer.status_code == 422 and "незвичний для статі або віку" in doctor.text
    await fill_in(doctor, document_id, diagnosis_1=strange, measured="", **{"sure_diagnosis_1": strange})
    assert doctor.path == f"/documents/{document_id}/sign", doctor.text
    async with mis.services.database.connection() as db:
        facts = await db.fetchval("select facts from audit_events where event = 'visit.doubts_confirmed'")
    assert facts == {"fields": ["sure_diagnosis_1"]}
