"""Pages of choosing a doctor: the text to be signed, the signature, giving up."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from starlette.responses import Response

from esoz.kernel import signing
from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused

from .. import printed
from ..access import CentralSession, calling
from ..declarations import current
from ..errors import Explanation, explain
from ..journal import record
from ..listing import several
from ..services import CabinetPage, CabinetPages
from . import commands, queries
from .model import Event, Request, Status, expected_drfo, to_be_signed

pages: CabinetPages = CabinetPages()

PATH = "/choice"
HOME = "/declarations"
DONE = _("Декларацію підписано. Тепер це Ваш лікар.")
WITHDRAWN = _("Скасовано: декларації не буде.")


@pages.add(f"POST {PATH}", signed_in=True)
async def choose(page: CabinetPage) -> Response:
    """Ask for a declaration with a doctor; a refusal says why and leads back to the search."""
    try:
        employee_id, division_id = UUID(page.form.text("employee_id")), UUID(page.form.text("division_id"))
    except ValueError as fault:
        raise NotFound() from fault
    try:
        id = await commands.ask(page, employee_id, division_id)
    except CentralRefused as refused:
        return page.refuse(
            "choice/refused.html",
            keep=False,
            refused=explain(refused),
            central_id=refused.request_id,
            doctor=f"/doctors/{employee_id}",
        )
    return page.redirect(f"{PATH}/{id}")


@pages.add(f"GET {PATH}/{{id}}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    """The request: the text and the signature while it waits for one, else what became of it."""
    central = await calling(page)
    request = await queries.one(central, page.id())
    await record(page, Event.READ, request.id)
    if request.status is Status.SIGNED:
        return page.redirect(f"{HOME}/{request.declaration_id}")
    if not request.is_to_be_signed:
        return page.render("choice/request.html", request=request)
    return await _form(page, central, request)


@pages.add(f"POST {PATH}/{{id}}", signed_in=True)
async def sign(page: CabinetPage) -> Response:
    central = await calling(page)
    request = await queries.one(central, page.id())
    if not request.is_to_be_signed:
        return page.redirect(f"{PATH}/{request.id}")
    try:
        [document] = await signing.receive(page, [to_be_signed(request.document)])
    except Rejected as fault:
        return await _form(page, central, request, errors=faults(fault))
    try:
        await commands.sign(page, central, request, document)
    except CentralRefused as refused:
        return await _form(page, central, request, refused=explain(refused), central_id=refused.request_id)
    page.flash(DONE)
    return page.redirect(f"{HOME}/{request.declaration_id}")


async def _form(
    page: CabinetPage,
    central: CentralSession,
    request: Request,
    *,
    errors: Mapping[str, str] | None = None,
    refused: Sequence[Explanation] = (),
    central_id: str = "",
) -> Response:
    """The whole text with the ways to sign it, and the declaration that it will end."""
    document = request.document
    (earlier,) = await several(current(central))
    return page.render(
        "choice/sign.html",
        status=422 if errors or refused else 200,
        keep=False,
        request=request,
        lines=printed.lines(str(document.get("content") or "")),
        whole=msgspec.json.format(to_be_signed(document), indent=2).decode(),
        content=to_be_signed(document),
        expect_drfo=expected_drfo(document),
        earlier=earlier,
        errors=errors or {},
        refused=refused,
        central_id=central_id,
    )


@pages.add(f"GET {PATH}/{{id}}/withdraw", signed_in=True)
async def withdraw_form(page: CabinetPage) -> Response:
    request = await queries.one(await calling(page), page.id())
    await record(page, Event.READ, request.id)
    if not request.is_open:
        return page.redirect(f"{PATH}/{request.id}")
    return page.render("choice/withdraw.html", request=request)


@pages.add(f"POST {PATH}/{{id}}/withdraw", signed_in=True)
async def withdraw(page: CabinetPage) -> Response:
    await commands.withdraw(page, page.id())
    page.flash(WITHDRAWN)
    return page.redirect(HOME)
