"""Small shapes of JSON that many answers share: numbers as JSON has them, objects without empty fields."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec

# What decoding bytes of strangers as JSON may raise: no JSON, not UTF-8 (as strings are read), nested without end.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_NESTED = (dict, list, tuple)

JSON: TypeAlias = dict[str, object]  # a part of an answer, by its published names


def number(value: Decimal | None) -> int | float | None:
    """A JSON number: whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def without_nulls(node: Any) -> Any:
    """A JSON value as signed copies are compared: some systems drop empty fields before they sign."""
    # Called for what has parts, not for each leaf, and asking for plain types: it walks every answer of a record.
    if isinstance(node, dict):
        return {
            name: without_nulls(value) if isinstance(value, _NESTED) else value
            for name, value in node.items()
            if value is not None
        }
    if isinstance(node, _NESTED):
        return [without_nulls(value) if isinstance(value, _NESTED) else value for value in node]
    return node


def omit_none(fields: Mapping[str, object] = MappingProxyType({}), /, **more: object) -> JSON:
    """The fields that have a value: what is empty is left out of answers, so that a signed copy equals ours."""
    return {name: value for name, value in (*fields.items(), *more.items()) if value is not None}
