"""Devices on prescription as a clinic's system and a pharmacy's system ask for them; jobs are performed at once."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from esoz.central.contracts import Contract, import_contracts
from esoz.central.device_definitions import common_device_definitions, import_device_definitions
from esoz.central.programmes import common_programmes, make_programmes
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from tests.factories.prescriptions import texts
from tests.factories.records import concept, moment, ref
from tests.factories.world import Caller, fixed_id

Document = dict[str, Any]
STRIPS = common_device_definitions()
PROGRAMME = next(each.id for each in common_programmes() if each.type == "DEVICE")
CODE = ("device_definition_classification_type", "30221")


async def stock_devices(work: Work, *pharmacists: Caller) -> None:
    """The register has test strips, their programme, and the pharmacies of these people a contract for it."""
    await make_programmes(work, [each for each in common_programmes() if each.id == PROGRAMME])
    await import_device_definitions(work, STRIPS)
    await import_contracts(work, [contract(work, each) for each in pharmacists])


def contract(work: Work, pharmacist: Caller) -> Contract:
    """A contract of a pharmacy for the programme of devices."""
    assert pharmacist.division_id is not None
    return Contract(
        id=fixed_id(f"devices {pharmacist.name}"),
        contract_number=f"0000-{pharmacist.name}-D",
        contractor_legal_entity_id=pharmacist.client_id,
        contractor_divisions=(pharmacist.division_id,),
        medical_programs=(PROGRAMME,),
        start_date=work.today - timedelta(days=300),
        end_date=work.today + timedelta(days=300),
    )


async def set_programme(db: Connection, **settings: object) -> None:
    """Change settings of the programme: what an operator would do by hand."""
    await db.execute("update medical_programs set settings = settings || $2 where id = $1", PROGRAMME, settings)


def pieces(value: float) -> Document:
    return {"value": value, "system": "device_unit", "code": "piece"}


@dataclass(frozen=True)
class Prescribing:
    """One doctor asking for test strips for one patient."""

    doctor: Caller
    worker: Worker
    person_id: UUID
    encounter_id: UUID
    now: datetime

    @property
    def path(self) -> str:
        return f"/api/patients/{self.person_id}/device_requests"

    def order(self, **changes: object) -> Document:
        """What is signed; None leaves a field out."""
        document: Document = {
            "id": str(uuid4()),
            "status": "active",
            "intent": "order",
            "quantity": pieces(100),
            "code": concept(*CODE),
            "encounter": ref("encounter", self.encounter_id),
            "requester": ref("employee", str(self.doctor.employee_id)),
            "authored_on": moment(self.now),
            "occurrence_period": {"start": moment(self.now), "end": moment(self.now + timedelta(days=29))},
            "program": ref("medical_program", PROGRAMME),
            "priority": "routine",
            "note": "Вимірювати тричі на день",
        } | changes
        return {name: value for name, value in document.items() if value is not None}

    async def send(self, content: Document, *, signer: Caller | None = None) -> httpx.Response:
        body = {"signed_data": (signer or self.doctor).sign(content)}
        return await self.outcome(await self.doctor.post(self.path, body))

    async def outcome(self, accepted: httpx.Response) -> httpx.Response:
        return await performed(self.doctor, self.worker, accepted)

    async def ask(self, **changes: object) -> httpx.Response:
        return await self.send(self.order(**changes))

    async def made(self, **changes: object) -> Document:
        """A signed request as its details show it."""
        content = self.order(**changes)
        done = (await self.send(content)).json()["data"]
        assert done["status"] == "processed", done
        return await self.shown(content["id"])

    async def shown(self, id: str) -> Document:
        found = await self.doctor.get(f"{self.path}/{id}")
        assert found.status_code == 200, found.text
        return dict(found.json()["data"])

    async def end(self, request: Document, action: str, **changes: object) -> httpx.Response:
        """Take a request back by a document signed over what is shown of it."""
        status, system = ENDS[action]
        told = {"status": status, "status_reason": concept(system, "incorrect_patient")}
        shown = {name: value for name, value in request.items() if name != "remaining_quantity"}
        body = {"signed_data": self.doctor.sign(shown | told | changes)}
        return await self.act(request["id"], action, body)

    async def act(self, id: str, action: str, body: object = None) -> httpx.Response:
        accepted = await self.doctor.patch(f"{self.path}/{id}/actions/{action}", body)
        return await self.outcome(accepted) if accepted.status_code == 202 else accepted

    def by(self, doctor: Caller) -> "Prescribing":
        return replace(self, doctor=doctor)


@dataclass(frozen=True)
class Dispensing:
    """One pharmacist handing over one kind of test strips by requests of one patient."""

    pharmacist: Caller
    worker: Worker
    person_id: UUID
    now: datetime

    @property
    def path(self) -> str:
        return f"/api/patients/{self.person_id}/device_dispenses"

    def line(self, count: float, **changes: object) -> Document:
        (part,) = STRIPS[0].program_devices
        line: Document = {
            "device": ref("device_definition", STRIPS[0].id),
            "program_device": ref("program_device", part.id),
            "quantity": pieces(count),
            "sell_price": 6.5,
            "discount_amount": 6 * count,
        } | changes
        return {name: value for name, value in line.items() if value is not None}

    def order(self, request_id: str, quantity: float, code: str | None, **changes: object) -> Document:
        handover: Document = {
            "id": str(uuid4()),
            "status": "in_progress",
            "performer": ref("employee", str(self.pharmacist.employee_id)),
            "location": ref("division", str(self.pharmacist.division_id)),
            "based_on": ref("device_request", request_id),
            "program": ref("medical_program", PROGRAMME),
            "primary_source": True,
            "details": [self.line(quantity)],
            "verification_code": code,
        } | changes
        return {name: value for name, value in handover.items() if value is not None}

    async def ask(self, request_id: str, quantity: float, code: str | None, **changes: object) -> httpx.Response:
        return await self.pharmacist.post(self.path, self.order(request_id, quantity, code, **changes))

    async def hold(self, request_id: str, quantity: float, code: str | None, **changes: object) -> httpx.Response:
        """The outcome of the job; what is refused at once is an assertion."""
        return await self.outcome(await self.ask(request_id, quantity, code, **changes))

    async def held(self, request_id: str, quantity: float, code: str | None, **changes: object) -> Document:
        """A held dispense as its details show it."""
        done = (await self.hold(request_id, quantity, code, **changes)).json()["data"]
        assert done["status"] == "processed", done
        return await self.shown(done["links"][0]["href"].rsplit("/", 1)[1])

    async def shown(self, id: str) -> Document:
        found = await self.pharmacist.get(f"{self.path}/{id}")
        assert found.status_code == 200, found.text
        return dict(found.json()["data"])

    async def outcome(self, accepted: httpx.Response) -> httpx.Response:
        return await performed(self.pharmacist, self.worker, accepted)

    async def act(self, id: str, action: str, body: object = None) -> httpx.Response:
        accepted = await self.pharmacist.patch(f"{self.path}/{id}/actions/{action}", body)
        return await self.outcome(accepted) if accepted.status_code == 202 else accepted

    async def complete(self, dispense: Document, *, signer: Caller | None = None, **changes: object) -> httpx.Response:
        told = {"status": "completed", "when_handed_over": moment(self.now), "payment_amount": 25, "payment_id": "7"}
        signed = (signer or self.pharmacist).sign(dispense | told | changes)
        return await self.act(dispense["id"], "complete", {"signed_data": signed})

    async def give(self, request_id: str, quantity: float, code: str | None) -> Document:
        """Devices handed over."""
        held = await self.held(request_id, quantity, code)
        done = (await self.complete(held)).json()["data"]
        assert done["status"] == "processed", done
        return await self.shown(held["id"])

    async def take_back(self, dispense: Document, **changes: object) -> httpx.Response:
        """The outcome of a document that says that it was a mistake."""
        why = {"status_reason": concept("device_dispense_mark_in_error_reasons", "incorrect_patient")}
        signed = self.pharmacist.sign(dispense | {"status": "entered_in_error"} | why | changes)
        return await self.act(dispense["id"], "mark_in_error", {"signed_data": signed})

    def by(self, pharmacist: Caller) -> "Dispensing":
        return replace(self, pharmacist=pharmacist)


ENDS = {
    "revoke": ("revoked", "device_request_revoke_reasons"),
    "mark_in_error": ("entered_in_error", "device_request_mark_in_error_reasons"),
}


async def performed(caller: Caller, worker: Worker, accepted: httpx.Response) -> httpx.Response:
    """The job of an accepted request, performed."""
    assert accepted.status_code == 202, accepted.text
    while await worker.perform_one():
        pass
    return await caller.get(f"/api{accepted.json()['data']['links'][0]['href']}")


def refusal(done: httpx.Response) -> tuple[int, str, str]:
    """How a job was refused: code, place of the first fault, words."""
    told = done.json()["data"]
    assert told["status"] == "failed", told
    error = told["error"]
    faults = error.get("invalid")
    if faults:
        return told["status_code"], faults[0]["entry"], faults[0]["rules"][0]["description"]
    return told["status_code"], "", error["message"]


async def sent_code(db: Connection, requisition: str) -> str:
    """The code as the patient reads it on the phone."""
    body = next(text for text in reversed(await texts(db)) if requisition in text)
    found = re.search(r"Код підтвердження: (\d{4})$", body)
    assert found is not None, body
    return found.group(1)
