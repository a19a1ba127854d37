"""Pages gathered by a decorator: the method and path of each, its handler, and who may see it."""

from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Generic, TypeAlias

from starlette.responses import Response

from .page import Page, Services, User

Handler: TypeAlias = Callable[[Page[Services, User]], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route(Generic[Services, User]):
    """One page: its method and path, its handler, and who may see it."""

    method: str
    path: str
    handler: Handler[Services, User]
    roles: frozenset[str]  # empty: every signed-in user, unless public
    public: bool
    machine: bool = False  # called by a program, not from a page: no form token
    reads: bool = False  # writes nothing but the session and one line of the audit log: needs no transaction

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


class Pages(Generic[Services, User]):
    """Pages of one context, gathered by a decorator."""

    def __init__(self) -> None:
        self._routes: list[Route[Services, User]] = []

    def __iter__(self) -> Iterator[Route[Services, User]]:
        return iter(self._routes)

    def add(
        self,
        route: str,
        *,
        roles: Collection[str] = (),
        public: bool = False,
        signed_in: bool = False,
        machine: bool = False,
        reads: bool = False,
    ) -> Callable[[Handler[Services, User]], Handler[Services, User]]:
        """Register `"GET /patients/{id}"`. Who may see it is always said: roles, or signed_in, or public.

        `machine`: a program calls it (a callback); it proves by itself who it is. `reads`: it writes no more than one
        line of the audit log, in one statement. Raises TypeError when none or more than one of the first four is given,
        or a form only reads.
        """
        if bool(roles) + public + signed_in + machine != 1:
            raise TypeError(f"{route}: say who may see it, with one of roles=, signed_in=, public=, machine=")
        method, _, path = route.partition(" ")
        if reads and method != "GET":
            raise TypeError(f"{route}: what is sent by a form is an act, and an act has a transaction")

        def register(handler: Handler[Services, User]) -> Handler[Services, User]:
            self._routes.append(Route(method, path, handler, frozenset(roles), public or machine, machine, reads))
            return handler

        return register
