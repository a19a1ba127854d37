"""The gateway to id.gov.ua against a fake of it: what is asked, what is read, what is never told."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from esoz.gateways.govid import Account, GovId, NotIdentified

TOKEN = {"access_token": "a-token", "user_id": 136, "token_type": "bearer", "expires_in": "299", "refresh_token": "r"}
TOLD = {"lastname": "Олійник", "givenname": "Ганна", "middlename": "Іванівна", "drfocode": "3374341865", "unzr": ""}


class Fake(httpx.AsyncBaseTransport):
    """Answers by path, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {"get-access-token": TOKEN, "get-user-info": TOLD, "get-user-logout": {"error": "0"}} | answers
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fields = parse_qs((await request.aread()).decode(), keep_blank_values=True)
        assert not request.url.query  # what stands in addresses stands in the logs of others
        name = request.url.path.strip("/")
        self.asked.append((name, {key: values[0] for key, values in fields.items()}))
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def gateway(fake: Fake) -> GovId:
    return GovId(Account("https://id.test", "client", "the secret", "https://portal.test/back"), fake)


def test_address_then_all_that_the_description_wants() -> None:
    parts = urlsplit(gateway(Fake()).address("a state & more"))
    assert (parts.netloc, parts.path) == ("id.test", "/")
    assert parse_qs(parts.query) == {
        "response_type": ["code"],
        "client_id": ["client"],
        "auth_type": ["dig_sign,diia_id,bank_id"],
        "state": ["a state & more"],
        "redirect_uri": ["https://portal.test/back"],
    }


def test_account_then_its_secret_is_not_shown() -> None:
    assert "the secret" not in repr(Account("https://id.test", "client", "the secret", ""))


class TestIdentify:
    async def test_code_then_who_it_is_and_the_session_there_is_given_up(self) -> None:
        fake = Fake()
        told = await gateway(fake).identify("a-code")
        assert (told.name, told.drfocode) == ("Олійник Ганна Іванівна", "3374341865")
        (token, first), (info, second), (out, third) = fake.asked
        assert (token, info, out) == ("get-access-token", "get-user-info", "get-user-logout")
        assert first["code"] == "a-code" and first["client_secret"] == "the secret"
        assert second["user_id"] == third["user_id"] == "136" and second["cert"] == ""

    @pytest.mark.parametrize(
        "answers",
        [
            {"get-access-token": {"error": "invalid_grant", "error_description": "code"}},
            {"get-access-token": httpx.Response(400, json={"error": "invalid_grant"})},
            {"get-access-token": httpx.Response(200, content=b"<html>")},
            {"get-access-token": httpx.Response(200, content=b"\xff\xfe")},
            {"get-access-token": []},
            {"get-access-token": {"access_token": "a"}},
            {"get-user-info": {"error": "invalid_token"}},
            {"get-user-info": {"encryptedUserInfo": "MIIB"}},
            {"get-user-info": TOLD | {"drfocode": ""}},
            {"get-user-info": TOLD | {"lastname": ""}},
            {"get-user-info": TOLD | {"givenname": 1}},
        ],
    )
    async def test_refused_unreadable_or_too_little_then_not_identified(self, answers: dict[str, Any]) -> None:
        with pytest.raises(NotIdentified):
            await gateway(Fake(**answers)).identify("a-code")

    @pytest.mark.parametrize("answer", [httpx.ConnectError("away"), httpx.ReadTimeout("slow"), httpx.Response(502)])
    @pytest.mark.parametrize("name", ["get-access-token", "get-user-info"])
    async def test_away_then_said_without_secrets(self, name: str, answer: Any) -> None:
        with pytest.raises(ConnectionError) as fault:
            await gateway(Fake(**{name: answer})).identify("a-code")
        assert "secret" not in str(fault.value) and "token" not in str(fault.value)

    async def test_end_of_the_session_not_taken_then_identified_nevertheless(self) -> None:
        fake = Fake(**{"get-user-logout": httpx.ConnectError("away")})
        assert (await gateway(fake).identify("a-code")).drfocode == "3374341865"
