"""Viber and the ways that are set up: who has no Viber is told at once, a provider that is away is tried again."""

import httpx
import pytest

from esoz.gateways.messages import ViberGateway, senders_to_people
from esoz.kernel.clock import SystemClock
from esoz.kernel.outbox import Delivery, Message, Undeliverable
from esoz.kernel.settings import Settings

MESSAGE = Message("viber", "+380671234567", "Ваш рецепт", key="k-1")


def answering(monkeypatch: pytest.MonkeyPatch, status: int, body: dict[str, str]) -> list[httpx.Request]:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, json=body)

    whole = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **more: whole(transport=httpx.MockTransport(answer), **more))
    return seen


async def test_taken_then_receipt_and_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = answering(monkeypatch, 202, {"id": "m-1"})
    assert await ViberGateway("https://viber.example", "t")(MESSAGE) == "m-1"
    assert seen[0].headers["Idempotency-Key"] == "k-1" and seen[0].headers["Authorization"] == "Bearer t"


async def test_no_viber_then_never_deliverable(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 404, {})
    with pytest.raises(Undeliverable):
        await ViberGateway("https://viber.example", "")(MESSAGE)


@pytest.mark.parametrize("status", [401, 429, 500, 503])
async def test_provider_in_trouble_then_tried_again(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    answering(monkeypatch, status, {})
    with pytest.raises(ConnectionError):
        await ViberGateway("https://viber.example", "")(MESSAGE)


@pytest.mark.parametrize(
    ("word", "fate"), [("delivered", Delivery.DELIVERED), ("FAILED", Delivery.FAILED), ("seen", None)]
)
async def test_fate(monkeypatch: pytest.MonkeyPatch, word: str, fate: Delivery | None) -> None:
    answering(monkeypatch, 200, {"status": word})
    assert await ViberGateway("https://viber.example", "").trace("m-1") is fate


@pytest.mark.parametrize(
    ("given", "channels"),
    [
        ({}, {"sms", "mail"}),
        ({"ESOZ_VIBER_URL": "https://viber.example"}, {"sms", "mail", "viber"}),
        ({"ESOZ_DIIA_PUSH_URL": "https://diia.example"}, {"sms", "mail", "push"}),
        ({"ESOZ_SANDBOX": "1"}, {"sms", "mail", "viber", "push"}),
    ],
)
def test_ways_that_are_set_up(given: dict[str, str], channels: set[str]) -> None:
    sending, tracing = senders_to_people(Settings(given), SystemClock())
    assert set(sending) == channels and set(tracing) == channels - {"mail"}
