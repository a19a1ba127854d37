"""Small shapes of JSON that many answers share: numbers as JSON has them, objects without empty fields."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

JSON: TypeAlias = dict[str, object]  # a part of an answer, by its published names


def number(value: Decimal | None) -> int | float | None:
    """A JSON number: whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def without_nulls(node: Any) -> Any:
    """A JSON value as signed copies are compared: some systems drop empty fields before they sign."""
    # A dict and no Mapping: a question about an abstract type costs ten times as much, and it is asked of every leaf.
    if isinstance(node, dict):
        return {name: without_nulls(value) for name, value in node.items() if value is not None}
    if isinstance(node, list | tuple):
        return [without_nulls(value) for value in node]
    return node


def omit_none(fields: Mapping[str, object] = MappingProxyType({}), /, **more: object) -> JSON:
    """The fields that have a value: what is empty is left out of answers, so that a signed copy equals ours."""
    return {name: value for name, value in (*fields.items(), *more.items()) if value is not None}
