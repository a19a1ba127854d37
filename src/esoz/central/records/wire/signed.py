"""The signed encounter package: its schema, tighter than the published shapes alone, and its typed form."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from esoz import spec
from esoz.central.dictionaries import dictionaries
from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.fhir import RESOURCES
from esoz.kernel.operation import decode
from esoz.kernel.validation import Schema

from ..model.kinds import ENTITIES
from ..model.package import Package

OPERATION = "post_api_patients_ID_encounter_package"
BUILT = frozenset(kind.name for kind in ENTITIES)

_CODING = {"system", "code"}
_NOT_SHAPES = frozenset({"dependentSchemas", "required", "enum"})


def read_package(content: Mapping[str, Any]) -> Package:
    """The typed package. Raises Rejected: kinds of records not kept here yet, then every fault of its shape."""
    faults = tuple(
        Invalid(f"$.{name}", "invalid", f"{name.replace('_', ' ').capitalize()} are not supported by this server yet")
        for name in sorted(_published() - BUILT) if content.get(name)
    )
    if faults:
        raise Rejected(invalid=faults)
    _schema(dictionaries.version).check(content)
    return decode(msgspec.json.encode(content), Package)


def _published() -> frozenset[str]:
    signed = spec.signed(OPERATION)
    parts = signed.parts if signed else ()
    return frozenset(part.removeprefix("$.").removesuffix("[]") for part in parts if part.endswith("[]"))


@lru_cache(maxsize=1)
def _schema(_version: int) -> Schema:
    # Compiled anew when dictionaries change: codes of `x-dictionary` are taken at compilation.
    return Schema(package_schema(), dictionaries.codes)


def package_schema() -> dict[str, Any]:
    """One schema of the whole document from its published parts."""
    document = dict(spec.signed_schema(OPERATION, "$") or {})
    definitions = dict(document.pop("$defs", {}))
    whole = definitions[document.pop("$ref").rsplit("/", 1)[-1]] if "$ref" in document else document
    properties = dict(whole["properties"])
    for name in sorted(_published()):
        part = dict(spec.signed_schema(OPERATION, f"$.{name}[]") or {}) if name in BUILT else {}
        definitions |= part.pop("$defs", {})
        properties[name] = {"type": "array", "items": part}
    tight: dict[str, Any] = tightened({**whole, "properties": properties, "$defs": definitions})
    return tight


def tightened(node: Any) -> Any:
    """The same schema, refusing what the published shapes leave open and the real server refuses.

    A coding has both its parts, in one of the systems published for its place; a reference has an identifier of the
    kind published for it; a record has no fields that nobody will ever read.
    """
    if isinstance(node, list):
        return [tightened(each) for each in node]
    if not isinstance(node, dict):
        return node
    properties = node.get("properties")
    others = {key: value for key, value in node.items() if key != "properties"}
    whole = {key: value if key in _NOT_SHAPES else tightened(value) for key, value in others.items()}
    if not isinstance(properties, dict):
        return whole
    fields = {name: tightened(each) for name, each in properties.items()}
    return _shape(whole, fields, node.get("x-coding"))


def _shape(whole: dict[str, Any], fields: dict[str, Any], systems: list[str] | None) -> dict[str, Any]:
    names = set(fields)
    required = set(whole.get("required", ()))
    if names - {"display"} == _CODING:
        required |= _CODING
        fields = _with_systems(fields, systems)
    elif names <= {"coding", "text"} and "coding" in names:
        required |= {"coding"}
        fields["coding"] = {**fields["coding"], "minItems": 1}
    elif names == {"type", "value"}:
        required |= names
    elif names <= {"identifier", "display_value"}:
        required |= {"identifier"}
    else:
        whole["additionalProperties"] = False
    return whole | {"properties": fields} | ({"required": sorted(required)} if required else {})


def _with_systems(fields: dict[str, Any], systems: list[str] | None) -> dict[str, Any]:
    resources = fields["code"].get("x-resource")
    # `eHealth/resources` without kinds is a left-over of a sample: components and values carry other codes.
    if systems and (systems != [RESOURCES] or resources):
        fields = {**fields, "system": {**fields["system"], "enum": systems}}
    if resources:
        fields = {**fields, "code": {**fields["code"], "enum": resources}}
    return fields
