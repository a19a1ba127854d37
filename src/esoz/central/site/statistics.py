"""Statistics of prescriptions for everyone: a page with charts, and each of its tables as JSON and CSV."""

import hashlib
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

import msgspec
from babel.dates import get_month_names
from starlette.responses import Response

from esoz.central import statistics
from esoz.central.statistics import TIME, TOLD, Asked, Dimension, Grain, Line, Slice, Table
from esoz.kernel.errors import Rejected, rejected
from esoz.kernel.pages import Pages, mark
from esoz.kernel.pages.display import short_date
from esoz.kernel.spreadsheets import as_table

from .charts import Chart, chart
from .frame import CentralServices, Page, Visitor

pages: Pages[CentralServices, Visitor] = Pages()

COLUMNS = {
    "written": mark("Виписано"),
    "redeemed": mark("Погашено повністю"),
    "dispensed": mark("Відпусків"),
    "expired": mark("Строк минув"),
    "rejected": mark("Відкликано"),
    "taken_back": mark("Відпуск скасовано"),
    "dispensed_paper": mark("Відпусків за паперовими"),
    "dispensed_war": mark("Відпусків без рецепта (воєнний стан)"),
    "supplied_wholesale": mark("Оптових видач"),
}
TABLES = {
    TIME: (mark("За часом"), mark("Період")),
    Dimension.REGION.value: (mark("За областями"), mark("Область")),
    Dimension.PROGRAMME.value: (mark("За програмами"), mark("Програма")),
    Dimension.SUBSTANCE.value: (mark("За діючими речовинами"), mark("Діюча речовина")),
}
UNNAMED = {
    Dimension.REGION.value: mark("Область не вказано"),
    Dimension.PROGRAMME.value: mark("Без програми"),
    Dimension.SUBSTANCE.value: mark("Речовину не вказано"),
}
CHARTED = ("written", "redeemed")
LEAST = "ESOZ_STATISTICS_LEAST"
MOST_SHOWN = 50  # substances on the page; all of them are in the files
Names = Mapping[Dimension, Mapping[str, str]]


@pages.add("GET /statistics", public=True)
async def numbers(page: Page) -> Response:
    known = await statistics.choices(page.db)
    errors = {}
    try:
        asked = _asked(page.query, known, page.today)
    except Rejected as refused:
        asked = Asked(statistics.month_of(page.today), Slice())
        errors = {each.entry.removeprefix("$."): mark("Такого вибору немає") for each in refused.invalid}
    every = [TIME, *(each.value for each in asked.of.free)]
    teller = statistics.Teller(page.db, _least(page), page.today)
    tables = [await teller.table(asked, by) for by in every]
    return page.render(
        "statistics.html",
        status=422 if errors else 200,
        keep=False,
        totals=await teller.totals(),
        asked=asked,
        tables=[(table, _rows(page, table, known)[:MOST_SHOWN], _address(table)) for table in tables],
        drawing=_chart(page, tables[0], known),
        choices=_choices(page, known),
        periods=[(each.name, _period_name(page, each.grain, each.starts)) for each in await teller.periods()],
        values={**page.query, "period": asked.period.name},
        errors=errors,
        least=_least(page),
        columns=COLUMNS,
        heads=TABLES,
        most=MOST_SHOWN,
    )


@pages.add("GET /statistics.json", public=True)
async def as_json(page: Page) -> Response:
    table, known = await _table(page)
    asked, lines = table.asked, [*table.lines, table.total]
    chosen = {each.value: asked.of.of(each) if each in asked.of.chosen else None for each in Dimension}
    told = [{"key": line.key, "name": _name(page, table, line, known), **_told(line)} for line in lines]
    content: dict[str, object] = {"period": asked.period.name, **chosen, "by": table.by, "least": _least(page)}
    content |= {"lines": told[:-1], "total": _told(table.total)}
    return _unless_known(page, msgspec.json.encode(content), "application/json")


@pages.add("GET /statistics.csv", public=True)
async def as_csv(page: Page) -> Response:
    table, known = await _table(page)
    rows = [
        (line.key or "total", _name(page, table, line, known), *_told(line).values())
        for line in (*table.lines, table.total)
    ]
    return _unless_known(page, as_table(["key", "name", *TOLD, "share"], rows), "text/csv; charset=utf-8")


async def _table(page: Page) -> tuple[Table, Names]:
    """The one table that a file has. Raises Rejected."""
    known = await statistics.choices(page.db)
    asked, by = _asked(page.query, known, page.today), page.query.get("by", TIME)
    if by not in (TIME, *(each.value for each in asked.of.free)):
        raise rejected("$.by", "is not one of what the numbers are not narrowed to", rule="inclusion")
    return await statistics.Teller(page.db, _least(page), page.today).table(asked, by), known


def _asked(query: Mapping[str, str], known: Names, today: date) -> Asked:
    return Asked(statistics.read_period(query.get("period", ""), today), statistics.read_slice(query, known))


def _least(page: Page) -> int:
    return page.services.dependencies.settings.number(LEAST)


def _choices(page: Page, known: Names) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, label and options of each filter."""
    return [
        (
            each.value,
            page.gettext(TABLES[each.value][1]),
            [
                ("", page.gettext(mark("Усі"))),
                *((key, name or page.gettext(UNNAMED[each.value])) for key, name in known[each].items() if key),
            ],
        )
        for each in Dimension
    ]


def _rows(page: Page, table: Table, known: Names) -> list[tuple[str, Line]]:
    """Lines with their names; those of no time by the most written."""
    lines = list(table.lines)
    if table.by != TIME:
        lines.sort(key=lambda line: -(line.numbers["written"] or 0))
    return [(_name(page, table, line, known), line) for line in lines]


def _name(page: Page, table: Table, line: Line, known: Names) -> str:
    if line is table.total:
        return page.gettext(mark("Разом"))
    if table.by == TIME:
        return _period_name(page, table.asked.period.parts, date.fromisoformat(line.key))
    return known[Dimension(table.by)].get(line.key) or page.gettext(UNNAMED[table.by])


def _period_name(page: Page, grain: Grain, starts: date) -> str:
    if grain is Grain.DAY:
        return short_date(starts)
    if grain is Grain.MONTH:
        return f"{get_month_names('wide', 'stand-alone', page.language)[starts.month]} {starts.year}"
    return str(starts.year) if grain is Grain.YEAR else page.gettext(mark("Увесь час"))


def _chart(page: Page, table: Table, known: Names) -> Chart | None:
    labels = [name[:5] if table.asked.period.parts is Grain.DAY else name for name, _ in _rows(page, table, known)]
    return chart(labels, CHARTED, [[line.numbers[kind] for kind in CHARTED] for line in table.lines])


def _told(line: Line) -> dict[str, int | float | None]:
    return {**{name: line.numbers[name] for name in TOLD}, "share": line.share}


def _address(table: Table) -> str:
    """What follows the address of the page in those of its files."""
    of = table.asked.of
    given = {"period": table.asked.period.name, **{each.value: of.of(each) for each in of.chosen}, "by": table.by}
    return urlencode(given)


def _unless_known(page: Page, content: bytes, media_type: str) -> Response:
    """The file, or 304 for whoever has just this one (RFC 9110)."""
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "cookie"}
    had = {each.strip() for each in page.request.headers.get("if-none-match", "").split(",")}
    if tag in had or "*" in had:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
