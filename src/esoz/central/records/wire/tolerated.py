"""Spellings that clients have used for years beside the published ones: read as the published, kept in one form."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from esoz import spec

from ..model.kinds import ENCOUNTERS, ENTITIES

Document = Mapping[str, Any]

DIAGNOSES = "diagnoses"
NOT_GIVEN = "reasons_not_given"


def as_published(operation_id: str, content: Document) -> Document:
    """A signed document with its records in the published spelling; what is none stays for the schema to refuse.

    One object in a list (the author of a record) is that object, where the publication has an object. Reasons for
    which a vaccine was not given are a list: the publication shows one, people have several. An encounter without
    diagnoses has none.
    """
    kinds = {each.name: each for each in ENTITIES} | {each.one: each for each in (ENCOUNTERS, *ENTITIES)}
    read = dict(content)
    for name in kinds.keys() & content.keys():
        objects = single_objects(operation_id, name)
        value = content[name]
        read[name] = [_record(each, objects) for each in value] if isinstance(value, list) else _record(value, objects)
    encounter = read.get(ENCOUNTERS.one)
    if isinstance(encounter, dict):
        encounter.setdefault(DIAGNOSES, [])
    return read


def _record(record: Any, objects: frozenset[str]) -> Any:
    if not isinstance(record, dict):
        return record
    read = {name: _single(value) if name in objects else value for name, value in record.items()}
    explanation = read.get("explanation")
    if isinstance(explanation, dict) and isinstance(explanation.get(NOT_GIVEN), dict):
        read["explanation"] = explanation | {NOT_GIVEN: [explanation[NOT_GIVEN]]}
    return read


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict) else value


@cache
def single_objects(operation_id: str, name: str) -> frozenset[str]:
    """Fields of a record that are published as one reference."""
    document = spec.signed_schema(operation_id, "$") or {}
    record = _resolved(_resolved(document, document)["properties"].get(name, {}), document)
    fields = _resolved(record.get("items", record), document).get("properties", {})
    shapes = {name: _resolved(each, document).get("properties", {}) for name, each in fields.items()}
    return frozenset(name for name, shape in shapes.items() if shape.keys() & {"identifier", "reference"})


def _resolved(node: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        node = document["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return node


def relaxed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a document that was read by `as_published`."""
    for shape in schema.get("$defs", {}).values():
        _relax(shape)
    return schema


def _relax(node: Any) -> None:
    if isinstance(node, list):
        for each in node:
            _relax(each)
    elif isinstance(node, dict):
        fields = node.get("properties")
        if isinstance(fields, dict) and isinstance(fields.get(NOT_GIVEN), dict):
            one = fields[NOT_GIVEN]
            fields[NOT_GIVEN] = one if one.get("type") == "array" else {"type": "array", "items": one}
        for each in node.values():
            _relax(each)
