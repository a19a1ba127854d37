"""Trees of values, addresses against the register, ids of places."""

import unicodedata
from dataclasses import replace
from uuid import UUID

import msgspec
import pytest

from esoz.central.dictionaries.model import (
    PATTERNS,
    Address,
    ByPattern,
    Node,
    Settlement,
    Value,
    address_fault,
    place_id,
    tree,
)

VILLAGE = Settlement(UUID(int=5), "Новосілки", "VILLAGE", "Київська", "Фастівський")
ADDRESS = Address("RESIDENCE", "UA", "Київська", "Новосілки", "VILLAGE", UUID(int=5), region="Фастівський")


def value(code: str, parent: str | None = None) -> Value:
    return Value(code, code.lower(), True, parent)


def test_tree_when_values_have_parents_then_they_hang_below_in_order():
    a, b, c, d = value("A"), value("B", "A"), value("C", "B"), value("D", "A")
    assert tree([a, b, c, d]) == [Node(a, [Node(b, [Node(c, [])]), Node(d, [])])]


def test_tree_when_parent_was_filtered_out_then_value_stands_at_the_top():
    child = value("B", "A")
    assert tree([child]) == [Node(child, [])]


# AD-2
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"settlement": "НОВОСІЛКИ", "area": "київська", "region": "фастівський"}, None),
        ({"region": None}, None),
        ({"settlement": "Новоселиця"}, "settlement"),
        ({"area": "Житомирська"}, "area"),
        ({"region": "Обухівський"}, "region"),
    ],
)
def test_address_when_names_differ_from_register_then_field_is_named(changes, field):
    fault = address_fault(msgspec.structs.replace(ADDRESS, **changes), VILLAGE)
    assert (fault and fault[0]) == field


# AD-2: the register has ’ in every such name, keyboards have others.
@pytest.mark.parametrize("sign", "'ʼ`\"’‘")
def test_address_when_only_the_spelling_differs_then_no_field_is_named(sign):
    village = replace(VILLAGE, name="Білозір’я", region="Кам’янська", district="В’юницький")
    typed = {"settlement": f"Білозір{sign}я", "area": f"кам{sign}янська", "region": f"В{sign}юницький"}
    for spelt in (typed, {name: unicodedata.normalize("NFD", words) for name, words in typed.items()}):
        assert address_fault(msgspec.structs.replace(ADDRESS, **spelt), village) is None


def test_address_when_settlement_is_unknown_then_its_id_is_named():
    assert address_fault(ADDRESS, None) == (
        "settlement_id",
        "settlement with id = 00000000-0000-0000-0000-000000000005 does not exist",
    )


def test_place_id_when_made_from_the_same_code_then_the_same_everywhere():
    assert place_id("UA80000000000093317") == UUID("1dc3b822-0fc1-5f13-9c14-baf348836d84")


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("eHealth/ICD10_AM/condition_codes", ["J20.9", "E11.72", "A09"], ["R8", "J20.", "j20.9", "J20.9\n", "грип"]),
        ("eHealth/LOINC/observation_codes", ["8310-5", "80319-7"], ["8310", "8310-55", "LP-1"]),
        ("eHealth/ucum/units", ["mm[Hg]", "10*9/L", "%"], ["mm Hg", "", "мм"]),
    ],
)
def test_codes_when_known_in_part_then_whatever_has_the_form_of_the_standard(name, right, wrong):
    codes = ByPattern({"carried one"}, PATTERNS[name])
    assert all(code in codes for code in ("carried one", *right))
    assert not any(code in codes for code in wrong)
