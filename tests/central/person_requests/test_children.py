"""A parent registers a child through a cabinet: the certificate, the signature, and every refusal."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central.upload_door import UploadDoor
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Dependencies
from tests.central.answers import answered, faults, refused
from tests.central.conftest import OneConnection
from tests.factories.world import Caller, World

from .test_own import PATH, complete, hand_in, own

WARDS = "/api/pis/person/wards"
BORN = "2020-11-22"


@pytest.fixture
async def door(
    database: OneConnection, dependencies: Dependencies, clock: FixedClock
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(UploadDoor(database, dependencies, clock, "https://api.test"))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        yield client


def certificate(number: str = "1БК123456", born: str = BORN) -> dict[str, str]:
    return {"type": "BIRTH_CERTIFICATE", "number": number, "issued_by": "ДРАЦС", "issued_at": born}


async def body(parent: Caller, **changes: Any) -> dict[str, Any]:
    """A child of six who lives with the parent."""
    record = await own(parent)
    paper = certificate(born=changes.get("birth_date", BORN))
    phones = [{"type": "MOBILE", "number": "+380501112233"}]
    person = {
        "first_name": "Марічка",
        "last_name": record["last_name"],
        "birth_date": BORN,
        "birth_country": "Україна",
        "birth_settlement": "Полтава",
        "gender": "FEMALE",
        "no_tax_id": False,
        "secret": "ромашка",
        "documents": [paper],
        "addresses": record["addresses"],
        "phones": phones,
        "emergency_contact": {"first_name": "Олена", "last_name": "Коваль", "phones": phones},
    }
    return {
        "person": person | changes,
        "documents_relationship": [paper],
        "patient_signed": False,
        "process_disclosure_data_consent": True,
    }


async def written_down(parent: Caller, door: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """The request with the picture of the certificate handed in."""
    made = answered(await parent.post(WARDS, await body(parent, **changes)), 201)
    for document in made["urgent"]["documents"]:
        assert await hand_in(door, document["url"]) == 200
    data: dict[str, Any] = made["data"]
    return data


# PS-31
class TestRegistration:
    async def test_certificate_and_signature_then_registered_and_spoken_for(
        self, patient: Caller, door: httpx.AsyncClient, db: Connection
    ) -> None:
        made = answered(await patient.post(WARDS, await body(patient)), 201)
        data = made["data"]
        assert data["status"] == "APPROVED"
        assert data["person"]["confidant_person"]["person_id"] == str(patient.person_id)
        assert [each["type"] for each in made["urgent"]["documents"]] == ["BIRTH_CERTIFICATE"]
        refused(await complete(patient, data), 409, "request_conflict", "Documents BIRTH_CERTIFICATE is not uploaded")
        await hand_in(door, made["urgent"]["documents"][0]["url"])
        done = answered(await complete(patient, data))["data"]
        [ward] = answered(await patient.get(WARDS))["data"]
        assert ward["id"] == done["person_id"] and ward["first_name"] == "Марічка"
        method = await db.fetchrow(
            "select type, value from authentication_methods where person_id = $1", UUID(done["person_id"])
        )
        assert (method["type"], method["value"]) == ("THIRD_PERSON", patient.person_id)
        for person_id in (patient.person_id, UUID(done["person_id"])):
            events = await db.fetch("select event from audit_events where patient_id = $1", person_id)
            assert "child_request.completed" in {row["event"] for row in events}

    async def test_until_signed_then_listed_and_read_by_the_parent_alone(
        self, patient: Caller, world: World, door: httpx.AsyncClient
    ) -> None:
        data = await written_down(patient, door)
        [listed] = answered(await patient.get(PATH))["data"]
        assert listed["id"] == data["id"]
        assert answered(await patient.get(f"{PATH}/{data['id']}"))["data"] == data
        answered(await patient.patch(f"{PATH}/{data['id']}/actions/reject"))
        refused(await complete(patient, data), 409, "request_conflict")
        assert answered(await patient.get(WARDS))["data"] == []

    async def test_newer_about_the_same_child_then_the_older_ends_and_another_child_s_stays(
        self, patient: Caller, door: httpx.AsyncClient
    ) -> None:
        other = await written_down(patient, door, birth_date="2022-01-01", first_name="Остап")
        older, newer = await written_down(patient, door), await written_down(patient, door)
        statuses = {
            data["id"]: answered(await patient.get(f"{PATH}/{data['id']}"))["data"]["status"]
            for data in (other, older, newer)
        }
        assert list(statuses.values()) == ["APPROVED", "CANCELED", "APPROVED"]

    async def test_own_change_meanwhile_then_the_child_s_request_stays(
        self, patient: Caller, door: httpx.AsyncClient
    ) -> None:
        data = await written_down(patient, door)
        change = {"person": await own(patient), "patient_signed": False, "process_disclosure_data_consent": True}
        answered(await patient.post(PATH, change), 201)
        answered(await complete(patient, data))

    async def test_a_day_later_then_too_late(self, patient: Caller, door: httpx.AsyncClient, clock: FixedClock) -> None:
        data = await written_down(patient, door)
        assert answered(await patient.get(f"{PATH}/{data['id']}"))["data"]["status"] == "APPROVED"
        clock.forward(timedelta(days=1))
        refused(await complete(patient, data), 409, "request_conflict")


# PS-31
class TestRefusals:
    @pytest.mark.parametrize(("born", "is_taken"), [("2012-11-23", True), ("2012-11-22", False)])
    async def test_fourteenth_birthday_then_no_child_any_more(self, patient: Caller, born: str, is_taken: bool) -> None:
        answer = await patient.post(WARDS, await body(patient, birth_date=born))
        if is_taken:
            answered(answer, 201)
        else:
            assert ("$.person.birth_date", "Person must be under 14 years old") in faults(answer)

    async def test_born_tomorrow_then_refused(self, patient: Caller) -> None:
        answer = await patient.post(WARDS, await body(patient, birth_date="2026-11-23"))
        assert "$.person.birth_date" in {entry for entry, _ in faults(answer)}

    async def test_without_certificate_then_refused(self, patient: Caller) -> None:
        papers = [{"type": "PASSPORT", "number": "МЕ123456", "issued_by": "РВ", "issued_at": BORN}]
        assert faults(await patient.post(WARDS, await body(patient, documents=papers)))

    async def test_without_relationship_paper_then_refused(self, patient: Caller) -> None:
        content = await body(patient)
        content["documents_relationship"] = []
        assert faults(await patient.post(WARDS, content))

    async def test_registered_already_then_conflict(self, patient: Caller, door: httpx.AsyncClient) -> None:
        answered(await complete(patient, await written_down(patient, door)))
        answer = await patient.post(WARDS, await body(patient))
        refused(answer, 409, "request_conflict", "Such person already exists")

    async def test_registered_by_somebody_meanwhile_then_not_twice(
        self, patient: Caller, door: httpx.AsyncClient
    ) -> None:
        first = await written_down(patient, door)
        second = await written_down(patient, door, gender="MALE", documents=[certificate("1БК123456")])
        answers = [await complete(patient, each) for each in (first, second)]
        assert sorted(each.status_code for each in answers) == [200, 409]
        assert len(answered(await patient.get(WARDS))["data"]) == 1

    async def test_two_signatures_at_once_then_one(self, patient: Caller, door: httpx.AsyncClient) -> None:
        data = await written_down(patient, door)
        answers = await asyncio.gather(complete(patient, data), complete(patient, data))
        assert sorted(each.status_code for each in answers) == [200, 409]

    async def test_signed_by_somebody_else_or_another_text_then_refused(
        self, patient: Caller, world: World, door: httpx.AsyncClient
    ) -> None:
        data = await written_down(patient, door)
        answer = await complete(patient, data, signer=world.doctor)
        assert faults(answer) == [("$.signed_content", "Does not match the signer drfo")]
        changed = {**data, "person": {**data["person"], "first_name": "Ганна"}}
        assert (await complete(patient, changed)).status_code == 422
        assert answered(await patient.get(WARDS))["data"] == []

    async def test_without_consent_then_refused(self, patient: Caller) -> None:
        content = await body(patient) | {"process_disclosure_data_consent": False}
        assert faults(await patient.post(WARDS, content))[0][0] == "$.process_disclosure_data_consent"
