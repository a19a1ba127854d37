"""Pages of signing on the phone: the link and its QR code, waiting, coming back; and the service's callback."""

import re
from functools import partial

import segno
from starlette.responses import Response

from ..errors import NotFound
from ..pages.page import Page, Services, User
from ..pages.site import Pages
from ..pages.translations import mark as _
from ..work import NeedsExternal
from . import commands
from .model import RemoteSigning, State
from .refusals import told

MOST_KEYS = 4  # two keys of a file, each by two kinds of identifier
KEY = re.compile(r"[0-9a-f]{64}")
CANCELLED = _("Запит на підпис скасовано. Документ не підписано.")
OUTCOMES = {
    State.REFUSED: _("У Дії відмовилися підписати. Документ не підписано."),
    State.WRONG_PERSON: _("Підписала інша людина. Увійдіть у Дію зі свого телефона й підпишіть ще раз."),
    State.INVALID: _("Дія надіслала підпис, але прийняти його не можна. Документ не підписано."),
    State.EXPIRED: _("Час вийшов: підпису не було. Надішліть запит ще раз."),
    State.CANCELLED: CANCELLED,
}


def routes() -> Pages[Services, User]:
    """The pages for one site. They belong to the browser that asked, signed in or not."""
    pages: Pages[Services, User] = Pages()
    pages.add("GET /signing/certificates", public=True)(certificates)
    pages.add("GET /signing/{id}", public=True)(wait)
    pages.add("GET /signing/{id}/state", public=True)(state)
    pages.add("GET /signing/{id}/open", public=True)(open_link)
    pages.add("POST /signing/{id}/cancel", public=True)(cancel)
    pages.add("POST /signing/callback/{key}", machine=True)(callback)
    return pages


async def certificates(page: Page[Services, User]) -> Response:
    """Certificates of the keys in `?keys=`, for the signer in the browser; 404 when no centre knows them."""
    keys = page.query.get("keys", "").split(",")
    directory = page.profile.signing.directory if page.profile.signing else None
    if directory is None or len(keys) > MOST_KEYS or not all(KEY.fullmatch(key) for key in keys):
        raise NotFound()
    wanted = [bytes.fromhex(key) for key in keys]
    found = directory.known(wanted)
    if found is None:
        raise NeedsExternal(partial(directory.ask, wanted))  # no connection waits for a trust centre
    if not found:
        raise NotFound()
    return Response(found, media_type="application/x-pem-file")


async def wait(page: Page[Services, User]) -> Response:
    """The page that waits. Once the signature is used, it leads back to the document."""
    request = await commands.find(page, page.id(), lock=True)
    if request.state in {State.APPLIED, State.CANCELLED}:
        return page.redirect(request.action)
    code = segno.make(request.link, error="m", micro=False).svg_data_uri(border=2, scale=5)
    return _shown(page, request, "signing/wait.html", code)


async def state(page: Page[Services, User]) -> Response:
    """What htmx asks every two seconds; without scripts the page itself is opened again."""
    try:
        request = await commands.find(page, page.id(), lock=True)
    except NotFound:  # the session ended in another tab: a page that watches would wait for ever
        if not page.is_fragment:
            raise
        return page.render("signing/gone.html")
    if not page.is_fragment or request.state in {State.APPLIED, State.CANCELLED}:
        return page.redirect(f"/signing/{request.id}")
    return _shown(page, request, "signing/state.html")


def _shown(page: Page[Services, User], request: RemoteSigning, template: str, code: str = "") -> Response:
    seconds = request.seconds_left(page.now)
    left = f"{seconds // 60}:{seconds % 60:02d}"
    return page.render(
        template,
        request=request,
        left=left,
        outcome=OUTCOMES.get(request.state, ""),
        why=told(page, request.reason),
        code=code,
    )


async def open_link(page: Page[Services, User]) -> Response:
    """To the phone's application. A link, for a form may not lead to a foreign address."""
    request = await commands.open_link(page, page.id())
    if not request.is_waiting:
        return page.redirect(f"/signing/{request.id}")
    return Response(status_code=303, headers={"Location": request.link})


async def cancel(page: Page[Services, User]) -> Response:
    request = await commands.cancel(page, page.id())
    if request.state is not State.CANCELLED:
        return page.redirect(f"/signing/{request.id}")
    page.flash(CANCELLED, "important")
    return page.redirect(request.action)


async def callback(page: Page[Services, User]) -> Response:
    """The service brings signatures; it is known by the secret of the address."""
    signing = page.profile.signing
    if signing is None or signing.remote is None or not signing.remote.is_ours(page.params["key"]):
        raise NotFound()
    answer = signing.remote.read(page.request.headers, page.form.text("encodeData"))
    await commands.settle(page, answer)
    return page.json({"success": True})
