"""Every statement of central at work: reads by each filter, acts, jobs, what the worker does by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import msgspec
from bench.country import Country, Request, prescriptions
from bench.recording import Recorder, record_jobs, record_requests, recorder

from esoz.central.app import make_api
from esoz.central.process import PeriodicTasks
from esoz.kernel.clock import SystemClock
from esoz.kernel.limits import Limiter
from esoz.kernel.settings import Settings

from .conftest import Grown
from .walking import Walk

ASKED = ("select", "insert", "update", "delete", "with")
SAMPLES = 4  # of one statement with different arguments
ACTS = 6  # of each kind: not only about the patient with most records


@dataclass
class Statements:
    """Statements by their text, each with some of its arguments and where it was asked first."""

    found: dict[str, list[Sequence[object]]] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)

    def add(self, where: str, acts: Sequence[Sequence[tuple[str, Sequence[object]]]]) -> None:
        for act in acts:
            for text, arguments in act:
                if text.lstrip().lower().startswith(ASKED):
                    self.where.setdefault(text, where)
                    samples = self.found.setdefault(text, [])
                    if len(samples) < SAMPLES:
                        # Of a statement for many rows the driver tells the rows as a list.
                        samples.extend(arguments[:1] if isinstance(arguments, list) else [arguments])


async def record(grown: Grown) -> Statements:
    """Let central work, and keep what it asks."""
    statements = Statements()
    async with recorder(grown.url) as database:
        await _reads(database, grown, statements)
        await _acts(database, grown, statements)
        await PeriodicTasks(database, cast(Any, grown.dependencies))._round()
        statements.add("by the clock", [await database.take()])
    return statements


async def _reads(database: Recorder, grown: Grown, statements: Statements) -> None:
    api = make_api(database, cast(Any, grown.dependencies), SystemClock(), Settings({}))
    api.limiter = Limiter(0, {})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://scale") as http:
        async for operation, query, _ in Walk(grown, http).all():
            statements.add(f"{operation.path}?{query}", [await database.take()])


async def _acts(database: Recorder, grown: Grown, statements: Statements) -> None:
    country: Country = grown.country

    async def perform(where: str, requests: Sequence[Request]) -> list[dict[str, Any]]:
        acts, answers = await record_requests(database, grown.dependencies, requests)
        statements.add(where, acts)
        return [msgspec.json.decode(answer)["data"] for answer in answers]

    drafts = await perform("prescription: create", [country.draft(number) for number in range(ACTS)])
    await perform("prescription: sign", [country.signature(draft) for draft in drafts])
    async with database.connection() as db:
        written = await prescriptions(db, ACTS)
    await database.take()
    held = await perform("dispense: create", [country.handover(each) for each in written[:ACTS]])
    await perform("dispense: process", [country.redemption(each) for each in held])
    await perform("package", [country.package(number) for number in range(ACTS)])
    statements.add("job", await record_jobs(database, grown.dependencies))
