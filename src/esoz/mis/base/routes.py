"""Pages of a section with what stands before each of them: the position of its user, the gates.

Somebody may hold several positions at a clinic: a doctor who is also the head signs visits as the doctor, and hires as
the head.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from starlette.responses import Response

from esoz.kernel.pages import Handler, Pages, Redirect, Route

from .gate import ALWAYS_OPEN, Gate
from .services import MisPage, MisPages, Services
from .urls import with_next
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


class Gated(Pages[Services, Worker]):
    """Pages of a section behind the gates; public ones stand before them."""

    def __init__(self, inner: Pages[Services, Worker], gates: Sequence[Gate]) -> None:
        super().__init__()
        self._inner, self._gates = inner, gates

    def __iter__(self) -> Iterator[Route[Services, Worker]]:
        for route in self._inner:
            met = [] if route.public else self._met(route.path)
            yield replace(route, handler=gated(route.handler, met)) if met else route

    def _met(self, path: str) -> list[Gate]:
        """Gates on the way to a path: all, or for what a gate lets through those before it, so none leads in a ring."""
        before = list(takewhile(lambda gate: not gate.lets(path), self._gates))
        return [] if path in ALWAYS_OPEN else before


def gated(handler: Handler[Services, Worker], gates: Sequence[Gate]) -> Handler[Services, Worker]:
    """The handler, unless one of the gates is shut; then the way leads there, and from there back here."""

    async def through(page: MisPage) -> Response:
        shut = next((gate for gate in gates if page.session.data.get(gate.mark)), None)
        if shut is not None:
            raise Redirect(with_next(shut.page, page.address), taken=False)
        return await handler(page)

    return through
