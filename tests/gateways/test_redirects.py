"""Trust providers behind redirections: followed within the hosts that may be asked, and a question stays a question."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest

from esoz.gateways.certificates import Certificates
from esoz.gateways.hosts import Hosts
from esoz.gateways.verifier import Mode
from esoz.kernel.signing import Proof
from esoz.kernel.work import NeedsExternal
from esoz.signature import Authority
from tests.factories.keys import OCSP, Keys

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@dataclass
class Led(Keys):
    """A provider that answers at its last address only: `ways` lead there."""

    ways: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    methods: list[str] = field(default_factory=list)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.methods.append(request.method)
        if way := self.ways.get(f"{request.url.scheme}://{request.url.host}{request.url.path}"):
            return httpx.Response(way[0], headers={"Location": way[1]})
        return super()._answer(request)


async def proof(keys: Led) -> Proof | None:
    verifier, der = keys.verifier(mode=Mode.HARD), keys.person().certificate.der
    with pytest.raises(NeedsExternal) as need:
        verifier.standing(der, at=NOW)
    await need.value.asking()
    return verifier.standing(der, at=NOW).proof


@pytest.fixture(scope="module")
def authority() -> Authority:
    source = random.Random(6)
    return Authority.create("Центр", scheme="dstu-gost", random=source.randbytes, at=NOW.replace(year=2025))


@pytest.fixture
def keys(authority: Authority) -> Led:
    return Led(authority, NOW)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("to", ["https://ocsp.test/new", "/new", "http://ocsp.test/new"])
async def test_led_within_the_allowed_host_then_asked_there_by_the_same_question(
    keys: Led, status: int, to: str
) -> None:
    keys.ways = {OCSP: (status, to)}
    assert await proof(keys) is Proof.GOOD
    assert keys.methods == ["POST", "POST"]


@pytest.mark.parametrize(
    "to",
    ["http://evil.test/", "http://ocsp.test:8080/", "http://a:b@ocsp.test/new", "file:///etc/passwd", "", "http://["],
)
async def test_led_elsewhere_then_nobody_answers_and_nobody_else_is_asked(keys: Led, to: str) -> None:
    keys.ways = {OCSP: (307, to)}
    assert await proof(keys) is Proof.UNREACHABLE


@pytest.mark.parametrize("status", [300, 303, 304, 305])
async def test_another_status_then_nobody_answers(keys: Led, status: int) -> None:
    keys.ways = {OCSP: (status, "/new")}
    assert await proof(keys) is Proof.UNREACHABLE
    assert keys.methods == ["POST"]


async def test_led_in_a_circle_then_given_up(keys: Led) -> None:
    keys.ways = {OCSP: (301, OCSP)}
    assert await proof(keys) is Proof.UNREACHABLE
    assert len(keys.methods) == 4


def test_hosts_that_may_be_led_to() -> None:
    hosts = Hosts([("ocsp.test", 80), ("tsp.test", 8080)])
    assert all(
        map(
            hosts.allow_after, ("http://ocsp.test/x", "https://ocsp.test/x", "https://tsp.test", "http://tsp.test:8080")
        )
    )
    assert not any(map(hosts.allow_after, ("https://ocsp.test:8443/", "https://other.test/", "ftp://ocsp.test/", "x")))


@pytest.mark.parametrize(("to", "asked"), [("https://tc.test/b", 2), ("https://elsewhere.test/b", 1)])
async def test_a_directory_leads_on_then_within_its_host_only(to: str, asked: int) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(301, headers={"Location": to}) if len(seen) == 1 else httpx.Response(404)

    directory = Certificates(("http://tc.test/{key}.cer",), httpx.MockTransport(answer))
    assert await directory.find([b"k" * 32]) == b""
    assert len(seen) == asked
