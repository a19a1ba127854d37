"""The codifier of settlements: whole, in order, with types of settlements."""

from collections import Counter

import openpyxl
import pytest

from esoz.spec import dictionary, katottg


@pytest.fixture(scope="module")
def units():
    return list(katottg.units())


class TestUnits:
    def test_codifier_when_read_then_is_whole(self, units):
        levels = Counter(each.level for each in units)
        assert levels == {
            "region": 27,
            "district": 136,
            "community": 1772,
            "settlement": 29701,
            "city_district": 108,
        }
        assert len({each.code for each in units}) == len(units)

    def test_parents_when_read_in_order_then_are_known_already(self, units):
        known = {""}
        for each in units:
            assert each.parent in known, each
            known.add(each.code)

    def test_types_of_settlements_when_named_then_stand_in_the_dictionary(self, units):
        types = {each.settlement_type for each in units} - {None}
        assert types == {"CITY", "SETTLEMENT", "VILLAGE"}
        assert types <= {value.code for value in dictionary("SETTLEMENT_TYPE").values}

    def test_capital_when_read_then_is_a_region_and_a_city(self, units):
        (kyiv,) = [each for each in units if each.code == "UA80000000000093317"]
        assert (kyiv.name, kyiv.level, kyiv.settlement_type, kyiv.parent) == ("Київ", "region", "CITY", "")

    def test_other_workbook_when_given_then_is_refused(self, tmp_path):
        book = openpyxl.Workbook()
        book.save(tmp_path / "other.xlsx")
        with pytest.raises(ValueError, match="not the codifier"):
            list(katottg.units(tmp_path / "other.xlsx"))
