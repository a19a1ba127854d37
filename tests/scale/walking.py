"""Asks every built read about what is there: lists, each by each of its filters, and single records of lists."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from esoz.kernel.operation import Operation
from tests.central.test_odd_requests import READS, parameters

from .conftest import Grown

PAGING = frozenset({"page", "page_size", "nobody_knows"})
DAYS = {"_from": "2023-03-01", "_to": "2026-03-01", "_gte": "2023-03-01", "_lte": "2026-03-01"}


@dataclass
class Walk:
    """Reads, one after another, by the ids that earlier ones answered."""

    grown: Grown
    http: httpx.AsyncClient
    known: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)  # path of a list → id of a record in it

    async def all(self) -> AsyncIterator[tuple[Operation, str, httpx.Response]]:
        """Every read with its query and its answer; those of lists come first."""
        self._begin()
        for operation in sorted(READS, key=lambda each: (each.path.count("{"), each.path.endswith("}"), each.path)):
            answer = await self.ask(operation, {})
            yield operation, "", answer
            if not answer.is_success:
                continue
            record = _first(answer)
            if record is not None and "id" in record:
                self.ids[operation.path] = str(record["id"])
            for name in parameters(operation):
                value = _value(record or {}, name)
                if value is not None and name not in PAGING:
                    yield operation, f"{name}={value}", await self.ask(operation, {name: value})

    async def ask(self, operation: Operation, query: Mapping[str, str]) -> httpx.Response:
        person = self.grown.country.patients[0]
        needed = {}
        if operation.path == "/api/persons":
            names = ("first_name", "last_name", "birth_date", "tax_id")
            needed = {name: str(getattr(person, name)) for name in names}
        return await self.http.request(
            operation.method, self._path(operation.path), params=needed | query, headers=self.grown.asking(operation)
        )

    def _begin(self) -> None:
        country, chart = self.grown.country, self.grown.country.charts[0]
        self.known = {
            "patient_id": str(chart.person_id),
            "person_id": str(chart.person_id),
            "employee_id": str(country.doctor.employee_id),
            "legal_entity_id": str(country.doctor.client_id),
            "episode_id": str(chart.visiting.episode),
            "encounter_id": str(chart.visiting.encounter),
        }

    def _path(self, path: str) -> str:
        """The path about a record that a list has shown, as far as there is one."""
        parent = path.partition("/{id}")[0]
        own = self.ids.get(parent, str(self.grown.country.doctor.client_id))
        if parent == "/api/persons":
            own = self.known["person_id"]
        return re.sub(r"\{([^}]+)\}", lambda each: self.known.get(each[1], own), path)


def _first(answer: httpx.Response) -> dict[str, Any] | None:
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return None
    data = answer.json().get("data")
    if isinstance(data, list):
        data = data[0] if data else None
    return data if isinstance(data, dict) else None


def _value(record: Mapping[str, Any], name: str) -> str | None:
    """What a record has under the name of a filter, or a day for a filter by days."""
    for ending, day in DAYS.items():
        if name.endswith(ending):
            return day
    if name in record:
        return _text(record[name])
    for within in record.values():
        if isinstance(within, dict) and (found := _value(within, name)) is not None:
            return found
    return None


def _text(value: Any) -> str | None:
    """The id or the code of what a record refers to, or the value itself."""
    if isinstance(value, list):
        return _text(value[0]) if value else None
    if isinstance(value, dict):
        if "identifier" in value:
            return str(value["identifier"]["value"])
        return str(value["coding"][0]["code"]) if value.get("coding") else value.get("code")
    return None if value is None else str(value)
