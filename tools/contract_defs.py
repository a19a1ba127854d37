"""Writes a shape that occurs more than once only once: shared definitions and references to them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

SHORTEST_SHARED = 120  # characters: below it a reference is no gain
PREFIX = "#/$defs/"


def merge_equal(defs: dict[str, Schema], roots: Any) -> tuple[dict[str, Schema], Any]:
    """Leave one name for definitions that say the same, until nothing changes."""
    while True:
        first: dict[str, str] = {}
        renamed: dict[str, str] = {}
        for name in sorted(defs):
            text = canonical(defs[name])
            if text in first:
                renamed[name] = first[text]
            else:
                first[text] = name
        if not renamed:
            return defs, roots
        defs = {name: _rename(body, renamed) for name, body in defs.items() if name not in renamed}
        roots = _rename(roots, renamed)


def share(defs: dict[str, Schema], roots: Any) -> tuple[dict[str, Schema], Any]:
    """Move every object shape that occurs twice or more into the definitions.

    `roots` is any tree of dicts and lists with schemas inside. Names are made from the property where the shape
    was first met, with a number when taken.
    """
    counts: Counter[str] = Counter()
    for schema in [*defs.values(), roots]:
        counts.update(canonical(node) for node in _objects(schema))
    known = {canonical(body): name for name, body in defs.items()}
    shared = {text for text, count in counts.items() if count > 1 and len(text) >= SHORTEST_SHARED} | set(known)
    mover = _Mover(shared, known, defs)
    for name in list(defs):
        mover.defs[name] = mover.inside(defs[name], name)
    roots = mover.inside(roots, "shape")
    return mover.defs, roots


def reachable(defs: dict[str, Schema], roots: Any) -> dict[str, Schema]:
    """Drop the definitions that nothing refers to."""
    wanted = set(_references(roots))
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        found.add(name)
        wanted |= set(_references(defs[name])) - found
    return {name: defs[name] for name in sorted(found)}


def collapse(node: Any) -> Any:
    """Drop alternatives that became equal; a single one stands without anyOf."""
    if isinstance(node, list):
        return [collapse(each) for each in node]
    if not isinstance(node, dict):
        return node
    whole = {key: collapse(value) for key, value in node.items()}
    if isinstance(whole.get("anyOf"), list):
        whole["anyOf"] = list({canonical(each): each for each in whole["anyOf"]}.values())
        if len(whole) == 1 and len(whole["anyOf"]) == 1:
            return whole["anyOf"][0]
    return whole


def canonical(node: Any) -> str:
    """Return one text for equal schemas."""
    return json.dumps(node, sort_keys=True, ensure_ascii=False)


class _Mover:
    def __init__(self, shared: set[str], known: dict[str, str], defs: dict[str, Schema]) -> None:
        self.shared = shared
        self.known = known
        self.defs = dict(defs)

    def inside(self, node: Any, name: str) -> Any:
        if isinstance(node, list):
            return [self.moved(each, name) for each in node]
        if not isinstance(node, dict):
            return node
        return {key: self.moved(value, name if _is_keyword(key) else key) for key, value in node.items()}

    def moved(self, node: Any, name: str) -> Any:
        if not _is_object(node) or canonical(node) not in self.shared:
            return self.inside(node, name)
        text = canonical(node)
        if text not in self.known:
            self.known[text] = self._new_name(name)
            self.defs[self.known[text]] = {}  # taken before its parts ask for names
            self.defs[self.known[text]] = self.inside(node, name)
        return {"$ref": PREFIX + self.known[text]}

    def _new_name(self, name: str) -> str:
        stem = "shared." + (re.sub(r"\W", "_", name) or "shape")
        number, free = 1, stem
        while free in self.defs:
            number += 1
            free = f"{stem}_{number}"
        return free


def _is_keyword(key: str) -> bool:
    return key in {"properties", "items", "anyOf", "allOf", "schema"} or key.isdigit() or key.startswith("$")


def _is_object(node: Any) -> bool:
    return isinstance(node, dict) and node.get("type") == "object" and isinstance(node.get("properties"), dict)


def _objects(node: Any) -> Iterator[Schema]:
    if isinstance(node, list):
        for each in node:
            yield from _objects(each)
    elif isinstance(node, dict):
        if _is_object(node):
            yield node
        for each in node.values():
            yield from _objects(each)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _references(each)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix(PREFIX)
        for each in node.values():
            yield from _references(each)


def _rename(node: Any, renamed: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_rename(each, renamed) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        name = node["$ref"].removeprefix(PREFIX)
        return {"$ref": PREFIX + renamed.get(name, name)}
    return {key: _rename(value, renamed) for key, value in node.items()}
