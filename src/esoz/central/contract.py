"""The published contract as compiled schemas: each compiled when it is first asked for."""

import re
from functools import cache
from typing import Any

from esoz import spec
from esoz.kernel.validation import DictionaryLookup, Schema, without_blanks


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
    return spec.request_schema(operation_id) if kind == "request" else whole_signed_schema(operation_id)


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
