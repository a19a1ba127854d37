"""What a plan read, and what it answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Node: TypeAlias = Mapping[str, Any]

# A number of rows that is answered is an answer about each of them: the totals of pages.
COUNTING = frozenset({"Aggregate", "WindowAgg"})
REMOVED = ("Rows Removed by Filter", "Rows Removed by Index Recheck")


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows that were taken out of tables, and rows that were answered, counted or changed."""

    read: float
    answered: float
    tables: tuple[tuple[str, float], ...]  # how much of each, the most first


def reading(plan: Node) -> Reading:
    """Of the plan of EXPLAIN (ANALYZE, FORMAT JSON)."""
    by_table: dict[str, float] = {}
    for node in _nodes(plan):
        if _is_ours(node):
            name = f"{node['Relation Name']} ({node['Node Type']} {node.get('Index Name', '')})"
            by_table[name] = by_table.get(name, 0) + _touched(node)
    tables = tuple(sorted(by_table.items(), key=lambda each: -each[1]))
    return Reading(sum(by_table.values()), max(_answers(plan)), tables)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _is_ours(node: Node) -> bool:
    """A scan of a table, and of none of the catalogue."""
    table = node.get("Relation Name", "pg_")
    return not table.startswith("pg_") and node["Node Type"] != "ModifyTable"


def _touched(node: Node) -> float:
    each = node["Actual Rows"] + sum(node.get(name, 0) for name in REMOVED)
    return float(each * node["Actual Loops"])


def _answers(plan: Node) -> Iterator[float]:
    yield float(plan["Actual Rows"])
    for node in _nodes(plan):
        if node["Node Type"] in COUNTING or node["Node Type"] == "ModifyTable":
            for child in node.get("Plans", ()):
                yield float(child["Actual Rows"] * child["Actual Loops"])
