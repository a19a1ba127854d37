"""Two providers of SMS: the second is asked when the first fails; what nobody took waits for the next turn (OT-6)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from esoz.gateways.messages import InTurn, SMSGateway, senders, tracers
from esoz.kernel.outbox import Delivery, Message
from esoz.kernel.settings import Settings

SMS = Message("sms", "+380671234567", "Код авторизації дій в системі eHealth: 1234")


@asynccontextmanager
async def provider(status: int) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A provider on a free port that answers so; what it was given."""
    given: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(lengths[0]) if lengths else 0
        given.append(await reader.readexactly(length))
        answer = b'{"id": "m-1", "status": "delivered"}'
        head = f"HTTP/1.1 {status} x\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", given


@pytest.mark.parametrize(("first", "taken"), [(200, [1, 0]), (503, [1, 1])], ids=["first works", "first fails"])
async def test_message_goes_to_the_second_provider_only_when_the_first_fails(first: int, taken: list[int]) -> None:
    async with provider(first) as (one, at_one), provider(200) as (two, at_two):
        settings = Settings({"ESOZ_SMS_URL": one, "ESOZ_SMS_SECOND_URL": two})
        receipt = await senders(settings)["sms"](SMS)
        assert [len(at_one), len(at_two)] == taken
        assert receipt == f"{taken[1]}:m-1"
        assert await tracers(settings)["sms"](receipt) is Delivery.DELIVERED  # asked of the one that took it


async def test_provider_that_cannot_be_reached_is_like_one_that_fails() -> None:
    async with provider(200) as (two, at_two):
        await InTurn(SMSGateway("http://127.0.0.1:9", ""), SMSGateway(two, ""))(SMS)
        assert b"+380671234567" in at_two[0]


async def test_when_all_fail_the_outbox_is_told() -> None:
    async with provider(500) as (one, _), provider(500) as (two, _):
        with pytest.raises(ConnectionError):
            await InTurn(SMSGateway(one, ""), SMSGateway(two, ""))(SMS)


@pytest.mark.parametrize("number", ["", "²", "-1", "7", "9" * 30])
async def test_receipt_of_no_provider_then_fate_unknown(number: str) -> None:
    assert await InTurn(SMSGateway("http://127.0.0.1:9", "")).trace(f"{number}:id") is Delivery.UNKNOWN
