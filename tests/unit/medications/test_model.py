"""Quantities and packages of medicines."""

from decimal import Decimal
from uuid import UUID

import pytest

from esoz.central.medications import Medication, Strength, can_be_packed, is_multiple
from esoz.central.medications.model import must_be_whole

ID = UUID(int=7)


# MR-7
class TestQuantity:
    @pytest.mark.parametrize(
        ("quantity", "of", "whole"),
        [
            ("20", "10", True),
            ("15", "10", False),
            ("0", "10", False),
            ("0.3", "0.1", True),
            ("10.5", "3.5", True),
            ("-10", "10", False),
        ],
    )
    def test_multiple_then_exact_with_decimals(self, quantity: str, of: str, whole: bool) -> None:
        assert is_multiple(Decimal(quantity), Decimal(of)) is whole

    def test_of_several_packages_then_one_is_enough(self) -> None:
        packages = [package(8), package(10)]
        assert can_be_packed(Decimal(16), packages) and can_be_packed(Decimal(30), packages)
        assert not can_be_packed(Decimal(18), packages)


def package(least: int) -> Medication:
    one = Strength(Decimal(1), "PILL", Decimal(1), "PILL")
    return Medication(
        id=ID,
        innm_dosage_id=ID,
        name="Ліки",
        form="CAPSULE",
        manufacturer_name="Завод",
        manufacturer_country="UA",
        code_atc=("J01CA04",),
        certificates=(),
        container=one,
        package_qty=Decimal(least * 2),
        package_min_qty=Decimal(least),
    )


def test_atc_groups_then_every_level() -> None:
    assert package(10).atc_groups == ["J", "J01", "J01C", "J01CA", "J01CA04"]


# DR-14
@pytest.mark.parametrize(("sold", "gone"), [(0, 0), (99, 99), (100, 10), (20_000, 2_000)])
def test_register_when_a_tenth_goes_then_taken_in(sold: int, gone: int) -> None:
    must_be_whole(sold, gone)


@pytest.mark.parametrize(("sold", "gone"), [(100, 11), (20_000, 2_001), (20_000, 20_000)])
def test_register_when_more_than_a_tenth_goes_then_refused(sold: int, gone: int) -> None:
    with pytest.raises(ValueError, match=f"{gone} of {sold} packages"):
        must_be_whole(sold, gone)
