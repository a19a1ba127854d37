"""Sites that ask for signatures, against the real gateway: asked, signed or refused, brought by the callback."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from esoz.gateways.diia import Account, Diia
from esoz.kernel.clock import FixedClock
from esoz.kernel.signing import SigningAnswer, SigningRequest
from esoz.sandbox.diia.app import Telephone
from esoz.sandbox.identities import Identity
from esoz.signature import Authority, TrustList, attach, verify
from tests.diia.conftest import BASE_URL, Callbacks, Screen

DOCUMENT = '{"рецепт": 1}'.encode()
OFFER = "/api/v2/acquirers/branch/mis/offer-request/dynamic"


class Site:
    """A site that asks, through the gateway."""

    def __init__(self, telephone: Telephone, clock: FixedClock, callbacks: Callbacks) -> None:
        self.callbacks = callbacks
        transport = httpx.ASGITransport(telephone)
        self.gateway = Diia(Account(BASE_URL, "token", "", "mis", "offer", "key"), clock, transport)
        self.asked = SigningRequest(uuid4(), [("рецепт.json", DOCUMENT)], "http://mis.test/signing/1")

    async def ask(self) -> str:
        return (await self.gateway.ask(self.asked)).removeprefix(BASE_URL)

    @property
    def answers(self) -> list[SigningAnswer]:
        told = zip(self.callbacks.headers, self.callbacks.bodies, strict=True)
        return [self.gateway.read(headers, body.decode()) for headers, body in told]


@pytest.fixture
def site(telephone: Telephone, clock: FixedClock, callbacks: Callbacks) -> Site:
    return Site(telephone, clock, callbacks)


class TestRequest:
    async def test_signed_then_a_detached_signature_of_the_digest_comes_back(
        self, site: Site, screen: Screen, declared: Identity, authority: Authority, clock: FixedClock
    ):
        await screen.hold(declared)
        link = await site.ask()
        await screen.open(link)
        assert "рецепт.json" in screen.text and declared.full_name in screen.text
        await screen.send(link, act="sign")
        await screen.follow()
        assert "Підписано. Поверніться" in screen.text and "http://mis.test/signing/1" in screen.page.text
        [answer] = site.answers
        assert answer.id == site.asked.id
        trust = TrustList(authority.certificates)
        signed = verify(attach(answer.signatures["рецепт.json"], DOCUMENT), trust, at=clock.now())
        assert signed.signers[0].identity.drfo == declared.tax_id

    async def test_refused_then_a_callback_without_signatures(self, site: Site, screen: Screen, declared: Identity):
        await screen.hold(declared)
        link = await site.ask()
        await screen.open(link)
        await screen.send(link, act="refuse")
        await screen.follow()
        assert "відмовилися" in screen.text
        assert site.answers[0].signatures == {}

    async def test_nobody_holds_the_telephone_then_asked_who_and_back(
        self, site: Site, screen: Screen, declared: Identity
    ):
        link = await site.ask()
        await screen.open(link)
        await screen.follow()
        await screen.post("/holder", tax_id=declared.tax_id, next=screen.hidden("next"))
        assert screen.page.headers["location"] == link

    async def test_signed_twice_then_brought_once(self, site: Site, screen: Screen, declared: Identity):
        await screen.hold(declared)
        link = await site.ask()
        for _ in range(2):
            await screen.open(link)
            if "form_token" in screen.page.text:
                await screen.send(link, act="sign")
        await screen.client.post(link, data={"csrf": "x", "act": "sign"})
        assert len(site.answers) == 1

    async def test_not_taken_then_may_be_tried_again(
        self, site: Site, screen: Screen, declared: Identity, callbacks: Callbacks
    ):
        await screen.hold(declared)
        link = await site.ask()
        await screen.open(link)
        callbacks.accepts = False
        await screen.send(link, act="sign")
        await screen.follow()
        assert "не прийняла" in screen.text
        callbacks.accepts = True
        await screen.send(link, act="sign")
        await screen.follow()
        assert "Підписано" in screen.text

    async def test_from_another_site_then_forbidden(self, site: Site, screen: Screen, declared: Identity):
        await screen.hold(declared)
        link = await site.ask()
        answer = await screen.client.post(link, data={"act": "sign"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert site.answers == []

    async def test_unknown_or_forgotten_then_not_found(self, screen: Screen, declared: Identity):
        await screen.hold(declared)
        assert (await screen.open("/request/none")).status_code == 404


class TestAPI:
    async def test_without_a_session_then_refused(self, screen: Screen):
        assert (await screen.client.post(OFFER, json={})).status_code == 401

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff"])
    async def test_odd_offer_then_400(self, screen: Screen, body: bytes):
        token = (await screen.client.get("/api/v1/auth/acquirer/x")).json()["token"]
        answer = await screen.client.post(OFFER, content=body, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 400

    async def test_digest_that_is_none_then_400(self, screen: Screen):
        token = (await screen.client.get("/api/v1/auth/acquirer/x")).json()["token"]
        files = {"hashedFilesSigning": {"hashedFiles": [{"fileName": "a", "fileHash": "*"}]}}
        body = {"offerId": "o", "requestId": "r", "data": files}
        answer = await screen.client.post(OFFER, json=body, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 400

    async def test_branch_of_nobody_then_404(self, site: Site, screen: Screen):
        token = (await screen.client.get("/api/v1/auth/acquirer/x")).json()["token"]
        body = {"offerId": "o", "requestId": "r", "data": {"hashedFilesSigning": {"hashedFiles": []}}}
        path = OFFER.replace("/mis/", "/other/")
        answer = await screen.client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 404

    async def test_another_address_then_404(self, screen: Screen):
        assert (await screen.client.get("/api/v1/elsewhere")).status_code == 404

    async def test_many_requests_then_the_oldest_are_forgotten(
        self, site: Site, screen: Screen, declared: Identity, clock: FixedClock
    ):
        first = await site.ask()
        for _ in range(200):
            await site.ask()
        clock.forward(timedelta(minutes=1))
        await screen.hold(declared)
        assert (await screen.open(first)).status_code == 404
