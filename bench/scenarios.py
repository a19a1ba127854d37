"""What is measured: reads, a prescription written, signed and dispensed, an encounter package until its job is done."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
import msgspec

from .country import Country, Newcomer, Prescription, Request, codes_by_phone, newcomers, prescriptions
from .flames import burning
from .load import Caller, Meter, Timing, Watch, asking, lines, load
from .machine import run_on
from .place import Place
from .recording import Act, record_jobs, record_requests, recorder, replay
from .statistics import Figures, figures, one_after_another
from .system import Dependencies

TEMPLATE, RECORDED, SIGNED, RAW, LIVE = "bench", "bench_recorded", "bench_signed", "bench_raw", "bench_live"
WRITTEN, HELD = "bench_written", "bench_held"  # with the prescriptions of the load, and with dispenses not yet signed
CHOOSING = "bench_choosing"  # with people who have no doctor yet
NEWCOMERS = 1600  # as many as a family doctor takes, who has some already
CHAINS = 160  # that are recorded and replayed
CALLERS = 16
CONNECTIONS = 8  # the size of central's pool: the replay gets as many
READS, WRITES, PACKAGES = 1600, 320, 160  # acts that are recorded and replayed
MOST_PACKAGES = 200  # signed ahead for each second of the pipeline; what is not reached is not sent
SETTLE_TURNS, SETTLE_PAUSE = 1500, 0.2
DIFFERENT = 500  # requests that can be sent again are prepared for so many turns
Floor: TypeAlias = tuple[Figures | None, float]  # the replay, and how many statements an act has
NO_FLOOR: Floor = (None, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report; `raw` is None where a replay would say nothing."""

    name: str
    ours: Figures
    raw: Figures | None
    statements: float


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that stands still during the measurements."""

    place: Place
    country: Country
    dependencies: Dependencies
    timing: Timing
    with_floors: bool = True  # whether the same SQL is replayed without central

    async def read(self, name: str, request: Callable[[int], Request]) -> Row:
        """Requests that only read (and leave a line in the audit log)."""
        return await self._read(name, TEMPLATE, request)

    async def _read(self, name: str, template: str, request: Callable[[int], Request]) -> Row:
        raw, statements = await self._read_floor(template, request)
        prepared = [request(number).wire() for number in range(DIFFERENT)]
        async with self._central(template) as (port, meter), lines(port, CALLERS) as opened:
            ours = await self._load([asking(line, 200) for line in opened], _again(prepared), meter)
        return Row(name, ours, raw, statements)

    async def _read_floor(self, template: str, request: Callable[[int], Request]) -> Floor:
        if not self.with_floors:
            return NO_FLOOR
        acts, _ = await self._record(template, RECORDED, [request(number) for number in range(READS)])
        return await self._floor(template, acts, CONNECTIONS), _statements(acts)

    async def prescription(self) -> list[Row]:
        """A draft, and the doctor's signature under it: signed between the two, in nobody's time."""
        floors = await self._prescription_floors()
        answers: list[bytes] = []
        wires = _again([self.country.draft(number).wire() for number in range(DIFFERENT)])
        async with self._central() as (port, meter):
            async with lines(port, CALLERS) as opened:
                created = await self._load([asking(line, 201, answers) for line in opened], wires, meter)
            signatures = [self._signature(answer).wire() for answer in answers]
            async with lines(port, CALLERS) as opened:  # the server closes lines that were silent for five seconds
                signed = await self._load([asking(line, 200) for line in opened], signatures, meter)
        await self.place.copy(LIVE, WRITTEN)
        rows = [
            Row(name, ours, raw, statements)
            for (raw, statements), name, ours in zip(
                floors, ("prescription: create", "prescription: sign"), (created, signed), strict=True
            )
        ]
        return [*rows, _sum("prescription: both", rows)]

    async def _prescription_floors(self) -> list[Floor]:
        if not self.with_floors:
            return [NO_FLOOR] * 2
        drafts = [self.country.draft(number) for number in range(WRITES)]
        creating, answers = await self._record(TEMPLATE, RECORDED, drafts)
        signing, _ = await self._record(RECORDED, SIGNED, [self._signature(answer) for answer in answers])
        created = await self._floor(TEMPLATE, creating, CONNECTIONS)
        signed = await self._floor(RECORDED, signing, CONNECTIONS)
        return [(created, _statements(creating)), (signed, _statements(signing))]

    def _signature(self, answer: bytes) -> Request:
        return self.country.signature(msgspec.json.decode(answer)["data"])

    async def declaration(self) -> list[Row]:
        """Requests for declarations, codes of patients, signatures of the doctor: made ready in nobody's time."""
        await self.place.copy(TEMPLATE, CHOOSING)
        people = await newcomers(self.place.url(CHOOSING), self.dependencies, NEWCOMERS)
        floors = await self._declaration_floors(people[:CHAINS])
        made, approved, signed = list[bytes](), list[bytes](), list[bytes]()
        async with self._central(CHOOSING) as (port, meter):
            created = await self._through(port, meter, [self.country.choice(each) for each in people], 201, made)
            told = await self._confirmations(LIVE, people, made)
            confirmed = await self._through(port, meter, told, 201, approved)
            documents = [self.country.declaration(_data(answer)) for answer in approved]
            declared = await self._through(port, meter, documents, 200, signed)
        rows = [
            Row(f"declaration: {name}", ours, raw, statements)
            for (raw, statements), name, ours in zip(
                floors, ("create", "approve", "sign"), (created, confirmed, declared), strict=True
            )
        ]
        return [*rows, _sum("declaration: create, approve, sign", rows)]

    async def _declaration_floors(self, people: Sequence[Newcomer]) -> list[Floor]:
        if not self.with_floors:
            return [NO_FLOOR] * 3
        creating, made = await self._record(CHOOSING, RECORDED, [self.country.choice(each) for each in people])
        told = await self._confirmations(RECORDED, people, made)
        approving, approved = await self._record(RECORDED, HELD, told)
        documents = [self.country.declaration(_data(answer)) for answer in approved]
        signing, _ = await self._record(HELD, SIGNED, documents)
        steps = ((CHOOSING, creating), (RECORDED, approving), (HELD, signing))
        return [(await self._floor(template, acts, CONNECTIONS), _statements(acts)) for template, acts in steps]

    async def _confirmations(self, database: str, people: Sequence[Newcomer], made: Sequence[bytes]) -> list[Request]:
        """What patients answer to the codes that wait in a database."""
        connection = await asyncpg.connect(self.place.url(database))
        try:
            codes = await codes_by_phone(connection)
        finally:
            await connection.close()
        phones = {str(each.id): each.phone for each in people}
        asked = [_data(answer) for answer in made]
        return [self.country.confirmation(each, codes[phones[each["person_id"]]]) for each in asked]

    async def _through(
        self, port: int, meter: Meter, requests: Sequence[Request], status: int, answers: list[bytes]
    ) -> Figures:
        async with lines(port, CALLERS) as opened:
            callers = [asking(line, status, answers) for line in opened]
            return await self._load(callers, [each.wire() for each in requests], meter)

    async def prescription_at_pharmacy(self) -> Row:
        """One prescription by its number, of those that the load before has written."""
        written = await self._written(1)
        name = "one prescription at a pharmacy"
        return await self._read(
            name, WRITTEN, lambda number: self.country.shown_at_pharmacy(written[number % len(written)])
        )

    async def dispense(self) -> list[Row]:
        """A dispense of a whole prescription, and the pharmacist's signature under it."""
        written = await self._written(CALLERS)
        handovers = [self.country.handover(each) for each in written]
        floors = await self._dispense_floors(handovers[:WRITES])
        held: list[bytes] = []
        async with self._central(WRITTEN) as (port, meter):
            async with lines(port, CALLERS) as opened:
                callers = [asking(line, 201, held) for line in opened]
                created = await self._load(callers, [each.wire() for each in handovers], meter)
            redemptions = [self._redemption(answer).wire() for answer in held]
            async with lines(port, CALLERS) as opened:
                processed = await self._load([asking(line, 200) for line in opened], redemptions, meter)
        return [Row("dispense: create", created, *floors[0]), Row("dispense: process", processed, *floors[1])]

    async def _dispense_floors(self, handovers: Sequence[Request]) -> list[Floor]:
        if not self.with_floors:
            return [NO_FLOOR] * 2
        creating, answers = await self._record(WRITTEN, HELD, handovers)
        processing, _ = await self._record(HELD, SIGNED, [self._redemption(answer) for answer in answers])
        return [
            (await self._floor(WRITTEN, creating, CONNECTIONS), _statements(creating)),
            (await self._floor(HELD, processing, CONNECTIONS), _statements(processing)),
        ]

    async def _written(self, least: int) -> list[Prescription]:
        connection = await asyncpg.connect(self.place.url(WRITTEN))
        try:
            return await prescriptions(connection, least)
        finally:
            await connection.close()

    def _redemption(self, answer: bytes) -> Request:
        return self.country.redemption(msgspec.json.decode(answer)["data"])

    async def package(self) -> list[Row]:
        """An encounter package from POST until the worker has stored it: many doctors at once, then one alone."""
        raw, statements = await self._package_floor()
        most = int((self.timing.warm_up + self.timing.windows * self.timing.window) * MOST_PACKAGES)
        prepared = [self.country.package(number).wire() for number in range(most)]
        async with self._pipeline() as (port, watch, meter):
            unsent = iter(prepared)
            async with lines(port, 1) as (line,):
                await watch.submitting(line)(next(unsent))  # the worker is up when it has performed something
            async with lines(port, CALLERS) as opened:
                callers = [watch.submitting(line) for line in opened]
                many = await self._load(callers, unsent, meter)
            async with lines(port, 1) as (line,):  # a new one: the others may have been silent for too long
                alone = await self._load([watch.submitting(line)], unsent, meter)
        return [
            Row(f"package until processed, {CALLERS} doctors", many, raw, statements),
            Row("package until processed, 1 doctor", alone, None, statements),
        ]

    async def _package_floor(self) -> Floor:
        if not self.with_floors:
            return NO_FLOOR
        packages = [self.country.package(number) for number in range(PACKAGES)]
        submitting, _ = await self._record(TEMPLATE, RECORDED, packages)
        run_on(self.place.cores.app)
        async with recorder(await self.place.copy(RECORDED, SIGNED)) as database:
            performing = await record_jobs(database, self.dependencies)
        submitted = await self._floor(TEMPLATE, submitting, CONNECTIONS)
        performed = await self._floor(RECORDED, performing, 1)  # a worker does one job at a time
        return one_after_another([submitted, performed]), _statements(submitting) + _statements(performing)

    async def _record(self, template: str, name: str, requests: Sequence[Request]) -> tuple[list[Act], list[bytes]]:
        run_on(self.place.cores.app)
        async with recorder(await self.place.copy(template, name)) as database:
            return await record_requests(database, self.dependencies, requests)

    async def _floor(self, template: str, acts: Sequence[Act], connections: int) -> Figures:
        url = await self.place.copy(template, RAW)
        run_on(self.place.cores.app)
        return figures(await replay(url, acts, connections=connections, server_pid=self.place.server_pid))

    async def _load(self, callers: Sequence[Caller], requests: Iterable[bytes], meter: Meter) -> Figures:
        gc.collect()
        gc.freeze()  # the collector would walk all prepared requests in the middle of a window
        run_on(self.place.cores.rest)
        return figures(await load(callers, requests, meter, self.timing))

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """The port of central on the database as it is."""
        async with self._central() as (port, _):
            yield port

    @asynccontextmanager
    async def _central(self, template: str = TEMPLATE) -> AsyncIterator[tuple[int, Meter]]:
        await self.place.copy(template, LIVE)
        run_on(self.place.cores.rest)
        with self.place.central(LIVE) as (process, port):
            yield port, Meter([process.pid], self.place.server_pid)

    @asynccontextmanager
    async def _pipeline(self) -> AsyncIterator[tuple[int, Watch, Meter]]:
        """central and one worker together on the core of the measured program."""
        async with self._central() as (port, meter):
            with (
                self.place.part("worker", LIVE, port) as worker,
                burning(worker.pid, "worker", self.place.flames),
            ):
                connection = await asyncpg.connect(self.place.url(LIVE))
                watch = Watch(connection)
                if self.place.in_place:
                    await _settled(connection)
                watching = asyncio.create_task(watch.run())
                try:
                    yield port, watch, Meter([*meter.app_pids, worker.pid], meter.server_pid)
                finally:
                    watching.cancel()
                    with suppress(asyncio.CancelledError):
                        await watching
                    await connection.close()


async def _settled(connection: asyncpg.Connection) -> None:
    """Wait until the worker has done what earlier lines have left to it: audit lines and documents."""
    left = "select (select count(*) from audit_pending) + (select count(*) from documents_waiting)"
    for _ in range(SETTLE_TURNS):
        if not await connection.fetchval(left):
            return
        await asyncio.sleep(SETTLE_PAUSE)
    raise RuntimeError("the worker does not come to an end with what earlier lines have left to it")


def _again(requests: Sequence[bytes]) -> Iterable[bytes]:
    while True:
        yield from requests


def _data(answer: bytes) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.json.decode(answer)["data"]
    return data


def _statements(acts: Sequence[Act]) -> float:
    """Statements of an act, BEGIN and COMMIT included."""
    return sum(len(act) for act in acts) / len(acts)


def _sum(name: str, rows: Sequence[Row]) -> Row:
    raws = [row.raw for row in rows if row.raw is not None]
    statements = sum(row.statements for row in rows)
    raw = one_after_another(raws) if raws else None
    return Row(name, one_after_another([row.ours for row in rows]), raw, statements)
