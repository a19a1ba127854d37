"""Draws who imports whom among the contexts of central and the sections of mis, before a change and now.

usage: python -m tools.import_graph          writes docs/explanation/import-graph.md and its pictures
       python -m tools.import_graph --save   writes what is now as the state «before», ahead of a large change

A picture is a square: who imports stands in a row, who is imported in a column, in the order of layers. What points
down the layers is grey, right of the diagonal; what points up is red, left of it.
"""

import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "import-graph.md"
FOLDER = PAGE.with_suffix("")
BEFORE = FOLDER / "before.json"
PARTS = ("central", "mis")
# Rooms of a section: a folder that has others below it is a wing of sections, not a section.
ROOMS = frozenset({"api", "commands", "forms", "migrations", "model", "pages", "queries", "store", "templates", "wire"})
SIDE, MARGIN = 22, 160

Edges = Mapping[str, Mapping[str, int]]  # who imports → who is imported → in how many places


def read(part: str) -> Edges:
    """The imports between the units of a part, as the code is now."""
    graph = grimp.build_graph("esoz", cache_dir=None)
    root = f"esoz.{part}"
    modules = {each for each in graph.modules if each == root or each.startswith(f"{root}.")}
    packages = {each for each in modules if graph.find_children(each)}
    edges: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for module in sorted(modules - {root, f"{root}.migrations"}):
        importer = unit(module, root, packages)
        edges[importer]  # a unit without imports is there as well
        for other in graph.find_modules_directly_imported_by(module):
            if other in modules and other != root and (imported := unit(other, root, packages)) != importer:
                edges[importer][imported] += len(graph.get_import_details(importer=module, imported=other)) or 1
    return {name: dict(sorted(edges[name].items())) for name in sorted(edges)}


def unit(module: str, root: str, packages: set[str]) -> str:
    """The section a module belongs to, with its wing in front when it stands in one."""
    first, *rest = module.removeprefix(f"{root}.").split(".")
    top = f"{root}.{first}"
    if top not in packages:
        return first
    sections = {each for each in packages if each.rpartition(".")[0] == top and each.rpartition(".")[2] not in ROOMS}
    is_wing = len(sections) > 1
    return f"{first}.{rest[0]}" if is_wing and rest and f"{top}.{rest[0]}" in packages else first


def layers(part: str) -> list[str]:
    """Units and wings in the order that import-linter holds them to, from the top; empty when there is none."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    root = f"esoz.{part}."
    names: list[str] = []
    for contract in contracts:
        containers = [f"{each}." for each in contract.get("containers", [])]
        if contract["type"] != "layers" or (containers and containers != [root]):
            continue
        for layer in contract["layers"]:
            for sign in "():|":
                layer = layer.replace(sign, " ")  # noqa: PLW2901 layers that stand beside each other
            names += [each.removeprefix(root) for each in layer.split() if containers or each.startswith(root)]
    return names


def ordered(edges: Edges, known: Sequence[str]) -> list[str]:
    """Units from the top: by the known layers, what is in none above all it imports, else so that few point up."""
    given = {name: float(place) for place, name in enumerate(known)}
    places = {name: given[key] for name in edges for key in (name, name.partition(".")[0]) if key in given}
    levels: dict[float, list[str]] = defaultdict(list)
    for name in edges:
        above = min((places[other] - 0.5 for other in edges[name] if other in places), default=len(known))
        levels[places.get(name, above)].append(name)
    return [name for _, level in sorted(levels.items()) for name in _sorted(edges, level)]


def _sorted(edges: Edges, level: Iterable[str]) -> Iterable[str]:
    """The order of Eades, Lin and Smyth: what nothing imports first, what imports nothing last, circles cut cheaply."""
    rest, head, tail = set(level), list[str](), list[str]()
    while rest:
        out = {name: sum(count for other, count in edges[name].items() if other in rest) for name in rest}
        into = {name: sum(edges[other].get(name, 0) for other in rest) for name in rest}
        if sinks := sorted(name for name in rest if not out[name]):
            tail.insert(0, sinks[0])
            rest.remove(sinks[0])
        else:
            head.append(min(rest, key=lambda name: (into[name] > 0, into[name] - out[name], name)))
            rest.remove(head[-1])
    return head + tail


def upward(edges: Edges, order: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of which the upper one is imported by the lower one."""
    place = {name: number for number, name in enumerate(order)}
    return [(name, other) for name in order for other in edges[name] if place[other] < place[name]]


def circles(edges: Edges) -> list[list[str]]:
    """Groups of units that import each other in a circle, the largest first."""
    reached = {name: set(_reached(name, edges)) for name in edges}
    groups = {frozenset(other for other in reached[name] if name in reached[other]) for name in edges}
    return sorted((sorted(group) for group in groups if group), key=lambda group: (-len(group), group))


def _reached(name: str, edges: Edges) -> Iterable[str]:
    waiting, seen = list(edges[name]), set[str]()
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += edges.get(each, ())
    return seen


def picture(edges: Edges, order: Sequence[str], title: str) -> str:
    """The square as SVG, readable on a light and on a dark page."""
    size = MARGIN + SIDE * len(order) + 10
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" role="img"'
            ' font-family="sans-serif" font-size="12">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{size}" height="{size}" fill="#fff"/>',
            *_names(order),
            *_cells(edges, order),
            "</svg>\n",
        ]
    )


def _names(order: Sequence[str]) -> Iterator[str]:
    for number, name in enumerate(order):
        middle = MARGIN + SIDE * number + SIDE / 2
        yield f'<text x="{MARGIN - 6}" y="{middle + 4}" text-anchor="end">{escape(name)}</text>'
        yield f'<text transform="translate({middle + 4} {MARGIN - 6}) rotate(-90)">{escape(name)}</text>'


def _cells(edges: Edges, order: Sequence[str]) -> Iterator[str]:
    for row, name in enumerate(order):
        for column, other in enumerate(order):
            count = edges[name].get(other, 0)
            fill = "#222" if row == column else "#f3f2f1" if not count else "#b1b4b6" if row < column else "#d4351c"
            left, top = MARGIN + SIDE * column, MARGIN + SIDE * row
            yield f'<rect x="{left}" y="{top}" width="{SIDE - 1}" height="{SIDE - 1}" fill="{fill}"/>'
            if count:
                colour = "#000" if row < column else "#fff"
                place = f'x="{left + (SIDE - 1) / 2}" y="{top + 15}" text-anchor="middle" font-size="10"'
                yield f'<text {place} fill="{colour}">{count}</text>'


def described(part: str, when: str, edges: Edges, known: Sequence[str]) -> tuple[str, list[str]]:
    """The name of the picture, and what is said of it; the picture is written."""
    order = ordered(edges, known)
    title = f"{part}, {when}: who imports whom"
    name = f"{part}-{when}.svg"
    (FOLDER / name).write_text(picture(edges, order, title), "utf-8")
    against, around = upward(edges, order), circles(edges)
    largest = f"the largest circle has {len(around[0])} of them" if around else "no circle"
    pairs = sum(len(each) for each in edges.values())
    facts = f"{len(edges)} units, {pairs} pairs that import, {len(against)} of them upward; {largest}."
    return name, [facts, *(f"Upward: {', '.join(f'{a} → {b}' for a, b in against)}." for _ in [0] if against)]


def page(before: Mapping[str, Edges], now: Mapping[str, Edges], date: str) -> str:
    """The page with all pictures."""
    lines = [
        "# Who imports whom",
        "Drawn by `python -m tools.import_graph`; do not edit by hand. A row imports the columns in which it has a"
        " number (of imports). The order is that of the layers, from the top: what imports downward is grey, right of"
        " the black diagonal; what imports upward is red, left of it. The contracts that keep it so stand in"
        " `pyproject.toml`.",
    ]
    for part in PARTS:
        for when, edges, known in (("before", before[part], []), ("now", now[part], layers(part))):
            name, facts = described(part, when, edges, known)
            moment = "before the layers of mis (df0b769)" if when == "before" else f"on {date}"
            lines += [f"## {part}, {moment}", "\n".join(facts), f"![{part} {when}]({FOLDER.name}/{name})"]
    return "\n\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> None:
    """Write the state before, or the page."""
    FOLDER.mkdir(exist_ok=True)
    now = {part: read(part) for part in PARTS}
    if "--save" in arguments:
        BEFORE.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
        return
    before = json.loads(BEFORE.read_text("utf-8"))
    PAGE.write_text(page(before, now, datetime.now(UTC).date().isoformat()), "utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
