"""What a client of central is told of answers that are none."""

from typing import Any

import httpx
import pytest

from esoz.sdk import (
    Answer,
    Central,
    CentralBusy,
    CentralRefused,
    CentralUnavailable,
    CentralUnreadable,
    read_tokens,
    understanding,
)


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
        b'{"paging": []}',
        b'{"urgent": "x"}',
        b"[" * 9999,
    ],
)
async def test_an_answer_outside_of_the_envelope_then_central_is_not_there(status: int, content: bytes) -> None:
    response = httpx.Response(status, content=content)
    async with Central("https://api.test", api_key="k", transport=httpx.MockTransport(lambda _: response)) as central:
        with pytest.raises(CentralUnavailable):
            await central.get("/api/x")


@pytest.mark.parametrize("status", [300, 301, 302, 304, 307, 308])
async def test_an_answer_that_leads_elsewhere_then_central_is_not_there(status: int) -> None:
    async with answering(status, {}, Location="https://other.test/") as central:
        with pytest.raises(CentralUnavailable):
            await central.post("/api/x")


async def test_a_body_that_cannot_be_unpacked_then_central_is_not_there() -> None:
    response = httpx.Response(200, stream=httpx.ByteStream(b"no"), headers={"Content-Encoding": "gzip"})
    async with Central("https://api.test", api_key="k", transport=httpx.MockTransport(lambda _: response)) as central:
        with pytest.raises(CentralUnavailable):
            await central.get("/api/x")


async def test_an_answer_without_end_then_it_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esoz.sdk.client.MOST_BYTES", 1000)
    response = httpx.Response(200, content=b"1" * 1001)
    async with Central("https://api.test", api_key="k", transport=httpx.MockTransport(lambda _: response)) as central:
        with pytest.raises(CentralUnreadable):
            await central.get("/api/x")


@pytest.mark.parametrize("invalid", [5, "x", {}, [5], [{"rules": 5}], [{"rules": [5]}], [{"entry": None}]])
async def test_a_refusal_whose_details_are_odd_then_it_stays_a_refusal(invalid: object) -> None:
    async with answering(422, {"type": "validation_failed", "message": "no", "invalid": invalid}) as central:
        with pytest.raises(CentralRefused) as caught:
            await central.get("/api/x")
    assert caught.value.message == "no"


@pytest.mark.parametrize("data", [None, {}, "x", 5, [5], [None], [[]]])
def test_what_is_no_list_then_not_taken_for_an_empty_one(data: object) -> None:
    with pytest.raises(CentralUnreadable):
        Answer(200, data).rows()


@pytest.mark.parametrize("data", [None, [], "x", 5])
def test_what_is_no_record_then_unreadable(data: object) -> None:
    with pytest.raises(CentralUnreadable):
        Answer(200, data).record()


@pytest.mark.parametrize("count", ["3", -1, 2.5, [], {}])
def test_what_is_no_count_then_unreadable(count: object) -> None:
    odd = Answer(200, [], paging={"total_pages": count, "total_entries": count})
    for read in (lambda: odd.pages, lambda: odd.total):
        with pytest.raises(CentralUnreadable):
            read()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"value": 5, "expires_at": 1},
        {"value": "t"},
        {"value": "t", "expires_at": 1e300},
        {"value": "t", "expires_at": 1, "details": []},
        {"value": "t", "expires_at": "soon"},
    ],
)
def test_tokens_that_are_none_then_unreadable(data: Any) -> None:
    with pytest.raises(CentralUnreadable):
        read_tokens(data)


async def test_a_fault_of_reading_then_unreadable_and_without_an_answer_our_own() -> None:
    async with Central(
        "https://api.test",
        api_key="k",
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json={"data": {}, "meta": {}})),
    ) as central:
        with pytest.raises(CentralUnreadable), understanding():
            (await central.get("/api/x")).record()["id"]
        with pytest.raises(KeyError), understanding():
            {}["id"]


@pytest.mark.parametrize(("psk", "sent"), [("", None), ("shared", "shared")])
async def test_a_pre_shared_key_then_it_goes_with_the_api_key(psk: str, sent: str | None) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"meta": {}, "data": {}})

    async with Central("https://api.test", api_key="k", psk=psk, transport=httpx.MockTransport(answer)) as central:
        await central.get("/api/x")
    assert (seen[0].headers["API-key"], seen[0].headers.get("X-Custom-PSK")) == ("k", sent)


@pytest.mark.parametrize("key", ["choice-їжак", "a\r\nX-Evil: 1", "a" * 256, "\ud7ff"])
async def test_key_that_no_header_takes_then_another_that_is_the_same_each_time(key: str) -> None:
    """A part of it comes with a form, which anybody may fill in."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["x-idempotency-key"])
        return httpx.Response(200, json={"data": {}, "meta": {}})

    async with Central("https://api.test", api_key="k", transport=httpx.MockTransport(answer)) as central:
        for each in (key, key, "choice-1"):
            await central.call("POST", "/api/x", None, idempotency_key=each)
    assert seen[0] == seen[1] and seen[0].isalnum() and len(seen[0]) == 64 and seen[2] == "choice-1"
