"""Pages of journals: a period and its sums on the screen, the rows as a file, all of it on paper."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote, urlencode

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import clock_time, money, quantity, short_date
from esoz.kernel.printing import Text
from esoz.mis import stock
from esoz.mis.base import tables
from esoz.mis.base.journal import record
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import PHARMACY
from esoz.mis.link.access import calling

from . import model, queries
from .model import JOURNALS, TOO_MANY, Asked, Event, Kind, Money, Row, Sums, Taken

pages: MisPages = MisPages()

HOME = "/journals"
MOST_SHOWN = 50  # packages on the screen; the file and the paper have all
ALL_DIVISIONS = _("Усі підрозділи")


@pages.add(f"GET {HOME}", roles=PHARMACY)
async def journal(page: MisPage) -> Response:
    """An empty form when nothing is asked: acts are read, and patients told of it, only when somebody wants them."""
    asked, errors = model.read(page.query, page.today)
    is_asked = "journal" in page.query
    rows = await _rows(page, asked, Event.READ) if is_asked and not errors else None
    if is_asked and rows is None and not errors:
        errors = {"to": TOO_MANY}
    place = page.query.get("place", "").strip()[:100]
    divisions, in_all = await stock.divisions(page, await calling(page), str(asked.division or ""), place)
    return page.render(
        "journals/journal.html",
        status=422 if errors else 200,
        keep=False,
        journals=[(str(kind), page.gettext(each.title)) for kind, each in JOURNALS.items()],
        chosen=JOURNALS[asked.kind],
        divisions=[("", page.gettext(ALL_DIVISIONS)), *divisions],
        is_long=in_all > len(divisions) or bool(place),
        sums=model.sums_of(rows) if rows is not None else None,
        is_asked=is_asked,
        has_money=asked.kind is Kind.PRESCRIPTIONS,
        most=MOST_SHOWN,
        address=urlencode(asked.query()),
        values=asked.query() | dict(page.query),
        errors=errors,
    )


async def _rows(page: MisPage, asked: Asked, event: Event) -> list[Row] | None:
    found = await queries.rows(page, asked)
    if found is not None:
        await record(page, event, page.user.work.clinic_id, journal=str(asked.kind), found=len(found))
    return found


def _led_back(page: MisPage) -> Response:
    """What was asked wrongly, or is too long, is told by the page."""
    return page.redirect(f"{HOME}?{urlencode(dict(page.query))}")


@pages.add(f"GET {HOME}.csv", roles=PHARMACY)
async def as_file(page: MisPage) -> Response:
    """The rows for a spreadsheet, each quantity beside its unit."""
    asked, errors = model.read(page.query, page.today)
    rows = None if errors else await _rows(page, asked, Event.EXPORTED)
    if rows is None:
        return _led_back(page)
    shown = [tuple(part for cell in row.cells for part in _parts(cell)) for row in rows]
    heads = [part for head in JOURNALS[asked.kind].heads for part in _heads(head)]
    return tables.file(page, heads, shown, f"{asked.kind}-{asked.first}", day=asked.last)


def _parts(cell: object) -> tuple[object, ...]:
    return (cell.quantity, cell.unit) if isinstance(cell, Taken) else (cell,)


def _heads(head: str) -> tuple[str, ...]:
    return (head, _("Одиниця")) if head == _("Кількість") else (head,)


@pages.add(f"GET {HOME}.pdf", roles=PHARMACY)
async def on_paper(page: MisPage) -> Response:
    """The journal with its sums on paper: who printed it and when, with places for signatures."""
    asked, errors = model.read(page.query, page.today)
    rows = None if errors else await _rows(page, asked, Event.PRINTED)
    if rows is None:
        return _led_back(page)
    division = await _division(page, asked)
    pdf = await asyncio.to_thread(model.as_pdf, _printed(page, asked, rows, division))
    name = quote(f"zhurnal-{asked.kind}-{asked.first}-{asked.last}.pdf")
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _division(page: MisPage, asked: Asked) -> str:
    """How the division is called that the journal is of."""
    if asked.division is None:
        return page.gettext(ALL_DIVISIONS)
    found, _in_all = await stock.divisions(page, await calling(page), str(asked.division), "")
    return dict(found).get(str(asked.division), str(asked.division))


def _printed(page: MisPage, asked: Asked, rows: Sequence[Row], division: str) -> dict[str, Text]:
    word, journal, sums = page.gettext, JOURNALS[asked.kind], model.sums_of(rows)
    period = {"first": short_date(asked.first), "last": short_date(asked.last)}
    printed = {"when": f"{short_date(page.now)}, {clock_time(page.now)}", "who": page.user.name}
    return {
        "title": word(journal.title),
        "language": page.language,
        "organisation": page.user.organisation,
        "division": division,
        "period": word(_("З %(first)s до %(last)s")) % period,
        "heads": [word(each) for each in journal.heads],
        "widths": [str(each) for each in journal.widths],
        "right": [str(place) for place in sorted(journal.numbers)],
        "rows": [[_words(cell) for cell in row.cells] for row in rows],
        "nothing": word(_("За цей період записів немає.")),
        "sums": _lines(page, sums, has_money=asked.kind is Kind.PRESCRIPTIONS),
        "packages": [[each.name, quantity(each.quantity, each.unit)] for each in sums.by_package],
        "package_heads": [word(_("Разом за препаратами")), word(_("Кількість"))],
        "printed": word(_("Надруковано %(when)s. %(who)s")) % printed,
        "head": word(_("Керівник")),
        "date": word(_("Дата")),
    }


def _lines(page: MisPage, sums: Sums, *, has_money: bool) -> list[Text]:
    word = page.gettext
    told: list[tuple[str, str]] = [(_("Записів"), str(len(sums.acts)))]
    told += [(_("Внесено помилково, не враховано"), str(len(sums.mistakes)))] if sums.mistakes else []
    if has_money:
        hryvnias = ((_("На суму"), sums.amount), (_("Відшкодовує держава"), sums.discount))
        told += [(name, money(each)) for name, each in (*hryvnias, (_("Сплатили пацієнти"), sums.paid))]
    return [[word(name), value] for name, value in told]


def _words(cell: object) -> str:
    if isinstance(cell, Taken):
        return quantity(cell.quantity, cell.unit)
    if isinstance(cell, datetime):
        return f"{short_date(cell)} {clock_time(cell)}"
    if isinstance(cell, date):
        return short_date(cell)
    if isinstance(cell, Money):
        return money(cell)
    return quantity(cell) if isinstance(cell, Decimal) else str(cell)


section = Section("journals", pages, nav=(NavItem(_("Друк журналів"), HOME, PHARMACY),))
