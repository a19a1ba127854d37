"""Where the answer of the code grant goes: the registered address and no other; and who may bring the code (PKCE)."""

# ruff: noqa: F811  the fixture of the neighbour is imported, and then named as an argument

import base64
import hashlib

import httpx
import pytest

from esoz.central import identity
from esoz.central.identity.policy import answer_address, redirect_allowed, redirect_may_be_registered
from esoz.central.identity.secrets import is_verified
from esoz.kernel.db import Connection
from esoz.kernel.errors import Rejected
from esoz.kernel.work import Work
from tests.factories.world import World

from .test_oauth import REDIRECT, SCOPE, Browser, browser, refusal  # noqa: F401 a fixture

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
LIKE_OURS = [
    f"{REDIRECT}/",
    f"{REDIRECT}/other",
    f"{REDIRECT}/../../x",
    f"{REDIRECT}/%2e%2e/x",
    f"{REDIRECT}?x=1",
    f"{REDIRECT}?",
    f"{REDIRECT}#f",
    f"{REDIRECT}\\x",
    f"{REDIRECT}\\..\\x",
    f"{REDIRECT};x",
    f"{REDIRECT}\t",
    f" {REDIRECT}",
    REDIRECT.upper(),
    REDIRECT.replace("https://", "http://"),
    REDIRECT.replace("https://", "https://evil.test@"),
    REDIRECT.replace("/oauth", ":443/oauth"),
    REDIRECT.replace("/oauth", "//oauth"),
    "",
]


# AUTH-28
class TestExact:
    @pytest.mark.parametrize("address", LIKE_OURS)
    async def test_address_that_is_only_like_ours_then_no_code(self, browser: Browser, address: str) -> None:
        answer = await browser.authorize(await browser.session(), redirect_uri=address)
        assert answer.status_code == 422
        assert answer.json()["error"]["invalid"][0]["entry"] == "$.app.redirect_uri"

    @pytest.mark.parametrize(
        ("asked", "registered", "allowed"),
        [
            ("http://127.0.0.1:51004/cb", "http://127.0.0.1/cb", True),
            ("http://127.0.0.1:51004/cb", "http://127.0.0.1:80/cb", True),
            ("http://[::1]:51004/cb", "http://[::1]/cb", True),
            ("http://127.0.0.1:51004/cb/x", "http://127.0.0.1/cb", False),
            ("http://127.0.0.1.evil.test/cb", "http://127.0.0.1/cb", False),
            ("http://127.0.0.1:1@evil.test/cb", "http://127.0.0.1/cb", False),
            ("http://localhost:51004/cb", "http://localhost/cb", False),
            ("https://mis.test:8443/cb", "https://mis.test/cb", False),
            ("https://mis.test/cb?a=1", "https://mis.test/cb?a=1", True),
        ],
    )
    def test_port_then_it_is_free_on_loopback_only(self, asked: str, registered: str, *, allowed: bool) -> None:
        assert redirect_allowed(asked, registered) is allowed


# AUTH-31
class TestRegistered:
    @pytest.mark.parametrize(
        "address",
        ["https://mis.test", "https://mis.test/cb?tenant=7", "https://mis.test:8443/a/b", "http://127.0.0.1/cb"],
    )
    def test_page_of_a_client_then_taken(self, address: str) -> None:
        assert redirect_may_be_registered(address, sandbox=False)

    @pytest.mark.parametrize(
        "address",
        [
            "http://mis.test/cb",
            "https://",
            "https://mis.test/cb#part",
            "https://user@mis.test/cb",
            "https://mis.test/a/../b",
            "https://mis.test/a/%2E%2e/b",
            "https://mis.test/a\\b",
            "https://mis.test/a b",
            "https://mis.test/\n",
            'https://mis.test/"><script>',
            "javascript:alert(1)//",
            "data:text/html,x",
            "//mis.test/cb",
            "http://127.0.0.1.evil.test/cb",
            "",
        ],
    )
    def test_way_to_somewhere_else_then_refused(self, address: str) -> None:
        assert not redirect_may_be_registered(address, sandbox=False)

    def test_answer_then_glued_as_the_standard_says(self) -> None:
        assert answer_address("https://a.test/cb", code="x y", state="1") == "https://a.test/cb?code=x+y&state=1"
        assert answer_address("https://a.test/cb?t=7", code="x") == "https://a.test/cb?t=7&code=x"
        assert answer_address("https://a.test/cb?t=7#f", code="x") == "https://a.test/cb?t=7&code=x"
        assert answer_address("https://a.test", code="x") == "https://a.test?code=x"


class TestProof:
    async def code(self, program: Browser, **proof: str) -> httpx.Response:
        app = {"client_id": str(program.client_id), "redirect_uri": REDIRECT, "scope": SCOPE}
        return await program.post("/oauth/apps/authorize", {"app": app | proof}, await program.session())

    async def value(self, program: Browser) -> str:
        made = await self.code(program, code_challenge=CHALLENGE, code_challenge_method="S256")
        found: str = made.json()["data"]["value"]
        return found

    async def test_right_verifier_then_tokens(self, browser: Browser) -> None:
        answer = await browser.exchange(await self.value(browser), code_verifier=VERIFIER)
        assert answer.status_code == 201

    @pytest.mark.parametrize("verifier", ["", "x" * 43, VERIFIER[:-1], VERIFIER + "=", CHALLENGE])
    async def test_no_verifier_or_another_then_refused(self, browser: Browser, verifier: str) -> None:
        answer = await browser.exchange(await self.value(browser), code_verifier=verifier)
        assert refusal(answer)[:2] == (401, "invalid_grant")

    async def test_verifier_without_a_challenge_then_refused(self, browser: Browser) -> None:
        answer = await browser.exchange(await browser.code(), code_verifier=VERIFIER)
        assert refusal(answer)[:2] == (401, "invalid_grant")

    @pytest.mark.parametrize(
        ("proof", "entry"),
        [
            ({"code_challenge": CHALLENGE}, "$.app.code_challenge_method"),
            ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "$.app.code_challenge_method"),
            ({"code_challenge": "short", "code_challenge_method": "S256"}, "$.app.code_challenge"),
            ({"code_challenge_method": "S256"}, "$.app.code_challenge"),
        ],
    )
    async def test_challenge_that_proves_nothing_then_refused(
        self, browser: Browser, proof: dict[str, str], entry: str
    ) -> None:
        answer = await self.code(browser, **proof)
        assert answer.status_code == 422
        assert answer.json()["error"]["invalid"][0]["entry"] == entry

    def test_vector_of_the_standard(self) -> None:
        assert is_verified(CHALLENGE, VERIFIER)
        assert not is_verified(_challenge("short"), "short")


class TestPublicClient:
    @pytest.fixture(autouse=True)
    async def _public(self, browser: Browser, db: Connection) -> None:
        await db.execute("update connections set secret_hash = null where client_id = $1", browser.client_id)

    async def test_without_a_challenge_then_no_code(self, browser: Browser) -> None:
        answer = await browser.authorize(await browser.session())
        assert answer.status_code == 422
        assert answer.json()["error"]["invalid"][0]["entry"] == "$.app.code_challenge"

    async def test_proof_in_place_of_a_secret_then_tokens_and_their_renewal(self, browser: Browser) -> None:
        code = await TestProof().value(browser)
        assert refusal(await browser.exchange(code, client_secret=""))[:2] == (401, "invalid_grant")
        made = await browser.exchange(code, client_secret="", code_verifier=VERIFIER)
        assert made.status_code == 201
        refresh = made.json()["data"]["details"]["refresh_token"]
        asked = {"grant_type": "refresh_token", "refresh_token": refresh, "client_secret": ""}
        assert (await browser.exchange("", **asked)).status_code == 201

    async def test_any_secret_then_refused(self, browser: Browser) -> None:
        answer = await browser.exchange(await TestProof().value(browser), code_verifier=VERIFIER)
        assert refusal(answer)[:2] == (401, "invalid_client")


class TestWithASecret:
    async def test_none_given_then_refused_whatever_is_proven(self, browser: Browser) -> None:
        answer = await browser.exchange(await TestProof().value(browser), client_secret="", code_verifier=VERIFIER)
        assert refusal(answer)[:2] == (401, "invalid_client")

    async def test_connected_as_public_then_it_has_none(self, world: World, work: Work, db: Connection) -> None:
        broker = await db.fetchval("select id from brokers where kind = 'PIS'")
        secret = await identity.connect(
            work, client_id=world.doctor.client_id, broker_id=broker, redirect_uri="http://127.0.0.1/cb", public=True
        )
        assert secret == ""

    def test_registration_names_the_field(self, work: Work) -> None:
        with pytest.raises(Rejected) as refused:
            identity.must_be_redirect(work, "http://mis.test", "$.security.redirect_uri")
        assert refused.value.invalid[0].entry == "$.security.redirect_uri"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
