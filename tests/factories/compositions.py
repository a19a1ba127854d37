"""Medical conclusions as a MIS would write them, and their states reached through the API."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.factories.records import Chart, concept, moment, ref
from tests.factories.world import Caller

Document = dict[str, Any]
REASONS = "composition_mark_in_error_reasons"
ILLNESS = ("TEMPORARY_DISABILITY", "TD_ILLNESS")
DRIVER = ("DRIVERS", "DRIVERS_GROUP1")
XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def section(doctor: object, entries: list[Document], **changes: object) -> Document:
    document = {
        "title": "Діагноз",
        "code": concept("COMPOSITION_SECTION_CODES", "29548-5"),
        "author": [ref("employee", str(doctor))],
        "text": {"status": "generated", "div": XHTML.format("<p>Гострий бронхіт</p>")},
        "entry": entries,
    } | changes
    return {name: value for name, value in document.items() if value is not None}


def validity(start: datetime, days: int) -> list[Document]:
    """So many days, the first and the last among them."""
    end = start + timedelta(days=days - 1)
    return [
        {
            "code": concept("COMPOSITION_EVENTS", "COMPOSITION_VALIDITY_PERIOD"),
            "period": {"start": moment(start), "end": moment(end)},
        }
    ]


def related(type: str, id: str) -> Document:
    return {"type": type, "resource_reference": ref("composition", id)}


class Concluding:
    """One doctor writing conclusions about one patient; jobs are performed at once."""

    def __init__(self, chart: Chart) -> None:
        self.chart, self.doctor, self.person_id = chart, chart.doctor, chart.person_id
        self.path = f"{chart.path}/compositions"

    async def title(self, type: str = ILLNESS[0], *, by: Caller | None = None) -> str:
        got = await (by or self.doctor).post(f"{self.chart.path}/composition_title", None, composition_type=type)
        assert got.status_code == 202, got.text
        return str(got.json()["data"]["title"])

    async def draft(self, kind: tuple[str, str] = ILLNESS, *, days: int = 5, **changes: object) -> Document:
        """Illness for five days from today, for the condition of the chart's encounter."""
        of = self.chart.visiting
        doctor, type, category = of.doctor, *kind
        document = {
            "id": str(uuid4()),
            "status": "FINAL",
            "type": concept("COMPOSITION_TYPES", type),
            "category": concept("COMPOSITION_CATEGORIES", category),
            "date": moment(of.now),
            "custodian": ref("legal_entity", of.clinic),
            "encounter": ref("encounter", of.encounter),
            "author": ref("employee", doctor),
            "section": [section(doctor, [ref("condition", of.condition)])],
            "attester": [
                {"mode": concept("COMPOSITION_ATTESTER_MODES", "legal"), "party": ref("employee", doctor)},
            ],
            "event": validity(of.now, days),
        } | changes
        if "title" not in document:
            document["title"] = await self.title(type)
        return {name: value for name, value in document.items() if value is not None}

    async def send(self, draft: Document, *, by: Caller | None = None) -> httpx.Response:
        """The job of a signed conclusion, performed."""
        who = by or self.doctor
        return await self.outcome(await who.post(self.path, {"signed_data": who.sign(draft)}), by=who)

    async def outcome(self, accepted: httpx.Response, *, by: Caller | None = None) -> httpx.Response:
        assert accepted.status_code == 202, accepted.text
        while await self.chart.worker.perform_one():
            pass
        return await (by or self.doctor).get(f"/api{accepted.json()['data']['links'][0]['href']}")

    async def written(self, kind: tuple[str, str] = ILLNESS, *, days: int = 5, **changes: object) -> Document:
        """A conclusion that was taken in, as it was signed."""
        draft = await self.draft(kind, days=days, **changes)
        done = await self.send(draft)
        assert done.json()["data"]["status"] == "processed", done.text
        return draft

    async def read(self, id: str, *, by: Caller | None = None) -> Document:
        got = await (by or self.doctor).get(f"{self.path}/{id}")
        assert got.status_code == 200, got.text
        [found] = got.json()["data"]
        return dict(found)

    async def mark(
        self, draft: Document, *, by: Caller | None = None, code: str = "default", **changes: object
    ) -> httpx.Response:
        """Marked in error by a document signed over the first one."""
        who = by or self.doctor
        content = draft | {
            "status": "ENTERED_IN_ERROR",
            "status_reason": concept(REASONS, code),
            "explanatory_letter": "Помилка в строку",
        }
        content = {name: value for name, value in (content | changes).items() if value is not None}
        path = f"{self.path}/{draft['id']}/actions/mark_in_error"
        return await self.outcome(await who.patch(path, {"signed_data": who.sign(content)}), by=who)
