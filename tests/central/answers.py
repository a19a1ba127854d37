"""What an answer says: its data, or its refusal. Its shape is compared with the contract for every call of a Caller."""

from typing import Any

import httpx


def answered(response: httpx.Response, status: int = 200) -> Any:
    """The body of a successful answer."""
    body = response.json()
    assert (response.status_code, body["meta"]["code"]) == (status, status), response.text
    return body


def refused(response: httpx.Response, status: int, type: str, message: str | None = None) -> Any:
    """The error of an answer, whose status, type and text are as expected."""
    body = response.json()
    assert (response.status_code, body["meta"]["code"], body["error"]["type"]) == (status, status, type), response.text
    if message is not None:
        assert body["error"]["message"] == message
    return body["error"]


def faults(response: httpx.Response) -> list[tuple[str, str]]:
    """Places and sentences of a 422."""
    error = refused(response, 422, "validation_failed")
    return [(each["entry"], each["rules"][0]["description"]) for each in error["invalid"]]
