"""The carried medicines that family doctors prescribe: read whole, with daily doses, of one alphabet."""

from decimal import Decimal

import pytest

from esoz.central.medications.model import blank_type
from esoz.spec import drugs
from esoz.spec.drugs.substances import one_alphabet, substances


@pytest.fixture(scope="module")
def tree() -> drugs.Tree:
    return drugs.tree(drugs.common())


class TestCommon:
    def test_every_row_then_read_with_certainty(self, tree: drugs.Tree) -> None:
        assert (len(drugs.common()), len(tree.innms), len(tree.left_out)) == (389, 108, 0)

    def test_none_then_also_among_the_antibiotics(self, tree: drugs.Tree) -> None:
        ids = {brand.id for innm in tree.innms for dosage in innm.dosages for brand in dosage.brands}
        others = drugs.tree(drugs.antibiotics())
        assert not ids & {brand.id for innm in others.innms for dosage in innm.dosages for brand in dosage.brands}

    def test_insulins_then_counted_in_units(self, tree: drugs.Tree) -> None:
        found = [each for each in tree.innms if each.name.startswith("інсулін")]
        assert len(found) == 5
        assert {part.unit for each in found for dosage in each.dosages for part in dosage.ingredients} == {"IE"}

    # DR-9
    def test_letters_of_another_alphabet_then_of_ours(self, tree: drugs.Tree) -> None:
        assert one_alphabet("вальcартан") == "вальсартан"
        assert one_alphabet("amoxicillin з x") == "amoxicillin з x"
        assert substances("тельміcартан*") == ("тельмісартан",)
        assert not any(one_alphabet(each.name) != each.name for each in tree.innms)


class TestDailyDose:
    @pytest.mark.parametrize(
        ("codes", "form", "amount"),
        [
            ({"C08CA01"}, "TABLET", 5),
            ({"A10AE04"}, "SOLUTION_FOR_INJECTION", 40),
            ({"A10AE04"}, "TABLET", None),
            ({"C08CA01", "C09AA02"}, "TABLET", None),
            ({"C09AA02", "C07AB07"}, "TABLET", 10),  # different drugs, one dose
            ({"B03BB01"}, "TABLET", None),  # carried without one
            (set(), "TABLET", None),
        ],
    )
    def test_by_code_and_way_then_the_one_dose(self, codes: set[str], form: str, amount: int | None) -> None:
        found = drugs.daily_dose(frozenset(codes), next(each for each in drugs.forms() if each.code == form))
        assert (None if found is None else found.amount) == (None if amount is None else Decimal(amount))


# DR-10
@pytest.mark.parametrize(
    ("codes", "blank"),
    [
        ({"N02AA01"}, "F-3"),
        ({"N02AX02"}, "F-3"),
        ({"N02AX06"}, "F-1"),
        ({"N05BA01"}, "F-1"),
        ({"N02BE01", "N07BC02"}, "F-3"),
        (set(), "F-1"),
    ],
)
def test_blank_then_by_the_codes(codes: set[str], blank: str) -> None:
    assert blank_type(codes) == blank
