"""Pages of the access log, and of a complaint about a line of it."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import moment_of
from esoz.kernel.spelling import plain_name
from esoz.sdk import CentralRefused

from ..access import calling
from ..journal import record
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import Days, Event, Reading, by_day, visits
from .sentences import ROLES

pages: CabinetPages = CabinetPages()

WRONG_DATE = _("Введіть справжню дату.")
WRONG_ORDER = _("Кінець періоду раніше за його початок.")
SHORTEST, LONGEST = 10, 2000  # as central takes it
WRONG_LENGTH = _("Опишіть, що Вас непокоїть: від 10 до 2000 знаків.")
SENT = _("Скаргу надіслано до контакт-центру. Відповідь буде тут, про неї надійде повідомлення.")
WAITS_ALREADY = _("Про це Ви вже написали, або відповіді чекають десять Ваших скарг. Нову не надіслано.")
CONFLICT = 409
SHOWN = 20  # complaints of a page


@pages.add("GET /readings", signed_in=True)
async def readings(page: CabinetPage) -> Response:
    days, errors = _days(page)
    if errors:
        log = queries.Log()
    else:
        log = await queries.log(
            await calling(page), days, fits=_chosen(page), before=moment_of(page.query.get("before", ""))
        )
        await record(page, Event.LOG_READ)
    return page.render(
        "readings/readings.html",
        status=422 if errors else 200,
        keep=False,
        days=by_day(visits(log.readings)),
        errors=errors,
        earlier=log.earlier,
        values=dict(page.query),
    )


def _chosen(page: CabinetPage) -> Callable[[Reading], bool]:
    """The patient's own lines are many and say nothing new, so they are left out unless asked for; then the words."""
    own, words = page.query.get("own") == "yes", plain_name(page.query.get("words", "")).split()

    def fits(line: Reading) -> bool:
        if line.is_own and not own:
            return False
        text = _text(page, line) if words else ""
        return all(word in text for word in words)

    return fits


def _text(page: CabinetPage, line: Reading) -> str:
    """What the patient sees of a line."""
    position = page.services.dictionaries.describe("POSITION", line.position)
    office = page.gettext(ROLES[line.role]) if line.role in ROLES else ""
    return plain_name(" ".join((page.gettext(line.sentence), line.name, position, office, line.organisation)))


def _days(page: CabinetPage) -> tuple[Days, dict[str, str]]:
    """The days asked for, and what is wrong with them."""
    page.form.texts |= {name: [page.query.get(name, "")] for name in ("from", "to")}
    try:
        days = Days(page.form.date("from"), page.form.date("to"))
    except Rejected as fault:
        return Days(), dict.fromkeys(faults(fault), WRONG_DATE)
    if days.first and days.last and days.last < days.first:
        return Days(), {"to": WRONG_ORDER}
    return days, {}


@pages.add("GET /readings/complaint", signed_in=True)
async def complaint(page: CabinetPage) -> Response:
    """A complaint about one line of the log, or in general."""
    about = await _line(page, page.query)
    await record(page, Event.COMPLAINT_PREPARED, page.query.get("event", "") if about else "")
    return _complaint(page, about, {})


@pages.add("POST /readings/complaint", signed_in=True)
async def complain(page: CabinetPage) -> Response:
    about = await _line(page, page.form.values())
    text = page.form.text("complaint")
    if not SHORTEST <= len(text) <= LONGEST:
        return _complaint(page, about, {"complaint": WRONG_LENGTH})
    try:
        await queries.complain(await calling(page), text, about)
    except CentralRefused as refused:
        if refused.status != CONFLICT:
            raise
        page.flash(WAITS_ALREADY, "important")
        return page.redirect("/readings/complaints")
    await record(page, Event.COMPLAINT_SENT, about.event if about else "")
    page.flash(SENT)
    return page.redirect("/readings/complaints")


async def _line(page: CabinetPage, told: Mapping[str, str]) -> Reading | None:
    """The line that is complained about; None in general. Raises NotFound."""
    at, event = moment_of(told.get("at", "")), told.get("event", "")
    if not (at and event):
        return None
    found = await queries.find(await calling(page), at, event)
    if found is None:
        raise NotFound()
    return found


def _complaint(page: CabinetPage, about: Reading | None, errors: Mapping[str, str]) -> Response:
    return page.render(
        "readings/complaint.html",
        status=422 if errors else 200,
        keep=False,
        reading=about,
        errors=errors,
        typed=page.form.values().get("complaint"),
    )


@pages.add("GET /readings/complaints", signed_in=True)
async def complaints(page: CabinetPage) -> Response:
    asked = page.list_page(SHOWN)
    found, number, last = await queries.complaints(await calling(page), asked.number, asked.size)
    await record(page, Event.COMPLAINTS_READ)
    return page.render("readings/complaints.html", complaints=found, number=number, last=last)
