"""Pages of permissions: who has one, taking it back."""

from starlette.responses import Response

from esoz.kernel.pages import mark as _

from ..access import calling
from ..journal import record
from ..listing import cut, several
from ..services import CabinetPage, CabinetPages
from . import commands, queries
from .model import Event

pages: CabinetPages = CabinetPages()

PATH = "/accesses"
PAGE_SIZE = 10
APPROVAL_ENDED = _("Дозвіл скасовано: за ним більше нічого не видно.")
SYSTEM_ENDED = _("Доступ системи завершено.")


@pages.add("GET /accesses", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    """Each part stands alone: when central refuses one, the other is shown."""
    central = await calling(page)
    own = (await page.services.gateway.client(page.db)).id
    approvals, systems = await several(queries.approvals(central), queries.systems(central, own))
    await record(page, Event.READ)
    is_known = isinstance(approvals, list)
    over = [each for each in approvals if not each.is_open(page.now)] if is_known else []
    return page.render(
        "accesses/accesses.html",
        approvals=[each for each in approvals if each.is_open(page.now)] if is_known else None,
        over=cut(over, page.list_page(PAGE_SIZE)),
        systems=systems if isinstance(systems, list) else None,
    )


@pages.add("GET /accesses/approvals/{id}/end", signed_in=True)
async def end_approval_form(page: CabinetPage) -> Response:
    approval = await queries.approval(await calling(page), page.id())
    await record(page, Event.READ, approval.id)
    if not approval.is_open(page.now):
        return page.redirect(PATH)
    return page.render("accesses/end_approval.html", approval=approval)


@pages.add("POST /accesses/approvals/{id}/end", signed_in=True)
async def end_approval(page: CabinetPage) -> Response:
    await commands.end_approval(page, await calling(page), page.id())
    page.flash(APPROVAL_ENDED)
    return page.redirect(PATH)


@pages.add("GET /accesses/systems/{id}/end", signed_in=True)
async def end_system_form(page: CabinetPage) -> Response:
    own = (await page.services.gateway.client(page.db)).id
    system = await queries.system(await calling(page), own, page.id())
    await record(page, Event.READ, system.id)
    return page.render("accesses/end_system.html", system=system)


@pages.add("POST /accesses/systems/{id}/end", signed_in=True)
async def end_system(page: CabinetPage) -> Response:
    """Ended for this cabinet itself, the next page leads to sign-in: central knows its token no more."""
    await commands.end_system(page, await calling(page), page.id())
    page.flash(SYSTEM_ENDED)
    return page.redirect(PATH)
