"""A site asks the holder for signatures: what it asks, the answer, the way back."""

from starlette.responses import Response

from esoz.kernel.errors import NotFound

from .acquirers import SigningRequest
from .services import PhonePage, PhonePages

pages: PhonePages = PhonePages()


@pages.add("GET /request/{id}", signed_in=True)
async def show(page: PhonePage) -> Response:
    return page.render("request.html", request=_asked(page))


@pages.add("POST /request/{id}", signed_in=True)
async def answer(page: PhonePage) -> Response:
    """Sign or refuse; what was answered before stays so."""
    request = _asked(page)
    if request.is_open:
        if page.form.text("act") == "sign":
            await page.services.acquirers.sign(request, page.user, page.now)
        else:
            await page.services.acquirers.refuse(request)
    return page.redirect(page.path)


def _asked(page: PhonePage) -> SigningRequest:
    found = page.services.acquirers.requests.get(page.params["id"])
    if found is None:
        raise NotFound()
    return found
