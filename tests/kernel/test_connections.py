"""The open connections of a server: who says nothing shuts nobody out, and what is begun must go on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from esoz.kernel.admission import unlimited
from esoz.kernel.connections import (
    BODY_SECONDS,
    HEAD_BYTES,
    HEAD_SECONDS,
    UNREAD_SECONDS,
    Door,
    Phase,
)
from esoz.kernel.errors import Unavailable
from esoz.kernel.serve import configured
from esoz.kernel.settings import Settings

LARGE = 64 * 1024 * 1024  # more than all buffers between a server and a client hold


@dataclass
class Example:
    """Answers with what it read; /slow waits until it is let go, /large is more than anybody reads at once."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    gone: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await (await self.answer(request))(scope, receive, send)

    async def answer(self, request: Request) -> PlainTextResponse:
        path = request.url.path
        if path == "/health/live":
            return PlainTextResponse("alive")
        try:
            unlimited().must_have_room(request.scope)
        except Unavailable as refusal:
            return PlainTextResponse("come again", 503, refusal.headers)
        try:
            body = await request.body()
        except ClientDisconnect:
            self.gone.append(path)
            return PlainTextResponse("nobody hears it")
        if path == "/slow":
            await self.go.wait()
        return PlainTextResponse(b"x" * LARGE if path == "/large" else b"%d bytes" % len(body))


@dataclass
class Client:
    """One connection of a client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, raw: bytes) -> None:
        self.writer.write(raw)

    async def answer(self) -> bytes:
        """All that comes until the server closes or an answer with a length is whole."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next((line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"content-length" in line), b"0")
        return head + await self.reader.readexactly(int(length))

    async def is_ended(self) -> bool:
        """The server has closed it, without or after a word."""
        try:
            while await self.reader.read(65_536):
                pass
        except ConnectionError:
            pass
        return True


@dataclass
class Running:
    """A server on a port of its own, with a clock that is moved by hand."""

    example: Example
    door: Door
    port: int
    seconds: list[float]
    clients: list[Client] = field(default_factory=list)

    async def client(self, raw: bytes = b"") -> Client:
        """A new connection, which the server has seen."""
        before = set(self.door.inside)
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        await self.until(lambda: bool(set(self.door.inside) - before))
        client.say(raw)
        self.clients.append(client)
        return client

    async def get(self, path: str) -> bytes:
        return await (await self.client(head(path))).answer()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):  # a test that fails does not hang
            while not holds():
                await asyncio.sleep(0.001)

    async def has(self, phase: Phase, count: int = 1) -> None:
        await self.until(lambda: sum(each.phase is phase for each in self.door.inside) == count)

    async def received(self, size: int) -> None:
        """So many bytes of a request have come."""
        await self.until(lambda: any(each._received >= size for each in self.door.inside))

    def pass_time(self, seconds: float) -> None:
        self.seconds[0] += seconds
        self.door.sweep()


def head(path: str, *more: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "host: here", *more, "", ""]).encode()


def post(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nhost: here\r\ncontent-length: {length}\r\n\r\n".encode()


@asynccontextmanager
async def served(door: Door) -> AsyncIterator[Running]:
    example, seconds = Example(), [0.0]
    door.clock = lambda: seconds[0]
    config = configured(example, door, host="127.0.0.1", port=0)
    config.lifespan = "off"
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.001)
    made = Running(example, door, server.servers[0].sockets[0].getsockname()[1], seconds)
    yield made
    example.go.set()
    for client in made.clients:
        client.writer.transport.abort()
        with suppress(ConnectionError):
            await client.writer.wait_closed()
    server.should_exit = server.force_exit = True
    await running


@pytest.fixture
async def server() -> AsyncIterator[Running]:
    async with served(Door(most=6, most_of_address=4)) as running:
        yield running


class TestLimits:
    async def test_idle_ones_beyond_the_limit_of_an_address_then_the_longest_idle_goes(self, server: Running) -> None:
        clients = [await server.client() for _ in range(5)]
        assert await clients[0].is_ended()
        assert len(server.door.inside) == 4
        clients[4].say(head("/"))
        assert b"200 OK" in await clients[4].answer()

    async def test_hundreds_of_idle_ones_then_everybody_else_is_served(self, server: Running) -> None:
        idle = [await server.client(b"GET / HT") for _ in range(50)]
        assert b"200 OK" in await server.get("/")
        assert b"alive" in await server.get("/health/live")
        assert len(idle) > len(server.door.inside)

    async def test_all_at_work_then_told_to_come_again_and_health_is_told(self, server: Running) -> None:
        for _ in range(4):
            await server.client(head("/slow"))
        await server.has(Phase.WORK, 4)
        answer = await server.get("/")
        assert b"503 " in answer
        assert b"retry-after: 1" in answer.lower()
        assert b"connection: close" in answer.lower()
        assert b"alive" in await server.get("/health/live")
        server.example.go.set()
        await server.has(Phase.WORK, 0)
        assert b"200 OK" in await server.get("/")

    async def test_who_sends_a_body_then_goes_after_who_is_idle(self, server: Running) -> None:
        sending = await server.client(post("/", 4))
        await server.has(Phase.BODY)
        server.seconds[0] += 1
        idle = [await server.client() for _ in range(4)]
        assert await idle[0].is_ended()
        sending.say(b"four")
        assert b"4 bytes" in await sending.answer()

    async def test_through_a_proxy_then_only_the_common_limit_holds(self) -> None:
        async with served(Door(most=6, most_of_address=2, proxies=frozenset({"127.0.0.1"}))) as server:
            clients = [await server.client() for _ in range(6)]
            assert len(server.door.inside) == 6
            await server.client()
            assert await clients[0].is_ended()

    async def test_all_have_gone_then_nothing_of_them_is_kept(self, server: Running) -> None:
        for client in [await server.client() for _ in range(3)]:
            client.writer.close()
        await server.until(lambda: not server.door.inside)
        assert not server.door.by_address


class TestTime:
    @pytest.mark.parametrize(
        ("begun", "seconds", "told"),
        [
            (b"", HEAD_SECONDS, b""),
            (b"GET / HTTP/1.1\r\nhost: he", HEAD_SECONDS, b"408 "),
            (post("/", 100) + b"ten bytes.", BODY_SECONDS, b"408 "),
        ],
        ids=["nothing", "half a head", "half a body"],
    )
    async def test_client_does_not_go_on_then_it_is_ended(
        self, server: Running, begun: bytes, seconds: float, told: bytes
    ) -> None:
        client = await server.client(begun)
        phase = Phase.BODY if b"ten" in begun else Phase.HEAD
        await server.received(10 if phase is Phase.HEAD and begun else 0)
        await server.has(phase)
        server.pass_time(seconds)
        assert len(server.door.inside) == 1
        server.pass_time(1)  # some bytes moved the end a little
        assert told in await client.reader.read()
        assert not server.door.inside

    async def test_half_a_body_then_the_application_does_not_wait_on(self, server: Running) -> None:
        client = await server.client(post("/half", 100))
        await server.has(Phase.BODY)
        server.pass_time(BODY_SECONDS + 1)
        assert await client.is_ended()
        await server.until(lambda: bool(server.example.gone))

    async def test_body_comes_slowly_but_comes_then_it_is_taken(self, server: Running) -> None:
        client = await server.client(post("/", 30_000))
        await server.has(Phase.BODY)
        for part in (1, 2):
            client.say(b"x" * 10_000)
            await server.received(part * 10_000)
            server.pass_time(19)  # 38 in all: longer than an end that does not move
        client.say(b"x" * 10_000)
        assert b"30000 bytes" in await client.answer()

    async def test_head_comes_byte_by_byte_then_it_ends_all_the_same(self, server: Running) -> None:
        client = await server.client(b"GET / HTTP/1.1\r\n")
        await server.received(16)
        for count in range(11):
            client.say(b"x")
            await server.received(17 + count)
            server.pass_time(1)
        assert b"408 " in await client.reader.read()

    async def test_application_takes_its_time_then_the_client_is_not_blamed(self, server: Running) -> None:
        client = await server.client(head("/slow"))
        await server.has(Phase.WORK)
        server.pass_time(600)
        server.example.go.set()
        assert b"200 OK" in await client.answer()

    async def test_answer_is_not_read_then_it_is_ended(self, server: Running) -> None:
        await server.client(head("/large"))
        await server.until(lambda: any(each._unread_since is not None for each in server.door.inside))
        server.pass_time(UNREAD_SECONDS + 1)
        assert not server.door.inside

    async def test_several_requests_on_one_connection_then_each_has_its_time(self, server: Running) -> None:
        client = await server.client()
        for _ in range(3):
            client.say(head("/"))
            assert b"200 OK" in await client.answer()
            await server.has(Phase.HEAD)
            server.pass_time(HEAD_SECONDS - 1)


class TestHead:
    @pytest.mark.parametrize("at_once", [True, False])
    async def test_too_large_then_refused_by_name(self, server: Running, *, at_once: bool) -> None:
        raw = head("/", *(f"x-{number}: {'y' * 4000}" for number in range(20)))
        client = await server.client(raw if at_once else raw[:1000])
        if not at_once:
            await server.received(1000)
            client.say(b"y" * (HEAD_BYTES + 1000))
        assert b"431 " in await client.reader.read()

    async def test_usual_one_then_taken(self, server: Running) -> None:
        client = await server.client(head("/", f"cookie: {'y' * 8000}"))
        assert b"200 OK" in await client.answer()


def test_settings_then_limits_and_proxies_are_theirs() -> None:
    said = {"ESOZ_CONNECTIONS": "7", "ESOZ_ADDRESS_CONNECTIONS": "3", "ESOZ_PROXIES": "10.0.0.1 10.0.0.2"}
    door = Door.of(Settings(said))
    assert (door.most, door.most_of_address, door.proxies) == (7, 3, frozenset({"10.0.0.1", "10.0.0.2"}))
