"""Honest requests of every write, changed: answered or refused in the published form, and no job ends by our fault."""

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from esoz.central import identity, organisations
from esoz.central.dictionaries import dictionaries
from esoz.central.identity.gate import PATIENT_PATHS
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.kernel.db import Connection
from esoz.kernel.http import API
from esoz.kernel.jobs import Worker
from esoz.kernel.limits import Limiter
from esoz.kernel.operation import Operation
from esoz.kernel.transaction import TOO_LARGE
from esoz.kernel.work import Work
from tests.central.honest import EVERY, WRITES, Seeds, honest_body
from tests.factories import kinds, prescriptions, services
from tests.factories.prescriptions import Dispensing, Prescribing
from tests.factories.records import Chart, concept, new_episode, observation, ref
from tests.factories.registries import registration, state_record
from tests.factories.world import Caller, World
from tests.mutations import TEXTS, encoded, mutated

FEW, FEW_ADDRESSES, MANY = 8, 3, 300
WRONG_CODE = "Incorrect code"
PACKAGE = "/api/patients/{id}/encounter_package"
REPORT = "/api/patients/{id}/diagnostic_report_package"
AREAS = sorted({each.path.split("/")[2] for each in WRITES})


class Asking:
    """Sends one case as somebody who may, and takes back whatever it did."""

    def __init__(self, world: World, work: Work, api: API, worker: Worker) -> None:
        self.world, self.work, self.worker = world, work, worker
        self.db: Connection = work.db
        api.limiter = Limiter(0, {})
        self._headers: dict[str, tuple[str | None, dict[str, str]]] = {}

    def caller(self, operation: Operation) -> Caller:
        if operation.path.startswith(PATIENT_PATHS) or "/pis/" in operation.path:
            return self.world.patient
        if "pharmacy" in operation.path or operation.path.endswith("/qualify"):
            return self.world.pharmacist
        return self.world.owner if "employee" in operation.path else self.world.doctor

    async def headers(self, operation: Operation) -> dict[str, str]:
        """Of a token with the scope of the operation; a user's token for another scope has ended the one before."""
        caller = self.caller(operation)
        scope, headers = self._headers.get(caller.name, (None, {}))
        if scope != operation.scope or not headers:
            scopes = frozenset((operation.scope or "").split())
            issued = await identity.issue_access(self.work, caller.user_id, caller.client_id, scopes, None)
            headers = {
                "Authorization": f"Bearer {issued.value}",
                "API-key": caller.api_key,
                "Content-Type": "application/json",
            }
            self._headers[caller.name] = operation.scope, headers
        return headers

    async def fault(self, operation: Operation, path: str, body: bytes | None, query: dict[str, str]) -> str | None:
        """What is wrong with the answer, or with the job that it led to; None when nothing is."""
        await self.headers(operation)  # the token stays, whatever is taken back
        taken_back = self.db.transaction()
        await taken_back.start()
        try:
            answer = await self.answer(operation, path, body, query)
            denied = answer.status_code == 401 and WRONG_CODE not in answer.text
            if operation.scope and denied and not operation.reads:
                return "nobody was let in: the case shows nothing"
            return fault_of(answer) or await self._fault_of_job(answer)
        finally:
            await taken_back.rollback()

    async def answer(
        self, operation: Operation, path: str, body: bytes | None, query: dict[str, str]
    ) -> httpx.Response:
        http, headers = self.world.doctor.client, await self.headers(operation)
        assert http is not None
        return await http.request(operation.method, path, content=body, params=query, headers=headers)

    async def _fault_of_job(self, answer: httpx.Response) -> str | None:
        if answer.status_code != 202:
            return None
        for _ in range(6):
            await self.worker.perform_one()
        row = await self.db.fetchrow("select status, error from jobs order by number desc limit 1")
        if row["status"] in ("pending", "failed_with_error"):
            return f"job {row['status']}"
        return fault_of_error({"error": row["error"]}) if row["error"] else None


def fault_of(answer: httpx.Response) -> str | None:
    if answer.status_code >= 500:
        return str(answer.status_code)
    return fault_of_error(answer.json()) if answer.status_code >= 400 else None


def fault_of_error(body: dict[str, Any]) -> str | None:
    """A refusal names places and rules, in published words, and is no last resort."""
    for each in body["error"].get("invalid", ()):
        words = " ".join(rule["description"] or "" for rule in each["rules"])
        if not each["entry"].startswith("$"):
            return f"entry {each['entry']}"
        if TOO_LARGE in words or "Expected `" in words or "Object missing" in words or "Invalid " + "UUID" in words:
            return f"{each['entry']} {words}"
    return None


@pytest.fixture
def asking(world: World, work: Work, api: API, worker: Worker) -> Asking:
    return Asking(world, work, api, worker)


@pytest.fixture
async def seeds(world: World, work: Work, worker: Worker) -> AsyncIterator[Seeds]:
    """States of all kinds, and the documents that led to them."""
    await dictionaries.load(work.db)
    await prescriptions.stock(work, "амоксицилін")
    await services.fill(work)
    await organisations.import_state_register(work, [state_record()])
    assert world.patient.person_id is not None
    seeds = Seeds(world.doctor.sign)
    seeds.ids["{id}"] = str(world.doctor.client_id)
    await _records(seeds, Chart(world.doctor, worker, world.patient.person_id), work)
    await _prescriptions(seeds, world, work)
    _registries(seeds, world)
    yield seeds


async def _records(seeds: Seeds, chart: Chart, work: Work) -> None:
    person, of = str(chart.person_id), chart.visiting
    assert (await chart.open()).json()["data"]["status"] == "processed"
    drug = await prescriptions.dosage(work.db)
    done = await chart.send(kinds.whole_package(of, drug))
    assert done.json()["data"]["status"] == "processed", done.text
    again = chart.again()
    seeds.ids |= {
        "patients/{id}": person,
        "{patient_id}": person,
        "{person_id}": person,
        "persons/{id}": person,
        "{episode_id}": str(of.episode),
        "{employee_id}": str(chart.doctor.employee_id),
    }
    package = kinds.whole_package(again, drug)
    seeds.contents[f"POST {PACKAGE}"] = [package]
    seeds.bodies[f"POST {PACKAGE}"] = [chart.body(package, visiting=again)]
    seeds.contents[f"PATCH {PACKAGE}"] = [await _cancellation(chart)]
    report = kinds.diagnostic_report(again)
    seeds.contents[f"POST {REPORT}"] = [
        {
            "diagnostic_report": {name: value for name, value in report.items() if name != "encounter"},
            "observations": [observation(again, diagnostic_report=ref("diagnostic_report", report["id"]))],
        }
    ]
    place = "/api/patients/{patient_id}/episodes/{episode_id}"
    reason = concept("eHealth/cancellation_reasons", "typo")
    closing = {
        "period": {"end": "2026-11-22T09:59:00Z"},
        "closing_summary": "Одужання",
        "status_reason": concept("eHealth/episode_closing_reasons", "resolved"),
    }
    seeds.bodies |= {
        "POST /api/patients/{id}/episodes": [new_episode(again, id="11111111-1111-4111-8111-111111111111")],
        f"PATCH {place}": [{"name": "Бронхіт", "care_manager": ref("employee", of.doctor)}],
        f"PATCH {place}/actions/close": [closing],
        f"PATCH {place}/actions/cancel": [{"explanatory_letter": "Помилка", "status_reason": reason}],
    }


async def _cancellation(chart: Chart) -> dict[str, Any]:
    """Everything as it is answered now, the condition taken back."""
    letter = {"explanatory_letter": "Помилка"}
    content: dict[str, Any] = {}
    for kind in ("encounters", *kinds.MAKERS):
        shown = await chart.doctor.get(f"{chart.path}/{kind}/{kinds.id_of(chart.visiting, kind)}")
        if kind == "encounters":
            reason = concept("eHealth/cancellation_reasons", "typo")
            content["encounter"] = shown.json()["data"] | letter | {"cancellation_reason": reason}
        else:
            content[kind] = [shown.json()["data"] | letter]
    content["observations"][0]["status"] = "entered_in_error"
    return content


async def _prescriptions(seeds: Seeds, world: World, work: Work) -> None:
    person, drug = world.persons[0].id, await prescriptions.dosage(work.db)
    encounter = await work.db.fetchval("select id from encounters limit 1")
    prescribing = Prescribing(world.doctor, person, encounter, drug, work.today)
    package = await prescriptions.package_of(work.db, drug, 10)
    dispensing = Dispensing(world.pharmacist, package, work.today)
    drafts, requests, pharmacy = "medication_request_requests", "medication_requests", "/api/pharmacy"
    issued = await prescribing.prescribe(medical_program_id=str(ANTIBIOTICS_PROGRAMME))
    code = await prescriptions.sent_code(work.db, issued["request_number"])
    held = await dispensing.held(issued["id"], 10, code)
    await prescriptions.set_programme(work.db, skip_mnn_in_treatment_period=True)
    other, draft = await prescribing.prescribe(), await prescribing.draft()
    seeds.ids |= {
        f"{requests}/{{id}}": other["id"],
        f"{drafts}/{{id}}": draft["id"],
        "medication_dispenses/{id}": held["id"],
    }
    shown = (await world.doctor.get(f"{prescribing.requests}/{other['id']}")).json()["data"]
    reject = {**shown, "reject_reason_code": "WRONG_DOSAGE", "reject_reason": "Помилка"}
    order = prescribing.order()
    seeds.bodies |= {
        f"POST /api/{drafts}": [order],
        f"POST /api/{drafts}/prequalify": [{**order, "programs": [{"id": str(ANTIBIOTICS_PROGRAMME)}]}],
        f"POST {pharmacy}/medication_dispenses": [dispensing.order(issued["id"], 10)],
    }
    seeds.contents |= {
        f"PATCH /api/{drafts}/{{id}}/actions/sign": [draft],
        f"PATCH {pharmacy}/medication_dispenses/{{id}}/actions/process": [
            held | {"payment_id": "1", "payment_amount": 2}
        ],
        f"PATCH /api/{requests}/{{id}}/actions/reject": [reject],
        f"PATCH {pharmacy}/{requests}/{{id}}/actions/reject": [reject],
    }


def _registries(seeds: Seeds, world: World) -> None:
    seeds.contents["PUT /api/v2/legal_entities"] = [registration()]
    seeds.contents["POST /api/v2/employee_requests"] = [invitation(world.owner)]


def invitation(owner: Caller) -> dict[str, Any]:
    """What a clinic signs to invite a receptionist."""
    party = registration()["owner"]
    names = ("first_name", "last_name", "tax_id", "birth_date", "gender", "email", "no_tax_id", "documents", "phones")
    content = {
        "position": "P7",
        "start_date": "2026-11-01",
        "status": "NEW",
        "employee_type": "RECEPTIONIST",
        "division_id": str(owner.division_id),
        "party": {name: party[name] for name in names},
    }
    return {"employee_request": content}


async def _faults(asking: Asking, seeds: Seeds, area: str, cases: int) -> dict[str, str]:
    found = {}
    for operation in (each for each in WRITES if each.path.split("/")[2] == area):
        source = random.Random(f"{operation.id} {cases}")
        path = seeds.path(operation)
        for number in range(cases):
            body = seeds.case(operation, source)
            if (fault := await asking.fault(operation, path, body, {})) is not None:
                found[f"{operation.method} {operation.path} #{number}"] = f"{fault} {body[:200]!r}"
    return found


@pytest.mark.parametrize("area", AREAS)
async def test_mutated_body_when_written_then_answered_or_refused_by_name(
    asking: Asking, seeds: Seeds, area: str
) -> None:
    assert await _faults(asking, seeds, area, FEW) == {}


@pytest.mark.slow
@pytest.mark.parametrize("area", AREAS)
async def test_many_mutated_bodies_when_written_then_answered_or_refused_by_name(
    asking: Asking, seeds: Seeds, area: str
) -> None:
    assert await _faults(asking, seeds, area, MANY) == {}


async def test_unknown_member_when_written_then_refused_by_name_and_never_dropped(asking: Asking, seeds: Seeds) -> None:
    taken, named = {}, set()
    for operation in WRITES:
        body = (seeds.bodies.get(f"{operation.method} {operation.path}") or [honest_body(operation)])[0]
        answer = await asking.answer(operation, seeds.path(operation), encoded({**body, "nobody_knows": 1}), {})
        if answer.status_code < 300:
            taken[f"{operation.method} {operation.path}"] = answer.status_code
        if "$.nobody_knows" in {each["entry"] for each in answer.json().get("error", {}).get("invalid", ())}:
            named.add(operation.id)
    assert taken == {}
    assert len(named) > 15  # the others miss what they are about, or who may


async def _address_faults(asking: Asking, seeds: Seeds, operation: Operation, cases: int) -> dict[str, str]:
    """Parts of the path and parameters of the query."""
    found = {}
    source = random.Random(f"{operation.id} address {cases}")
    for _ in range(cases):
        query = {source.choice(NAMES): _text(source) for _ in range(source.randrange(3))}
        parts = [_text(source) if part.startswith("{") else part for part in operation.path.split("/")]
        path = "/".join(_quoted(part) for part in parts) if source.randrange(2) else seeds.path(operation)
        body = None if operation.reads else json.dumps(honest_body(operation)).encode()
        if (fault := await asking.fault(operation, path, body, query)) is not None:
            found[f"{operation.method} {path[:150]} {query}"[:300]] = fault
    return found


async def test_mutated_address_when_asked_then_answered_or_refused_by_name(asking: Asking, seeds: Seeds) -> None:
    found = {}
    for operation in EVERY:
        found |= await _address_faults(asking, seeds, operation, FEW_ADDRESSES)
    assert found == {}


# Each in a transaction of its own: a refusal takes a lock until the end of its test, and the server has some thousands.
@pytest.mark.slow
@pytest.mark.parametrize("operation", EVERY, ids=lambda each: each.id)
async def test_many_mutated_addresses_when_asked_then_answered_or_refused_by_name(
    asking: Asking, seeds: Seeds, operation: Operation
) -> None:
    assert await _address_faults(asking, seeds, operation, MANY) == {}


NAMES = ("page", "page_size", "id", "status", "name", "code", "date_from", "edrpou", "a\0", "")


def _text(source: random.Random) -> str:
    return source.choice(TEXTS).encode(errors="replace").decode()[:2000]


def _quoted(part: str) -> str:
    return "".join(
        f"%{byte:02x}"
        if byte < 0x80 and not chr(byte).isalnum() and part != "api"
        else chr(byte)
        if byte < 0x80
        else f"%{byte:02x}"
        for byte in part.encode()
    )


def test_mutation_when_repeated_then_the_same() -> None:
    document = registration()
    assert mutated(document, random.Random(5)) == mutated(document, random.Random(5))
