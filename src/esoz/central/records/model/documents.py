"""Documents as they are signed and stored: walking them, and the words of our registers in references (EN-11)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

from esoz.kernel.fhir import RESOURCES
from esoz.kernel.references import Target

Document: TypeAlias = Mapping[str, Any]
_NESTED = (dict, list, tuple)

Names: TypeAlias = Mapping[Target, str]  # words for people


def references(node: object) -> Iterator[Target]:
    """Kind and id of every reference below `node`."""
    return (target for _, target in placed_references(node, ""))


def placed_references(node: object, place: str, *, without: Collection[str] = ()) -> list[tuple[str, Target]]:
    """Every reference below `node` with the place of its id; fields of `node` itself named `without` are left out."""
    found: list[tuple[str, Target]] = []
    if without and isinstance(node, dict):
        node = {name: value for name, value in node.items() if name not in without}
    _look(node, place, found)
    return found


def _look(node: object, place: str, found: list[tuple[str, Target]]) -> None:
    # Only what has parts is looked into: every document is walked several times.
    if isinstance(node, dict):
        target = _target(node)
        if target is not None:
            found.append((f"{place}.value", target))
            return
        for key, value in node.items():
            if isinstance(value, _NESTED):
                _look(value, f"{place}.{key}", found)
    elif isinstance(node, list | tuple):
        for number, value in enumerate(node):
            if isinstance(value, _NESTED):
                _look(value, f"{place}[{number}]", found)


def with_names(node: Any, names: Names) -> Any:
    """The same document with `display_value` from `names`: empty where we have no words, never the client's own."""
    if isinstance(node, dict):
        if "identifier" in node and (target := _target(node["identifier"])) is not None:
            return {"identifier": node["identifier"], "display_value": names.get(target, "")}
        return {key: with_names(value, names) if isinstance(value, _NESTED) else value for key, value in node.items()}
    if isinstance(node, list):
        return [with_names(value, names) if isinstance(value, _NESTED) else value for value in node]
    return node


def values_at(node: object, path: Sequence[str]) -> Iterator[str]:
    """What stands at a path, through all lists: ids of references, codes of concepts, scalars as text."""
    if isinstance(node, list | tuple):
        for each in node:
            yield from values_at(each, path)
    elif isinstance(node, dict):
        if path:
            yield from values_at(node.get(path[0]), path[1:])
        else:
            yield from _leaf(node)
    elif node is not None and not path:
        yield str(node)


def texts_at(document: Document, place: str) -> list[str]:
    """What stands at a dotted place of a document."""
    return list(values_at(document, place.split(".")))


def moment_at(document: Document, place: str) -> datetime | None:
    """The moment at a dotted place; a day is its beginning, a moment without a zone is UTC. Raises ValueError."""
    found = next(iter(texts_at(document, place)), None)
    if found is None:
        return None
    moment = datetime.fromisoformat(found)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _leaf(node: Mapping[str, Any]) -> Iterator[str]:
    if "identifier" in node and isinstance(node["identifier"], dict):
        yield str(node["identifier"].get("value"))
    elif "coding" in node:
        yield from (str(coding["code"]) for coding in node["coding"])
    elif "code" in node:
        yield str(node["code"])


def _target(node: object) -> Target | None:
    """The target of an identifier of one of our resources; None for anything else."""
    if not isinstance(node, dict) or "value" not in node or not isinstance(node.get("type"), dict):
        return None
    coding = node["type"].get("coding") or [{}]
    if coding[0].get("system") != RESOURCES:
        return None
    return coding[0]["code"], UUID(node["value"])
