"""One request to central and its answer; connections are kept and shared."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import httpx
import msgspec

from .errors import CentralBusy, CentralClosed, CentralError, CentralRefused, CentralUnavailable, CentralUnreadable
from .reading import note_answer

TIMEOUT = httpx.Timeout(15.0, connect=3.0)
WHOLE_SECONDS = 60.0  # an answer that comes in drops is none
MOST_BYTES = 64 << 20
LONGEST_KEY = 255
LONGEST_WAIT = 3600  # whoever asks for a longer one is asked again all the same
UNAVAILABLE = frozenset({502, 503, 504})
DENIED, BUSY = 401, 429
FINISHED = 303  # a job that is done (JB-3); any other redirection is not central's


@dataclass(frozen=True, slots=True)
class Bearer:
    """On whose behalf a request is made."""

    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What central answered: the published envelope, unwrapped."""

    status: int
    data: Any
    urgent: Mapping[str, Any] = field(default_factory=dict)
    paging: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""

    def record(self) -> Mapping[str, Any]:
        """The one record of the answer. Raises CentralUnreadable."""
        if not isinstance(self.data, dict):
            raise CentralUnreadable("no record in the answer")
        return self.data

    def rows(self) -> Sequence[dict[str, Any]]:
        """The records of a list. Raises CentralUnreadable: what is no list must not be taken for an empty one."""
        if not isinstance(self.data, list) or not all(isinstance(row, dict) for row in self.data):
            raise CentralUnreadable("no list in the answer")
        return self.data

    def some(self) -> Sequence[dict[str, Any]]:
        """The records of an answer that is a list or one record. Raises CentralUnreadable."""
        return [self.data] if isinstance(self.data, dict) else self.rows()

    @property
    def pages(self) -> int:
        """How many pages the whole list has. Raises CentralUnreadable."""
        return self._count("total_pages", 1)

    @property
    def total(self) -> int:
        """How many records the whole list has; when central does not say, those that are here. As `pages`."""
        return self._count("total_entries", len(self.data) if isinstance(self.data, list) else 1)

    def _count(self, name: str, otherwise: int) -> int:
        value = self.paging.get(name)
        if value is None:
            return otherwise
        if not isinstance(value, int) or value < 0:
            raise CentralUnreadable(f"{name} is no number")
        return value


class Central:
    """A client of one central. Use as an async context manager, or close it."""

    def __init__(
        self, url: str, *, api_key: str, psk: str = "", transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """`psk`: the pre-shared key that a vendor gets with the API-key; without it central finds nothing for them."""
        self.url = url.rstrip("/")
        self._keys = {"API-key": api_key} | ({"X-Custom-PSK": psk} if psk else {})
        self._http = httpx.AsyncClient(
            base_url=self.url,
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=20),
        )

    async def __aenter__(self) -> "Central":
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str, bearer: Bearer | None = None, **query: object) -> Answer:
        return await self.call("GET", path, bearer, query=query)

    async def post(self, path: str, bearer: Bearer | None = None, body: object = None, **query: object) -> Answer:
        return await self.call("POST", path, bearer, body=body, query=query)

    async def patch(self, path: str, bearer: Bearer | None = None, body: object = None, **query: object) -> Answer:
        return await self.call("PATCH", path, bearer, body=body, query=query)

    async def call(
        self,
        method: str,
        path: str,
        bearer: Bearer | None,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        idempotency_key: str = "",
    ) -> Answer:
        """Send one request. Parameters that are None are left out.

        `idempotency_key`: under the same one the same request is performed once, and a copy gets the first answer.

        Raises CentralRefused with the published error, CentralUnavailable when central cannot be reached or
        says that it cannot serve now; of these CentralBusy when it was asked too often, CentralClosed when it takes
        nothing from this program.
        """
        headers = {**self._keys, "Accept": "application/json"}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer.token}"
        if idempotency_key:
            headers["X-Idempotency-Key"] = _sendable(idempotency_key)
        content = None
        if method != "GET":
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(body if body is not None else {})
        params = {name: str(value) for name, value in (query or {}).items() if value is not None}
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                response = await self._exchange(
                    self._http.build_request(method, path, params=params, content=content, headers=headers)
                )
        except (httpx.RequestError, TimeoutError) as fault:
            raise CentralUnavailable(type(fault).__name__) from fault
        note_answer(path)
        return _unwrap(response)

    async def upload(self, url: str, content: bytes, media_type: str = "image/jpeg") -> None:
        """PUT a file to a signed link that an answer told. The link is the permission: our keys do not go along.

        Raises CentralRefused, CentralUnavailable.
        """
        request = httpx.Request("PUT", url, content=content, headers={"Content-Type": media_type})
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                response = await self._exchange(request)
        except (httpx.RequestError, httpx.InvalidURL, TimeoutError) as fault:
            raise CentralUnavailable(type(fault).__name__) from fault
        if response.status_code < 300:
            return
        try:
            _unwrap(response)
        except CentralUnreadable as fault:  # a store of objects says no in its own words
            raise CentralRefused(response.status_code, "upload", "The upload is refused") from fault

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        """Send, and read what comes as far as an answer may be long. Raises CentralUnreadable."""
        response = await self._http.send(request, stream=True)
        try:
            content = bytearray()
            async for part in response.aiter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    raise CentralUnreadable("the answer is too long")
        finally:
            await response.aclose()
        # Decoded already: the new response must not be told of an encoding.
        told = {name: value for name, value in response.headers.items() if name != "content-encoding"}
        return httpx.Response(response.status_code, headers=told, content=bytes(content))


def _sendable(key: str) -> str:
    """The key as a header takes it: a part of it may have come with a form, in any letters and at any length."""
    if len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return key
    return hashlib.sha256(key.encode()).hexdigest()


def _unwrap(response: httpx.Response) -> Answer:
    if response.status_code == 204:
        return Answer(204, None)
    if 300 <= response.status_code < 400 and response.status_code != FINISHED:
        raise CentralUnavailable(f"answer {response.status_code} leads elsewhere")
    try:
        envelope = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise CentralUnreadable(f"answer {response.status_code} is not JSON") from fault
    if not isinstance(envelope, dict) or not all(
        isinstance(envelope.get(name), dict | None) for name in ("meta", "urgent", "paging")
    ):
        raise CentralUnreadable(f"answer {response.status_code} is not in the published envelope")
    request_id = str((envelope.get("meta") or {}).get("request_id", ""))
    if response.status_code >= 400:
        raise _fault(response, envelope.get("error"), request_id)
    return Answer(
        response.status_code,
        envelope.get("data"),
        envelope.get("urgent") or {},
        envelope.get("paging") or {},
        request_id,
    )


def _fault(response: httpx.Response, error: object, request_id: str) -> CentralError:
    status, retry_after = response.status_code, _number(response.headers.get("Retry-After"))
    if status in UNAVAILABLE:
        return CentralUnavailable(f"{status}", retry_after=retry_after)
    refused = CentralRefused.from_error(status, error, request_id)
    if status == DENIED and "api-key" in refused.message.lower():
        return CentralClosed(refused)
    if status == BUSY:
        return CentralBusy(refused.message, retry_after=retry_after, request_id=request_id)
    refused.retry_after = retry_after
    refused.attempts_left = _number(response.headers.get("X-Attempts-Left"))
    return refused


def _number(header: str | None) -> int | None:
    return min(int(header), LONGEST_WAIT) if header and header.isdecimal() and len(header) < 10 else None
