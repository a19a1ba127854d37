"""Rules of writing a prescription, at their edges."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from esoz.central.prescriptions.model import drafts as rules
from esoz.central.programmes import Settings
from esoz.kernel.clock import Days
from esoz.kernel.errors import Conflict, Forbidden, NotFound, Problem, Rejected

TODAY = date(2026, 11, 22)
DAYS = Days(TODAY, TODAY, TODAY)
ID = UUID(int=7)


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def order(created: int = 0, started: int = 0, ended: int = 7, **changes: object) -> rules.Order:
    values = {
        "person_id": ID,
        "employee_id": ID,
        "division_id": ID,
        "medication_id": ID,
        "encounter_id": ID,
        "created_at": day(created),
        "started_at": day(started),
        "ended_at": day(ended),
        "medication_qty": Decimal(20),
        "intent": rules.Intent.ORDER,
        "category": "community",
        "context": {},
        "dosage_instruction": (),
    }
    return rules.Order(**(values | changes))


# MR-4
class TestDates:
    @pytest.mark.parametrize(("created", "started", "ended"), [(0, 0, 0), (-3, 0, 0), (0, 5, 5), (-3, 0, 90)])
    def test_inside_the_limits_then_taken(self, created: int, started: int, ended: int) -> None:
        rules.must_have_good_dates(order(created, started, ended), DAYS)

    @pytest.mark.parametrize(
        ("created", "started", "ended", "field"),
        [
            (0, 1, 0, "ended_at"),
            (0, -1, 3, "started_at"),
            (-3, -1, 3, "started_at"),
            (-4, 0, 3, "created_at"),
            (1, 1, 3, "created_at"),
        ],
    )
    def test_outside_then_the_field_is_named(self, created: int, started: int, ended: int, field: str) -> None:
        with pytest.raises(Rejected) as refused:
            rules.must_have_good_dates(order(created, started, ended), DAYS)
        assert [fault.entry for fault in refused.value.invalid] == [f"{rules.ROOT}.{field}"]

    def test_all_wrong_then_all_told_at_once(self) -> None:
        with pytest.raises(Rejected) as refused:
            rules.must_have_good_dates(order(-4, -1, -2), DAYS)
        assert len(refused.value.invalid) == 3

    def test_on_a_clock_around_midnight_then_its_day_is_taken(self) -> None:
        """A clinic whose clock is a little ahead has tomorrow already, one that is behind has today still."""
        before, after = Days(TODAY, TODAY, day(1)), Days(day(-1), TODAY, TODAY)
        rules.must_have_good_dates(order(1, 1, 3), before)
        rules.must_have_good_dates(order(-1, -1, 3), after)
        rules.must_have_good_dates(order(-4, -1, 3), after)
        for days, of in ((before, order(2, 2, 3)), (after, order(-2, -2, 3)), (after, order(1, 1, 3))):
            with pytest.raises(Rejected):
                rules.must_have_good_dates(of, days)

    def test_longest_course_then_its_last_day_counts(self) -> None:
        settings = Settings(medication_request_max_period_day=7)
        rules.must_fit_period(order(ended=7), settings)
        with pytest.raises(Rejected):
            rules.must_fit_period(order(ended=8), settings)
        rules.must_fit_period(order(ended=400), Settings())

    # MR-1, MR-5
    def test_days_of_dispensing_then_of_the_programme_or_thirty(self) -> None:
        assert rules.dispense_dates(order(created=-1), Settings()) == (day(-1), day(29))
        assert rules.dispense_dates(order(), Settings(medication_dispense_period_day=10)) == (day(0), day(10))
        assert rules.dispense_dates(order(intent=rules.Intent.PLAN), Settings()) == (None, None)


# MR-2
class TestWho:
    @pytest.mark.parametrize("kind", ["MSP", "MSP_PHARMACY", "PRIMARY_CARE", "OUTPATIENT"])
    def test_of_a_prescribing_kind_then_taken(self, kind: str) -> None:
        """MSP_PHARMACY could not prescribe in 2019 because of a typing mistake (BG-1)."""
        rules.must_be_prescribing(kind, "ACTIVE")

    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            ("PHARMACY", "ACTIVE"),
            ("MPS_PHARMACY", "ACTIVE"),
            ("MSP", "CLOSED"),
        ],
    )
    def test_of_another_kind_or_closed_then_refused(self, kind: str, status: str) -> None:
        with pytest.raises(Conflict, match="Only active legal entity with type MSP"):
            rules.must_be_prescribing(kind, status)

    def prescriber(self, **changes: object) -> rules.Prescriber:
        values = {
            "employee_type": "DOCTOR",
            "status": "APPROVED",
            "is_active": True,
            "legal_entity_id": ID,
            "specialities": frozenset({"SURGEON"}),
        }
        return rules.Prescriber(**(values | changes))

    @pytest.mark.parametrize(
        "change",
        [
            {"status": "DISMISSED"},
            {"is_active": False},
            {"legal_entity_id": UUID(int=8)},
        ],
    )
    def test_not_working_here_then_refused(self, change: dict) -> None:
        rules.must_be_working(self.prescriber(), ID)
        with pytest.raises(Rejected):
            rules.must_be_working(self.prescriber(**change), ID)

    @pytest.mark.parametrize(
        ("settings", "taken"),
        [
            ({}, True),
            ({"employee_types_to_create_medication_request": ("SPECIALIST",)}, False),
            ({"employee_types_to_create_medication_request": ("SPECIALIST",), "skip_employee_validation": True}, True),
            ({"speciality_types_allowed": ("SURGEON", "THERAPIST")}, True),
            ({"speciality_types_allowed": ("THERAPIST",)}, False),
            ({"speciality_types_allowed": ("THERAPIST",), "speciality_types_request_allowed": ("SURGEON",)}, True),
        ],
    )
    def test_by_settings_then_as_they_say(self, settings: dict, taken: bool) -> None:
        assert passes(lambda: rules.must_be_in_programme(self.prescriber(), Settings(**settings))) is taken

    # MR-3
    @pytest.mark.parametrize(
        ("skip_doctor", "skip_clinic", "doctor", "clinic", "refusal"),
        [
            (False, False, True, True, None),
            (False, False, False, True, Forbidden),
            (False, True, False, False, Forbidden),
            (True, False, False, True, None),
            (True, False, False, False, NotFound),
            (True, True, False, False, None),
        ],
    )
    def test_declaration_then_as_settings_ask(
        self, skip_doctor: bool, skip_clinic: bool, doctor: bool, clinic: bool, refusal: type[Problem] | None
    ) -> None:
        settings = Settings(
            skip_medication_request_employee_declaration_verify=skip_doctor,
            skip_medication_request_legal_entity_declaration_verify=skip_clinic,
        )
        if refusal is None:
            rules.must_have_declaration(settings, with_employee=doctor, with_clinic=clinic)
        else:
            with pytest.raises(refusal):
                rules.must_have_declaration(settings, with_employee=doctor, with_clinic=clinic)


def passes(rule) -> bool:
    try:
        rule()
    except Problem:
        return False
    return True


class TestRepeat:
    """MR-8: courses from 21 days, both ends included, may be renewed 7 days before their end, shorter ones 3 days."""

    @pytest.mark.parametrize(
        ("length", "left", "early"),
        [
            (22, 7, False),
            (21, 7, False),
            (21, 8, True),
            (30, 7, False),
            (20, 3, False),
            (20, 4, True),
            (20, 7, True),
            (7, 0, False),
            (7, -1, False),
            (30, -10, False),
        ],
    )
    def test_before_the_end_then_by_the_length(self, length: int, left: int, early: bool) -> None:
        earlier = rules.EarlierCourse(day(left - length + 1), day(left))
        assert rules.is_too_early(order(started=left + 1, ended=left + 10), earlier, TODAY) is early

    def test_when_courses_overlap_then_too_early(self) -> None:
        assert rules.is_too_early(order(started=2, ended=9), rules.EarlierCourse(day(-30), day(2)), TODAY)

    def test_for_the_first_time_then_never(self) -> None:
        assert not rules.is_too_early(order(), None, TODAY)


def test_draft_then_it_ends_exactly_after_half_an_hour() -> None:
    assert rules.MOVES[rules.Status.NEW] == {rules.Status.SIGNED, rules.Status.REJECTED, rules.Status.EXPIRED}
    assert set(rules.MOVES) == set(rules.Status)


# MR-10
def test_instructions_with_one_number_twice_then_the_second_is_named() -> None:
    with pytest.raises(Rejected) as refused:
        rules.must_have_unique_sequence([{"sequence": 1}, {"sequence": 2}, {"sequence": 1}])
    assert refused.value.invalid[0].entry == f"{rules.ROOT}.dosage_instruction[2].sequence"


@pytest.mark.parametrize(
    ("icpc2", "icd10", "taken"),
    [
        (None, None, True),
        (("R80",), None, True),
        (("A01",), None, False),
        (None, ("J10.1",), True),
        (("A01",), ("J10.1",), True),
        (("A01",), ("A00.0",), False),
    ],
)
def test_conditions_then_one_of_the_lists_is_enough(
    icpc2: tuple[str, ...] | None, icd10: tuple[str, ...] | None, taken: bool
) -> None:
    settings = Settings(conditions_icpc2_allowed=icpc2, conditions_icd10_am_allowed=icd10)
    conditions = {
        "eHealth/ICPC2/condition_codes": frozenset({"R80"}),
        "eHealth/ICD10_AM/condition_codes": frozenset({"J10.1"}),
    }
    assert passes(lambda: rules.must_have_condition(settings, conditions)) is taken
