"""A person registers through a cabinet that redirects: the registration is read first, then carried out."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.central.answers import answered, faults, refused
from tests.contract.checker import must_be_as_published
from tests.factories.world import Caller

from .test_sign_up import Cabinet, cabinet, names_of, newcomer, registration  # noqa: F401 fixtures

# ruff: noqa: F811 fixtures of other folders are imported and then named as arguments


class Steps:
    """Central's own pages, as they would call the API."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def validate(self, signed: str) -> httpx.Response:
        return await self._send("/api/pis/sign-up_validation", {"signed_content": signed}, {})

    async def register(self, signed: str, token: str, **otp: int) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self._send("/api/pis/register", {"signed_content": signed, **otp}, headers)

    async def _send(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
        response = await self.http.post(path, json={"signed_content_encoding": "base64"} | body, headers=headers)
        must_be_as_published(response)
        return response


@pytest.fixture
async def steps(cabinet: Cabinet, db: Connection) -> Steps:
    """The cabinet of the world is one that redirects."""
    await db.execute("update clients set type = 'PIS' where id = $1", cabinet.patient.client_id)
    return Steps(cabinet.http)


@pytest.fixture
async def content(steps: Steps, newcomer: Caller, cabinet: Cabinet) -> dict[str, Any]:
    return await registration(newcomer, cabinet)


async def validated(steps: Steps, signed: str) -> str:
    token: str = answered(await steps.validate(signed))["data"]["token"]
    return token


class TestValidation:
    async def test_registration_is_shown_and_nothing_is_made(
        self, steps: Steps, newcomer: Caller, content: dict[str, Any], db: Connection
    ) -> None:
        before = await db.fetchval("select count(*) from persons")
        person = answered(await steps.validate(newcomer.sign(content)))["data"]["person"]
        assert (person["last_name"], person["authentication_methods"][0]["phone_number"]) == (
            content["person"]["last_name"],
            "+38067*****67",
        )
        assert await db.fetchval("select count(*) from persons") == before
        assert await db.fetchval("select count(*) from used_nonces") == 0

    async def test_faults_are_named(self, steps: Steps, newcomer: Caller, content: dict[str, Any]) -> None:
        content["person"]["secret"] = "коротк" * 9
        assert faults(await steps.validate(newcomer.sign(content)))[0][0] == "$.person.secret"

    async def test_who_is_a_user_already_is_conflict(
        self, steps: Steps, newcomer: Caller, cabinet: Cabinet, patient: Caller, db: Connection
    ) -> None:
        signed = patient.sign(
            await registration(newcomer, cabinet, tax_id=patient.tax_id, **await names_of(patient, db))
        )
        refused(await steps.validate(signed), 409, "request_conflict", "User with such tax_id already exists")

    async def test_signed_by_somebody_else_is_refused(
        self, steps: Steps, patient: Caller, content: dict[str, Any]
    ) -> None:
        found = faults(await steps.validate(patient.sign(content)))
        assert found == [("$.signed_content", "Does not match the signer drfo")]

    async def test_old_nonce_is_refused(
        self, steps: Steps, newcomer: Caller, content: dict[str, Any], clock: FixedClock
    ) -> None:
        clock.forward(timedelta(minutes=15))
        refused(await steps.validate(newcomer.sign(content)), 401, "jwt_invalid")

    async def test_nonce_of_another_purpose_is_refused(
        self, steps: Steps, newcomer: Caller, content: dict[str, Any], db: Connection, cabinet: Cabinet
    ) -> None:
        await db.execute("update clients set type = 'TRUSTED_PIS' where id = $1", cabinet.patient.client_id)
        content["jwt"] = await cabinet.jwt()
        refused(await steps.validate(newcomer.sign(content)), 401, "jwt_invalid")


class TestRegister:
    async def test_new_person_confirms_the_telephone_and_gets_a_session(
        self, steps: Steps, newcomer: Caller, content: dict[str, Any], db: Connection
    ) -> None:
        signed = newcomer.sign(content)
        token = await validated(steps, signed)
        refused(await steps.register(signed, token), 422, "unverified", "Unverified phone number")
        body = await db.fetchval("select body from messages where channel = 'sms'")
        data = answered(await steps.register(signed, token, otp=int(body.rpartition(" ")[2])), 201)["data"]
        assert data["token"]["details"]["scope"] == "app:authorize"
        assert data["user"]["tax_id"] == newcomer.tax_id
        assert data["access_token"] == data["token"]["value"]

    async def test_registration_counts_once(
        self, steps: Steps, newcomer: Caller, content: dict[str, Any], db: Connection
    ) -> None:
        await db.execute("insert into verified_phones values ('+380671234567', now())")
        signed = newcomer.sign(content)
        token = await validated(steps, signed)
        answered(await steps.register(signed, token), 201)
        refused(await steps.register(signed, token), 409, "request_conflict", "User with such tax_id already exists")

    @pytest.mark.parametrize("token", ["", "a.b.c"])
    async def test_without_a_validation_is_refused(
        self, steps: Steps, newcomer: Caller, content: dict[str, Any], token: str
    ) -> None:
        refused(await steps.register(newcomer.sign(content), token), 401, "jwt_invalid")

    async def test_other_person_than_validated_is_refused(
        self, steps: Steps, newcomer: Caller, content: dict[str, Any]
    ) -> None:
        token = await validated(steps, newcomer.sign(content))
        content["person"]["email"] = "other@example.com"
        found = faults(await steps.register(newcomer.sign(content), token))
        assert found == [("$.signed_content", "Signed content does not match the validated one")]
