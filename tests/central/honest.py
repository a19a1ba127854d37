"""Honest requests of every write of central: bodies by the published schema, and of the states that were reached."""

import base64
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from esoz import spec
from esoz.central.app import CONTEXTS
from esoz.central.dictionaries import dictionaries
from esoz.central.identity.gate import BEARERS
from esoz.kernel.operation import Operation, spec_id
from tests.mutations import encoded, mutated, mutated_bytes

Document = Any
PUBLISHED = {spec_id(each.method, each.path): each for each in spec.operations()}
EVERY = [operation for context in CONTEXTS for operation in context if operation.path not in BEARERS]
WRITES = [operation for operation in EVERY if not operation.reads]
SIGNED_FIELDS = re.compile(r"signed_(?!content_encoding|data_encoding)\w+")


def honest_value(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int = 0) -> Document:
    """The plainest value that a published schema takes."""
    if "$ref" in schema:
        return honest_value(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, depth + 1)
    for name in ("oneOf", "anyOf", "allOf"):
        if name in schema and "properties" not in schema:
            return honest_value(schema[name][0], root, depth + 1)
    if depth > 10:
        return None
    kind = schema.get("type")
    if isinstance(kind, list):  # one of several, null among them: the first is what is meant
        kind = kind[0]
    if kind == "object":
        return {name: honest_value(each, root, depth + 1) for name, each in schema.get("properties", {}).items()}
    if kind == "array":
        return [honest_value(schema.get("items", {"type": "string"}), root, depth + 1)]
    return _leaf(schema)


def _leaf(schema: Mapping[str, Any]) -> Document:
    codes = dictionaries.codes(schema["x-dictionary"]) if "x-dictionary" in schema else None
    by_format = {"uuid": str(UUID(int=1)), "date": "2026-11-22", "date-time": "2026-11-22T09:00:00Z"}
    kinds = {"integer": 1, "number": 1, "boolean": True}
    if schema.get("enum"):
        return schema["enum"][0]
    if codes:
        return sorted(codes)[0]
    if schema.get("pattern"):
        return "+380671112233"
    found = (schema.get("examples") or [None])[0]
    return (
        found
        if found is not None
        else by_format.get(schema.get("format", ""), kinds.get(str(schema.get("type")), "текст"))
    )


def honest_body(operation: Operation) -> Document:
    """A body by the published schema; an empty one when none is published."""
    published = PUBLISHED.get(operation.spec_id)
    schema = spec.request_schema(published.id) if published else None
    return honest_value(schema, schema) if schema else {}


@dataclass
class Seeds:
    """Where mutations begin: who signs, what there is, and documents that were taken."""

    sign: Callable[[bytes], str]
    ids: dict[str, str] = field(default_factory=dict)  # part of a path → the id in it
    bodies: dict[str, list[Document]] = field(default_factory=dict)  # operation → bodies
    contents: dict[str, list[Document]] = field(default_factory=dict)  # operation → signed contents

    def path(self, operation: Operation) -> str:
        """The address of something that is there, as far as the seeds know of one."""
        before, parts = "", []
        for part in operation.path.split("/"):
            known = self.ids.get(f"{before}{part}") or self.ids.get(part)
            parts.append(known or self.ids["{id}"] if part.startswith("{") else part)
            before = f"{part}/"
        return "/".join(parts)

    def case(self, operation: Operation, source: random.Random) -> bytes:
        """One request: the body changed, or what is signed in it, or the bytes of the signed file."""
        key = f"{operation.method} {operation.path}"
        body = source.choice(self.bodies.get(key) or [honest_body(operation)])
        contents = self.contents.get(key) or self._published_contents(operation)
        if not contents or not source.randrange(6):
            return encoded(mutated(body, source))
        content = source.choice(contents)
        signed = self.sign(encoded(mutated(content, source) if source.randrange(4) else content))
        if not source.randrange(5):
            signed = base64.b64encode(mutated_bytes(base64.b64decode(signed), source)).decode()
        return encoded(with_signed(body, signed))

    def _published_contents(self, operation: Operation) -> list[Document]:
        published = PUBLISHED.get(operation.spec_id)
        if published is None or spec.signed(published.id) is None:
            return []
        schema = spec.signed_schema(published.id)
        return [honest_value(schema, schema) if schema else {}]


def with_signed(body: Document, signed: str) -> Document:
    """The body with this document in each of its fields of signed documents."""
    if not isinstance(body, dict):
        return body
    return {
        name: signed if SIGNED_FIELDS.fullmatch(name) else with_signed(value, signed) for name, value in body.items()
    }
