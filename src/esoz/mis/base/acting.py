"""Who opens a page in which role: a doctor who is also the head signs visits as the doctor, and hires as the head."""

from collections.abc import Iterator
from dataclasses import replace

from starlette.responses import Response

from esoz.kernel.pages import Pages, Route
from esoz.kernel.pages.site import Handler

from .services import MisPage, MisPages, Services
from .workplace import Worker


class Acting(Pages[Services, Worker]):
    """Pages of a section, opened in the position of the user that their roles ask for."""

    def __init__(self, inner: MisPages) -> None:
        super().__init__()
        self._inner = inner

    def __iter__(self) -> Iterator[Route[Services, Worker]]:
        return (replace(route, handler=acting(route)) if route.roles else route for route in self._inner)


def acting(route: Route[Services, Worker]) -> Handler[Services, Worker]:
    """The route's handler, which sees the user in a position that may open it."""

    async def in_position(page: MisPage) -> Response:
        page.visitor = page.user.acting(route.roles)
        return await route.handler(page)

    return in_position
