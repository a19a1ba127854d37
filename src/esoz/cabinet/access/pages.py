"""Pages of signing in and out."""

import base64
from collections.abc import Mapping, Sequence

from starlette.responses import Response

from esoz.kernel import signing, strangers
from esoz.kernel.errors import Rejected, rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused

from ..errors import Explanation, explain
from ..services import CabinetPage, CabinetPages
from . import commands, newcomers
from .model import Event

pages: CabinetPages = CabinetPages()

NOT_SIGNED = _("Сторінка застаріла. Підпишіть запит на вхід ще раз.")
SIGNED_OUT = _("Ви вийшли з кабінету на всіх пристроях.")


@pages.add("GET /sign-in", public=True)
async def sign_in_form(page: CabinetPage) -> Response:
    if page.visitor is not None:
        return page.redirect(page.next_path())
    return await _form(page)


@pages.add("POST /sign-in", public=True)
async def sign_in(page: CabinetPage) -> Response:
    try:
        document = await _signed(page)
    except Rejected as fault:
        return await _form(page, errors=faults(fault))
    try:
        await commands.sign_in(page, document)
    except CentralRefused as refused:
        strangers.note(str(Event.REFUSED), refused.type)
        if newcomers.is_unknown(refused) and newcomers.remember(page, document):
            return page.redirect("/register")
        return await _form(page, refused=explain(refused), central_id=refused.request_id)
    return page.redirect(page.next_path())


async def _signed(page: CabinetPage) -> bytes:
    """The signed request to sign in. Its bytes come back with the form: central knows its own nonce again."""
    try:
        content = base64.b64decode(page.form.text("content"), validate=True)
    except ValueError as fault:
        raise rejected("$.signed_file", NOT_SIGNED) from fault
    return (await signing.receive(page, [content]))[0]


async def _form(
    page: CabinetPage,
    *,
    errors: Mapping[str, str] | None = None,
    refused: Sequence[Explanation] = (),
    central_id: str = "",
) -> Response:
    """The form with a fresh nonce: each opens one session and lives fifteen minutes."""
    content = await commands.ask_nonce(page)
    return page.render(
        "access/sign_in.html",
        status=422 if errors or refused else 200,
        keep=bool(refused),
        content=content,
        errors=errors or {},
        refused=refused,
        central_id=central_id,
        next=page.next_path(),
    )


@pages.add("POST /sign-out", signed_in=True)
async def sign_out(page: CabinetPage) -> Response:
    await commands.sign_out(page)
    page.flash(SIGNED_OUT)
    return page.redirect("/sign-in")
