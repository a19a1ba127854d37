"""Texts are NFC at every door: of unsigned bodies, of queries, of signed documents as far as registers read them."""

import json
import unicodedata
from collections.abc import Callable

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from tests.central.answers import answered
from tests.central.workforce.test_requests import PATH, body, told
from tests.factories.world import Caller, World


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def escaped(value: object) -> bytes:
    """JSON as most programs write it: every letter and mark as an escape."""
    return json.dumps(value, default=str).encode()


def plain(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode()


async def test_of_a_query_then_found(doctor: Caller, db: Connection) -> None:
    await db.execute("update divisions set name = 'Районний її кабінет' where id = $1", doctor.division_id)
    found = answered(await doctor.get("/api/divisions", name=decomposed("її КАБ")))["data"]
    assert [each["id"] for each in found] == [str(doctor.division_id)]


@pytest.mark.parametrize("written", [escaped, plain])
async def test_of_a_body_then_kept_and_told_as_one_sign(
    world: World, db: Connection, written: Callable[[object], bytes]
) -> None:
    owner = world.owner
    assert owner.client is not None
    shown = answered(await owner.get(f"/api/divisions/{owner.division_id}"))["data"]
    fields = ("name", "addresses", "phones", "email", "type", "working_hours", "location")
    asked = {name: shown[name] for name in fields if shown.get(name)} | {"name": decomposed("Їхній кабінет")}
    path = f"/api/divisions/{owner.division_id}"
    headers = owner.headers | {"Content-Type": "application/json"}
    answer = answered(await owner.client.patch(path, content=written(asked), headers=headers))
    kept = await db.fetchval("select name from divisions where id = $1", owner.division_id)
    assert answer["data"]["name"] == kept == "Їхній кабінет"


@pytest.mark.parametrize("written", [escaped, plain])
async def test_of_a_signed_document_then_the_register_has_one_sign_and_the_document_is_as_signed(
    world: World, db: Connection, written: Callable[[object], bytes]
) -> None:
    owner = world.owner
    await dictionaries.load(db)
    content = written(told(owner, {"last_name": decomposed("Їжакевич"), "first_name": decomposed("Андрійка")}))
    answered(await owner.post(PATH, body(owner.sign(content))))
    row = await db.fetchrow("select content, first_name, last_name from employee_requests order by inserted_at desc")
    assert (row["last_name"], row["first_name"]) == ("Їжакевич", "Андрійка")
    assert unicodedata.is_normalized("NFC", json.dumps(row["content"], ensure_ascii=False))
