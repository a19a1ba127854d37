"""Nothing but one page opens while something must be done first: a new password, the unlocking of the screen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response

from esoz.kernel.pages import Pages, Route
from esoz.kernel.pages.site import Handler

from .access import with_next
from .services import MisPage, Services
from .workplace import Worker

ALWAYS_OPEN = frozenset({"/sign-out"})


@dataclass(frozen=True, slots=True)
class Gate:
    """While the session carries `mark`, every way leads to `page`; the paths of `open` stay open besides."""

    mark: str
    page: str
    open: frozenset[str] = frozenset()

    def lets(self, path: str) -> bool:
        """Does this path open before the gate?"""
        return path == self.page or path in self.open or path in ALWAYS_OPEN


class Gated(Pages[Services, Worker]):
    """Pages of a section behind the gates; public ones stand before them."""

    def __init__(self, inner: Pages[Services, Worker], gates: Sequence[Gate]) -> None:
        super().__init__()
        self._inner, self._gates = inner, gates

    def __iter__(self) -> Iterator[Route[Services, Worker]]:
        for route in self._inner:
            met = [] if route.public else [gate for gate in self._gates if not gate.lets(route.path)]
            yield replace(route, handler=gated(route.handler, met)) if met else route


def gated(handler: Handler[Services, Worker], gates: Sequence[Gate]) -> Handler[Services, Worker]:
    """The handler, unless one of the gates is shut; then the way leads there, and from there back here."""

    async def through(page: MisPage) -> Response:
        shut = next((gate for gate in gates if page.session.data.get(gate.mark)), None)
        if shut is None:
            return await handler(page)
        query = page.request.url.query
        here = f"{page.path}?{query}" if query else page.path
        wanted = here if page.request.method == "GET" and not page.is_fragment else "/"
        return page.redirect(with_next(shut.page, wanted))

    return through
