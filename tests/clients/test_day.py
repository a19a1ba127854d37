"""The day of a clinic and of a pharmacy as a client of another make sends it: each step from what was read before."""

from typing import Any
from uuid import UUID

import pytest

from esoz.central import identity
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.workforce.test_requests import EMAIL, NEWCOMER, body, told
from tests.factories.prescriptions import Dispensing, Prescribing, dosage, package_of, sent_code
from tests.factories.records import Chart, concept, condition, new_episode, observation, package, ref
from tests.factories.world import Caller, World

from .conftest import Client

MOST = 300  # what such clients ask every list for


async def read(client: Client, path: str) -> Any:
    answer = await client.send("GET", path)
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return answer.json()["data"]


async def everything(client: Client, path: str) -> list[dict[str, Any]]:
    """All rows of a list, by the pages that it tells."""
    rows: list[dict[str, Any]] = []
    number, pages = 1, 1
    while number <= pages:
        answer = await client.send("GET", f"{path}{'&' if '?' in path else '?'}page={number}&page_size={MOST}")
        assert answer.status_code == 200, f"{path}: {answer.text}"
        rows += answer.json()["data"]
        number, pages = number + 1, answer.json()["paging"]["total_pages"]
    return rows


async def test_clinic_when_it_begins_then_reads_its_registers_whole(clinic: Client, stocked: None) -> None:
    """What a client loads in the morning."""
    employees = await everything(clinic, "/api/employees")
    assert {each["is_active"] for each in employees} == {True}
    [entity] = [each for each in await everything(clinic, "/api/v2/legal_entities") if each["is_active"]][:1]
    assert entity["id"] == str(clinic.caller.client_id)
    for path in ("/api/divisions", "/api/medical_programs", "/api/v2/drugs", "/api/healthcare_services"):
        await everything(clinic, path)
    assert any(book["name"] == "GENDER" for book in await read(clinic, "/api/v2/dictionaries"))


async def test_newcomer_when_invited_with_the_clinic_in_the_document_then_agrees(
    world: World, work: Work, stocked: None, worker: Any
) -> None:
    owner = Client(world.owner, worker)
    document = told(world.owner, legal_entity_id=str(world.owner.client_id), end_date="2031-01-01")
    made = await owner.send("POST", "/api/v2/employee_requests", body(world.owner.sign(document)))
    assert made.status_code == 200, made.text
    user = await identity.create_user(work, email=EMAIL, password="Дуже-Довгий-Пароль-26", tax_id=NEWCOMER)
    token = await identity.issue_access(
        work, user.id, world.owner.client_id, frozenset({"employee_request:approve"}), None
    )
    assert world.owner.client is not None
    answer = await world.owner.client.post(
        f"/employee_requests/{made.json()['data']['id']}/actions/approve",
        headers={"Authorization": f"Bearer {token.value}", "API-key": world.owner.api_key},
        json={},
    )
    assert answer.status_code == 200, answer.text
    rows = await everything(owner, "/api/employees")
    assert [row["start_date"] for row in rows if row["party"]["last_name"] == "Лікарка"] == ["2026-11-01"]


@pytest.fixture
async def episode(clinic: Client, stocked: None, person_id: UUID) -> Chart:
    """An episode that this client opened."""
    found = Chart(clinic.caller, clinic.worker, person_id)
    job = await clinic.job(await clinic.send("POST", f"{found.path}/episodes", new_episode(found.visiting)))
    assert (job["status"], job["links"][0]["entity"]) == ("processed", "episode")
    return found


async def test_visit_when_sent_in_the_spelling_of_clients_then_read_back_in_lists(
    clinic: Client, episode: Chart
) -> None:
    of = episode.visiting
    asserter = [ref("employee", of.doctor)]
    content = package(
        of,
        conditions=[condition(of, asserter=asserter)],
        observations=[observation(of, performer=asserter)],
    )
    job = await clinic.job(await clinic.send("POST", f"{episode.path}/encounter_package", episode.body(content)))
    assert job["status"] == "processed", job
    for link in job["links"]:
        assert (await read(clinic, link["href"]))["id"]
    found = await everything(clinic, f"{episode.path}/conditions?episode_id={of.episode}")
    assert [each["id"] for each in found] == [str(of.condition)]
    closing = {
        "period": {"end": of.period()["end"]},
        "status_reason": concept("eHealth/episode_closing_reasons", "resolved"),
        "closing_summary": "Одужання",
    }
    job = await clinic.job(await clinic.send("PATCH", f"{episode.path}/episodes/{of.episode}/actions/close", closing))
    assert job["status"] == "processed", job
    history = (await read(clinic, f"{episode.path}/episodes/{of.episode}"))["status_history"]
    assert [(line["status"], line["inserted_by"]) for line in history] == [
        ("active", str(clinic.caller.user_id)),
        ("closed", str(clinic.caller.user_id)),
    ]


async def test_visit_when_refused_then_the_job_names_the_fields_and_a_number_says_it(
    clinic: Client, episode: Chart
) -> None:
    content = package(episode.visiting)
    content["observations"][0]["issued"] = "2999-01-01T00:00:00Z"
    job = await clinic.job(await clinic.send("POST", f"{episode.path}/encounter_package", episode.body(content)))
    assert (job["status"], job["status_code"], job["error"]["type"]) == ("failed", 422, "validation_failed")
    assert [each["entry"] for each in job["error"]["invalid"]] == ["$.observations[0].issued"]


async def test_prescription_when_written_and_dispensed_then_every_answer_serves_the_next_step(
    clinic: Client, pharmacy: Client, prescribing: Prescribing, work: Work, db: Connection, doctor: Caller
) -> None:
    drafts = f"/api/persons/{prescribing.person_id}/medication_request_requests"
    made = await clinic.send("POST", "/api/medication_request_requests", prescribing.order())
    assert made.status_code == 201, made.text
    draft = await read(clinic, f"{drafts}/{made.json()['data']['id']}")
    signed = {"signed_medication_request_request": doctor.sign(draft), "signed_content_encoding": "base64"}
    path = f"/api/medication_request_requests/{draft['id']}/actions/sign"
    request = (await clinic.send("PATCH", path, signed)).json()["data"]
    assert request["status"] == "ACTIVE"
    shown = await read(pharmacy, f"/api/pharmacy/medication_requests/{request['request_number']}")
    assert set(shown["person"]) == {"short_name", "age"} and None not in shown.values()
    dispensing = Dispensing(pharmacy.caller, await package_of(db, await dosage(db), 10), work.today)
    code = await sent_code(db, request["request_number"])
    order = dispensing.order(request["id"], 20)
    held = await pharmacy.send("POST", f"/api/pharmacy/medication_dispenses?code={code}", order)
    assert held.status_code == 201, held.text
    assert (await dispensing.process(held.json()["data"])).json()["data"]["status"] == "PROCESSED"
    done = await read(clinic, f"/api/persons/{prescribing.person_id}/medication_requests/{request['id']}")
    assert done["status"] == "COMPLETED"


async def test_prescription_when_stopped_by_its_doctor_then_not_dispensed_until_it_goes_on(
    clinic: Client, pharmacy: Client, prescribing: Prescribing, dispensing: Dispensing, db: Connection
) -> None:
    request = await prescribing.prescribe()
    code = await sent_code(db, request["request_number"])
    path = f"/api/medication_requests/{request['id']}/actions"
    reason = {"block_reason_code": "SUSPICION_OF_FRAUD", "block_reason": "Уточнюємо дозу"}
    stopped = await clinic.send("PATCH", f"{path}/block", reason)
    assert stopped.status_code == 200, stopped.text
    assert (await dispensing.hold(request["id"], 10, code)).status_code == 409
    gone_on = await clinic.send("PATCH", f"{path}/unblock", reason)
    assert gone_on.status_code == 200, gone_on.text
    assert "block_reason_code" not in gone_on.json()["data"]
    assert (await dispensing.hold(request["id"], 10, code)).status_code == 201
