"""Patients read their own record, as the doctors who treat them do; nobody else can by these operations."""

from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.records.api.own import KINDS
from tests.factories import kinds
from tests.factories.records import package
from tests.factories.world import Caller, World

PATH = "/api/pis/person"


def id_of(chart, kind: str) -> str:
    return str(kinds.id_of(chart.visiting, kind))


@pytest.fixture
def patient(world: World) -> Caller:
    return world.patient


@pytest.mark.parametrize("kind", KINDS)
async def test_records_when_the_patient_asks_then_as_the_doctor_reads_them(written, patient, kind):
    path = f"{PATH}/medical_events/{kind}"
    seen = (await written.doctor.get(f"{written.path}/{kind}")).json()
    own = await patient.get(path)
    assert own.status_code == 200, own.text
    assert own.json()["data"] == seen["data"] != []
    assert own.json()["paging"] == seen["paging"]
    one = await patient.get(f"{path}/{id_of(written, kind)}")
    assert one.json()["data"] == seen["data"][0]


async def test_episodes_when_the_patient_asks_then_as_the_doctor_reads_them(written, patient):
    seen = (await written.doctor.get(f"{written.path}/episodes")).json()["data"]
    assert (await patient.get(f"{PATH}/episodes")).json()["data"] == seen != []
    assert (await patient.get(f"{PATH}/episodes/{written.visiting.episode}")).json()["data"] == seen[0]


async def test_visit_when_the_patient_asks_then_all_that_was_made_in_it(written, patient):
    encounter = written.visiting.encounter
    found = (await patient.get(f"{PATH}/encounter_packages/{encounter}")).json()["data"]
    for kind in set(KINDS) - {"encounters"}:
        assert found.pop(kind) == (await written.doctor.get(f"{written.path}/{kind}")).json()["data"]
    assert found.pop("encounter") == (await written.doctor.get(f"{written.path}/encounters/{encounter}")).json()["data"]
    episode = await written.doctor.get(f"{written.path}/episodes/{written.visiting.episode}")
    assert found.pop("episode") | {"diagnoses_history": []} == episode.json()["data"] | {"diagnoses_history": []}
    assert found == {}


class TestOrder:
    async def test_written_late_then_where_its_day_is(self, written, patient, db):
        later = written.again()
        assert (await written.send(package(later), visiting=later)).status_code == 303
        moved = "update {} set {} = {} - interval '2 days' where {} = $1"
        await db.execute(moved.format("encounters", "started_at", "started_at", "id"), later.encounter)
        await db.execute(moved.format("conditions", "dated_at", "dated_at", "encounter_id"), later.encounter)
        found = (await patient.get(f"{PATH}/medical_events/encounters")).json()["data"]
        assert [each["id"] for each in found] == [str(written.visiting.encounter), str(later.encounter)]
        conditions = (await patient.get(f"{PATH}/medical_events/conditions")).json()["data"]
        assert [each["id"] for each in conditions[:1]] == [id_of(written, "conditions")]

    async def test_page_by_page_then_each_once(self, written, patient):
        later = written.again()
        assert (await written.send(package(later), visiting=later)).status_code == 303
        pages = [
            (await patient.get(f"{PATH}/medical_events/encounters", page=number, page_size=1)).json()["data"]
            for number in (1, 2, 3)
        ]
        assert {each["id"] for page in pages for each in page} == {
            str(written.visiting.encounter),
            str(later.encounter),
        }
        assert pages[2] == []


class TestNarrowed:
    @pytest.mark.parametrize("kind", ["conditions", "observations", "immunizations"])
    async def test_to_a_visit_then_its_records(self, written, patient, kind):
        path = f"{PATH}/medical_events/{kind}"
        found = await patient.get(path, encounter_id=written.visiting.encounter)
        assert [each["id"] for each in found.json()["data"]] == [id_of(written, kind)]
        assert (await patient.get(path, encounter_id=uuid4())).json()["data"] == []

    async def test_by_what_is_not_published_for_doctors_then_422(self, written, patient):
        for path in ("episodes", "medical_events/conditions"):
            assert (await patient.get(f"{PATH}/{path}", colour="red")).status_code == 422


class TestNotFound:
    async def test_another_patients_then_not_found(self, written, patient, world, db):
        moved = "update users set person_id = $2 where person_id = $1"  # the same token, of another patient now
        await db.execute(moved, patient.person_id, world.persons[1].id)
        assert (await patient.get(f"{PATH}/medical_events/encounters")).json()["data"] == []
        encounter = written.visiting.encounter
        for path in (
            f"medical_events/encounters/{encounter}",
            f"encounter_packages/{encounter}",
            f"episodes/{written.visiting.episode}",
        ):
            got = await patient.get(f"{PATH}/{path}")
            assert (got.status_code, got.json()["error"]["type"]) == (404, "not_found")

    @pytest.mark.parametrize("kind", ["declarations", "Encounters", "visits", "%2e%2e"])
    async def test_no_such_kind_then_not_found(self, patient, kind):
        for path in (kind, f"{kind}/{uuid4()}"):
            assert (await patient.get(f"{PATH}/medical_events/{path}")).status_code == 404

    async def test_no_identifier_then_not_found(self, patient):
        for path in ("medical_events/encounters/1", "episodes/1"):
            assert (await patient.get(f"{PATH}/{path}")).status_code == 404


@pytest.mark.parametrize("path", ["episodes", "medical_events/encounters"])
async def test_a_worker_asks_then_403(written, path):
    assert (await written.doctor.get(f"{PATH}/{path}")).status_code == 403


async def test_read_then_a_line_of_the_patients_own(written, patient, clock):
    clock.forward(timedelta(minutes=1))
    await patient.get(f"{PATH}/medical_events/encounters/{written.visiting.encounter}")
    latest = (await patient.get("/api/pis/access_log", event="medical_record.viewed")).json()["data"][0]
    assert latest["is_own"] is True
    assert latest["at"] == "2026-11-22T10:01:00Z"
