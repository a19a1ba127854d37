"""A request of a program: what the server tells, read once and without ceremony."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from .clock import new_id
from .errors import TooLarge, UnsupportedMedia

BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
_EMPTY = frozenset({b"[]", b"{}"})  # some languages write an object without members as a list
MOST_EMPTY = 9
MOST_ID = 64  # characters of a request id that a caller may choose


class Request:
    """Method, path, headers by lower-case name (the first of a name counts), parameters; the scope of the server."""

    __slots__ = ("_receive", "headers", "method", "path", "query", "scope")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope, self._receive = scope, receive
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.headers: Mapping[str, str] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])
        }
        raw = scope["query_string"]
        self.query: list[tuple[str, str]] = parse_qsl(raw.decode("latin-1"), keep_blank_values=True) if raw else []

    @property
    def target(self) -> str:
        """Path and query as they were sent."""
        return f"{self.path}?{self.scope['query_string'].decode('latin-1')}"

    @property
    def address(self) -> str:
        """Where the caller connects from, or nothing."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    @property
    def id(self) -> str:
        """The id that the caller gave, when it is one that may stand in a log, or a new one."""
        given = self.headers.get("x-request-id", "")
        safe = len(given) <= MOST_ID and all(character.isalnum() or character in "-_.#" for character in given)
        return given if given and safe else str(new_id())

    async def body(self, most: int) -> bytes:
        """The JSON body. Raises TooLarge, UnsupportedMedia, ClientDisconnect."""
        if self.method not in BODY_METHODS:
            return b""
        body = await self.bytes(most)
        if body and not self.headers.get("content-type", "").lower().startswith("application/json"):
            raise UnsupportedMedia()
        return b"" if len(body) < MOST_EMPTY and body.strip() in _EMPTY else body

    async def bytes(self, most: int) -> bytes:
        """The body, whatever it is. Raises TooLarge, ClientDisconnect."""
        declared = self.headers.get("content-length", "0")
        if declared.isascii() and declared.isdigit() and int(declared) > most:
            raise TooLarge()
        body, more = b"", True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > most:
                raise TooLarge()
        return body
