"""Pure rules of the counter: numbers as they are typed and scanned, packages and units, prices."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esoz.mis.pharmacy import forms
from esoz.mis.pharmacy.model import (
    ALL_TAKEN,
    BLOCKED,
    NOT_YET,
    DispenseLine,
    Handover,
    HeldDispense,
    Offer,
    grouped,
    is_open,
    read_code,
    read_number,
    read_offer,
    why_closed,
)

NUMBER = "0000-243P-1X53-EH38"
ID, OTHER = UUID("00000000-0000-4000-8000-000000000001"), UUID("00000000-0000-4000-8000-000000000002")


# SG-2
class TestNumber:
    @pytest.mark.parametrize(
        "typed",
        [
            NUMBER,
            NUMBER.lower(),
            " 0000 243p 1x53 eh38 ",
            "0000243P1X53EH38",
            "0000–243P—1X53‑EH38",
            "0000-243Р-1Х53-ЕН38",
            "0000-243р-1х53-ен38",
            "]C10000243P1X53EH38",
            "]Q30000-243P-1X53-EH38\r\n",
            "OOOO-243P-IX53-EH38",
            "0000.243P.1X53.EH38",
            "0000\u00a0243P\u00a01X53\u00a0EH38",
            "0000-243З-1Ч53-УР38",
            "0000243з1ч53ур38",
            "їС10000-243З-1Ч53-УР38",
            f"Рецепт № {NUMBER}",
            f"RX:{NUMBER}",
            f"№{NUMBER}",
        ],
    )
    def test_of_any_spelling_then_as_central_writes_it(self, typed: str) -> None:
        found = read_number(typed)
        assert found is not None and found.number == NUMBER and found.code == ""

    def test_of_letters_that_two_layouts_share_then_as_it_looks_and_the_other_reading_beside_it(self) -> None:
        found = read_number("0000-12Р4-5678-9000")
        assert found is not None
        assert (found.number, found.otherwise) == ("0000-12P4-5678-9000", "0000-12H4-5678-9000")

    def test_of_latin_letters_then_one_reading(self) -> None:
        found = read_number(NUMBER)
        assert found is not None and found.otherwise == ""

    def test_of_an_address_of_the_country_s_site_then_its_end_and_of_another_site_nothing(self) -> None:
        site = "https://esoz.example"
        found = read_number(f"{site}/rx/{NUMBER}", site)
        assert found is not None and found.number == NUMBER
        assert read_number(f"https://esoz.example.evil.example/rx/{NUMBER}", site) is None
        assert read_number(f"{site}/rx/{NUMBER}?next=https://evil.example", site) is None

    def test_with_the_code_after_it_then_both(self) -> None:
        found = read_number(f"{NUMBER}; 3114")
        assert found is not None and (found.number, found.code) == (NUMBER, "3114")

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            " ",
            "243P-1X53-EH38",
            f"{NUMBER}0",
            f"{NUMBER}-31141",
            f"{NUMBER}{NUMBER}",
            "1000-243P-1X53-EH38",
            "0000-243B-1X53-EH38",
            f"x{NUMBER}",
            f"<{NUMBER}>",
            f"{NUMBER}\x00",
            f"{NUMBER}\x1b[2J",
            f"{NUMBER}' or 1=1 --",
            f"https://example.org/{NUMBER}",
            f"{{{{{NUMBER}}}}}",
            f"\u202e{NUMBER}",
            f"\ufeff{NUMBER}",
            "٠٠٠٠243P1X53EH38",
            "０0000243P1X53EH38",
            "0" * 201,
            "\ud800",
            "💊" * 16,
            f"{NUMBER}%0d%0a",
            f"={NUMBER}+cmd",
        ],
    )
    def test_of_anything_else_then_none(self, typed: str) -> None:
        assert read_number(typed) is None

    @pytest.mark.parametrize("separator", [" ", "\t", "\r\n"])
    def test_several_of_one_code_then_each_in_its_order(self, separator: str) -> None:
        numbers = [NUMBER, "0000-12P4-5678-9000", "0000-1111-2222-3333"]
        assert [each.number for each in forms.read_numbers(separator.join(numbers))] == numbers
        keys = str.maketrans("AEHKMPTX", "ФУРЛЬЗЕЧ")
        assert [each.number for each in forms.read_numbers(f"]Q1{' '.join(numbers).translate(keys)}")][::2] == numbers[
            ::2
        ]

    @pytest.mark.parametrize(
        "typed",
        [
            f"{NUMBER} {NUMBER}",
            f"{NUMBER} 1000-12P4-5678-9000",
            f"{NUMBER} 0000-12P4-5678",
            f"{NUMBER} 0000-12P4-5678-9000 3114",
            " ".join(f"0000-1111-2222-000{digit}" for digit in range(7)),
        ],
    )
    def test_several_of_which_one_is_none_then_none_of_them(self, typed: str) -> None:
        assert forms.read_numbers(typed) == []

    @given(st.text(max_size=300))
    def test_of_any_text_then_none_or_a_number_and_never_a_fault(self, typed: str) -> None:
        found = read_number(typed)
        assert found is None or (len(found.number) == 19 and read_number(found.number) == type(found)(found.number))

    def test_grouped_then_in_fours(self) -> None:
        assert grouped("0000243P1X53EH38") == NUMBER

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("3114", "3114"),
            (" 31 14 ", "3114"),
            ("", ""),
            ("311", None),
            ("31145", None),
            ("31l4", None),
            ("٣١١٤", None),
        ],
    )
    def test_code_then_four_digits_or_none(self, typed: str, code: str | None) -> None:
        assert read_code(typed) == code


def offer(qty: str = "16", least: str = "8", *, reimbursement: str = "0", id: UUID = ID) -> Offer:
    return Offer(
        id=id,
        medication_id=id,
        name="Хіконцил",
        manufacturer="Крка",
        form="CAPSULE",
        unit="PILL",
        qty=Decimal(qty),
        min_qty=Decimal(least),
        reimbursement=Decimal(reimbursement),
    )


class TestPackages:
    @pytest.mark.parametrize(
        ("left", "packages", "units"), [("20", 1, "0"), ("24", 1, "8"), ("50", 3, "0"), ("7", 0, "0")]
    )
    def test_split_then_whole_packages_and_what_may_be_cut(self, left: str, packages: int, units: str) -> None:
        assert offer().split(Decimal(left)) == (packages, Decimal(units))

    @pytest.mark.parametrize(
        ("typed", "quantity"),
        [
            ({"packages": "2"}, "32"),
            ({"packages": "1", "units": "8"}, "24"),
            ({"units": "16"}, "16"),
        ],
    )
    def test_chosen_then_the_quantity(self, typed: dict[str, str], quantity: str) -> None:
        values = {f"{name}-{ID}": text for name, text in typed.items()}
        [line], errors = forms.read_lines(values, [offer()], Decimal(50), priced=False)
        assert errors == {} and line.quantity == Decimal(quantity)

    @pytest.mark.parametrize(
        ("typed", "field", "text"),
        [
            ({"packages": "-1"}, "packages", forms.BAD_PACKAGES),
            ({"packages": "1,5"}, "packages", forms.BAD_PACKAGES),
            ({"packages": "²"}, "packages", forms.BAD_PACKAGES),
            ({"packages": "99999"}, "packages", forms.BAD_PACKAGES),
            ({"units": "5"}, "units", forms.BAD_UNITS),
            ({"units": "NaN"}, "units", forms.BAD_UNITS),
            ({"units": "-8"}, "units", forms.BAD_UNITS),
            ({"units": "1e30"}, "units", forms.BAD_UNITS),
            ({"units": "9" * 60}, "units", forms.BAD_UNITS),
            ({"packages": "4"}, "packages", forms.TOO_MUCH),
            ({}, "packages", forms.NOTHING),
        ],
    )
    def test_a_fault_then_at_its_field(self, typed: dict[str, str], field: str, text: str) -> None:
        values = {f"{name}-{ID}": value for name, value in typed.items()}
        _lines, errors = forms.read_lines(values, [offer()], Decimal(50), priced=False)
        assert errors == {f"{field}-{ID}": text}

    def test_units_of_a_package_that_is_not_divided_then_refused(self) -> None:
        _lines, errors = forms.read_lines({f"units-{ID}": "10"}, [offer("10", "10")], Decimal(50), priced=False)
        assert errors == {f"units-{ID}": forms.BAD_UNITS}

    def test_defaults_with_one_offer_then_all_that_is_left_with_more_then_nothing(self) -> None:
        assert forms.defaults([offer()], Decimal(24)) == {f"packages-{ID}": "1", f"units-{ID}": "8"}
        assert forms.defaults([offer(), offer(id=OTHER)], Decimal(24)) == {}

    def test_read_from_central_then_content_of_a_bottle_in_words(self) -> None:
        container = {
            "numerator_unit": "ML",
            "numerator_value": 60,
            "denumerator_unit": "BOTTLE",
            "denumerator_value": 1,
        }
        found = read_offer(
            {
                "id": str(ID),
                "medication_id": str(ID),
                "medication_name": "Сумамед",
                "form": "SYRUP",
                "package_qty": 1,
                "package_min_qty": 1,
                "container_dosage": container,
                "reimbursement_amount": 12.34,
            }
        )
        assert (found.unit_word, found.content, found.is_divisible) == ("фл.", "60 мл", False)
        assert found.reimbursement == Decimal("12.34")


class TestPrices:
    def read(self, **typed: str) -> tuple[list[DispenseLine], dict[str, str]]:
        values = {f"packages-{ID}": "1", **{f"{name}-{ID}": text for name, text in typed.items()}}
        return forms.read_lines(values, [offer(reimbursement="80.05")], Decimal(50), priced=True)

    @pytest.mark.parametrize("text", ["1e30", "9" * 60, "482" * 10])
    @pytest.mark.parametrize("field", ["amount", "discount"])
    def test_a_number_that_a_scanner_typed_then_a_fault_at_its_field(self, field: str, text: str) -> None:
        _lines, errors = self.read(**{"amount": "100", field: text})
        assert errors == {f"{field}-{ID}": forms.BAD_MONEY}

    def test_amount_alone_then_the_discount_is_what_the_state_pays(self) -> None:
        [line], errors = self.read(amount="100,50")
        assert errors == {}
        assert line.published() == {
            "medication_id": str(ID),
            "program_medication_id": str(ID),
            "medication_qty": 16,
            "sell_price": 6.28,
            "sell_amount": 100.5,
            "discount_amount": 80.05,
        }
        assert line.to_pay == Decimal("20.45")

    @pytest.mark.parametrize(
        ("typed", "field", "text"),
        [
            ({}, "amount", forms.BAD_MONEY),
            ({"amount": "0"}, "amount", forms.BAD_MONEY),
            ({"amount": "1,234"}, "amount", forms.BAD_MONEY),
            ({"amount": "100", "discount": "81"}, "discount", forms.BIG_DISCOUNT),
            ({"amount": "100", "discount": "x"}, "discount", forms.BAD_MONEY),
        ],
    )
    def test_a_fault_then_at_its_field(self, typed: dict[str, str], field: str, text: str) -> None:
        assert self.read(**typed)[1] == {f"{field}-{ID}": text}


class TestHandover:
    def handover(self, *lines: DispenseLine) -> Handover:
        return Handover(request_id=ID, number=NUMBER, programme_id=ID, division_id=ID, lines=lines)

    def test_without_prices_then_no_payment(self) -> None:
        assert self.handover(DispenseLine(offer=offer(), quantity=Decimal(16))).payment == {}

    def test_with_prices_then_what_the_patient_paid(self) -> None:
        lines = [
            DispenseLine(offer=offer(), quantity=Decimal(16), amount=Decimal("10.10"), discount=Decimal("0.05"))
        ] * 2
        assert self.handover(*lines).payment == {"payment_amount": 20.1}

    @pytest.mark.parametrize(
        ("details", "division", "same"),
        [
            ([(ID, 16)], ID, True),
            ([(ID, 8)], ID, False),
            ([(OTHER, 16)], ID, False),
            ([(ID, 16)], OTHER, False),
            ([(ID, 16), (OTHER, 1)], ID, False),
        ],
    )
    def test_is_same_when_packages_quantities_and_division_agree(
        self, details: list[tuple[UUID, int]], division: UUID, same: bool
    ) -> None:
        told = {
            "details": [{"program_medication_id": str(id), "medication_qty": quantity} for id, quantity in details],
            "division": {"id": str(division)},
        }
        assert self.handover(DispenseLine(offer=offer(), quantity=Decimal(16))).is_same(told) is same


def request(**changes: object) -> dict:
    info = {"medication_qty": 20, "medication_remaining_qty": changes.pop("left", 20)}
    return {
        "status": "ACTIVE",
        "medication_info": info,
        "dispense_valid_from": "2026-11-22",
        "dispense_valid_to": "2026-12-22",
        **changes,
    }


class TestOpen:
    @pytest.mark.parametrize(
        ("changes", "day", "is_it"),
        [
            ({}, date(2026, 11, 22), True),
            ({}, date(2026, 12, 22), True),
            ({}, date(2026, 12, 23), False),
            ({}, date(2026, 11, 21), False),
            ({"left": 0}, date(2026, 11, 22), False),
            ({"status": "COMPLETED"}, date(2026, 11, 22), False),
            ({"block_reason_code": "X"}, date(2026, 11, 22), False),
        ],
    )
    def test_when_active_free_and_in_its_days(self, changes: dict, day: date, is_it: bool) -> None:
        assert is_open(request(**changes), day) is is_it

    def test_why_closed_then_the_first_reason_in_words(self) -> None:
        assert why_closed(request(block_reason_code="X")) == BLOCKED
        assert why_closed(request(left=0)) == ALL_TAKEN
        assert why_closed(request()) == NOT_YET
        assert "відкликав" in why_closed(request(status="REJECTED"))[0]


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 10), (1, 9), (541, 0), (600, 0), (900, 0)])
def test_minutes_left_then_full_ones(seconds: int, minutes: int) -> None:
    start = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    held = HeldDispense(
        id=ID,
        clinic_id=ID,
        user_id=ID,
        request_id=ID,
        request_number=NUMBER,
        content=b"{}",
        held_until=start + timedelta(minutes=10),
        created_at=start,
    )
    assert held.minutes_left(start + timedelta(seconds=seconds)) == minutes
