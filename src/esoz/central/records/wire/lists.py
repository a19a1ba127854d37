"""Parameters of lists, taken from the published operations themselves."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from esoz import spec
from esoz.kernel.clock import KYIV
from esoz.kernel.operation import Call

Filters: TypeAlias = Mapping[str, object]

_PAGING = ("page", "page_size")
_DAY = timedelta(days=1)


def filters(call: Call, operation_id: str) -> Filters:
    """What the caller asks a list to be narrowed by; unknown parameters are refused (RD-1).

    A day given as `…_from` becomes its first moment in Kyiv, one given as `…_to` the first moment after it.
    """
    query = call.query(parameters(operation_id))
    values = {each.encode_name: getattr(query, each.name) for each in msgspec.structs.fields(query)}
    return {name: moment(name, value) for name, value in values.items() if value is not None}


@cache
def parameters(operation_id: str) -> type[msgspec.Struct]:
    """The published query parameters of an operation as a structure, all optional."""
    published = [each for each in spec.query_parameters(operation_id) if each.name not in _PAGING]
    # A parameter may be called `class`, a field of a structure may not.
    fields = [(f"{each.name}_", _type(each), None) for each in published]
    return msgspec.defstruct(f"Query_{operation_id}", fields, frozen=True, rename=lambda name: name.removesuffix("_"))


def _type(parameter: spec.Parameter) -> Any:
    if parameter.format == "date" or parameter.name.endswith(("_from", "_to")):
        return date | None
    return (UUID if parameter.format == "uuid" or parameter.name.endswith("_id") else str) | None


def moment(name: str, value: object) -> object:
    """A day as the moment at which the list begins or ends in Kyiv; any other value as it is."""
    if not isinstance(value, date):
        return value
    day = value + _DAY if name.endswith("_to") else value
    return datetime(day.year, day.month, day.day, tzinfo=KYIV)
