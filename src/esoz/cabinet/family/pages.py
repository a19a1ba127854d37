"""Pages of the family: the list, the signature that opens the data of one of them, the way back."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel import signing
from esoz.kernel.errors import Rejected
from esoz.kernel.pages import Banner, faults
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused

from ..access import calling
from ..errors import explain
from ..journal import record
from ..services import CabinetPage, CabinetPages
from . import commands, queries
from .model import Event, Ward

pages: CabinetPages = CabinetPages()

PATH = "/family"
SHOWN = _("Показано дані: %(name)s. Ви дієте від імені цієї людини.")
BACK = _("Повернутися до своїх даних")
STARTED = _("Тепер усі сторінки показують дані людини, від імені якої Ви дієте.")
ENDED = _("Ви повернулися до своїх даних.")


def banners(page: CabinetPage) -> list[Banner]:
    """On every page: whose data is shown, while it is not one's own."""
    if page.visitor is None or page.visitor.applicant is None:
        return []
    told = page.gettext(SHOWN) % {"name": page.visitor.name}
    return [Banner(told, severity="warning", href=PATH, link=page.gettext(BACK))]


@pages.add(f"GET {PATH}", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    if page.user.applicant is not None:
        return page.render("family/acting.html", applicant=page.user.applicant)
    found = await queries.wards(await calling(page))
    await record(page, Event.LISTED)
    return page.render("family/family.html", wards=found)


@pages.add(f"GET {PATH}/{{id}}", signed_in=True)
async def sign_form(page: CabinetPage) -> Response:
    """The text that is signed, in full."""
    if page.user.applicant is not None:
        return page.redirect(PATH)
    found = await queries.ward(await calling(page), page.id())
    await record(page, Event.LISTED, found.id)
    return _form(page, found)


def _form(
    page: CabinetPage,
    ward: Ward,
    errors: Mapping[str, str] | None = None,
    refused: CentralRefused | None = None,
) -> Response:
    return page.render(
        "family/sign.html",
        status=422 if errors or refused else 200,
        keep=refused is not None,
        ward=ward,
        content=ward.to_be_signed(),
        errors=errors or {},
        refused=explain(refused) if refused else (),
        central_id=refused.request_id if refused else "",
    )


@pages.add(f"POST {PATH}/{{id}}", signed_in=True)
async def sign(page: CabinetPage) -> Response:
    if page.user.applicant is not None:
        return page.redirect(PATH)
    found = await queries.ward(await calling(page), page.id())
    try:
        [document] = await signing.receive(page, [found.to_be_signed()])
    except Rejected as fault:
        return _form(page, found, faults(fault))
    try:
        await commands.act_for(page, found, document)
    except CentralRefused as refused:
        await record(page, Event.REFUSED, found.id)
        return _form(page, found, refused=refused)
    page.flash(STARTED)
    return page.redirect("/")


@pages.add(f"POST {PATH}/back", signed_in=True)
async def back(page: CabinetPage) -> Response:
    """To one's own data; said again it changes nothing."""
    applicant = page.user.applicant
    if applicant is not None:
        await commands.act_for_oneself(page, applicant)
        page.flash(ENDED)
    return page.redirect(PATH)
