"""Answers of central made odd: for tests that no page and no work fails whatever central answers."""

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

MOST = 12  # of one answer; the first of them are the oddest
ODD_DATA: tuple[Any, ...] = (None, [], {}, "text", 7, [None], [[]], [{}], {"id": None}, {"id": 5}, [{"id": "x"}])


@dataclass
class Odd(httpx.AsyncBaseTransport):
    """The way to central on which chosen answers are changed."""

    inner: httpx.AsyncBaseTransport
    change: Callable[[httpx.Request, Any], Any]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        body = json.loads(await response.aread() or b"null")
        if response.status_code >= 400 or not isinstance(body, dict):
            return httpx.Response(response.status_code, json=body, headers=_headers(response))
        return httpx.Response(response.status_code, json=self.change(request, body), headers=_headers(response))


def _headers(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("x-")}


def oddities(data: Any) -> Iterator[Any]:
    """The data of an answer made odd: of another shape, with members of other types, with one member less."""
    yield from ODD_DATA
    record = data[0] if isinstance(data, list) and data else data
    if not isinstance(record, dict):
        return
    odd: list[dict[str, Any]] = [dict.fromkeys(record, other) for other in (None, [1], 5, "text")]
    odd += [
        {**record, name: dict.fromkeys(value, 5)} for name, value in record.items() if isinstance(value, dict) and value
    ]
    odd += [{key: each for key, each in record.items() if key != name} for name in record]
    for each in odd[:MOST]:
        yield [each] if isinstance(data, list) else each


def name_of(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"


def in_place_of(name: str, data: Any) -> Callable[[httpx.Request, Any], Any]:
    """Changes the data of the answers to one request."""
    return lambda request, body: {**body, "data": data} if name_of(request) == name else body


async def swept(get: Callable[[str], Awaitable[httpx.Response]], way: "Way", paths: Iterable[str]) -> int:
    """Open every page with each answer that it asks for made odd; return how many pages ask central."""
    inner, asking = way.inner, 0
    for path in paths:
        answers: list[tuple[str, Any]] = []
        way.inner = Odd(inner, lambda request, body, kept=answers: kept.append((name_of(request), body)) or body)
        await get(path)
        asking += bool(answers)
        for name, body in answers:
            for data in oddities(body.get("data")):
                way.inner = Odd(inner, in_place_of(name, data))
                status = (await get(path)).status_code
                assert status < 500 or status == 503, (path, name, data)
    way.inner = inner
    return asking


class Way(Protocol):
    """The way to central of a part's tests."""

    inner: httpx.AsyncBaseTransport
