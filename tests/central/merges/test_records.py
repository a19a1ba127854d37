"""Somebody unidentified is treated like anybody; once they are recognised, what was done is theirs."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from tests.central.answers import answered, refused
from tests.factories.records import Chart, new_episode, package
from tests.factories.registries import with_scopes
from tests.factories.world import Caller

from .conftest import SCOPES, approved
from .test_sign import path_of, signed

RECORDS = ("episode:read", "episode:write", "encounter:read", "encounter:write", "job:read")


@pytest.fixture
async def specialist(specialist: Caller, work: Work) -> Caller:
    return await with_scopes(work, specialist, *SCOPES, *RECORDS)


@pytest.fixture
def chart(specialist: Caller, worker: Worker, unknown: UUID) -> Chart:
    return Chart(specialist, worker, unknown)


async def treat(chart: Chart) -> None:
    treatment = {"system": "eHealth/episode_types", "code": "ACUTE"}
    opened = await chart.open(type=treatment)
    assert opened.json()["data"]["status"] == "processed", opened.text
    sent = await chart.send(package(chart.visiting))
    assert sent.json()["data"]["status"] == "processed", sent.text


async def test_treated_then_recognised_then_records_and_readings_are_theirs(
    chart: Chart, specialist: Caller, made: dict[str, Any], db: Connection, master: UUID, unknown: UUID
) -> None:
    await treat(chart)
    path = f"episodes/{chart.visiting.episode}"
    assert answered(await specialist.get(f"/api/patients/{unknown}/{path}"), 200)["data"]["status"] == "active"
    ready = await approved(specialist, db, made)
    answered(await specialist.patch(path_of(ready), signed(specialist, ready)), 200)
    refused(await specialist.get(f"/api/patients/{unknown}/{path}"), 403, "forbidden")
    assert answered(await specialist.get(f"/api/patients/{master}/{path}"), 200)["data"]["status"] == "active"
    assert await db.fetchval("select person_id from encounters where id = $1", chart.visiting.encounter) == master


async def test_ended_then_no_record_is_taken(chart: Chart, specialist: Caller, db: Connection, unknown: UUID) -> None:
    await db.execute("update prepersons set status = 'INACTIVE' where id = $1", unknown)
    refused(await specialist.post(f"{chart.path}/episodes", new_episode(chart.visiting)), 409, "request_conflict")
    nobody = f"/api/patients/{uuid4()}/episodes"
    refused(await specialist.post(nobody, new_episode(chart.visiting)), 404, "not_found")


async def test_another_clinic_then_the_patient_is_not_found(
    chart: Chart, specialist: Caller, foreign: Caller, work: Work, db: Connection, unknown: UUID
) -> None:
    await treat(chart)
    foreign = await with_scopes(work, foreign, *RECORDS)
    before = await db.fetchval("select count(*) from jobs")
    refused(await foreign.post(f"{chart.path}/episodes", new_episode(chart.visiting)), 404, "not_found")
    body = chart.body(package(chart.again()), signer=foreign)
    refused(await foreign.post(f"{chart.path}/encounter_package", body), 404, "not_found")
    assert await db.fetchval("select count(*) from jobs") == before
