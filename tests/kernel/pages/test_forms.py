"""What a form brings is NFC, however the machine that it was typed on writes й and ї."""

from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.types import Message

from esoz.kernel.pages import forms

PARTED = "и\u0306"


def request_of(content: bytes, type: str) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", type.encode())]}, receive)


def parts(fields: dict[str, str]) -> bytes:
    """The same as a multipart form."""
    lines = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in fields.items()]
    return "\r\n".join([*lines, "--x--", ""]).encode()


@pytest.mark.parametrize(
    ("write", "type"),
    [
        (lambda fields: urlencode(fields).encode(), "application/x-www-form-urlencoded"),
        (parts, "multipart/form-data; boundary=x"),
    ],
)
async def test_read_when_letters_are_put_together_of_two_signs_then_they_are_one(write, type):
    form = await forms.read(request_of(write({"name": f" {PARTED}од ", "password": f" {PARTED} "}), type))
    assert (form.text("name"), form.raw("password"), form.values()["name"]) == ("йод", " й ", " йод ")
