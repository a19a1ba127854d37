"""Where and when nothing is written: kinds, days, places inside of others, and what the list takes out."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from esoz.central.war_territories.model import (
    WITHOUT_PRESCRIPTION,
    Kind,
    Place,
    TerritoryRow,
    above,
    allows_dispensing_without_prescription,
    covers,
    is_in_force,
)

COMMUNITY = "UA59040030000060142"
VILLAGE = Place("UA59040030120038500", "Пожня")
FIRST, LAST = date(2024, 3, 20), date(2024, 6, 19)


def territory(**changes: Any) -> TerritoryRow:
    row = TerritoryRow(kind=Kind.ACTIVE, katottg=COMMUNITY, name="Громада", begins=FIRST, ends=LAST)
    return replace(row, **changes)


# WT-3
class TestAbove:
    @pytest.mark.parametrize(
        ("code", "beginnings"),
        [
            ("UA59040030120038500", ["UA59", "UA5904", "UA5904003", "UA5904003012"]),
            (COMMUNITY, ["UA59", "UA5904", "UA5904003"]),
            ("UA59000000000057109", ["UA59"]),
            ("UA80000000000093317", ["UA80"]),
            ("UA80000000000126643", ["UA80", "UA800000000001"]),  # a district of Kyiv lies in no community
        ],
    )
    def test_code_when_read_then_everything_it_lies_in(self, code: str, beginnings: list[str]) -> None:
        assert above(code) == beginnings

    @pytest.mark.parametrize(
        ("code", "is_inside"),
        [
            (COMMUNITY, True),
            ("UA59040000000045652", True),  # its district
            ("UA59000000000057109", True),  # its region
            (VILLAGE.code, True),
            ("UA59040030010059554", False),  # its neighbour
            ("UA59040040000011111", False),  # another community
            ("UA63000000000041885", False),  # another region
        ],
    )
    def test_territory_when_village_or_above_then_covers_it(self, code: str, is_inside: bool) -> None:
        assert covers(territory(katottg=code), VILLAGE) is is_inside

    def test_community_when_only_its_village_is_listed_then_not_covered(self) -> None:
        assert not covers(territory(katottg=VILLAGE.code), Place(COMMUNITY, "Громада"))

    def test_village_when_taken_out_then_not_covered(self) -> None:
        assert not covers(territory(except_names=("пожня",)), VILLAGE)
        assert not covers(territory(except_codes=(VILLAGE.code,)), VILLAGE)
        assert covers(territory(except_names=("Дружба",), except_codes=(COMMUNITY,)), VILLAGE)


# WT-2
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
    ],
)
def test_day_when_at_the_edge_then_both_are_included(day: date, expected: bool) -> None:
    assert is_in_force(territory(), day) is expected


# WT-2
def test_territory_when_of_one_day_or_without_an_end_then_in_force() -> None:
    assert is_in_force(territory(ends=FIRST), FIRST) and not is_in_force(territory(ends=FIRST), LAST)
    assert is_in_force(territory(ends=None), date(2099, 1, 1))


# WT-1
@pytest.mark.parametrize("kind", list(Kind))
def test_kind_when_registers_do_not_work_or_it_is_occupied_then_allowed(kind: Kind) -> None:
    allowed = kind in (Kind.ACTIVE, Kind.OCCUPIED)
    assert allows_dispensing_without_prescription(VILLAGE, FIRST, [territory(kind=kind)]) is allowed
    assert (kind in WITHOUT_PRESCRIPTION) is allowed


# WT-1
def test_place_when_one_of_several_rows_allows_then_allowed() -> None:
    rows = [territory(kind=Kind.POSSIBLE), territory(begins=LAST, ends=None)]
    assert not allows_dispensing_without_prescription(VILLAGE, FIRST, rows)
    assert allows_dispensing_without_prescription(VILLAGE, LAST, rows)
    assert not allows_dispensing_without_prescription(VILLAGE, FIRST, [])
