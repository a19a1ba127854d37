"""Forms and files that no browser sends, and programs that ask for JSON: refused, never our fault."""

import random

import pytest

from tests.mutations import TEXTS, mutated_bytes

from .test_site import hidden, records, sign_in

JSON = {"accept": "application/json"}
URLENCODED = "application/x-www-form-urlencoded"
PART = b'--x\r\nContent-Disposition: form-data; name="last_name"\r\n\r\n\xd0\x90\r\n--x--\r\n'
BODIES = (
    (URLENCODED, b"last_name=%00"),
    (URLENCODED, b"a%00b=1"),
    (URLENCODED, b"last_name=%ff%fe"),
    (URLENCODED, b"\xff\xfe=\xff"),
    (URLENCODED, b"&&==&%"),
    (URLENCODED, b"a=1&" * 3000),
    (f"{URLENCODED}; charset=utf-16", b"last_name=1"),
    (f"{URLENCODED}; charset=nobody-knows", b"last_name=1"),
    ("multipart/form-data", PART),
    ("multipart/form-data; boundary=", PART),
    ("multipart/form-data; boundary=y", PART),
    ("multipart/form-data; boundary=x; charset=utf-7", PART.replace(b"\xd0\x90", b"+2AA-")),
    ("multipart/form-data; boundary=x; charset=nobody-knows", PART),
    ("multipart/form-data; boundary=x; charset=utf-16", PART),
    ("multipart/form-data; boundary=x", PART[:40]),
    ("multipart/form-data; boundary=x", PART.replace(b"last_name", b"last\0name")),
    ("multipart/form-data; boundary=x", PART.replace(b'"last_name"', b'"scan"; filename="a\0b"')),
    ("multipart/form-data; boundary=x", PART.replace(b'; name="last_name"', b"")),
    ("multipart/form-data; boundary=x", b""),
    ("application/json", b'{"last_name": "x"}'),
    ("text/plain", b"last_name=1"),
    ("", b"last_name=1"),
    (b"\xd1\x91", b"last_name=1"),
)


@pytest.fixture
async def doctor(visitor):
    assert (await sign_in(visitor)).status_code == 303
    return visitor


@pytest.mark.parametrize(("kind", "body"), BODIES)
async def test_form_of_no_browser_then_refused(doctor, database, kind, body):
    answer = await doctor.post("/form", content=body, headers={"content-type": kind})
    assert answer.status_code in (303, 400, 403, 422), answer.text
    assert await records(database) == []


async def test_odd_texts_in_every_field_then_refused_or_taken(doctor):
    for text in TEXTS:
        csrf = hidden(await doctor.get("/form"), "csrf")
        typed = text.encode(errors="surrogatepass").decode(errors="replace")
        data = dict.fromkeys(("last_name", "note", "birth_date", "birth_date_day", "lang", "form_token"), typed)
        answer = await doctor.post("/form", data={**data, "csrf": csrf})
        assert answer.status_code < 500, (text[:40], answer.text)
        answer = await doctor.get("/form", params=dict.fromkeys(("lang", "q", "next"), typed[:2000]))
        assert answer.status_code < 500, (text[:40], answer.text)


async def test_upload_when_mutated_then_never_our_fault(doctor):
    csrf, source = hidden(await doctor.get("/form"), "csrf"), random.Random(3)
    file = b'Content-Disposition: form-data; name="scan"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF'
    honest = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n%s\r\n--x\r\n%s\r\n%s' % (
        csrf.encode(),
        file,
        PART,
    )
    for _ in range(200):
        body = mutated_bytes(honest, source)
        kind = {"content-type": "multipart/form-data; boundary=x"}
        assert (await doctor.post("/form", content=body, headers=kind)).status_code < 500, body


class TestProgram:
    @pytest.mark.parametrize(
        ("method", "path", "status", "type"),
        [
            ("GET", "/nowhere", 404, "not_found"),
            ("PUT", "/form", 405, "method_not_allowed"),
            ("GET", "/form", 401, "access_denied"),
            ("POST", "/form", 403, "forbidden"),
            ("GET", "/crash", 500, "internal_error"),
        ],
    )
    async def test_asks_for_json_then_refused_in_the_envelope(self, visitor, method, path, status, type):
        answer = await visitor.request(method, path, headers=JSON)
        body = answer.json()
        assert answer.status_code == status and answer.headers["content-type"] == "application/json"
        assert body["error"]["type"] == type
        assert (body["meta"]["code"], body["meta"]["request_id"]) == (status, answer.headers["x-request-id"])

    @pytest.mark.parametrize(
        ("headers", "is_json"),
        [
            ({"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, False),
            ({"accept": "*/*"}, False),
            ({"accept": "*/*", "content-type": "application/json"}, True),
            ({"accept": "application/fhir+json"}, True),
            ({"accept": "application/json, text/html"}, False),
        ],
    )
    async def test_what_is_asked_for_then_the_kind_of_the_answer(self, visitor, headers, is_json):
        answer = await visitor.get("/nowhere", headers=headers)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("application/json" if is_json else "text/html")
