"""Care plans as a MIS would write them, and their states reached through the API."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.factories import services
from tests.factories.records import ICPC2, Chart, concept, moment, ref
from tests.factories.world import Caller

Document = dict[str, Any]
CANCEL = "eHealth/care_plan_cancel_reasons"
COMPLETE = "eHealth/care_plan_complete_reasons"
CANCEL_ACTIVITY = "eHealth/care_plan_activity_cancel_reasons"
COMPLETE_ACTIVITY = "eHealth/care_plan_activity_complete_reasons"
OUTCOMES = "eHealth/care_plan_activity_outcomes"


class Planning:
    """One doctor planning the care of one patient; jobs are performed at once."""

    def __init__(self, chart: Chart) -> None:
        self.chart, self.doctor, self.person_id = chart, chart.doctor, chart.person_id
        self.path = f"{chart.path}/care_plans"

    def plan(self, **changes: object) -> Document:
        """Care for the diagnosis of the chart's encounter."""
        of = self.chart.visiting
        document = {
            "id": str(uuid4()),
            "status": "new",
            "intent": "order",
            "category": concept("eHealth/care_plan_categories", "diabetics"),
            "title": "Лікування та спостереження",
            "period": {"start": moment(of.now - timedelta(hours=1)), "end": moment(of.now + timedelta(days=90))},
            "encounter": ref("encounter", of.encounter),
            "addresses": [concept(ICPC2, "R80")],
            "author": ref("employee", of.doctor),
            "terms_of_service": concept("PROVIDING_CONDITION", "OUTPATIENT"),
        } | changes
        return {name: value for name, value in document.items() if value is not None}

    def activity(self, plan_id: str, **changes: object) -> Document:
        """Three ECGs."""
        detail = {
            "kind": "service_request",
            "product_reference": ref("service", services.id_of(services.ECG)),
            "quantity": {"value": 3, "system": "SERVICE_UNIT", "code": "PIECE"},
            "do_not_perform": False,
            "status": "scheduled",
        } | changes
        return {
            "id": str(uuid4()),
            "author": ref("employee", self.chart.visiting.doctor),
            "care_plan": ref("care_plan", plan_id),
            "detail": {name: value for name, value in detail.items() if value is not None},
        }

    async def send(self, document: Document, *, plan_id: str | None = None, by: Caller | None = None) -> httpx.Response:
        """The job of a signed plan, or of a signed activity of a plan, performed."""
        who = by or self.doctor
        path = self.path if plan_id is None else f"{self.path}/{plan_id}/activities"
        return await self.outcome(await who.post(path, {"signed_data": who.sign(document)}), by=who)

    async def outcome(self, accepted: httpx.Response, *, by: Caller | None = None) -> httpx.Response:
        assert accepted.status_code == 202, accepted.text
        while await self.chart.worker.perform_one():
            pass
        return await (by or self.doctor).get(f"/api{accepted.json()['data']['links'][0]['href']}")

    async def written(self, **changes: object) -> Document:
        """A plan that was taken in, as its doctor reads it."""
        plan = self.plan(**changes)
        done = await self.send(plan)
        assert done.json()["data"]["status"] == "processed", done.text
        return await self.read(plan["id"])

    async def planned(self, plan_id: str, **changes: object) -> Document:
        """An activity that was taken in, as its doctor reads it."""
        activity = self.activity(plan_id, **changes)
        done = await self.send(activity, plan_id=plan_id)
        assert done.json()["data"]["status"] == "processed", done.text
        return await self.read(f"{plan_id}/activities/{activity['id']}")

    async def read(self, place: str, *, by: Caller | None = None) -> Document:
        got = await (by or self.doctor).get(f"{self.path}/{place}")
        assert got.status_code == 200, got.text
        found: Document = got.json()["data"]
        return found

    async def cancel(self, plan: Document, *, by: Caller | None = None, **changes: object) -> httpx.Response:
        who = by or self.doctor
        content = plan | {"status_reason": concept(CANCEL, "default")} | changes
        path = f"{self.path}/{plan['id']}/actions/cancel"
        return await self.outcome(await who.patch(path, {"signed_data": who.sign(content)}), by=who)

    async def complete(self, plan_id: str, system: str = COMPLETE) -> httpx.Response:
        body = {"status_reason": concept(system, "default")}
        return await self.outcome(await self.doctor.patch(f"{self.path}/{plan_id}/actions/complete", body))

    async def cancel_activity(self, activity: Document, **changes: object) -> httpx.Response:
        detail = activity["detail"] | {"status_reason": concept(CANCEL_ACTIVITY, "default")} | changes
        signed = self.doctor.sign(activity | {"detail": detail})
        return await self.outcome(await self.doctor.patch(f"{self._of(activity)}/cancel", {"signed_data": signed}))

    async def complete_activity(self, activity: Document, *, outcomes: int = 1) -> httpx.Response:
        body = {
            "outcome_codeable_concept": [concept(OUTCOMES, "default")] * outcomes,
            "detail": {"status_reason": concept(COMPLETE_ACTIVITY, "default")},
        }
        return await self.outcome(await self.doctor.patch(f"{self._of(activity)}/complete", body))

    def _of(self, activity: Document) -> str:
        plan_id = activity["care_plan"]["identifier"]["value"]
        return f"{self.path}/{plan_id}/activities/{activity['id']}/actions"


def based_on(activity: Document) -> list[Document]:
    """What a request says of the activity that it carries out."""
    plan_id: UUID | str = activity["care_plan"]["identifier"]["value"]
    return [ref("care_plan", plan_id), ref("activity", activity["id"])]
