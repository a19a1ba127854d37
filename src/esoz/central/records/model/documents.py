"""Documents as they are stored: references carry the words of our registers, never those of the request (EN-11)."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias
from uuid import UUID

Document: TypeAlias = Mapping[str, Any]
Names: TypeAlias = Mapping[tuple[str, UUID], str]  # (kind of resource, id) → words for people


def references(node: object) -> Iterator[tuple[str, UUID]]:
    """Kind and id of every reference below `node`."""
    if isinstance(node, dict):
        if "identifier" in node:
            yield _target(node)
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def with_names(node: Any, names: Names) -> Any:
    """The same document with `display_value` from `names`: empty where we have no words, never the client's own."""
    if isinstance(node, dict):
        if "identifier" in node:
            return {"identifier": node["identifier"], "display_value": names.get(_target(node), "")}
        return {key: with_names(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [with_names(value, names) for value in node]
    return node


def _target(reference: Mapping[str, Any]) -> tuple[str, UUID]:
    identifier = reference["identifier"]
    return identifier["type"]["coding"][0]["code"], UUID(identifier["value"])
