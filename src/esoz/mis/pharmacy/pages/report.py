"""The report of a day: what was dispensed by programme, what the state pays, what patients paid, what the books say."""

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of
from esoz.mis import stock
from esoz.mis.base import tables
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import PHARMACY
from esoz.mis.link.access import calling

from .. import queries, wire
from ..model import Event
from .registry import REPORT, pages

BAD_DAY = _("Введіть справжню дату.")
HEADS = (
    *(_("Програма"), _("Рецепт"), _("Препарат"), _("Кількість"), _("Сума"), _("Відшкодування")),
    *(_("Сплатив пацієнт"), _("Час"), _("Узято зі складу")),
)
YES, NO = _("так"), _("ні")


@pages.add(f"GET {REPORT}", roles=PHARMACY, reads=True)
async def report(page: MisPage) -> Response:
    """A day of one division, today's when nothing is asked."""
    here = await stock.counter(page)
    asked = page.query.get("day", "").strip()
    day = (day_of(asked) if asked else page.today) or page.today
    errors = {"day": BAD_DAY} if asked and day_of(asked) is None else {}
    found = None if errors else await queries.day(page, await calling(page), day, here)
    return page.render(
        "pharmacy/report.html",
        status=422 if errors else 200,
        keep=False,
        here=here,
        day=day,
        found=found,
        values={"day": asked or page.today.isoformat()},
        errors=errors,
    )


@pages.add(f"GET {REPORT}.csv", roles=PHARMACY)
async def as_file(page: MisPage) -> Response:
    """The same, a line for each package."""
    here = await stock.counter(page)
    day = day_of(page.query.get("day", "").strip()) or page.today
    found = await queries.day(page, await calling(page), day, here)
    await record(page, Event.LIST_EXPORTED, page.user.work.clinic_id, found=len(found.dispenses))
    words = {True: page.gettext(YES), False: page.gettext(NO)}
    rows = [row for each in found.dispenses for row in wire.report_rows(each, words[each["id"] not in found.unbooked])]
    return tables.file(page, HEADS, rows, "dispenses", day=day)
