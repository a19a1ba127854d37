"""Where a checkout of the project cites the rules of the register: files that hold a rule, tests that prove it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from esoz import spec

ROOT = Path(__file__).parents[2]
KINDS = frozenset({".py", ".sql", ".html", ".txt"})
# The register itself and the other data of the publication are not citations.
DATA = ROOT / "src" / "esoz" / "spec"

Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def held() -> dict[str, list[str]]:
    """Files below src that cite each rule."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in texts("src"):
        for rule in sorted(set(spec.cited(path.read_text("utf-8")))):
            found[rule].append(path.relative_to(ROOT).as_posix())
    return dict(found)


def proved() -> dict[str, list[str]]:
    """Tests that cite each rule: `FILE::CLASS::TEST`, as far as the citation says it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in (each for each in texts("tests") if each.suffix == ".py"):
        file = path.relative_to(ROOT).as_posix()
        for rule, place in places(path.read_text("utf-8")):
            test = "::".join((file, *place))
            if test not in found[rule]:
                found[rule].append(test)
    return dict(found)


def texts(folder: str) -> list[Path]:
    """Files in which a rule may be cited. tests/house is about citations, so nothing there proves a rule."""
    every = sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in KINDS)
    return [path for path in every if DATA not in path.parents and "house" not in path.parts]


def places(code: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each rule that a Python text cites, with the names of the class and the function it stands in or above."""
    lines = code.splitlines()
    spans = [(_first(node, lines), node.end_lineno or 0, name) for node, name in _named(ast.parse(code))]
    for rule, line in _cited_lines(code):
        inside = [(first, name) for first, last, name in spans if first <= line <= last]
        yield rule, max(inside)[1] if inside else ()


def _cited_lines(code: str) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(code.splitlines(), start=1):
        for rule in spec.cited(line):
            yield rule, number


def _named(tree: ast.Module) -> Iterator[tuple[Named, tuple[str, ...]]]:
    for node in tree.body:
        if isinstance(node, Named):
            yield node, (node.name,)
        if isinstance(node, ast.ClassDef):
            yield from ((each, (node.name, each.name)) for each in node.body if isinstance(each, Named))


def _first(node: Named, lines: list[str]) -> int:
    """The first line of a definition with its decorators and the comment above it."""
    first = min((node.lineno, *(each.lineno for each in node.decorator_list)))
    while first > 1 and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return first
