"""Small shapes of JSON that many answers share: numbers as JSON has them, objects without empty fields."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

import msgspec

# What decoding bytes of strangers as JSON may raise: no JSON, not UTF-8 (as strings are read), nested without end.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

# A moment with more digits of a second than we keep (.NET writes seven): msgspec rounds them up into the next day.
_FINER = re.compile(r'"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d\.\d{6})\d+([Zz]|[+-]\d\d:?\d\d)?"')
_FINER_BYTES = re.compile(_FINER.pattern.encode())

_NESTED = (dict, list, tuple)
T = TypeVar("T")

JSON: TypeAlias = dict[str, object]  # a part of an answer, by its published names


def cut(raw: bytes) -> bytes:
    """JSON in which moments have at most microseconds: what is finer is cut off, never rounded, as FHIR servers do."""
    return _FINER_BYTES.sub(rb'"\1\2"', raw)


def cut_text(text: str) -> str:
    """The same for one text that may be a moment."""
    return _FINER.sub(r'"\1\2"', f'"{text}"')[1:-1]


def converted(value: object, shape: type[T]) -> T:
    """A JSON value as a typed structure, its moments cut. Raises msgspec.ValidationError."""
    raw = msgspec.json.encode(value)
    if _FINER_BYTES.search(raw):
        return msgspec.json.decode(cut(raw), type=shape)
    return msgspec.convert(value, shape)


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
