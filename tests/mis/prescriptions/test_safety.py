"""What a pharmacist would ask about a prescription: told, answered, kept; the page and the rules."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from esoz import spec
from esoz.kernel.db import Connection
from esoz.mis.app import Mis
from esoz.mis.care.prescriptions.forms import NO_ANSWER, NO_WORDS, defaults, read_answers, read_course
from esoz.mis.care.prescriptions.model.drugs import BY_MOUTH, INTO_MUSCLE, Drug, enough_for, read_drug
from esoz.mis.care.prescriptions.model.regimens import groups_of, regimen_of, regimens
from esoz.mis.care.prescriptions.model.safety import (
    FORBIDDEN_ROUTE,
    INTO_VEIN,
    RECTALLY,
    SOURCES,
    TEXTS,
    Doubt,
    Subject,
    concerns,
    must_not_be_given_so,
    unanswered,
)
from tests.factories.world import World
from tests.summaries import summary_of

from ..conftest import Browser
from .conftest import begin, reasons, sign
from .test_rules import ID, PROGRAMME, TODAY, course, drug, words

ADULT = Subject(40)
CHILD = Subject(3, Decimal(14))
CAPSULES = drug(("16", "8", "1"))
SUSPENSION = drug(
    ("1", "1", "100"), form="POWDER_FOR_ORAL_SUSPENSION", dose="ML", unit="BOTTLE", substance=("amoxicillin", "50")
)
INJECTION = drug(
    ("1", "1", "1"), form="POWDER_FOR_INJECTION", dose="BOTTLE", unit="BOTTLE", substance=("ceftriaxone", "1000")
)
AZITHROMYCIN = drug(("3", "3", "1"), form="TABLET", substance=("azithromycin", "500"))
CIPROFLOXACIN = drug(("10", "10", "1"), form="TABLET", substance=("ciprofloxacin", "500"))
UNKNOWN = drug(("10", "10", "1"), form="TABLET", substance=("paracetamol", "500"))


def doubts(medicine: Drug, subject: Subject = ADULT, *, days: int = 5, **changes: object) -> set[str]:
    """What is doubted of a course with just enough of the medicine, unless said otherwise."""
    values = {"dose": Decimal(1), "times": 3} | changes
    units = Decimal(str(values["dose"])) * int(str(values["times"])) * days
    asked = {"quantity": enough_for(medicine, units), "ended_at": TODAY + timedelta(days=days - 1)} | values
    return {each.id for each in concerns(medicine, course(**asked), subject)}


class TestConcerns:
    def test_of_a_usual_course_then_none(self) -> None:
        assert doubts(CAPSULES) == set()
        assert doubts(AZITHROMYCIN, times=1, days=3) == set()
        assert doubts(INJECTION, times=1, route=INTO_MUSCLE) == set()
        assert doubts(SUSPENSION, CHILD, dose=Decimal(5), route=BY_MOUTH) == set()

    @pytest.mark.parametrize(
        ("medicine", "subject", "changes", "found"),
        [
            (CAPSULES, ADULT, {"times": 24}, {Doubt.TIMES, Doubt.DAILY}),
            (CAPSULES, ADULT, {"dose": Decimal(500)}, {Doubt.LOOKS_LIKE_STRENGTH, Doubt.DAILY}),
            (CAPSULES, ADULT, {"dose": Decimal(40)}, {Doubt.MANY_AT_ONCE, Doubt.DAILY}),
            (SUSPENSION, CHILD, {"dose": Decimal(500)}, {Doubt.MANY_AT_ONCE, Doubt.DAILY, Doubt.CHILD_DAILY}),
            (SUSPENSION, CHILD, {"dose": Decimal(20)}, {Doubt.CHILD_DAILY}),
            (SUSPENSION, Subject(3), {"dose": Decimal(5)}, {Doubt.NO_WEIGHT}),
            (CAPSULES, ADULT, {"days": 366}, {Doubt.LONG}),
            (UNKNOWN, ADULT, {"days": 31}, {Doubt.LONG}),
            (AZITHROMYCIN, ADULT, {"times": 2, "days": 7}, {Doubt.DAILY, Doubt.LONG}),
            (AZITHROMYCIN, ADULT, {"times": 2, "days": 1}, set()),
            (CIPROFLOXACIN, Subject(15), {"times": 2}, {Doubt.TOO_YOUNG}),
            (UNKNOWN, CHILD, {}, {Doubt.CHILD_UNKNOWN}),
            (CAPSULES, ADULT, {"quantity": Decimal(8)}, {Doubt.NOT_ENOUGH}),
            (CAPSULES, ADULT, {"quantity": Decimal(32)}, {Doubt.TOO_MUCH}),
            (CAPSULES, ADULT, {"route": RECTALLY}, {Doubt.ROUTE}),
            (INJECTION, ADULT, {"times": 1, "route": BY_MOUTH}, {Doubt.ROUTE}),
            (INJECTION, ADULT, {"times": 5}, {Doubt.DAILY}),
        ],
    )
    def test_of_what_is_unusual_then_told(
        self, medicine: Drug, subject: Subject, changes: dict[str, Any], found: set[str]
    ) -> None:
        assert doubts(medicine, subject, **changes) == found

    @pytest.mark.parametrize(
        ("latin", "subject", "asked"),
        [
            ("warfarin", Subject(30, is_woman=True), True),
            ("enalapril maleate", Subject(12, Decimal(40), is_woman=True), True),
            ("warfarin", Subject(55, is_woman=True), True),
            ("warfarin", Subject(56, is_woman=True), False),
            ("warfarin", Subject(11, Decimal(30), is_woman=True), False),
            ("warfarin", Subject(30), False),
            ("bisoprolol", Subject(30, is_woman=True), False),
        ],
    )
    def test_of_what_may_harm_a_fetus_then_a_woman_is_asked_about(
        self, latin: str, subject: Subject, *, asked: bool
    ) -> None:
        medicine = drug(("10", "10", "1"), form="TABLET", substance=(latin, "5"))
        assert (Doubt.PREGNANCY in doubts(medicine, subject, times=1)) is asked

    def test_of_the_programmes_own_limit_then_told(self) -> None:
        limited = read_drug(
            {
                "id": str(ID),
                "name": "а",
                "form": "TABLET",
                "max_daily_dosage": 0,
                "ingredients": [
                    {
                        "name": "а",
                        "name_original": "x",
                        "is_primary": True,
                        "dosage": {
                            "numerator_value": 5,
                            "numerator_unit": "MG",
                            "denumerator_value": 1,
                            "denumerator_unit": "PILL",
                        },
                    }
                ],
                "packages": [
                    {
                        "package_qty": 10,
                        "package_min_qty": 10,
                        "container_dosage": {
                            "numerator_value": 1,
                            "numerator_unit": "PILL",
                            "denumerator_value": 1,
                            "denumerator_unit": "PILL",
                        },
                        "program_medications": [{"max_daily_dosage": 2}, {"max_daily_dosage": 0}],
                    }
                ],
            }
        )
        assert doubts(limited, times=3) == {Doubt.PROGRAMME_DAILY} and doubts(limited, times=2) == set()

    def test_when_answered_in_just_these_words_then_not_asked_again(self) -> None:
        asked = concerns(CAPSULES, course(times=24, quantity=Decimal(200)), ADULT)
        answers, errors = read_answers({f"reason-{each.id}": "protocol" for each in asked}, asked)
        assert errors == {} and unanswered(asked, answers) == []
        other = concerns(CAPSULES, course(times=23, quantity=Decimal(200)), ADULT)
        assert Doubt.TIMES in {each.id for each in unanswered(other, answers)}

    def test_without_a_reason_or_other_without_words_then_refused(self) -> None:
        asked = concerns(CAPSULES, course(route=RECTALLY, times=3, ended_at=date(2026, 11, 26)), ADULT)
        assert read_answers({}, asked)[1] == {"reason-route": NO_ANSWER}
        assert read_answers({"reason-route": "other"}, asked)[1] == {"words-route": NO_WORDS}
        assert read_answers({"reason-route": "other", "words-route": "Після операції"}, asked)[1] == {}

    def test_every_doubt_has_words(self) -> None:
        assert set(TEXTS) == set(Doubt)


class TestForbidden:
    @pytest.mark.parametrize("route", [INTO_VEIN, INTO_MUSCLE, "34206005"])
    def test_of_a_form_for_the_mouth_past_it_then_refused_at_the_field(self, route: str) -> None:
        values = defaults(SUSPENSION, PROGRAMME, TODAY, 40) | {"route": route, "dose": "5", "times": "3"}
        found, errors = read_course(values, SUSPENSION, PROGRAMME, TODAY, dictionaries=words())
        assert found is None and errors == {"route": FORBIDDEN_ROUTE}

    def test_of_an_injection_by_any_way_then_not_forbidden(self) -> None:
        assert not must_not_be_given_so(INJECTION, BY_MOUTH) and not must_not_be_given_so(CAPSULES, "")


class TestDefaults:
    @pytest.mark.parametrize(
        ("medicine", "age", "dose", "times", "end"),
        [
            (CAPSULES, 40, "1", "3", "2026-11-26"),
            (AZITHROMYCIN, 40, "1", "1", "2026-11-24"),
            (CIPROFLOXACIN, 40, "1", "2", "2026-11-28"),
            (SUSPENSION, 40, "10", "3", "2026-11-26"),
            (INJECTION, 40, "1", "1", "2026-11-26"),
            (SUSPENSION, 3, "", "", "2026-11-26"),
            (UNKNOWN, 40, "", "", ""),
            (drug(("10", "10", "1"), form="TABLET", substance=("amoxicillin", "1000")), 40, "", "", "2026-11-26"),
        ],
    )
    def test_then_what_is_usual_of_this_substance_or_nothing(
        self, medicine: Drug, age: int, dose: str, times: str, end: str
    ) -> None:
        form = defaults(medicine, PROGRAMME, TODAY, age)
        assert (form["dose"], form["times"], form["ended_at"]) == (dose, times, end)
        assert bool(form["quantity"]) == bool(dose)

    def test_of_every_row_of_the_table_then_an_adults_usual_course_is_never_doubted(self) -> None:
        for row in regimens():
            if row.dose is None or row.times is None or row.days is None:
                continue
            daily = row.dose * row.times
            assert row.daily is None or daily <= row.daily, row
            assert row.longest is None or row.days <= row.longest, row
            assert row.ddd is None or daily <= row.ddd * 4, row

    def test_of_the_table_then_every_substance_is_in_the_register_and_every_source_known(self) -> None:
        tree = spec.drugs.tree(spec.drugs.antibiotics())
        known = {innm.name_original.replace(" and ", " + ") for innm in tree.innms}
        assert {row.substance for row in regimens()} <= known
        assert {source for row in regimens() for source in row.source.split()} <= set(SOURCES)
        assert groups_of("amoxicillin") == {"penicillin"} and groups_of("paracetamol") == frozenset()
        assert regimen_of(CAPSULES) is not None and regimen_of(UNKNOWN) is None


class TestPage:
    @pytest.fixture
    async def draft(self, doctor: Browser, patient_id: UUID, encounter_id: UUID, medication_id: UUID) -> str:
        return await begin(doctor, patient_id, encounter_id, medication_id)

    async def test_of_nonsense_then_no_way_on_without_answers_and_they_are_kept(
        self, doctor: Browser, draft: str, mis: Mis, connected: World
    ) -> None:
        await doctor.send(draft, dose="500", times="24", ended_at="2027-11-21", quantity="")
        assert doctor.path == f"{draft}/check", doctor.text
        assert "схоже на кількість міліграмів" in doctor.text and "Разів на день: 24" in doctor.text
        answer = await doctor.send(f"{draft}/make")
        assert answer.status_code == 422 and "Оберіть, чому призначаєте так" in doctor.text

    async def test_a_long_course_answered_then_made(
        self, doctor: Browser, draft: str, mis: Mis, connected: World
    ) -> None:
        await doctor.send(draft, times="2", ended_at="2026-12-11", quantity="")
        assert "довший за звичний" in doctor.text
        given = {"reason-long": "other", "words-long": "Остеомієліт"}
        await doctor.send(f"{draft}/make", **{**reasons(doctor), **given})
        assert doctor.path == f"{draft}/sign", doctor.text
        await sign(doctor, connected.doctor)
        async with mis.services.database.connection() as db:
            kept = await db.fetchval("select answers from prescriptions")
            facts = await doubts_answered(db)
        assert kept["long"]["reason"] == "other" and kept["long"]["words"] == "Остеомієліт"
        assert "довший" in kept["long"]["told"]
        assert facts["answers"]["long"] == "other" and "Остеомієліт" not in str(facts)

    async def test_while_a_doubt_stands_then_nothing_green_says_that_all_is_well(
        self, doctor: Browser, draft: str
    ) -> None:
        await doctor.send(draft, times="2", ended_at="2026-12-11", quantity="")
        assert "govuk-tag--green" not in doctor.page.text and "Програма приймає рецепт" not in doctor.text
        assert f"Застереження без відповіді: {len(reasons(doctor))}" in doctor.text
        given = reasons(doctor)
        await doctor.send(f"{draft}/make", **dict.fromkeys(given, ""))
        assert "govuk-tag--green" not in doctor.page.text

    async def test_unanswered_then_each_line_of_the_summary_names_its_doubt(self, doctor: Browser, draft: str) -> None:
        await doctor.send(draft, times="8", ended_at="2026-12-20", quantity="")
        asked = dict.fromkeys(reasons(doctor), "")
        answer = await doctor.send(f"{draft}/make", **{**asked, "reason-long": "other"})
        lines = summary_of(answer.text)
        assert len(lines) == len(set(lines)) == len(asked) > 1
        assert any(line.startswith("Разів на день: 8.") and "години – Оберіть" in line for line in lines)
        assert any(
            line.startswith("Курс ") and line.endswith("Напишіть коротко, чому призначаєте так.") for line in lines
        )

    async def test_changed_after_an_answer_then_asked_anew(self, doctor: Browser, draft: str) -> None:
        await doctor.send(draft, times="2", ended_at="2026-12-11", quantity="")
        await doctor.send(f"{draft}/make", **reasons(doctor))
        await doctor.send(f"{draft}/reopen")
        await doctor.get(draft)
        await doctor.send(draft, times="2", ended_at="2026-12-12", quantity="")
        assert "довший за звичний" in doctor.text and 'name="reason-long"' in doctor.page.text

    async def test_into_a_vein_then_refused_at_the_field(self, doctor: Browser, draft: str) -> None:
        answer = await doctor.send(draft, route=INTO_VEIN)
        assert answer.status_code == 422 and "приймають лише через рот" in doctor.text


async def doubts_answered(db: Connection) -> dict[str, dict[str, str]]:
    """What the audit log keeps of the answers."""
    found: dict[str, dict[str, str]] = await db.fetchval(
        "select facts from audit_events where event = 'prescription.doubts_answered'"
        " and resource_id in (select id::text from prescriptions)"
    )
    return found
