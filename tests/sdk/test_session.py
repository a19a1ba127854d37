"""Renewal of a user's tokens: by two tabs at once, with a lost answer, after the consent has ended."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from esoz.sdk import (
    Central,
    CentralBusy,
    CentralClosed,
    CentralRefused,
    CentralUnavailable,
    GrantEnded,
    OAuthClient,
    Tokens,
    UserSession,
)

ENDS = datetime(2026, 11, 30, 12, tzinfo=UTC)
CLIENT = OAuthClient(UUID(int=7), "secret of the clinic")


class Server:
    """Central as far as tokens go: each refresh token serves once, with the same answer again during the grace."""

    def __init__(self) -> None:
        self.number, self.grace = 1, True
        self.exchanged: list[str] = []
        self.loses: list[str] = []  # what becomes of the next exchanges: "before", "after", a status
        self.given: dict[str, dict[str, object]] = {}
        self.api_key = "k"
        self.calls = 0

    @property
    def access(self) -> str:
        return f"access-{self.number}"

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if request.headers["API-key"] != self.api_key:
            return _refusal(401, "API-KEY header is invalid.")
        if request.url.path == "/oauth/tokens":
            return self.exchange(json.loads(request.content)["token"])
        self.calls += 1
        if request.headers["Authorization"] != f"Bearer {self.access}":
            return _refusal(401, "Invalid access token")
        return httpx.Response(200, json={"data": request.url.path, "meta": {}})

    def exchange(self, asked: dict[str, str]) -> httpx.Response:
        self.exchanged.append(asked["refresh_token"])
        assert (asked["client_id"], asked["client_secret"]) == (str(CLIENT.id), CLIENT.secret)
        lost = self.loses.pop(0) if self.loses else ""
        if lost.isdigit():
            return _refusal(int(lost), "no")
        if lost == "before":
            raise httpx.ReadTimeout("lost")
        answer = self.given.get(asked["refresh_token"]) if self.grace else None
        if asked["refresh_token"] == f"refresh-{self.number}":
            self.number += 1
            details = {"refresh_token": f"refresh-{self.number}", "scope": "person:read episode:read"}
            answer = {"value": self.access, "expires_at": ENDS.timestamp(), "details": details}
            self.given[asked["refresh_token"]] = answer
        if answer is None:
            return _refusal(401, "Token not found")
        if lost == "after":
            raise httpx.ReadTimeout("lost")
        return httpx.Response(200, json={"data": answer, "meta": {}})


def _refusal(status: int, message: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"type": "access_denied", "message": message}, "meta": {}})


@dataclass
class Kept:
    tokens: Tokens | None

    async def client(self) -> OAuthClient:
        return CLIENT

    async def save(self, tokens: Tokens) -> None:
        self.tokens = tokens

    async def forget(self) -> None:
        self.tokens = None


@dataclass
class Storage:
    """One row with a lock, rolled back by an exception, as a database has it."""

    tokens: Tokens | None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[Kept]:
        async with self.lock:
            kept = Kept(self.tokens)
            yield kept
            self.tokens = kept.tokens


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def storage() -> Storage:
    return Storage(Tokens("access-0", "refresh-1", ENDS))  # the access token has run out


@pytest.fixture
async def tab(server: Server, storage: Storage) -> AsyncIterator[Callable[[], UserSession]]:
    async with Central("https://api.test", api_key="k", transport=httpx.MockTransport(server)) as central:
        yield lambda: UserSession(central, storage, "access-0")


async def test_token_when_it_has_run_out_then_renewed_once_and_kept(server, storage, tab) -> None:
    session = tab()
    assert (await session.call("GET", "/api/x")).data == "/api/x"
    assert (await session.call("GET", "/api/y")).data == "/api/y"
    assert server.exchanged == ["refresh-1"]
    assert storage.tokens == Tokens("access-2", "refresh-2", ENDS, frozenset({"person:read", "episode:read"}))


async def test_two_tabs_at_once_then_one_renews_and_the_other_takes_its_token(server, storage, tab) -> None:
    answers = await asyncio.gather(*(tab().call("GET", f"/api/{number}") for number in range(2)))
    assert [answer.data for answer in answers] == ["/api/0", "/api/1"]
    assert server.exchanged == ["refresh-1"]


async def test_two_calls_of_one_page_at_once_then_renewed_once(server, storage, tab) -> None:
    session = tab()
    await asyncio.gather(*(session.call("GET", f"/api/{number}") for number in range(3)))
    assert server.exchanged == ["refresh-1"]


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_answer_when_lost_then_asked_again_with_the_same_token(server, storage, tab, lost) -> None:
    server.loses = [lost]
    assert (await tab().call("GET", "/api/x")).data == "/api/x"
    assert server.exchanged == ["refresh-1", "refresh-1"]
    assert storage.tokens.refresh == "refresh-2"


async def test_answer_when_lost_twice_then_unavailable_and_the_next_page_asks_again(server, storage, tab) -> None:
    server.loses = ["after", "after"]
    with pytest.raises(CentralUnavailable):
        await tab().call("GET", "/api/x")
    assert storage.tokens.refresh == "refresh-1"
    assert (await tab().call("GET", "/api/x")).data == "/api/x"


async def test_answer_when_lost_and_the_grace_is_over_then_the_grant_has_ended_and_says_why(
    server, storage, tab
) -> None:
    server.loses, server.grace = ["after"], False
    with pytest.raises(GrantEnded) as ended:
        await tab().call("GET", "/api/x")
    assert ended.value.was_lost
    assert storage.tokens is None


async def test_central_is_busy_then_it_is_not_asked_again_and_nothing_is_forgotten(server, storage, tab) -> None:
    server.loses = ["429"]
    with pytest.raises(CentralBusy):
        await tab().call("GET", "/api/x")
    assert server.exchanged == ["refresh-1"]
    assert storage.tokens is not None


async def test_consent_when_it_has_ended_then_forgotten_and_told(server, storage, tab) -> None:
    storage.tokens = Tokens("access-0", "refresh-of-another-day", ENDS)
    with pytest.raises(GrantEnded) as ended:
        await tab().call("GET", "/api/x")
    assert not ended.value.was_lost
    assert storage.tokens is None


@pytest.mark.parametrize("kept", [None, Tokens("access-0", None, ENDS)])
async def test_nothing_to_renew_with_then_the_grant_has_ended_without_asking(server, storage, tab, kept) -> None:
    storage.tokens = kept
    with pytest.raises(GrantEnded):
        await tab().call("GET", "/api/x")
    assert server.exchanged == [] and storage.tokens is None


async def test_new_token_when_it_is_refused_too_then_the_grant_has_ended(server, storage, tab) -> None:
    storage.tokens = Tokens("access-other", "refresh-1", ENDS)  # another renewed it, and it has run out again
    with pytest.raises(GrantEnded):
        await tab().call("GET", "/api/x")
    assert server.exchanged == [] and storage.tokens is not None


async def test_api_key_when_refused_then_told_and_the_grant_stays(server, storage, tab) -> None:
    server.api_key = "another"
    with pytest.raises(CentralClosed):
        await tab().call("GET", "/api/x")
    assert server.exchanged == [] and storage.tokens is not None


async def test_api_key_when_refused_at_the_renewal_then_the_grant_stays(server, storage, tab) -> None:
    server.exchange = lambda _asked: _refusal(401, "API-KEY header is invalid.")
    before = storage.tokens
    with pytest.raises(CentralClosed):
        await tab().call("GET", "/api/x")
    assert storage.tokens == before is not None


async def test_operation_that_must_not_be_sent_twice_then_its_401_is_told(server, storage, tab) -> None:
    with pytest.raises(CentralRefused):
        await tab().call("POST", "/api/x", renew=False)
    assert (server.calls, server.exchanged) == (1, [])
