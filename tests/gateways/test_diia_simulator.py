"""The simulator of Diia against the real gateway: asked, signed or refused on the phone, brought by the callback."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from esoz.gateways.diia import Account, Diia
from esoz.kernel.clock import FixedClock
from esoz.kernel.signing import SigningAnswer, SigningRequest
from esoz.sandbox.diia import DiiaApp, SimulatorConfig
from esoz.signature import Authority, Subject, TrustList, attach, verify, write_jks

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
URL = "http://diia.test"
DOCUMENT = '{"рецепт": 1}'.encode()


class Phone:
    """The simulator with one person, and what its callbacks brought."""

    def __init__(self, folder: Path) -> None:
        authority = Authority.create("Центр", scheme="dstu-gost", random=random.Random(3).randbytes, at=NOW)
        subject = Subject("Лисенко", "Марко", drfo="1234567890")
        issued = authority.issue(subject, valid_from=NOW, valid_to=NOW + timedelta(days=9))
        (folder / "key.jks").write_bytes(write_jks(issued.key, issued.chain, "password"))
        person = {"tax_id": "1234567890", "name": "Лисенко Марко", "shown": True}
        person |= {"key_file": str(folder / "key.jks"), "key_password": "password"}
        (folder / "demo.json").write_text(json.dumps({"people": [person]}), "utf-8")
        self.trust = TrustList(authority.certificates)
        self.answers: list[SigningAnswer] = []
        self.accepts = True
        clock, back = FixedClock(NOW), httpx.MockTransport(self._take)
        config = SimulatorConfig(URL, {"mis": "http://mis.test/callback"}, folder / "demo.json")
        transport = httpx.ASGITransport(DiiaApp(config, clock, back))
        self.gateway = Diia(Account(URL, "token", "", "mis", "offer", "key"), clock, transport)
        self.browser = httpx.AsyncClient(transport=transport, base_url=URL)

    def _take(self, request: httpx.Request) -> httpx.Response:
        data = request.content.split(b"\r\n\r\n", 1)[1].split(b"\r\n--", 1)[0].decode()
        self.answers.append(self.gateway.read(request.headers, data))
        return httpx.Response(200 if self.accepts else 422, json={"success": self.accepts})

    async def ask(self) -> str:
        self.asked = SigningRequest(uuid4(), [("рецепт.json", DOCUMENT)], "http://mis.test/signing/1")
        return await self.gateway.ask(self.asked)

    async def act(self, link: str, act: str) -> str:
        return (await self.browser.post(link, data={"person": "1234567890", "act": act})).text


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    return Phone(tmp_path)


class TestPhone:
    async def test_signed_then_a_detached_signature_of_the_digest_comes_back(self, phone: Phone) -> None:
        link = await phone.ask()
        assert "рецепт.json" in (await phone.browser.get(link)).text
        assert "Підписано" in await phone.act(link, "sign")
        [answer] = phone.answers
        assert answer.id == phone.asked.id
        signed = verify(attach(answer.signatures["рецепт.json"], DOCUMENT), phone.trust, at=NOW)
        assert signed.signers[0].identity.drfo == "1234567890"

    async def test_refused_then_a_callback_without_signatures(self, phone: Phone) -> None:
        assert "відмовилися" in await phone.act(await phone.ask(), "refuse")
        assert phone.answers[0].signatures == {}

    async def test_signed_twice_then_brought_once(self, phone: Phone) -> None:
        link = await phone.ask()
        await phone.act(link, "sign")
        await phone.act(link, "sign")
        assert len(phone.answers) == 1

    async def test_not_taken_then_may_be_tried_again(self, phone: Phone) -> None:
        link = await phone.ask()
        phone.accepts = False
        assert "не прийняла" in await phone.act(link, "sign")
        phone.accepts = True
        assert "Підписано" in await phone.act(link, "sign")

    async def test_from_another_site_then_forbidden(self, phone: Phone) -> None:
        link = await phone.ask()
        answer = await phone.browser.post(link, data={"act": "sign"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert phone.answers == []

    async def test_without_a_session_then_refused(self, phone: Phone) -> None:
        answer = await phone.browser.post("/api/v2/acquirers/branch/mis/offer-request/dynamic", json={})
        assert answer.status_code == 401
