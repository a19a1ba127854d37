"""Pages of reimbursement: a period on the screen, as a file, on paper."""

import asyncio
from urllib.parse import quote, urlencode

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import clock_time, money, short_date
from esoz.kernel.printing import Text
from esoz.mis.base import tables
from esoz.mis.base.journal import record
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import holders
from esoz.mis.link.access import calling

from . import model, queries
from .model import KEYS, Asked, Event, Report, Row
from .texts import KNOWN

pages: MisPages = MisPages()

HOME = "/reimbursement"
READERS = holders("reimbursement_report:read")
TITLE = _("Відшкодування")
HEADS = (_("Відпусків"), _("Із них повернено частину"), _("На суму"), _("Відшкодовує держава"), _("Сплатили пацієнти"))


@pages.add(f"GET {HOME}", roles=READERS, reads=True)
async def report(page: MisPage) -> Response:
    """The present month by days when nothing is asked."""
    asked, errors = model.read(page.query, page.today)
    found = None
    if not errors:
        found = await queries.report(page, await calling(page), asked)
        await record(page, Event.READ, page.user.work.clinic_id)
    return page.render(
        "reimbursement/report.html",
        status=422 if errors else 200,
        keep=False,
        found=found,
        asked=asked,
        keys=KEYS,
        address=urlencode(asked.query()),
        values=asked.query() | dict(page.query),
        errors=errors,
    )


@pages.add(f"GET {HOME}.csv", roles=READERS)
async def as_file(page: MisPage) -> Response:
    """The same for a spreadsheet; what was asked wrongly is led to the page that says so."""
    asked, errors = model.read(page.query, page.today)
    if errors:
        return page.redirect(f"{HOME}?{urlencode(dict(page.query))}")
    found = await queries.report(page, await calling(page), asked)
    await record(page, Event.EXPORTED, page.user.work.clinic_id, found=len(found.rows))
    rows = [_cells(each) for each in (*found.rows, found.total)]
    return tables.file(page, (KEYS[asked.by], *HEADS), rows, f"reimbursement-{asked.first}", day=asked.last)


def _cells(row: Row) -> tuple[object, ...]:
    return row.name, row.dispenses, row.taken_back, row.amount, row.discount, row.paid


@pages.add(f"GET {HOME}.pdf", roles=READERS)
async def on_paper(page: MisPage) -> Response:
    """The same on paper, for the signature of the head."""
    asked, errors = model.read(page.query, page.today)
    if errors:
        return page.redirect(f"{HOME}?{urlencode(dict(page.query))}")
    found = await queries.report(page, await calling(page), asked)
    await record(page, Event.PRINTED, page.user.work.clinic_id, found=len(found.rows))
    pdf = await asyncio.to_thread(model.as_pdf, _printed(page, asked, found))
    name = quote(f"vidshkoduvannia-{asked.first}-{asked.last}.pdf")
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _printed(page: MisPage, asked: Asked, found: Report) -> dict[str, Text]:
    word = page.gettext
    return {
        "title": word(TITLE),
        "language": page.language,
        "organisation": page.user.organisation,
        "period": word(_("З %(first)s до %(last)s"))
        % {"first": short_date(asked.first), "last": short_date(asked.last)},
        "heads": [word(each) for each in (KEYS[asked.by], *HEADS)],
        "rows": [_words(each) for each in found.rows],
        "total": _words(found.total),
        "printed": word(_("Надруковано")) + f" {short_date(page.now)} {clock_time(page.now)}",
        "head": word(_("Керівник")),
        "date": word(_("Дата")),
    }


def _words(row: Row) -> list[Text]:
    return [
        row.name,
        str(row.dispenses),
        str(row.taken_back),
        *(money(each) for each in (row.amount, row.discount, row.paid)),
    ]


section = Section("reimbursement", pages, nav=(NavItem(TITLE, HOME, READERS),), errors=KNOWN)
