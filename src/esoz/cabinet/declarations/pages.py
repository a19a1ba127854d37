"""Pages of declarations."""

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading
from esoz.sdk import CentralRefused

from .. import choice, printed
from ..access import calling
from ..errors import explain
from ..journal import record
from ..listing import cut, several
from ..services import CabinetPage, CabinetPages
from . import commands, queries
from .model import LONGEST_REASON, REASON_WORDS, STATUS_WORDS, Declaration, Event

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10
PATH = "/declarations"
TOO_LONG = _("Пояснення задовге: до 1000 знаків.")
ENDED = _("Декларацію завершено. Лікаря у Вас тепер немає.")


@pages.add("GET /declarations", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    central = await calling(page)
    found = await queries.listed(central)
    (requests,) = await several(choice.listed(central))
    await record(page, Event.LIST_READ)
    return page.render(
        "declarations/declarations.html",
        found=cut(found, page.list_page(PAGE_SIZE)),
        live=next((each for each in found if each.is_live), None),
        requests=requests if isinstance(requests, list) else [],
        status_words=STATUS_WORDS,
    )


@pages.add("GET /declarations/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    declaration = await queries.one(await calling(page), page.id())
    await record(page, Event.READ, declaration.id)
    return page.render(
        "declarations/declaration.html", declaration=declaration, status_words=STATUS_WORDS, reason_words=REASON_WORDS
    )


@pages.add("GET /declarations/{id}/text", signed_in=True)
async def text(page: CabinetPage) -> Response:
    """The text that was signed, to be read and printed."""
    declaration = await queries.one(await calling(page), page.id())
    await record(page, Event.TEXT_READ, declaration.id)
    lines = printed.lines(str(declaration.content.get("content") or ""))
    return page.render("declarations/text.html", declaration=declaration, lines=lines)


@pages.add("GET /declarations/{id}/end", signed_in=True)
async def end_form(page: CabinetPage) -> Response:
    declaration = await queries.one(await calling(page), page.id())
    await record(page, Event.READ, declaration.id)
    if not declaration.is_active:
        return page.redirect(f"{PATH}/{declaration.id}")
    return page.render(
        "declarations/end.html", declaration=declaration, values={}, errors={}, refused=(), central_id=""
    )


@pages.add("POST /declarations/{id}/end", signed_in=True)
async def end(page: CabinetPage) -> Response:
    id, reading = page.id(), Reading(page.form.values())
    reason = reading.text("reason", too_long=TOO_LONG, longest=LONGEST_REASON) or ""
    if reading.faults:
        return _again(page, await queries.one(await calling(page), id), reading)
    try:
        await commands.end(page, id, reason)
    except CentralRefused as refused:
        return _again(page, await queries.one(await calling(page), id), reading, refused)
    page.flash(ENDED)
    return page.redirect(f"{PATH}/{id}")


def _again(
    page: CabinetPage, declaration: Declaration, reading: Reading, refused: CentralRefused | None = None
) -> Response:
    """The form as it was filled in, with what is wrong."""
    return page.refuse(
        "declarations/end.html",
        keep=False,
        declaration=declaration,
        values=reading.values,
        errors=reading.faults,
        refused=explain(refused) if refused else (),
        central_id=refused.request_id if refused else "",
    )
