"""What rows of the exceptions have in common: how they are spelled in columns, how their journals are narrowed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from esoz.kernel.clock import KYIV
from esoz.kernel.db import Query
from esoz.kernel.spelling import plain_name


def values_of(record: object, names: Sequence[str]) -> dict[str, Any]:
    """Columns of a row: codes as texts, structures as JSON."""
    found = {name: getattr(record, name) for name in names}
    lines = {name: msgspec.to_builtins(found[name]) for name in ("medicines", "given") if name in found}
    return found | lines | {"status": str(found["status"])}


def where_contains(query: Query, column: str, text: str | None) -> Query:
    """Narrow to rows whose column has this part, alphabet and case aside."""
    return query.where_given(f"strpos(plain_name({column}), {{}}) > 0", None if text is None else plain_name(text))


def where_recorded(query: Query, first: date | None, last: date | None) -> Query:
    """Narrow to what was recorded on these days of Kyiv."""
    query.where_given("inserted_at >= {}", _midnight(first, 0))
    return query.where_given("inserted_at < {}", _midnight(last, 1))


def _midnight(day: date | None, later: int) -> datetime | None:
    """The beginning of a day in Kyiv, or of the next one."""
    return None if day is None else datetime.combine(day + timedelta(days=later), time(), KYIV)
