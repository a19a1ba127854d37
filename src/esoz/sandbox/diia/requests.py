"""A site asks the holder for signatures: what it asks, the answer, the way back."""

from starlette.responses import Response

from esoz.kernel.errors import NotFound

from ..door.services import DoorPage, DoorPages
from .acquirers import SigningRequest
from .services import phone

pages: DoorPages = DoorPages()


@pages.add("GET /request/{id}", signed_in=True)
async def show(page: DoorPage) -> Response:
    return page.render("request.html", request=_asked(page))


@pages.add("POST /request/{id}", signed_in=True)
async def answer(page: DoorPage) -> Response:
    """Sign or refuse; what was answered before stays so."""
    request, own = _asked(page), phone(page)
    if request.is_open:
        if page.form.text("act") == "sign":
            await own.acquirers.sign(request, own.keys.of(page.user.tax_id), page.now)
        else:
            await own.acquirers.refuse(request)
    return page.redirect(page.path)


def _asked(page: DoorPage) -> SigningRequest:
    found = phone(page).acquirers.requests.get(page.params["id"])
    if found is None:
        raise NotFound()
    return found
