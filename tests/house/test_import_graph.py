"""The drawing of who imports whom shows what is there, and shows it as the layers have it."""

from tools import import_graph

EDGES = {
    "base": {"top": 1},
    "middle": {"base": 5},
    "other": {},
    "top": {"middle": 2, "base": 3},
}


def test_order_when_no_layers_are_known_then_the_cheapest_circle_is_cut() -> None:
    order = import_graph.ordered(EDGES, [])
    assert order.index("top") < order.index("middle") < order.index("base")
    assert import_graph.upward(EDGES, order) == [("base", "top")]


def test_order_when_layers_are_known_then_theirs_and_what_imports_into_them_above() -> None:
    known = ["middle", "base"]
    edges = {"base": {}, "middle": {"base": 1}, "wing.a": {"wing.b": 1}, "wing.b": {}, "tool": {"middle": 1}}
    assert import_graph.ordered(edges, ["wing", *known]) == ["wing.a", "wing.b", "tool", "middle", "base"]


def test_circles_when_three_import_each_other_around_then_one_group() -> None:
    assert import_graph.circles(EDGES) == [["base", "middle", "top"]]
    assert import_graph.circles({"a": {"b": 1}, "b": {}}) == []


def test_unit_when_a_folder_holds_sections_then_it_is_a_wing() -> None:
    packages = {
        "esoz.mis.care",
        "esoz.mis.care.visits",
        "esoz.mis.care.batch",
        "esoz.mis.staff",
        "esoz.mis.staff.pages",
    }
    unit = import_graph.unit
    assert unit("esoz.mis.care.visits.model", "esoz.mis", packages) == "care.visits"
    assert unit("esoz.mis.staff.pages.door", "esoz.mis", packages) == "staff"
    assert unit("esoz.mis.gate", "esoz.mis", packages) == "gate"


def test_picture_when_something_points_up_then_it_is_red_on_the_left() -> None:
    svg = import_graph.picture(EDGES, ["top", "middle", "base", "other"], "title & more")
    assert "<title>title &amp; more</title>" in svg
    assert svg.count('fill="#d4351c"') == 1 and svg.count('fill="#b1b4b6"') == 3


def test_layers_of_central_are_read_from_the_contracts() -> None:
    found = import_graph.layers("central")
    assert found.index("prescriptions") < found.index("people") < found.index("identity")
