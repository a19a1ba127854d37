"""A person changes their own data through a cabinet: what is signed, which scans are asked for, every refusal."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import person_requests
from esoz.central.upload_door import UploadDoor
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.signature import Authority, Subject
from tests.central.answers import answered, faults, refused
from tests.central.conftest import NOW, OneConnection
from tests.factories.scans import jpeg
from tests.factories.world import Caller, World, with_key

PATH = "/api/pis/person_requests"
LEFT_OUT = ("id", "verification")


@pytest.fixture
async def door(
    database: OneConnection, dependencies: Dependencies, clock: FixedClock
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(UploadDoor(database, dependencies, clock, "https://api.test"))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        yield client


async def hand_in(door: httpx.AsyncClient, url: str) -> int:
    parts = urlsplit(url)
    return (await door.put(f"{parts.path}?{parts.query}", content=jpeg())).status_code


async def own(patient: Caller) -> dict[str, Any]:
    """The record as it stands, as the body of a request has it."""
    record = answered(await patient.get("/api/pis/person"))["data"]
    return {name: value for name, value in record.items() if name not in LEFT_OUT}


async def create(patient: Caller, path: str = PATH, **changes: Any) -> httpx.Response:
    person = {name: value for name, value in (await own(patient) | changes).items() if value is not None}
    body = {"person": person, "patient_signed": False, "process_disclosure_data_consent": True}
    return await patient.post(path, body)


async def complete(patient: Caller, data: dict[str, Any], signer: Caller | None = None) -> httpx.Response:
    body = {"signed_content": (signer or patient).sign(data), "signed_content_encoding": "base64"}
    return await patient.patch(f"{PATH}/{data['id']}/actions/complete", body)


def passport(number: str = "СС123456") -> list[dict[str, str]]:
    return [{"type": "PASSPORT", "number": number, "issued_by": "РВ", "issued_at": "2020-02-28"}]


# CB-4
class TestChange:
    async def test_telephone_then_signed_at_once_and_told_to_the_patient(self, patient: Caller, db: Connection) -> None:
        made = answered(await create(patient, phones=[{"type": "MOBILE", "number": "+380501112233"}]), 201)
        data = made["data"]
        assert (data["status"], data["channel"], made["urgent"]) == ("APPROVED", "PIS", {"documents": []})
        assert "+380501112233" in data["content"] and "Особистий кабінет" in data["content"]
        done = answered(await complete(patient, data))["data"]
        assert (done["status"], done["person_id"]) == ("SIGNED", str(patient.person_id))
        assert (await own(patient))["phones"] == [{"type": "MOBILE", "number": "+380501112233"}]
        events = await db.fetch("select event from audit_events where person_id = $1", patient.person_id)
        assert {"own_person_request.created", "own_person_request.completed", "person.updated"} <= {
            row["event"] for row in events
        }
        assert await db.fetchval("select signed_document from person_requests where id = $1", UUID(data["id"]))

    async def test_how_they_confirm_then_stays(self, patient: Caller) -> None:
        before = answered(await patient.get("/api/pis/person/authentication_methods"))["data"]
        await complete(patient, answered(await create(patient, email="T@Example.com"), 201)["data"])
        assert (await own(patient))["email"] == "t@example.com"
        assert answered(await patient.get("/api/pis/person/authentication_methods"))["data"] == before

    # DC-15
    async def test_surname_then_asks_for_a_scan_of_each_document(
        self, patient: Caller, door: httpx.AsyncClient
    ) -> None:
        made = answered(await create(patient, last_name="Мар’яненко"), 201)
        documents = made["urgent"]["documents"]
        assert [each["type"] for each in documents] == ["PASSPORT"]
        answer = await complete(patient, made["data"])
        refused(answer, 409, "request_conflict", "Documents PASSPORT is not uploaded")
        assert (await own(patient))["last_name"] != "Мар’яненко"
        shown = answered(await patient.get(f"{PATH}/{made['data']['id']}"))["urgent"]["documents"]
        assert [each["is_uploaded"] for each in shown] == [False]
        assert await hand_in(door, documents[0]["url"]) == 200
        shown = answered(await patient.get(f"{PATH}/{made['data']['id']}"))["urgent"]["documents"]
        assert [each["is_uploaded"] for each in shown] == [True]
        answered(await complete(patient, made["data"]))
        assert (await own(patient))["last_name"] == "Мар’яненко"
        assert await hand_in(door, documents[0]["url"]) == 409

    async def test_new_document_then_asks_for_its_scan_alone(self, patient: Caller) -> None:
        permit = {
            "type": "TEMPORARY_CERTIFICATE",
            "number": "АБ123456",
            "issued_by": "РВ",
            "issued_at": "2020-02-28",
            "expiration_date": "2030-02-28",
        }
        papers = [*(await own(patient))["documents"], permit]
        made = answered(await create(patient, documents=papers), 201)
        assert [each["type"] for each in made["urgent"]["documents"]] == ["TEMPORARY_CERTIFICATE"]

    async def test_registers_then_asked_anew(self, patient: Caller, db: Connection) -> None:
        await db.execute("update persons set verification_status = 'VERIFIED' where id = $1", patient.person_id)
        await complete(patient, answered(await create(patient, email="t@example.com"), 201)["data"])
        status = await db.fetchval("select verification_status from persons where id = $1", patient.person_id)
        assert status == "VERIFICATION_NEEDED"

    async def test_by_a_trusted_cabinet_then_the_same(self, patient: Caller, db: Connection) -> None:
        trusted = "/api/pis/trusted/person_requests"
        await db.execute("update clients set type = 'PIS' where id = $1", patient.client_id)
        refused(await create(patient, path=trusted), 403, "forbidden")
        await db.execute("update clients set type = 'TRUSTED_PIS' where id = $1", patient.client_id)
        answered(await complete(patient, answered(await create(patient, path=trusted, email="a@b.ua"), 201)["data"]))


class TestRefusals:
    # CB-4
    @pytest.mark.parametrize("tax_id", [None, "1111111118"])
    async def test_another_tax_id_then_refused(self, patient: Caller, tax_id: str | None) -> None:
        answer = await create(patient, tax_id=tax_id, no_tax_id=tax_id is None)
        assert faults(answer) == [("$.person.tax_id", "Person's tax ID can not be changed")]

    # PS-13, PS-9
    async def test_faults_then_all_told(self, patient: Caller) -> None:
        answer = await create(patient, first_name="John", documents=passport("1"))
        assert {entry for entry, _ in faults(answer)} == {"$.person.first_name", "$.person.documents[0].number"}

    # PS-14
    async def test_without_consent_then_refused(self, patient: Caller) -> None:
        body = {"person": await own(patient), "patient_signed": False, "process_disclosure_data_consent": False}
        assert faults(await patient.post(PATH, body))[0][0] == "$.process_disclosure_data_consent"

    async def test_how_they_confirm_is_not_changed_here(self, patient: Caller) -> None:
        methods = [{"type": "OTP", "phone_number": "+380501112233"}]
        answer = await create(patient, authentication_methods=methods, confidant_persons=[{"person_id": str(uuid4())}])
        if answer.status_code == 201:
            assert "authentication_methods" not in answer.json()["data"]["person"]
        else:
            assert answer.status_code == 422

    # SG-4
    async def test_signed_by_another_then_refused(self, patient: Caller, doctor: Caller) -> None:
        data = answered(await create(patient, email="t@example.com"), 201)["data"]
        assert faults(await complete(patient, data, doctor)) == [("$.signed_content", "Does not match the signer drfo")]
        assert (await own(patient)).get("email") != "t@example.com"

    async def test_other_text_signed_then_refused(self, patient: Caller) -> None:
        data = answered(await create(patient, email="t@example.com"), 201)["data"]
        changed = data | {"person": data["person"] | {"email": "other@example.com"}}
        assert (await complete(patient, changed)).status_code == 422

    async def test_signed_twice_then_conflict(self, patient: Caller) -> None:
        data = answered(await create(patient, email="t@example.com"), 201)["data"]
        answered(await complete(patient, data))
        refused(await complete(patient, data), 409, "request_conflict", "Invalid transition")

    async def test_two_signatures_at_once_then_one_counts(self, patient: Caller, db: Connection) -> None:
        data = answered(await create(patient, email="t@example.com"), 201)["data"]
        answers = await asyncio.gather(complete(patient, data), complete(patient, data))
        assert sorted(each.status_code for each in answers) == [200, 409]

    # DC-26
    async def test_day_over_then_expired(self, patient: Caller, clock: FixedClock, work: Work, db: Connection) -> None:
        data = answered(await create(patient, email="t@example.com"), 201)["data"]
        clock.forward(timedelta(days=1))
        refused(await complete(patient, data), 409, "request_conflict", "Invalid transition")
        assert answered(await patient.get(f"{PATH}/{data['id']}"))["data"]["status"] == "EXPIRED"
        listed = answered(await patient.get(PATH, status="EXPIRED"))["data"]
        assert [each["id"] for each in listed] == [data["id"]]
        later = Work(NOBODY, NOW + timedelta(days=1), db, work.dependencies)
        await person_requests.periodic_tasks[0][2](later)
        assert await db.fetchval("select status from person_requests where id = $1", UUID(data["id"])) == "EXPIRED"
        again = Work(NOBODY, NOW + timedelta(days=32), db, work.dependencies)
        await person_requests.periodic_tasks[0][2](again)
        assert await db.fetchval("select count(*) from person_requests where id = $1", UUID(data["id"])) == 0

    async def test_newer_request_then_the_older_is_over(self, patient: Caller, door: httpx.AsyncClient) -> None:
        older = answered(await create(patient, last_name="Мар’яненко"), 201)
        answered(await create(patient, email="t@example.com"), 201)
        refused(await complete(patient, older["data"]), 409, "request_conflict", "Invalid transition")
        assert await hand_in(door, older["urgent"]["documents"][0]["url"]) == 409
        assert answered(await patient.get(f"{PATH}/{older['data']['id']}"))["data"]["status"] == "CANCELED"

    async def test_another_person_s_request_then_not_found(self, patient: Caller, db: Connection) -> None:
        data = answered(await create(patient, email="t@example.com"), 201)["data"]
        other = await db.fetchval("select id from persons where id <> $1 and is_active limit 1", patient.person_id)
        await db.execute("update person_requests set person_id = $1", other)
        for answer in (
            await patient.get(f"{PATH}/{data['id']}"),
            await complete(patient, data),
            await patient.patch(f"{PATH}/{data['id']}/actions/reject"),
        ):
            refused(answer, 404, "not_found")
        assert answered(await patient.get(PATH))["data"] == []

    # PS-18
    async def test_inactive_person_then_refused(self, patient: Caller, db: Connection) -> None:
        data = answered(await create(patient, email="t@example.com"), 201)["data"]
        person = await own(patient)
        await db.execute("update persons set is_active = false where id = $1", patient.person_id)
        assert (await complete(patient, data)).status_code in (401, 409)
        body = {"person": person, "patient_signed": False, "process_disclosure_data_consent": True}
        assert (await patient.post(PATH, body)).status_code in (401, 409)

    async def test_doctor_s_token_then_forbidden(self, doctor: Caller, patient: Caller) -> None:
        body = {"person": await own(patient), "patient_signed": False, "process_disclosure_data_consent": True}
        refused(await doctor.post(PATH, body), 403, "forbidden")

    async def test_clinic_wrote_the_tax_id_down_meanwhile_then_it_is_kept(
        self, patient: Caller, db: Connection, authority: Authority
    ) -> None:
        """CB-4: an older own request must not take it away."""
        await db.execute("delete from person_tax_ids where person_id = $1", patient.person_id)
        await db.execute("update persons set tax_id = null, no_tax_id = true where id = $1", patient.person_id)
        data = answered(await create(patient, tax_id=None, no_tax_id=True, email="t@example.com"), 201)["data"]
        await db.execute(
            "update persons set tax_id = $2, no_tax_id = false where id = $1", patient.person_id, patient.tax_id
        )
        assert faults(await complete(patient, data)) == [("$.person.tax_id", "Person's tax ID can not be changed")]

    async def test_tax_id_told_first_then_only_from_the_certificate(
        self, patient: Caller, db: Connection, authority: Authority
    ) -> None:
        """CB-4"""
        await db.execute("delete from person_tax_ids where person_id = $1", patient.person_id)
        unzr = await db.fetchval(
            "update persons set tax_id = null, no_tax_id = true, unzr = to_char(birth_date, 'YYYYMMDD') || '-01234'"
            " where id = $1 returning unzr",
            patient.person_id,
        )
        papers = (await own(patient))["documents"]
        names = {"surname": "Савченко", "given_name": "Тетяна Андріївна"}
        others = with_key(authority, patient, Subject(**names, drfo="1111111118"), unzr)
        made = answered(await create(patient, tax_id=patient.tax_id, no_tax_id=False, documents=papers), 201)
        await db.execute("update uploads set object = 'a scan'")
        assert faults(await complete(patient, made["data"], others)) == [
            ("$.signed_content", "Does not match the signer drfo")
        ]
        own_key = with_key(authority, patient, Subject(**names, drfo=patient.tax_id), unzr)
        answered(await complete(patient, made["data"], own_key))
        assert (await own(patient))["tax_id"] == patient.tax_id


class TestReject:
    async def test_given_up_then_over(self, patient: Caller, door: httpx.AsyncClient) -> None:
        made = answered(await create(patient, last_name="Мар’яненко"), 201)
        data = made["data"]
        assert answered(await patient.patch(f"{PATH}/{data['id']}/actions/reject"))["data"]["status"] == "REJECTED"
        refused(await patient.patch(f"{PATH}/{data['id']}/actions/reject"), 409, "request_conflict")
        refused(await complete(patient, data), 409, "request_conflict")
        assert await hand_in(door, made["urgent"]["documents"][0]["url"]) == 409


class TestList:
    async def test_own_requests_then_newest_first_and_by_status_and_channel(
        self, patient: Caller, clock: FixedClock, db: Connection
    ) -> None:
        first = answered(await create(patient, email="a@example.com"), 201)["data"]
        answered(await complete(patient, first))
        clock.forward(timedelta(minutes=1))
        second = answered(await create(patient, email="b@example.com"), 201)["data"]
        clock.forward(timedelta(minutes=1))
        third = answered(await create(patient, email="c@example.com"), 201)["data"]

        async def listed(**query: str) -> list[str]:
            return [each["id"] for each in answered(await patient.get(PATH, **query))["data"]]

        assert await listed() == [third["id"], second["id"], first["id"]]
        for status, id in (("SIGNED", first["id"]), ("CANCELLED", second["id"]), ("APPROVED", third["id"])):
            assert await listed(status=status) == [id]
        assert await listed(status="EXPIRED") == await listed(channel="MIS") == await listed(status="NEW") == []
        await db.execute("update person_requests set channel = 'MIS' where id = $1", UUID(first["id"]))
        assert await listed(channel="MIS") == [first["id"]]
        assert await listed(page="2", page_size="2") == [first["id"]]
        refused(await patient.patch(f"{PATH}/{first['id']}/actions/reject"), 404, "not_found")

    async def test_odd_query_then_told(self, patient: Caller) -> None:
        assert (await patient.get(PATH, status="ODD")).status_code == 422


async def test_two_people_of_one_key_file_then_each_signs_their_own(
    patient: Caller, world: World, db: Connection
) -> None:
    """SG-4: the key of somebody else of the index does not sign."""
    data = answered(await create(patient, email="t@example.com"), 201)["data"]
    stranger = replace(patient, key=world.doctor.key)
    assert (await complete(patient, data, stranger)).status_code == 422
