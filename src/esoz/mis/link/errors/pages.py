"""What a page becomes when central refuses, does not answer, or does not know the user any more."""

from collections.abc import Iterator
from dataclasses import replace

from starlette.responses import Response

from esoz.kernel.pages import Pages, Route
from esoz.kernel.pages.site import Handler
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.base.workplace import Worker
from esoz.mis.link.access import ConsentNeeded
from esoz.sdk import CentralBusy, CentralRefused, CentralUnavailable

from .queries import explain


class Explained(Pages[Services, Worker]):
    """Pages of a section, whose central errors become pages with an explanation."""

    def __init__(self, inner: MisPages) -> None:
        super().__init__()
        self._inner = inner

    def __iter__(self) -> Iterator[Route[Services, Worker]]:
        return (replace(route, handler=explained(route.handler)) for route in self._inner)


def explained(handler: Handler[Services, Worker]) -> Handler[Services, Worker]:
    """The handler, whose central errors become pages with an explanation. What it has written is taken back,
    unless it said `page.keep_changes()`."""

    async def explaining(page: MisPage) -> Response:
        try:
            return await handler(page)
        except ConsentNeeded:
            return page.render("access/connect.html", status=403, next=page.address)
        except CentralRefused as refused:
            return _refused(page, refused, refused.status if refused.status in {403, 404, 409} else 422)
        except CentralBusy as busy:
            return _refused(page, busy, 429)
        except CentralUnavailable:
            return page.render("errors/away.html", status=503)

    return explaining


def _refused(page: MisPage, refused: CentralRefused | CentralBusy, status: int) -> Response:
    return page.render(
        "errors/refused.html", status=status, refused=explain(page, refused), central_id=refused.request_id
    )
