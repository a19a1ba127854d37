"""What a client of central is told of answers that are none."""

import httpx
import pytest

from esoz.sdk import Central, CentralBusy, CentralRefused, CentralUnavailable


def answering(status: int, error: object, **headers: str) -> Central:
    response = httpx.Response(status, json={"error": error, "meta": {"request_id": "r-1"}}, headers=headers)
    return Central("https://api.test", api_key="k", transport=httpx.MockTransport(lambda _request: response))


async def test_asked_too_often_then_busy_with_the_message_and_the_seconds_to_wait() -> None:
    error = {"type": "too_many_requests", "message": "API rate limit exceeded"}
    async with answering(429, error, **{"Retry-After": "42"}) as central:
        with pytest.raises(CentralBusy) as caught:
            await central.get("/api/x")
    busy = caught.value
    assert (busy.message, busy.retry_after, busy.request_id) == ("API rate limit exceeded", 42, "r-1")


@pytest.mark.parametrize("header", ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "", "9" * 40])
async def test_a_wait_that_is_no_number_of_seconds_then_unknown(header: str) -> None:
    async with answering(429, {}, **{"Retry-After": header}) as central:
        with pytest.raises(CentralBusy) as caught:
            await central.get("/api/x")
    assert caught.value.retry_after is None


async def test_cannot_serve_now_then_unavailable_with_the_wait_and_not_busy() -> None:
    async with answering(503, {}, **{"Retry-After": "5"}) as central:
        with pytest.raises(CentralUnavailable) as caught:
            await central.get("/api/x")
    assert caught.value.retry_after == 5 and not isinstance(caught.value, CentralBusy)


async def test_a_wrong_code_then_refused_with_the_tries_that_are_left() -> None:
    error = {"type": "access_denied", "message": "Incorrect code"}
    async with answering(401, error, **{"X-Attempts-Left": "0", "Retry-After": "900"}) as central:
        with pytest.raises(CentralRefused) as caught:
            await central.post("/api/x")
    assert (caught.value.attempts_left, caught.value.retry_after) == (0, 900)


@pytest.mark.parametrize("status", [200, 202, 401, 404, 422])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"1",
        b'"text"',
        b"<html>",
        b'{"data": "\xff"}',
        b'{"meta": []}',
        b'{"meta": 1}',
        b"[" * 9999,
    ],
)
async def test_an_answer_outside_of_the_envelope_then_central_is_not_there(status: int, content: bytes) -> None:
    response = httpx.Response(status, content=content)
    async with Central("https://api.test", api_key="k", transport=httpx.MockTransport(lambda _: response)) as central:
        with pytest.raises(CentralUnavailable):
            await central.get("/api/x")
