"""Notifications: central's own sender speaks to the simulator, and the holder reads them on the telephone."""

import httpx
import pytest

from esoz.gateways.diia_push import PATH, Account, DiiaPush
from esoz.kernel.clock import FixedClock
from esoz.kernel.outbox import Delivery, Message, Undeliverable
from esoz.sandbox.diia.app import Telephone
from esoz.sandbox.identities import Identity

from .conftest import BASE_URL, Screen

TEXT = "Ваш рецепт: 0000-243P-1X53-EH38. Код підтвердження: 4321"


@pytest.fixture
def push(telephone: Telephone, clock: FixedClock) -> DiiaPush:
    return DiiaPush(Account(BASE_URL, "partner", "template"), clock, httpx.ASGITransport(telephone))


def to(person: Identity, key: str = "k-1") -> Message:
    return Message("push", str(person.tax_id), TEXT, key=key)


async def test_holder_with_the_application_then_delivered_and_read(
    push: DiiaPush, screen: Screen, declared: Identity, undeclared: Identity
) -> None:
    await screen.enter(declared)
    receipt = await push(to(declared))
    assert receipt and await push.trace(receipt) is Delivery.DELIVERED
    await screen.open("/notices")
    assert TEXT in screen.text and "· Дія" in screen.text
    await screen.enter(undeclared)
    await screen.open("/notices")
    assert TEXT not in screen.text


async def test_somebody_without_the_application_then_known_at_once(push: DiiaPush, undeclared: Identity) -> None:
    with pytest.raises(Undeliverable):
        await push(to(undeclared))


async def test_same_key_again_then_shown_once(push: DiiaPush, screen: Screen, declared: Identity) -> None:
    await screen.enter(declared)
    assert await push(to(declared)) == await push(to(declared))
    await screen.open("/notices")
    assert screen.text.count(TEXT) == 1


async def test_session_that_diia_has_forgotten_then_asked_for_anew(
    push: DiiaPush, telephone: Telephone, screen: Screen, declared: Identity
) -> None:
    await screen.enter(declared)
    await push(to(declared))
    telephone.services.pushes.sessions.clear()
    assert await push(to(declared, "k-2"))


async def test_unknown_receipt_or_no_way_then_asked_again_later(push: DiiaPush, clock: FixedClock) -> None:
    with pytest.raises(ConnectionError, match="404"):
        await push.trace("nobody's")

    def broken(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="<html>")

    with pytest.raises(ConnectionError, match="cannot be read"):
        await DiiaPush(Account(BASE_URL, "secret", ""), clock, httpx.MockTransport(broken)).trace("x")


async def test_fault_then_the_token_is_not_told(clock: FixedClock) -> None:
    def refuse(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(500)

    with pytest.raises(ConnectionError) as told:
        await DiiaPush(Account(BASE_URL, "secret-token", ""), clock, httpx.MockTransport(refuse)).trace("x")
    assert "secret-token" not in str(told.value)


@pytest.mark.parametrize("body", ["", "[]", '{"templateId": 1}', '{"templateId": "t", "recipients": [{}]}'])
async def test_odd_bodies_then_400(telephone: Telephone, body: str) -> None:
    telephone.services.pushes.sessions.append("t")
    transport = httpx.ASGITransport(telephone)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        answer = await client.post(PATH, content=body, headers={"Authorization": "Bearer t"})
        assert answer.status_code == 400
        assert (await client.post(PATH, content=body)).status_code == 401
