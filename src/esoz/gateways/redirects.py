"""Follows redirections of trust providers, within the hosts that may be asked; a question stays a question."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import httpx

# RFC 9110 lets a POST become a GET after 301 and 302, which no OCSP or CMP service means: it is what a move to https
# looks like, and the question would be lost. 303 says itself that it is no answer to the question.
FOLLOWED = frozenset({301, 302, 307, 308})
MOST = 3


@asynccontextmanager
async def answering(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    allow: Callable[[str], bool],
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[httpx.Response]:
    """The answer, not read yet. Raises httpx.HTTPError, also for a way that leads to a host that may not be asked."""
    for _ in range(MOST + 1):
        async with client.stream(method, url, content=content, headers=headers) as response:
            if response.status_code not in FOLLOWED:
                yield response
                return
            url = str(response.url.join(response.headers.get("Location", "")))
        if not allow(url):
            raise httpx.RemoteProtocolError("led to a host that may not be asked")
    raise httpx.TooManyRedirects("led on and on")
