"""The simulator of id.gov.ua: what a site may ask, what it is told, and once."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.sandbox.country import PORTAL_ID, client_secret
from esoz.sandbox.govid.app import Identity as Simulator
from esoz.sandbox.identities import Identity
from tests.portal.conftest import GOVID, PORTAL, Visitor

ASKED = {
    "response_type": "code",
    "client_id": str(PORTAL_ID),
    "auth_type": "dig_sign,bank_id",
    "state": "a-state-of-the-site",
    "redirect_uri": f"{PORTAL}/sign-in/back",
}
SECRET = client_secret("govid portal")


@pytest.fixture
async def program(identity: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """A site's own program, which calls without cookies."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(identity), base_url=GOVID) as client:
        yield client


async def code_of(visitor: Visitor, person: Identity) -> str:
    await visitor.open(f"{GOVID}/", **ASKED)
    await visitor.follow()
    await visitor.identify(person)
    address = httpx.URL(visitor.page.headers["location"])
    assert address.params["state"] == ASKED["state"]
    return str(address.params["code"])


def exchange(code: str, /, **changed: str) -> dict[str, str]:
    known = {"client_id": str(PORTAL_ID), "client_secret": SECRET, "grant_type": "authorization_code"}
    return known | {"code": code} | changed


class TestAsk:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("client_id", "somebody"),
            ("redirect_uri", f"{PORTAL}/sign-in/back/"),
            ("redirect_uri", "https://evil.test/"),
            ("redirect_uri", ""),
            ("response_type", "token"),
            ("state", "short"),
            ("state", "x" * 513),
            ("auth_type", "password"),
        ],
    )
    async def test_wrongly_then_told_here_and_never_led_away(self, visitor: Visitor, name: str, value: str):
        answer = await visitor.open(f"{GOVID}/", **(ASKED | {name: value}))
        assert answer.status_code == 400 and f"Для розробників сайту: {name}" in visitor.text

    async def test_by_key_only_then_no_list_of_the_bank(self, visitor: Visitor, declared: Identity):
        await visitor.open(f"{GOVID}/", **(ASKED | {"auth_type": "dig_sign"}))
        await visitor.follow()
        assert "Електронним підписом" in visitor.text and "Через банк" not in visitor.text

    async def test_identification_of_another_browser_then_not_found(self, visitor: Visitor, declared: Identity):
        await visitor.open(f"{GOVID}/", **ASKED)
        await visitor.follow()
        address = str(visitor.page.url)
        visitor.client.cookies.clear()
        assert (await visitor.open(address)).status_code == 404

    async def test_person_comes_too_late_then_to_begin_again(
        self, visitor: Visitor, declared: Identity, clock: FixedClock
    ):
        await visitor.open(f"{GOVID}/", **ASKED)
        await visitor.follow()
        clock.forward(timedelta(minutes=15))
        assert (await visitor.post(f"{visitor.here}/person", tax_id=declared.tax_id)).status_code == 410

    async def test_nobody_of_the_list_then_not_found(self, visitor: Visitor, declared: Identity):
        await visitor.open(f"{GOVID}/", **ASKED)
        await visitor.follow()
        assert (await visitor.post(f"{visitor.here}/person", tax_id="0")).status_code == 404

    async def test_signature_of_something_else_then_refused(self, visitor: Visitor, declared: Identity):
        await visitor.open(f"{GOVID}/", **ASKED)
        await visitor.follow()
        other = visitor.signature
        await visitor.open(f"{GOVID}/", **ASKED)
        await visitor.follow()
        assert (await visitor.send(f"{visitor.here}/key", signed_content=other)).status_code == 422
        assert "Підписано інший документ" in visitor.text


class TestExchange:
    async def test_code_then_the_fields_that_were_asked_for(
        self, visitor: Visitor, declared: Identity, program: httpx.AsyncClient
    ):
        token = (await program.post("/get-access-token", params=exchange(await code_of(visitor, declared)))).json()
        assert token["token_type"] == "bearer" and token["expires_in"] == "299"
        whose = {"access_token": token["access_token"], "user_id": token["user_id"]}
        told = (await program.get("/get-user-info", params={**whose, "fields": "drfocode,lastname,email"})).json()
        assert told == {"drfocode": declared.tax_id, "lastname": declared.last_name, "email": ""}
        assert (await program.get("/get-user-info", params={**whose, "cert": "MII"})).json()["error"]
        assert (await program.get("/get-user-logout", params=whose)).json()["error"] == "0"
        assert (await program.get("/get-user-info", params=whose)).json()["error"] == "invalid_token"

    async def test_code_twice_then_once(self, visitor: Visitor, declared: Identity, program: httpx.AsyncClient):
        asked = exchange(await code_of(visitor, declared))
        assert "access_token" in (await program.post("/get-access-token", data=asked)).json()
        assert (await program.post("/get-access-token", data=asked)).json()["error"] == "invalid_grant"

    @pytest.mark.parametrize(
        ("name", "value", "error"),
        [
            ("client_secret", "guessed", "invalid_client"),
            ("client_secret", "ґ", "invalid_client"),
            ("client_id", "somebody", "invalid_client"),
            ("code", "guessed", "invalid_grant"),
            ("grant_type", "password", "invalid_grant"),
        ],
    )
    async def test_wrongly_then_nothing_is_told_and_the_code_is_good_still(
        self, visitor: Visitor, declared: Identity, program: httpx.AsyncClient, name: str, value: str, error: str
    ):
        code = await code_of(visitor, declared)
        refused = await program.post("/get-access-token", data=exchange(code, **{name: value}))
        assert refused.json()["error"] == error
        assert "access_token" in (await program.post("/get-access-token", data=exchange(code))).json()

    async def test_token_too_old_or_of_another_user_then_nothing(
        self, visitor: Visitor, declared: Identity, program: httpx.AsyncClient, clock: FixedClock
    ):
        token = (await program.post("/get-access-token", data=exchange(await code_of(visitor, declared)))).json()
        whose = {"access_token": token["access_token"], "user_id": token["user_id"]}
        assert (await program.post("/get-user-info", data=whose | {"user_id": "1"})).json()["error"]
        clock.forward(timedelta(seconds=299))
        assert (await program.post("/get-user-info", data=whose)).json()["error"] == "invalid_token"

    async def test_afterwards_then_nothing_of_the_person_stays(
        self, visitor: Visitor, declared: Identity, identity: Simulator, id_database: Database, clock: FixedClock
    ):
        await visitor.comes_in(declared)
        async with id_database.connection() as own:
            assert await own.fetchval("select count(*) from identifications where told is not null") == 0
        clock.forward(timedelta(seconds=1))
        await identity.clean()
        async with id_database.connection() as own:
            assert await own.fetchval("select count(*) from identifications") == 0
