"""The published contract as compiled schemas: each compiled when it is first asked for."""

import re
from functools import cache
from typing import Any

from esoz import spec
from esoz.kernel.validation import DictionaryLookup, Schema, without_blanks

# Fields that the publication demands of every body, though its own rules know bodies without them: (object, field).
# When they are needed after all, a rule of the model says so.
OPTIONAL = {"post_api_medication_request_requests": (("medication_request_request", "medical_program_id"),)}


class Contract:
    """Gives the request pipeline and the handlers the schemas of bodies and of signed documents."""

    def __init__(self, dictionaries: DictionaryLookup) -> None:
        self._dictionaries = dictionaries
        self._compiled: dict[tuple[str, str], Schema | None] = {}

    def request(self, method: str, path: str) -> Schema | None:
        return self._schema("request", method, path)

    def signed(self, method: str, path: str) -> Schema | None:
        return self._schema("signed", method, path)

    def _schema(self, kind: str, method: str, path: str) -> Schema | None:
        key = kind, f"{method} {path}"
        if key not in self._compiled:
            operation = spec.find(method, path)
            found = _find(kind, operation.id) if operation else None
            self._compiled[key] = Schema(without_blanks(found), self._dictionaries) if found else None
        return self._compiled[key]


def _find(kind: str, operation_id: str) -> dict[str, Any] | None:
    if kind != "request":
        return whole_signed_schema(operation_id)
    found = spec.request_schema(operation_id)
    for name, field in OPTIONAL.get(operation_id, ()):
        found = _without_demand(found or {}, name, field)
    return found


def _without_demand(schema: dict[str, Any], name: str, field: str) -> dict[str, Any]:
    object_ = schema["properties"][name]
    demanded = [each for each in object_["required"] if each != field]
    return schema | {"properties": schema["properties"] | {name: object_ | {"required": demanded}}}


@cache
def whole_signed_schema(operation_id: str) -> dict[str, Any] | None:
    """One schema of a signed document from its published parts (`$`, `$.encounter`, `$.conditions[]`)."""
    signed = spec.signed(operation_id)
    if signed is None or not signed.parts:
        return None
    whole: dict[str, Any] = {"type": "object", "properties": {}, "$defs": {}}
    for part in signed.parts:
        schema = dict(spec.signed_schema(operation_id, part) or {})
        whole["$defs"] |= schema.pop("$defs", {})
        _place(whole, part, schema)
    return whole


def _place(whole: dict[str, Any], part: str, schema: dict[str, Any]) -> None:
    if part == "$":
        properties = whole["properties"] | schema.get("properties", {})
        whole.update(schema)
        whole["properties"] = properties
    elif found := re.fullmatch(r"\$\.(\w+)(\[\])?", part):
        name, many = found.groups()
        whole["properties"][name] = {"type": "array", "items": schema} if many else schema
