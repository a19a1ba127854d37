"""Lists as files for spreadsheets."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from starlette.responses import Response

from esoz.kernel import spreadsheets
from esoz.kernel.clock import KYIV

from .services import MisPage


def as_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as spreadsheets of this country open it: semicolons, a mark of UTF-8, days as 22.11.2026, commas."""
    return spreadsheets.as_table(heads, rows, delimiter=";", shown=_shown)


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(KYIV):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)).normalize():f}".replace(".", ",")
    return str(value)


def file(
    page: MisPage, heads: Sequence[str], rows: Iterable[Sequence[object]], name: str, *, day: date | None = None
) -> Response:
    """A table to keep, with its day, else today, in its name; heads are marked words."""
    content = as_table([page.gettext(head) for head in heads], rows)
    return page.download(content, f"{name}-{day or page.today}.csv", "text/csv; charset=utf-8")
