"""What a page becomes when central refuses, does not answer, or does not know the user any more."""

from collections.abc import Awaitable, Iterator
from dataclasses import replace

from starlette.responses import Response

from esoz.kernel import logs
from esoz.kernel.pages import ODD_VALUES, Pages, Route
from esoz.kernel.pages.site import Handler
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.base.workplace import Worker
from esoz.mis.link.access import ConsentNeeded
from esoz.sdk import CentralBusy, CentralClosed, CentralRefused, CentralUnavailable, CentralUnreadable, understanding

from .queries import explain


class Explained(Pages[Services, Worker]):
    """Pages of a section, whose central errors become pages with an explanation."""

    def __init__(self, inner: MisPages) -> None:
        super().__init__()
        self._inner = inner

    def __iter__(self) -> Iterator[Route[Services, Worker]]:
        return (replace(route, handler=explained(route.handler)) for route in self._inner)


def explained(handler: Handler[Services, Worker]) -> Handler[Services, Worker]:
    """The handler, whose central errors become pages with an explanation. What it has written is taken back."""

    async def explaining(page: MisPage) -> Response:
        return await _explaining(page, handler(page), keep=False)

    return explaining


async def keeping(page: MisPage, answer: Awaitable[Response]) -> Response:
    """The answer, or the explanation of central's error: then what was written before stays."""
    return await _explaining(page, answer, keep=True)


async def _explaining(page: MisPage, answer: Awaitable[Response], *, keep: bool) -> Response:
    try:
        with understanding(*ODD_VALUES):
            return await answer
    except ConsentNeeded:
        return page.refuse("access/connect.html", status=403, keep=keep, next=page.address)
    except CentralRefused as refused:
        status = refused.status if refused.status in {403, 404, 409} else 422
        return _refused(page, refused, status=status, keep=keep)
    except CentralBusy as busy:
        return _refused(page, busy, status=429, keep=keep)
    except CentralClosed as closed:
        return _refused(page, closed.refusal, status=503, keep=keep)
    except CentralUnavailable as away:
        if isinstance(away, CentralUnreadable):
            logs.alarm("central's answer cannot be read", away.__cause__ or away, answer=str(away))
        return page.refuse("errors/away.html", status=503, keep=keep)


def _refused(page: MisPage, refused: CentralRefused | CentralBusy, *, status: int, keep: bool) -> Response:
    context = {"refused": explain(page, refused), "central_id": refused.request_id}
    return page.refuse("errors/refused.html", status=status, keep=keep, **context)
