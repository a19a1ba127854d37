"""Referrals as a MIS would write them, and their states reached through the API."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec

from esoz.central.programmes import Definition, Settings, make_programmes
from esoz.kernel.work import Work
from tests.factories import services
from tests.factories.records import Chart, concept, moment, ref
from tests.factories.world import Caller

Document = dict[str, Any]
CATEGORIES = "eHealth/SNOMED/service_request_categories"
REASONS = {
    "recall": "eHealth/service_request_recall_reasons",
    "cancel": "eHealth/service_request_cancel_reasons",
    "complete": "eHealth/service_request_complete_reasons",
}


async def programme(work: Work, **settings: object) -> UUID:
    """The programme of services that the catalogue of the tests has an ECG in."""
    definition = Definition(
        id=services.PROGRAMME,
        name="Програма медичних гарантій",
        funding_source="NHS",
        mr_blank_type="F-1",
        type="SERVICE",
        medical_program_settings=msgspec.convert(settings, Settings),
    )
    await make_programmes(work, [definition])
    return services.PROGRAMME


class Referring:
    """One doctor writing referrals of one patient; jobs are performed at once."""

    def __init__(self, chart: Chart) -> None:
        self.chart, self.doctor, self.person_id = chart, chart.doctor, chart.person_id
        self.path = f"{chart.path}/service_requests"

    def order(self, **changes: object) -> Document:
        """An ECG, for the condition of the chart's encounter."""
        of = self.chart.visiting
        document = {
            "id": str(uuid4()),
            "status": "active",
            "intent": "order",
            "priority": "routine",
            "category": concept(CATEGORIES, "diagnostic_procedure"),
            "code": ref("service", services.id_of(services.ECG)),
            "context": ref("encounter", of.encounter),
            "requester_employee": ref("employee", of.doctor),
            "requester_legal_entity": ref("legal_entity", of.clinic),
            "reason_reference": [ref("condition", of.condition)],
            "note": "Скарги на перебої в роботі серця",
            "patient_instruction": "Не їсти за годину до обстеження",
            "occurrence_period": {
                "start": moment(of.now - timedelta(hours=1)),
                "end": moment(of.now + timedelta(days=30)),
            },
        } | changes
        return {name: value for name, value in document.items() if value is not None}

    async def send(self, order: Document, *, by: Caller | None = None) -> httpx.Response:
        """The job of a signed referral, performed."""
        who = by or self.doctor
        accepted = await who.post(self.path, {"signed_data": who.sign(order)})
        return await self.outcome(accepted, by=who)

    async def outcome(self, accepted: httpx.Response, *, by: Caller | None = None) -> httpx.Response:
        assert accepted.status_code == 202, accepted.text
        while await self.chart.worker.perform_one():
            pass
        return await (by or self.doctor).get(f"/api{accepted.json()['data']['links'][0]['href']}")

    async def written(self, **changes: object) -> Document:
        """A referral that was taken in, as its doctor reads it."""
        order = self.order(**changes)
        done = await self.send(order)
        assert done.json()["data"]["status"] == "processed", done.text
        return await self.read(order["id"])

    async def read(self, id: str, *, by: Caller | None = None) -> Document:
        got = await (by or self.doctor).get(f"{self.path}/{id}")
        assert got.status_code == 200, got.text
        found: Document = got.json()["data"]
        return found

    async def use(self, by: Caller, id: str, **changes: object) -> httpx.Response:
        body = {
            "used_by_legal_entity": ref("legal_entity", by.client_id),
            "used_by_employee": ref("employee", by.employee_id or uuid4()),
        } | changes
        body = {name: value for name, value in body.items() if value is not None}
        return await self.outcome(await by.patch(f"/api/service_requests/{id}/actions/use", body), by=by)

    async def act(self, by: Caller, id: str, action: str, body: object = None) -> httpx.Response:
        return await self.outcome(await by.patch(f"/api/service_requests/{id}/actions/{action}", body), by=by)

    async def end(
        self, action: str, request: Document, *, by: Caller | None = None, code: str = "default", **changes: object
    ) -> httpx.Response:
        """Recall or cancel by a document signed over what was read."""
        who = by or self.doctor
        content = request | {"status_reason": concept(REASONS[action], code), "explanatory_letter": "Помилка"} | changes
        path = f"{self.path}/{request['id']}/actions/{action}"
        return await self.outcome(await who.patch(path, {"signed_data": who.sign(content)}), by=who)
