"""Whole dictionaries: the same for everybody, told apart by a tag, new at once after a change."""

import httpx
import pytest

from esoz.kernel.db import Connection
from tests.factories.world import Caller

PATHS = ("/api/v2/dictionaries", "/api/dictionaries")
CHANGE = "update dictionary_values set description = 'Змінено' where dictionary_name = 'GENDER' and code = 'MALE'"


async def get(doctor: Caller, path: str, **headers: str) -> httpx.Response:
    assert doctor.client is not None
    return await doctor.client.get(path, headers={"API-key": doctor.api_key, **headers})


@pytest.mark.parametrize("path", PATHS)
async def test_asked_again_with_the_tag_then_304_and_with_a_line_of_audit(
    doctor: Caller, db: Connection, path: str
) -> None:
    first = await get(doctor, path)
    again = await get(doctor, path, **{"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["cache-control"] == "no-cache"
    assert await db.fetchval("select count(*) from audit_events where event = 'dictionaries.read'") == 2


@pytest.mark.parametrize("path", PATHS)
async def test_changed_then_another_tag_and_the_new_words(doctor: Caller, db: Connection, path: str) -> None:
    first = await get(doctor, path)
    await db.execute(CHANGE)
    again = await get(doctor, path, **{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200
    assert "Змінено" in again.text
    assert "Змінено" not in first.text


async def test_compressed_and_plain_then_the_same_data_in_the_envelope(doctor: Caller) -> None:
    packed = await get(doctor, PATHS[0], **{"Accept-Encoding": "gzip"})
    plain = await get(doctor, PATHS[0], **{"Accept-Encoding": "identity"})
    assert (packed.headers.get("content-encoding"), plain.headers.get("content-encoding")) == ("gzip", None)
    assert packed.json()["data"] == plain.json()["data"]
    assert packed.json()["meta"]["url"].endswith(PATHS[0])
    assert int(packed.headers["content-length"]) * 4 < len(plain.content)


async def test_filters_then_answers_of_their_own(doctor: Caller) -> None:
    whole, one = await get(doctor, PATHS[0]), await get(doctor, f"{PATHS[0]}?name=GENDER")
    assert len(one.json()["data"]) == 1 < len(whole.json()["data"])
    assert whole.headers["etag"] != one.headers["etag"]
