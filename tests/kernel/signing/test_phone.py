"""Signing on the phone, on the example site with a phone of straw: every way a request ends, and none of them twice."""

# ruff: noqa: F811 fixtures of the example site

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.errors import BadRequest, rejected
from esoz.kernel.signing import Opened, Signing, SigningAnswer, SigningRequest
from esoz.kernel.signing.model import LIFETIME, MOVES, State
from esoz.kernel.signing.pages import OUTCOMES
from esoz.kernel.work import SignedContent, Signer
from tests.emptying import empty_tables
from tests.kernel.pages.conftest import BASE_URL, clock, database  # noqa: F401 the example's own fixtures
from tests.kernel.pages.example import site as example
from tests.kernel.pages.test_site import hidden, sign_in

OWN, OTHER = "1234567890", "9999999999"
CALLBACK = "/signing/callback/right"


def signed(content: bytes, drfo: str = OWN) -> bytes:
    return f"{drfo}:".encode() + content


class StrawFiles:
    """A signature is the number of its signer before the document."""

    def open(self, file: bytes, contents: Sequence[bytes], *, at: datetime) -> Opened:
        drfo, colon, content = file.partition(b":")
        if not colon:
            raise rejected("$.signed_file", "Підпис недійсний.")
        if drfo == b"revoked":
            raise rejected("$.signed_file", "The certificate is revoked", rule="revoked")
        person = Signer(drfo.decode(), None, "Лисенко", "Марко", False, "1", at)
        if drfo == b"seal":
            person = Signer(None, "12345678", "", "", True, "1", at)
        return Opened(file, SignedContent(content, (person,)))


@dataclass
class StrawPhone:
    """Remembers what it was asked; a callback's data are `ID name=hex …`."""

    asked: list[SigningRequest] = field(default_factory=list)
    is_away: bool = False

    async def ask(self, request: SigningRequest) -> str:
        if self.is_away:
            raise ConnectionError("away")
        self.asked.append(request)
        return f"https://phone.test/{request.id}"

    def is_ours(self, key: str) -> bool:
        return key == "right"

    def read(self, headers: Mapping[str, str], data: str) -> SigningAnswer:
        if not data.startswith("{"):
            raise BadRequest()
        pairs = (pair.split("=") for pair in data[1:].split() if pair)
        return SigningAnswer(self.asked[-1].id, {name: bytes.fromhex(value) for name, value in pairs})


@pytest.fixture
def phone() -> StrawPhone:
    return StrawPhone()


@pytest.fixture
async def site(database: Database, clock: FixedClock, phone: StrawPhone):
    async with database.connection() as db:
        await empty_tables(db, "remote_signings", "sessions", "form_tokens", "records")
    return example.make(database, clock, BASE_URL, Signing(StrawFiles(), phone))


def browser_of(site: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=BASE_URL)


@pytest.fixture
async def doctor(site) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_of(site) as browser:
        await sign_in(browser)
        yield browser


async def ask(doctor: httpx.AsyncClient) -> str:
    """Choose the phone on the signing page; the address of the page that waits."""
    page = await doctor.get("/sign")
    fields = {"csrf": hidden(page, "csrf"), "form_token": hidden(page, "form_token")}
    answer = await doctor.post(
        "/sign", data=fields | {"sign_with": "phone", "document_name": "declaration.json", "kept": "yes"}
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def bring(site: object, *documents: tuple[str, bytes]) -> httpx.Response:
    """The service's callback: no cookie, no form token."""
    data = "{" + " ".join(f"{name}={content.hex()}" for name, content in documents)
    async with browser_of(site) as service:
        return await service.post(CALLBACK, data={"encodeData": data})


async def bring_signed(site: object, drfo: str = OWN) -> httpx.Response:
    return await bring(site, ("declaration.json", signed(example.CONTENT, drfo)))


async def send_on(doctor: httpx.AsyncClient, address: str) -> httpx.Response:
    """What the page does by itself once the signature is there."""
    page = await doctor.get(address)
    names = ("csrf", "form_token", "signed_by", "kept")
    return await doctor.post("/sign", data={name: hidden(page, name) for name in names})


# OT-6
class TestStart:
    async def test_then_the_phone_is_asked_and_the_page_waits(self, doctor, phone):
        address = await ask(doctor)
        page = await doctor.get(address)
        assert phone.asked[0].documents == [("declaration.json", example.CONTENT)]
        assert phone.asked[0].return_address == BASE_URL + address
        assert "data:image/svg+xml" in page.text
        assert "Лишилося часу: 10:00" in page.text

    async def test_pressed_twice_then_asked_once(self, doctor, phone):
        page = await doctor.get("/sign")
        fields = {"csrf": hidden(page, "csrf"), "form_token": hidden(page, "form_token"), "sign_with": "phone"}
        answers = await asyncio.gather(*(doctor.post("/sign", data=fields) for _ in range(4)))
        assert len({answer.headers["location"] for answer in answers}) == 1
        assert len(phone.asked) == 1

    async def test_when_the_service_is_away_then_told_so(self, doctor, phone):
        phone.is_away = True
        page = await doctor.get("/sign")
        fields = {"csrf": hidden(page, "csrf"), "form_token": hidden(page, "form_token"), "sign_with": "phone"}
        answer = await doctor.post("/sign", data=fields)
        assert answer.status_code == 503

    async def test_without_a_phone_then_the_way_is_not_offered(self, database, clock):
        async with browser_of(example.make(database, clock, BASE_URL, Signing(StrawFiles()))) as browser:
            await sign_in(browser)
            page = await browser.get("/sign")
            assert "Підписати в Дії" not in page.text
            fields = {"csrf": hidden(page, "csrf"), "sign_with": "phone"}
            assert (await browser.post("/sign", data=fields)).status_code == 404

    async def test_by_somebody_elses_browser_then_the_request_is_not_found(self, doctor, site):
        address = await ask(doctor)
        async with browser_of(site) as stranger:
            await sign_in(stranger)
            assert (await stranger.get(address)).status_code == 404


class TestCallback:
    async def test_with_the_signature_then_the_document_is_signed_once(self, doctor, site):
        address = await ask(doctor)
        assert (await bring_signed(site)).json() == {"success": True}
        assert (await send_on(doctor, address)).headers["location"] == "/queue"
        assert site.services.signed == [signed(example.CONTENT)]
        again = await doctor.get(address)
        assert again.headers["location"] == "/sign"

    async def test_brought_twice_then_nothing_changes(self, doctor, site):
        address = await ask(doctor)
        await bring_signed(site)
        assert (await bring_signed(site)).status_code == 200
        await send_on(doctor, address)
        assert (await bring_signed(site)).status_code == 200
        assert len(site.services.signed) == 1

    async def test_used_twice_then_taken_once(self, doctor, site):
        address = await ask(doctor)
        await bring_signed(site)
        page = await doctor.get(address)
        fields = {name: hidden(page, name) for name in ("csrf", "signed_by")}
        answers = await asyncio.gather(*(doctor.post("/sign", data=fields) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
        assert len(site.services.signed) == 1

    async def test_signed_by_somebody_else_then_told_and_not_taken(self, doctor, site):
        address = await ask(doctor)
        await bring_signed(site, OTHER)
        page = await doctor.get(address)
        assert "Підписала інша людина" in page.text
        assert "signed_by" not in page.text

    @pytest.mark.parametrize(
        ("documents", "why"),
        [
            ((("declaration.json", b"no signature"),), "Підпис недійсний."),
            ((("declaration.json", signed(b"another document")),), "Підписано інший документ."),
            ((("another.json", signed(example.CONTENT)),), "У Дії підписано не всі документи."),
            ((("declaration.json", signed(example.CONTENT, "")),), "У сертифікаті немає РНОКПП"),
            ((("declaration.json", signed(example.CONTENT, "seal")),), "Це печатка організації (код ЄДРПОУ 12345678)"),
            ((("declaration.json", signed(example.CONTENT, "revoked")),), "Сертифікат скасовано або заблоковано."),
            ((("declaration.json", signed(example.CONTENT, OTHER)),), "Ключ належить іншій людині: Лисенко Марко."),
        ],
        ids=["not valid", "of another document", "of another name", "no tax id", "seal", "revoked", "other person"],
    )
    async def test_of_what_cannot_be_taken_then_the_page_says_why_and_waits_no_longer(
        self, doctor, site, documents, why
    ):
        address = await ask(doctor)
        assert (await bring(site, *documents)).json() == {"success": True}
        for page in (
            await doctor.get(address),
            await doctor.get(f"{address}/state", headers={"HX-Request": "true"}),
        ):
            assert why in page.text and "До документа" in page.text
            assert "Чекаємо на Ваш підпис" not in page.text and "signed_by" not in page.text
        await bring_signed(site)
        assert why in (await doctor.get(address)).text and site.services.signed == []
        again = await ask(doctor)
        await bring_signed(site)
        assert (await send_on(doctor, again)).headers["location"] == "/queue"

    async def test_every_end_that_is_no_signature_then_has_words(self, doctor):
        ends = {state for state, moves in MOVES.items() if not moves} - {State.APPLIED}
        assert ends == set(OUTCOMES)

    async def test_when_the_session_ended_in_another_tab_then_the_page_that_watches_says_so(self, doctor, database):
        address = await ask(doctor)
        async with database.connection() as db:
            await db.execute("delete from sessions")
        state = await doctor.get(f"{address}/state", headers={"HX-Request": "true"})
        assert state.status_code == 200 and "сеанс закінчився" in state.text and "data-hx-get" not in state.text
        assert (await doctor.get(address)).status_code == 404

    async def test_of_a_refusal_then_told_so_and_nothing_comes_after(self, doctor, site):
        address = await ask(doctor)
        await bring(site)
        assert "відмовилися підписати" in (await doctor.get(address)).text
        await bring_signed(site)
        assert "відмовилися підписати" in (await doctor.get(address)).text

    async def test_to_a_wrong_address_or_of_rubbish_then_refused(self, doctor, site):
        await ask(doctor)
        async with browser_of(site) as service:
            assert (await service.post("/signing/callback/wrong", data={"encodeData": "{"})).status_code == 404
            assert (await service.post(CALLBACK, data={"encodeData": "rubbish"})).status_code == 400


class TestTime:
    async def test_when_it_is_over_then_told_and_a_late_signature_is_not_taken(self, doctor, site, clock):
        address = await ask(doctor)
        clock.moment += LIFETIME
        await bring_signed(site)
        assert "Час вийшов" in (await doctor.get(address)).text

    async def test_while_waiting_then_the_page_asks_by_itself_and_shows_the_time(self, doctor, clock):
        address = await ask(doctor)
        clock.moment += timedelta(seconds=63)
        state = await doctor.get(f"{address}/state", headers={"HX-Request": "true"})
        assert "8:57" in state.text
        assert re.search(r'data-hx-get="/signing/[0-9a-f-]+/state"', state.text)

    async def test_without_scripts_then_the_state_leads_to_the_page(self, doctor):
        address = await ask(doctor)
        assert (await doctor.get(f"{address}/state")).headers["location"] == address


class TestLinkAndCancel:
    async def test_following_the_link_then_to_the_phone(self, doctor, phone):
        address = await ask(doctor)
        answer = await doctor.get(f"{address}/open")
        assert answer.headers["location"] == f"https://phone.test/{phone.asked[0].id}"
        assert (await doctor.get(address)).status_code == 200

    async def test_cancelled_then_back_to_the_document_and_a_late_signature_is_not_taken(self, doctor, site):
        address = await ask(doctor)
        page = await doctor.get(address)
        answer = await doctor.post(f"{address}/cancel", data={"csrf": hidden(page, "csrf")})
        assert answer.headers["location"] == "/sign"
        await bring_signed(site)
        assert (await doctor.get(address)).headers["location"] == "/sign"


class TestUpload:
    async def send(self, doctor: httpx.AsyncClient, content: bytes) -> httpx.Response:
        page = await doctor.get("/sign")
        file = {"signed_file": ("declaration.json.p7s", content)}
        return await doctor.post("/sign", data={"csrf": hidden(page, "csrf")}, files=file)

    async def test_of_the_right_file_then_taken(self, doctor, site):
        assert (await self.send(doctor, signed(example.CONTENT))).status_code == 303
        assert site.services.signed == [signed(example.CONTENT)]

    async def test_of_another_document_then_told_so(self, doctor):
        answer = await self.send(doctor, signed(b"another"))
        assert answer.status_code == 422
        assert "Підписано інший документ" in answer.text

    async def test_by_another_person_then_told_who(self, doctor):
        answer = await self.send(doctor, signed(example.CONTENT, OTHER))
        assert "Ключ належить іншій людині: Лисенко Марко" in answer.text

    async def test_of_rubbish_then_told_so(self, doctor, site):
        assert "Підпис недійсний" in (await self.send(doctor, b"rubbish")).text
        assert site.services.signed == []
