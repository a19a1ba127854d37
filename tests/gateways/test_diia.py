"""The gateway to Diia against a fake of its API: what is asked, what is read, what is never told."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import httpx
import pytest

from esoz.gateways import diia
from esoz.gateways.diia import Account, Diia
from esoz.kernel.clock import FixedClock
from esoz.kernel.errors import BadRequest
from esoz.kernel.settings import Settings
from esoz.kernel.signing import SigningRequest
from esoz.signature import gost34311

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ID = UUID("3f0a8e2c-0000-4000-8000-000000000001")
ASKED = SigningRequest(ID, [("visit.json", b"one"), ("rx.json", b"two")], "https://mis.test/signing/1")
SECRETS = ("acquirer-secret", "basic-secret")


class FakeDiia(httpx.AsyncBaseTransport):
    """Answers as Diia does and remembers what it was asked."""

    def __init__(self, link: str = "https://diia.page.link/abc") -> None:
        self.link, self.requests, self.tokens = link, [], 0
        self.status = 200

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        if request.method == "GET":
            self.tokens += 1
            return httpx.Response(200, json={"token": f"session-{self.tokens}"})
        if request.headers["authorization"] != f"Bearer session-{self.tokens}":
            return httpx.Response(401)
        return httpx.Response(self.status, json={"deeplink": self.link})


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def gateway(fake: FakeDiia, clock: FixedClock, digest: str = "gost34311", key: str = "k") -> Diia:
    account = Account("https://api.diia.test", *SECRETS, "branch-1", "offer-1", key, digest)
    return Diia(account, clock, fake)


class TestAsk:
    async def test_then_names_and_digests_go_and_never_the_documents(self, clock: FixedClock) -> None:
        fake = FakeDiia()
        assert await gateway(fake, clock).ask(ASKED) == "https://diia.page.link/abc"
        session, request = fake.requests
        assert session.url.path == "/api/v1/auth/acquirer/acquirer-secret"
        assert session.headers["authorization"] == "Basic basic-secret"
        assert request.url.path == "/api/v2/acquirers/branch/branch-1/offer-request/dynamic"
        digests = [base64.b64encode(gost34311.digest(content)).decode() for _, content in ASKED.documents]
        assert json.loads(request.content) == {
            "offerId": "offer-1",
            "requestId": str(ID),
            "returnLink": "https://mis.test/signing/1",
            "signAlgo": "DSTU",
            "data": {
                "hashedFilesSigning": {
                    "hashedFiles": [
                        {"fileName": "visit.json", "fileHash": digests[0]},
                        {"fileName": "rx.json", "fileHash": digests[1]},
                    ]
                }
            },
        }

    async def test_with_another_digest_then_the_kind_of_signature_follows(self, clock: FixedClock) -> None:
        fake = FakeDiia()
        await gateway(fake, clock, "sha256").ask(ASKED)
        body = json.loads(fake.requests[1].content)
        file = body["data"]["hashedFilesSigning"]["hashedFiles"][0]
        assert body["signAlgo"] == "ECDSA"
        assert base64.b64decode(file["fileHash"]) == hashlib.sha256(b"one").digest()

    async def test_again_then_the_session_is_used_until_it_is_old(self, clock: FixedClock) -> None:
        fake = FakeDiia()
        asking = gateway(fake, clock)
        await asking.ask(ASKED)
        await asking.ask(ASKED)
        assert fake.tokens == 1
        clock.moment = NOW + timedelta(hours=2)
        await asking.ask(ASKED)
        assert fake.tokens == 2

    async def test_with_a_forgotten_session_then_asked_once_more(self, clock: FixedClock) -> None:
        fake = FakeDiia()
        asking = gateway(fake, clock)
        await asking.ask(ASKED)
        fake.tokens = 7  # Diia was restarted
        assert await asking.ask(ASKED) == "https://diia.page.link/abc"

    async def test_when_diia_fails_then_no_secret_is_in_the_fault(self, clock: FixedClock) -> None:
        fake = FakeDiia()
        fake.status = 500
        with pytest.raises(ConnectionError) as fault:
            await gateway(fake, clock).ask(ASKED)
        assert str(fault.value) == "HTTPStatusError 500"
        assert fault.value.__cause__ is None
        assert not any(secret in repr(gateway(fake, clock)._account) for secret in SECRETS)

    @pytest.mark.parametrize("link", ["javascript:alert(1)", "http://elsewhere.test/x", ""])
    async def test_with_a_strange_link_then_refused(self, clock: FixedClock, link: str) -> None:
        with pytest.raises(ConnectionError):
            await gateway(FakeDiia(link), clock).ask(ASKED)


def packed(*items: tuple[str, bytes]) -> str:
    signed = [{"name": name, "signature": base64.b64encode(content).decode()} for name, content in items]
    return base64.b64encode(json.dumps({"signedItems": signed}).encode()).decode()


class TestRead:
    HEADERS: ClassVar = {"x-document-request-trace-id": str(ID), "x-diia-id-action": "hashedFilesSigning"}

    def test_then_signatures_by_name(self, clock: FixedClock) -> None:
        answer = gateway(FakeDiia(), clock).read(self.HEADERS, packed(("a", b"1"), ("b", b"2")))
        assert (answer.id, answer.signatures) == (ID, {"a": b"1", "b": b"2"})

    def test_without_signatures_then_a_refusal(self, clock: FixedClock) -> None:
        assert gateway(FakeDiia(), clock).read(self.HEADERS, packed()).signatures == {}

    @pytest.mark.parametrize("data", ["", "x", base64.b64encode(b"{}").decode(), base64.b64encode(b"[1]").decode()])
    def test_of_something_else_then_bad_request(self, clock: FixedClock, data: str) -> None:
        with pytest.raises(BadRequest):
            gateway(FakeDiia(), clock).read(self.HEADERS, data)

    @pytest.mark.parametrize(
        "changed", [{"x-document-request-trace-id": "1"}, {"x-diia-id-action": "auth"}], ids=["request", "action"]
    )
    def test_with_other_headers_then_bad_request(self, clock: FixedClock, changed: dict[str, str]) -> None:
        with pytest.raises(BadRequest):
            gateway(FakeDiia(), clock).read(self.HEADERS | changed, packed(("a", b"1")))


# AUTH-34
class TestKey:
    def test_then_only_the_secret_address_is_ours(self, clock: FixedClock) -> None:
        ours = gateway(FakeDiia(), clock, key="right")
        assert ours.is_ours("right")
        assert not ours.is_ours("wrong")

    def test_when_none_is_set_then_nobody_comes_in(self, clock: FixedClock) -> None:
        assert not gateway(FakeDiia(), clock, key="").is_ours("")


class TestSettings:
    def test_without_an_address_then_not_offered(self, clock: FixedClock) -> None:
        assert diia.of_settings(Settings({}), "mis", clock) is None

    def test_in_the_sandbox_then_the_simulator(self, clock: FixedClock) -> None:
        assert diia.of_settings(Settings({"ESOZ_SANDBOX": "1"}), "mis", clock) is not None

    def test_with_an_address_then_the_account_of_the_settings(self, clock: FixedClock) -> None:
        given = {"ESOZ_DIIA_URL": "https://api.diia.test", "ESOZ_DIIA_CALLBACK_KEY": "secret"}
        found = diia.of_settings(Settings(given), "mis", clock)
        assert found is not None
        assert found.is_ours("secret")
