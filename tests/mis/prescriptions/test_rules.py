"""Pure rules of writing a prescription: packages, course, signature, the published order, fields of the form."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from esoz import spec
from esoz.kernel.validation import Schema
from esoz.mis.base.dictionaries import Dictionaries, Value
from esoz.mis.care.prescriptions.forms import (
    BACKWARDS,
    BAD_NUMBER,
    BAD_TIMES,
    BROKEN_PACKAGE,
    EARLY,
    NOT_IN_LIST,
    TOO_LONG,
    defaults,
    read_course,
    read_rejection,
)
from esoz.mis.care.prescriptions.model import course as courses
from esoz.mis.care.prescriptions.model import drugs
from esoz.mis.care.prescriptions.model.course import Course, PrescribingContext, Programme
from esoz.mis.care.prescriptions.model.drugs import Drug, Ingredient, Package
from esoz.mis.care.prescriptions.model.prescriptions import MOVES, State, made_today

TODAY = date(2026, 11, 22)
ID = UUID("00000000-0000-4000-8000-000000000001")
PROGRAMME = Programme(id=ID, name="Антибіотики", longest=None)


def drug(
    *packages: tuple[str, str, str],
    form: str = "CAPSULE",
    dose: str = "PILL",
    unit: str = "PILL",
    substance: tuple[str, str] = ("amoxicillin", "500"),
) -> Drug:
    made = tuple(Package(*(Decimal(each) for each in package)) for package in packages)
    return Drug(
        id=ID,
        name="амоксицилін",
        form=form,
        substances="амоксицилін",
        dose_unit=dose,
        quantity_unit=unit,
        packages=made,
        ingredients=(Ingredient("амоксицилін", substance[0], Decimal(substance[1]), "MG"),),
    )


CAPSULES = drug(("10", "10", "1"), ("16", "8", "1"))
SUSPENSION = drug(("1", "1", "100"), form="POWDER_FOR_ORAL_SUSPENSION", dose="ML", unit="BOTTLE")


def words() -> Dictionaries:
    """The dictionaries of the form, as central tells them."""
    found = Dictionaries()
    for name in ("eHealth/SNOMED/route_codes", "EVENT_TIMING", "MEDICATION_REQUEST_REJECT_REASON"):
        values = spec.dictionary(name).values
        found.put(name, [Value(each.code, each.description, each.is_active) for each in values])
    return found


class TestPackages:
    @pytest.mark.parametrize(("units", "quantity"), [("1", "8"), ("8", "8"), ("9", "10"), ("14", "16"), ("21", "24")])
    def test_enough_for_capsules_then_the_least_whole_quantity(self, units: str, quantity: str) -> None:
        assert drugs.enough_for(CAPSULES, Decimal(units)) == Decimal(quantity)

    @pytest.mark.parametrize(("units", "bottles"), [("70", "1"), ("100", "1"), ("100.5", "2")])
    def test_enough_for_millilitres_then_whole_bottles(self, units: str, bottles: str) -> None:
        assert drugs.enough_for(SUSPENSION, Decimal(units)) == Decimal(bottles)

    def test_enough_without_packages_then_the_units_themselves(self) -> None:
        assert drugs.enough_for(drug(), Decimal(7)) == 7

    @pytest.mark.parametrize(
        ("quantity", "whole"),
        [
            ("10", True),
            ("8", True),
            ("24", True),
            ("50", True),
            ("9", False),
            ("0", False),
            ("-8", False),
            ("2.5", False),
        ],
    )
    def test_is_whole_when_some_package_divides_it(self, quantity: str, whole: bool) -> None:
        assert drugs.is_whole(Decimal(quantity), CAPSULES.multiples) is whole

    @pytest.mark.parametrize(
        ("form", "unit", "ucum"),
        [
            ("TABLET", "табл.", "{tbl}"),
            ("MODIFIED-RELEASE_CAPSULE", "капс.", "{capsule}"),
            ("SUPPOSITORY", "супоз.", None),
        ],
    )
    def test_unit_of_a_piece_then_by_its_form(self, form: str, unit: str, ucum: str | None) -> None:
        told = drug(form=form).quantity_of("PILL", Decimal(2))
        assert (told["value"], told["unit"], told.get("code")) == (2, unit, ucum)

    @pytest.mark.parametrize(
        ("form", "route"),
        [
            ("TABLET", "26643006"),
            ("SYRUP", "26643006"),
            ("POWDER_FOR_ORAL_SUSPENSION", "26643006"),
            ("POWDER_FOR_INJECTION", "78421000"),
            ("SOLUTION_FOR_INFUSION", "47625008"),
            ("SUPPOSITORY", "37161004"),
            ("SOMETHING_NEW", ""),
        ],
    )
    def test_usual_route_then_a_code_of_the_dictionary(self, form: str, route: str) -> None:
        assert drugs.usual_route(form) == route
        assert route == "" or words().has("eHealth/SNOMED/route_codes", route)

    def test_read_from_central_then_quantity_in_containers_and_dose_in_millilitres(self) -> None:
        strength = {"numerator_unit": "MG", "numerator_value": 250, "denumerator_unit": "ML", "denumerator_value": 5}
        container = {
            "numerator_unit": "ML",
            "numerator_value": 60,
            "denumerator_unit": "BOTTLE",
            "denumerator_value": 1,
        }
        found = drugs.read_drug(
            {
                "id": str(ID),
                "name": "азитроміцин",
                "form": "SYRUP",
                "ingredients": [{"name": "азитроміцин", "dosage": strength, "is_primary": True}],
                "packages": [{"package_qty": 2, "package_min_qty": 1, "container_dosage": container}],
            }
        )
        assert (found.dose_unit, found.quantity_unit, found.packages[0].holds) == ("ML", "BOTTLE", 60)


def course(**changes: object) -> Course:
    values = {
        "quantity": Decimal(16),
        "started_at": TODAY,
        "ended_at": date(2026, 11, 28),
        "times": 2,
        "dose": Decimal(1),
        "signature": "По 1 капс.",
    }
    return Course(**values | changes)


class TestCourse:
    @pytest.mark.parametrize(
        ("longest", "end"), [(None, date(2026, 11, 28)), (3, date(2026, 11, 25)), (90, date(2026, 11, 28))]
    )
    def test_usual_end_then_its_length_or_what_the_programme_allows(self, longest: int | None, end: date) -> None:
        assert courses.usual_end(TODAY, 7, Programme(id=ID, name="П", longest=longest)) == end

    @pytest.mark.parametrize(
        ("times", "dose", "end", "text"),
        [
            (1, "1", 22, "По 1 капс. 1 раз на день протягом 1 дня."),
            (2, "0.5", 28, "По 0,5 капс. 2 рази на день протягом 7 днів."),
            (5, "2", 30, "По 2 капс. 5 разів на день протягом 9 днів."),
            (12, "1", 24, "По 1 капс. 12 разів на день протягом 3 днів."),
        ],
    )
    def test_signature_then_good_ukrainian(self, times: int, dose: str, end: int, text: str) -> None:
        asked = course(times=times, dose=Decimal(dose), ended_at=date(2026, 11, end))
        assert courses.signature(CAPSULES, asked, {}) == text

    def test_order_then_as_published_with_codes_of_real_dictionaries(self) -> None:
        made = courses.order(
            CAPSULES,
            course(route="26643006", when="PC", note="Після їди", inform_with=str(ID)),
            PrescribingContext(ID, ID, ID, ID),
            ID,
            TODAY,
        )
        known = {each.name: frozenset(value.code for value in each.values) for each in spec.dictionaries()}
        schema = Schema(spec.request_schema("post_api_medication_request_requests"), known.get)
        schema.check({"medication_request_request": made})
        instruction = made["dosage_instruction"][0]
        assert instruction["timing"]["repeat"] == {
            "frequency": 2,
            "period": 1,
            "period_unit": "d",
            "when": ["PC"],
            "bounds_duration": {"value": 7, "unit": "доба", "system": "eHealth/ucum/units", "code": "d"},
        }
        assert instruction["max_dose_per_period"]["numerator"]["value"] == 2

    def test_is_same_when_any_part_differs_then_not(self) -> None:
        ours = courses.order(CAPSULES, course(), PrescribingContext(ID, ID, ID, ID), ID, TODAY)
        theirs = {
            "employee": {"id": ours["employee_id"]},
            "medical_program": {"id": ours["medical_program_id"]},
            "medication_info": {"medication_id": ours["medication_id"], "medication_qty": 16},
            **{name: ours[name] for name in ("created_at", "started_at", "ended_at", "dosage_instruction", "context")},
        }
        assert courses.is_same(ours, theirs)
        assert not courses.is_same(ours, {**theirs, "note": "інше"})
        assert not courses.is_same(ours, {**theirs, "ended_at": "2026-11-29"})

    def test_allows_when_the_kind_of_employee_is_not_listed_then_not(self) -> None:
        settings = {"employee_types_to_create_medication_request": ["DOCTOR"], "skip_employee_validation": False}
        assert courses.allows({"medical_program_settings": settings}, "DOCTOR")
        assert not courses.allows({"medical_program_settings": settings}, "SPECIALIST")
        assert not courses.allows({"medical_program_settings": settings, "medication_request_allowed": False}, "DOCTOR")


class TestForm:
    def read(self, programme: Programme = PROGRAMME, **typed: str) -> tuple[Course | None, dict[str, str]]:
        values = defaults(CAPSULES, programme, TODAY, 40) | typed
        return read_course(values, CAPSULES, programme, TODAY, dictionaries=words())

    def test_defaults_then_a_whole_course(self) -> None:
        found, errors = self.read()
        assert errors == {} and found is not None
        assert (found.dose, found.times, found.days, found.route) == (1, 3, 5, "26643006")
        assert found.quantity >= 15

    @pytest.mark.parametrize(
        ("typed", "field", "text"),
        [
            ({"dose": "0"}, "dose", BAD_NUMBER),
            ({"dose": "1e9"}, "dose", BAD_NUMBER),
            ({"dose": "NaN"}, "dose", BAD_NUMBER),
            ({"dose": "0,0001"}, "dose", BAD_NUMBER),
            ({"times": "25"}, "times", BAD_TIMES),
            ({"times": "²"}, "times", BAD_TIMES),
            ({"started_at": "2026-11-21"}, "started_at", EARLY),
            ({"ended_at": "2026-11-21"}, "ended_at", BACKWARDS),
            ({"quantity": "9"}, "quantity", BROKEN_PACKAGE),
            ({"quantity": "-8"}, "quantity", BAD_NUMBER),
            ({"route": "1"}, "route", NOT_IN_LIST),
            ({"when": "x"}, "when", NOT_IN_LIST),
            ({"inform_with": "me"}, "inform_with", NOT_IN_LIST),
        ],
    )
    def test_a_fault_then_at_its_field(self, typed: dict[str, str], field: str, text: str) -> None:
        found, errors = self.read(**typed)
        assert found is None and errors == {field: text}

    def test_longer_than_the_programme_allows_then_refused(self) -> None:
        short = Programme(id=ID, name="П", longest=3)
        assert self.read(short, ended_at="2026-11-26")[1] == {"ended_at": TOO_LONG}
        assert self.read(short, ended_at="2026-11-25")[1] == {}

    @pytest.mark.parametrize("typed", ["1,5", "1.5", "1 000"])
    def test_numbers_as_people_write_them_then_read(self, typed: str) -> None:
        assert self.read(dose=typed, quantity="")[1] == {}

    def test_rejection_without_a_reason_or_with_a_foreign_one_then_refused(self) -> None:
        assert "reason" in read_rejection({}, words())[1] and "reason" in read_rejection({"reason": "X"}, words())[1]
        assert read_rejection({"reason": "WRONG_QTY"}, words()) == ({"reject_reason_code": "WRONG_QTY"}, {})


class TestEncounters:
    @pytest.mark.parametrize(
        ("changes", "count"),
        [
            ({}, 1),
            ({"status": "entered_in_error"}, 0),
            ({"period": {"end": "2026-11-21T21:59:00Z"}}, 0),
            ({"period": {"end": "2026-11-21T22:01:00Z"}}, 1),
            ({"performer": None}, 0),
        ],
    )
    def test_made_today_then_finished_by_the_employee_on_the_day_of_kyiv(self, changes: dict, count: int) -> None:
        encounter = {
            "status": "finished",
            "performer": {"identifier": {"value": str(ID)}},
            "period": {"end": "2026-11-22T10:00:00Z"},
        }
        assert len(made_today([encounter | changes], ID, TODAY)) == count


def test_moves_then_every_state_is_there_and_a_signed_one_never_goes_back_from_issued() -> None:
    assert set(MOVES) == set(State) and MOVES[State.ISSUED] == frozenset()
