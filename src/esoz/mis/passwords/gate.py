"""Nothing but the change of the password opens while the password is over."""

from collections.abc import Iterator
from dataclasses import replace

from starlette.responses import Response

from esoz.kernel.pages import Pages, Route
from esoz.kernel.pages.site import Handler

from ..access import with_next
from ..services import MisPage, Services
from ..workplace import Worker
from .model import MUST_CHANGE

CHANGE = "/account/password"
OPEN = frozenset({CHANGE, f"{CHANGE}/rules", "/sign-out"})


class Gated(Pages[Services, Worker]):
    """Pages of a section behind the gate; public ones and the change itself stand before it."""

    def __init__(self, inner: Pages[Services, Worker]) -> None:
        super().__init__()
        self._inner = inner

    def __iter__(self) -> Iterator[Route[Services, Worker]]:
        for route in self._inner:
            free = route.public or route.path in OPEN
            yield route if free else replace(route, handler=gated(route.handler))


def gated(handler: Handler[Services, Worker]) -> Handler[Services, Worker]:
    """The handler, unless the user has to change the password first; then the way leads back here."""

    async def through(page: MisPage) -> Response:
        if not page.session.data.get(MUST_CHANGE):
            return await handler(page)
        query = page.request.url.query
        here = f"{page.path}?{query}" if query else page.path
        wanted = here if page.request.method == "GET" and not page.is_fragment else "/"
        return page.redirect(with_next(CHANGE, wanted))

    return through
