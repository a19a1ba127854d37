"""Sign-in by password, consent, code, tokens: each refusal in its published words."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central import identity
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.contract.checker import must_be_as_published
from tests.factories.world import API_KEY, Caller, World

EMAIL, PASSWORD = "ivanna@clinic.example", "Дуже-довгий-пароль-1"
REDIRECT = "https://mis.test/oauth/callback"
SECRET = "the secret of the connection"
SCOPE = "episode:read person:read"


class Browser:
    """A program without a token: signs in, consents, exchanges."""

    def __init__(self, client: httpx.AsyncClient, client_id: UUID, user_id: UUID) -> None:
        self.http, self.client_id, self.user_id = client, client_id, user_id

    async def post(self, path: str, body: object, token: str = "") -> httpx.Response:
        headers = {"API-key": API_KEY} | ({"Authorization": f"Bearer {token}"} if token else {})
        response = await self.http.post(path, json=body, headers=headers)
        must_be_as_published(response)
        return response

    async def log_in(self, password: str = PASSWORD, email: str = EMAIL) -> httpx.Response:
        asked = {
            "grant_type": "password",
            "email": email,
            "password": password,
            "client_id": str(self.client_id),
            "scope": "app:authorize",
        }
        return await self.post("/auth/login", {"token": asked})

    async def session(self) -> str:
        value: str = (await self.log_in()).json()["data"]["value"]
        return value

    async def authorize(self, session: str, scope: str = SCOPE, redirect_uri: str = REDIRECT) -> httpx.Response:
        app = {"client_id": str(self.client_id), "redirect_uri": redirect_uri, "scope": scope}
        return await self.post("/oauth/apps/authorize", {"app": app}, session)

    async def code(self) -> str:
        value: str = (await self.authorize(await self.session())).json()["data"]["value"]
        return value

    async def exchange(self, code: str, **changes: Any) -> httpx.Response:
        asked = {
            "grant_type": "authorization_code",
            "client_id": str(self.client_id),
            "client_secret": SECRET,
            "code": code,
            "redirect_uri": REDIRECT,
            "scope": SCOPE,
        }
        return await self.post("/oauth/tokens", {"token": asked | changes})


@pytest.fixture
async def browser(world: World, work: Work, db: Connection) -> AsyncIterator[Browser]:
    doctor = world.doctor
    assert doctor.client is not None
    user = await identity.create_user(work, email=EMAIL, password=PASSWORD)
    await identity.give_role(work, user.id, doctor.client_id, "DOCTOR")
    broker = await db.fetchval("select id from brokers where kind = 'MIS'")
    await identity.connect(work, client_id=doctor.client_id, broker_id=broker, redirect_uri=REDIRECT, secret=SECRET)
    yield Browser(doctor.client, doctor.client_id, user.id)


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    return response.status_code, error["type"], error["message"]


WRONG = (401, "access_denied", "Identity, password combination is wrong.")
LOCKED = (401, "access_denied", "You reached login attempts limit. Try again later")


# AUTH-1
class TestLogIn:
    async def test_wrong_password_of_a_user_leaves_a_line_and_of_nobody_none(
        self, browser: Browser, db: Connection
    ) -> None:
        await browser.log_in("wrong")
        await browser.log_in("wrong", "nobody@clinic.example")
        lines = await db.fetch("select resource_id from audit_events where event = 'session.refused'")
        assert [line["resource_id"] for line in lines] == [str(browser.user_id)]

    async def test_with_right_password_gives_a_session(self, browser: Browser) -> None:
        response = await browser.log_in()
        body = response.json()
        assert response.status_code == 201
        assert body["urgent"] == {"next_step": "REQUEST_APPS"}
        assert body["data"]["details"]["scope"] == "app:authorize"

    # AUTH-7
    async def test_with_wrong_password_and_unknown_user_answers_the_same(self, browser: Browser) -> None:
        assert refusal(await browser.log_in("неправильний")) == WRONG
        assert refusal(await browser.log_in(email="nobody@clinic.example")) == WRONG

    # AUTH-2
    async def test_email_is_not_case_sensitive(self, browser: Browser) -> None:
        assert (await browser.log_in(email=EMAIL.upper())).status_code == 201

    # AUTH-3
    @pytest.mark.parametrize(("failures", "expected"), [(3, 201), (4, 401)])
    async def test_more_than_three_wrong_passwords_close_the_door(
        self, browser: Browser, failures: int, expected: int
    ) -> None:
        for _ in range(failures):
            await browser.log_in("неправильний")
        assert (await browser.log_in()).status_code == expected

    # AUTH-4, AUTH-5
    async def test_while_closed_right_password_is_refused_and_tries_do_not_prolong(
        self, browser: Browser, clock: FixedClock
    ) -> None:
        for _ in range(4):
            await browser.log_in("неправильний")
        clock.forward(timedelta(minutes=9, seconds=59))
        assert refusal(await browser.log_in()) == LOCKED
        clock.forward(timedelta(seconds=1))
        assert (await browser.log_in()).status_code == 201

    # AUTH-6
    async def test_success_clears_the_failures(self, browser: Browser) -> None:
        for password in ["неправильний"] * 3 + [PASSWORD] + ["неправильний"] * 3:
            await browser.log_in(password)
        assert (await browser.log_in()).status_code == 201

    # AUTH-8
    @pytest.mark.parametrize(("days", "expected"), [(89, 201), (90, 401)])
    async def test_password_expires_after_ninety_days(
        self, browser: Browser, clock: FixedClock, days: int, expected: int
    ) -> None:
        clock.forward(timedelta(days=days))
        assert (await browser.log_in()).status_code == expected


# AUTH-28
class TestAuthorize:
    async def test_gives_a_code_and_the_way_back(self, browser: Browser) -> None:
        response = await browser.authorize(await browser.session())
        body = response.json()
        assert response.status_code == 201
        assert body["urgent"]["redirect_uri"] == f"{REDIRECT}?code={body['data']['value']}"
        assert body["data"]["details"]["scope_request"] == SCOPE

    async def test_with_access_token_of_a_worker_is_refused(self, browser: Browser, doctor: Caller) -> None:
        assert refusal(await browser.authorize(doctor.token)) == (401, "access_denied", "Invalid access token")

    async def test_to_foreign_address_is_refused(self, browser: Browser) -> None:
        response = await browser.authorize(await browser.session(), redirect_uri="https://evil.test/oauth/callback")
        assert response.json()["error"]["invalid"][0]["entry"] == "$.app.redirect_uri"

    @pytest.mark.parametrize("address", [f"{REDIRECT}.evil.test", "https://mis.test/oauth/callbackevil"])
    async def test_to_address_that_only_begins_like_ours_is_refused(self, browser: Browser, address: str) -> None:
        assert (await browser.authorize(await browser.session(), redirect_uri=address)).status_code == 422

    async def test_with_scope_of_another_role_names_it(self, browser: Browser) -> None:
        response = await browser.authorize(await browser.session(), scope="episode:read legal_entity:write")
        assert refusal(response) == (422, "validation_failed", "Scope is not allowed: legal_entity:write")


# AUTH-25
class TestTokens:
    async def test_code_gives_tokens_that_open_the_api(self, browser: Browser) -> None:
        data = (await browser.exchange(await browser.code())).json()["data"]
        headers = {"API-key": API_KEY, "Authorization": f"Bearer {data['value']}"}
        query = {"first_name": "Іван", "last_name": "Ніхто", "birth_date": "1990-01-01"}
        assert (await browser.http.get("/api/persons", params=query, headers=headers)).status_code == 200
        assert data["details"]["refresh_token"]

    async def test_code_is_used_once(self, browser: Browser) -> None:
        code = await browser.code()
        await browser.exchange(code)
        assert refusal(await browser.exchange(code)) == (401, "invalid_grant", "Token has already been used.")

    # AUTH-23
    async def test_code_lives_five_minutes(self, browser: Browser, clock: FixedClock) -> None:
        code = await browser.code()
        clock.forward(timedelta(minutes=5))
        assert refusal(await browser.exchange(code)) == (401, "invalid_grant", "Token expired.")

    async def test_with_wrong_secret_is_refused(self, browser: Browser) -> None:
        response = await browser.exchange(await browser.code(), client_secret="guessed")
        assert refusal(response) == (401, "invalid_client", "Invalid client id or secret.")

    async def test_with_another_redirect_is_refused(self, browser: Browser) -> None:
        response = await browser.exchange(await browser.code(), redirect_uri=f"{REDIRECT}/other")
        assert response.json()["error"]["type"] == "invalid_grant"

    # AUTH-24
    async def test_new_token_ends_the_earlier_one(self, browser: Browser) -> None:
        first = (await browser.exchange(await browser.code())).json()["data"]["value"]
        await browser.exchange(await browser.code())
        response = await browser.http.get(
            "/oauth/user", headers={"API-key": API_KEY, "Authorization": f"Bearer {first}"}
        )
        assert refusal(response) == (401, "token_expired", "Token expired.")

    async def test_refresh_gives_a_new_pair_once(self, browser: Browser, clock: FixedClock) -> None:
        refresh = (await browser.exchange(await browser.code())).json()["data"]["details"]["refresh_token"]
        again = {"grant_type": "refresh_token", "refresh_token": refresh}
        assert (await browser.exchange("", **again)).status_code == 201
        clock.forward(timedelta(seconds=60))  # while its answer might have been lost, it may be asked for again
        assert (await browser.exchange("", **again)).json()["error"]["type"] == "invalid_grant"

    async def test_log_out_ends_access_and_refresh(self, browser: Browser) -> None:
        data = (await browser.exchange(await browser.code())).json()["data"]
        assert (await browser.post("/auth/logout", {}, data["value"])).status_code == 200
        again = {"grant_type": "refresh_token", "refresh_token": data["details"]["refresh_token"]}
        assert (await browser.exchange("", **again)).json()["error"]["type"] == "invalid_grant"

    # AUTH-32
    async def test_unknown_grant_is_refused(self, browser: Browser) -> None:
        assert (await browser.exchange("", grant_type="client_credentials")).status_code == 422
