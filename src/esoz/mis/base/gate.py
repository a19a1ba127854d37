"""Nothing but one page opens while something must be done first: a new password, the unlocking of the screen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from starlette.responses import Response

from esoz.kernel.pages import Handler, Pages, Redirect, Route

from .services import MisPage, Services
from .urls import with_next
from .workplace import Worker

ALWAYS_OPEN = frozenset({"/sign-out"})


@dataclass(frozen=True, slots=True)
class Gate:
    """While the session carries `mark`, every way leads to `page`; the paths of `open` stay open besides.

    `below`: so do all pages below `page`.
    """

    mark: str
    page: str
    open: frozenset[str] = frozenset()
    below: bool = False

    def lets(self, path: str) -> bool:
        """Does this path open before the gate?"""
        is_below = self.below and path.startswith(f"{self.page}/")
        return path == self.page or is_below or path in self.open or path in ALWAYS_OPEN


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
