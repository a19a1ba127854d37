"""Files and sections of mis stand in no circle, and know each other by their front doors."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache

import grimp
import pytest

MIS = "esoz.mis"
# Imports past the front door (`__init__`) of another section, «importer -> imported». The list may only shrink.
PAST_THE_DOOR: frozenset[str] = frozenset()
WINGS_OF_ONE_SECTION = frozenset({"desk", "pharmacy", "stock"})

Graph = Mapping[str, frozenset[str]]


@cache
def imports() -> Graph:
    graph = grimp.build_graph("esoz")
    ours = {module for module in graph.modules if module.startswith(f"{MIS}.")}
    return {module: frozenset(graph.find_modules_directly_imported_by(module)) & ours for module in ours}


def section_of(module: str) -> str:
    """«care.patients» of any file below it; the name itself of what stands in no section."""
    wing, *rest = module.removeprefix(f"{MIS}.").split(".")
    return wing if wing in WINGS_OF_ONE_SECTION or wing == "base" or not rest else f"{wing}.{rest[0]}"


def sections() -> Graph:
    """Who knows whom among sections."""
    found: dict[str, set[str]] = {}
    for importer, imported in imports().items():
        known = found.setdefault(section_of(importer), set())
        known |= {section_of(each) for each in imported} - {section_of(importer)}
    return {section: frozenset(known) for section, known in found.items()}


def in_circles(graph: Graph) -> set[str]:
    """What is left when everything that imports nothing of the rest, or is imported by nothing, is taken away."""
    left = set(graph)
    while True:
        outer = {each for each in left if not graph[each] & left or not any(each in graph[other] for other in left)}
        if not outer:
            return left
        left -= outer


def past_doors() -> Iterator[str]:
    for importer, imported in imports().items():
        for each in imported:
            section = section_of(each)
            is_door = each == f"{MIS}.{section}" or section == "base"
            is_own = section == section_of(importer) or section.startswith(f"{section_of(importer)}.")
            if not (is_door or is_own):
                yield f"{importer} -> {each}"


@pytest.mark.parametrize("graph", [imports, sections], ids=["files", "sections"])
def test_nothing_stands_in_a_circle(graph: object) -> None:
    assert callable(graph)
    assert in_circles(graph()) == set()


def test_sections_know_each_other_by_their_front_doors() -> None:
    assert set(past_doors()) == PAST_THE_DOOR


@pytest.mark.parametrize(
    ("graph", "circle"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}, {"b", "c"}),
        ({"a": {"b"}, "b": {"c"}, "c": set()}, set()),
    ],
)
def test_circle_is_found(graph: Mapping[str, Collection[str]], circle: set[str]) -> None:
    assert in_circles({name: frozenset(known) for name, known in graph.items()}) == circle
