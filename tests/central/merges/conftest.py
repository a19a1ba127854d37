"""A hospital with somebody unidentified, and a person who may have been they."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered
from tests.factories.registries import with_scopes
from tests.factories.world import Caller, World

PATH, PREPERSONS = "/api/merge_requests", "/api/prepersons"
SCOPES = ("preperson:read", "preperson:write", "merge_request:read", "merge_request:write")


@pytest.fixture(autouse=True)
async def _known_codes(work: Work) -> None:
    await dictionaries.load(work.db)


@pytest.fixture
async def specialist(world: World, work: Work) -> Caller:
    return await with_scopes(work, world.specialist, *SCOPES)


@pytest.fixture
async def foreign(world: World, work: Work) -> Caller:
    return await with_scopes(work, world.foreign_doctor, *SCOPES)


@pytest.fixture
def master(world: World) -> UUID:
    """Somebody with a telephone of their own."""
    assert world.patient.person_id is not None
    return world.patient.person_id


@pytest.fixture
async def unknown(specialist: Caller) -> UUID:
    content = {"external_id": "#1", "gender": "MALE", "last_name": "Невідомий", "note": "без документів"}
    return UUID(answered(await specialist.post(PREPERSONS, content), 201)["data"]["id"])


@pytest.fixture
def told(master: UUID, unknown: UUID) -> dict[str, str]:
    return {"master_person_id": str(master), "merge_person_id": str(unknown)}


@pytest.fixture
async def made(specialist: Caller, told: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = answered(await specialist.post(PATH, told), 201)["data"]
    return data


async def last_code(db: Connection) -> int:
    """The code of the newest SMS."""
    text = await db.fetchval(
        "select body from messages where channel = 'sms' order by inserted_at desc, id desc limit 1"
    )
    found = re.search(r"\d{4}", text)
    assert found
    return int(found.group())


async def approved(caller: Caller, db: Connection, request: dict[str, Any]) -> dict[str, Any]:
    body = {"verification_code": await last_code(db)}
    data: dict[str, Any] = answered(await caller.patch(f"{PATH}/{request['id']}/actions/approve", body))["data"]
    return data


def signed(caller: Caller, request: dict[str, Any], **changes: object) -> dict[str, str]:
    """What the employee signs once the patient has read it."""
    content = request["data_to_be_signed"] | {"patient_signed": True} | changes
    return {"signed_content": caller.sign(content), "signed_content_encoding": "base64"}


async def treated(db: Connection, patient: UUID, clinic: UUID) -> dict[str, UUID]:
    """A visit of somebody, with a record in each table that refers to another."""
    ids = {name: uuid4() for name in ("episode", "visit", "encounter", "condition", "specimen")}
    await db.execute(
        "insert into episodes (person_id, id, status, managing_organization_id, care_manager_id, started_at, document,"
        " inserted_at, updated_at) values ($1, $2, 'active', $3, $3, now(), '{}', now(), now())",
        patient,
        ids["episode"],
        clinic,
    )
    await db.execute(
        "insert into episode_diagnoses (person_id, episode_id, document) values ($1, $2, '{}')", patient, ids["episode"]
    )
    await db.execute(
        "insert into visits (person_id, id, started_at, ended_at, inserted_at) values ($1, $2, now(), now(), now())",
        patient,
        ids["visit"],
    )
    await db.execute(
        "insert into encounters (person_id, id, episode_id, visit_id, managing_organization_id, performer_id, status,"
        " class, type, started_at, ended_at, signed_document, document, inserted_at, updated_at)"
        " values ($1, $2, $3, $4, $5, $5, 'finished', 'AMB', 'x', now(), now(), 'x', '{}', now(), now())",
        patient,
        ids["encounter"],
        ids["episode"],
        ids["visit"],
        clinic,
    )
    for table, name in (("conditions", "condition"), ("specimens", "specimen")):
        await db.execute(
            f"insert into {table} (person_id, id, encounter_id, episode_id, managing_organization_id, status, codes,"
            " dated_at, document, inserted_at, updated_at)"
            " values ($1, $2, $3, $4, $5, 'x', '{}', now(), '{}', now(), now())",
            patient,
            ids[name],
            ids["encounter"],
            ids["episode"],
            clinic,
        )
    await db.execute(
        "insert into specimen_numbers (number, person_id, specimen_id) values ($1, $2, $3)",
        str(ids["specimen"]),
        patient,
        ids["specimen"],
    )
    return ids
