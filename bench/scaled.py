"""How cost grows: the rows of the benchmark on the small database and on one of the size of a country, side by side."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tests.factories.records import Chart, Visiting

from esoz.central import people
from esoz.kernel.clock import SystemClock, kyiv_date
from esoz.kernel.db import Connection, Database
from esoz.kernel.jobs import Worker

from .arrivals import Act, Ask, Lines, moments, run
from .country import Country
from .growth import Growth, Size
from .machine import run_on
from .moulds import make_moulds
from .scenarios import TEMPLATE, Bench, Row
from .settling import HEAD, sizes
from .system import worker_of

LARGE = 100  # rows: what takes less space than so many rows is not told
SEARCHES = 500  # a second
SEARCH_SECONDS = 10.0
TARGET = 1.3  # times the cost of the small database


async def grow(bench: Bench, size: Size, say: Callable[[str], None]) -> Bench:
    """Grow the database of a benchmark: the benchmark of what it is then, about patients out of the many."""
    here, url = bench.place, bench.place.url(TEMPLATE)
    moulds = await make_moulds(url, bench.country, bench.dependencies)
    database = Database(url, size=1)
    await database.open()
    try:
        async with database.connection() as db:
            await Growth(db, moulds, size, here.secret).run(kyiv_date(SystemClock().now()), say)
            print(HEAD)
            print("\n".join(each.line() for each in await sizes(db) if each.rows >= LARGE), flush=True)
            country = await with_patients(db, bench.country, worker_of(database, bench.dependencies))
            return replace(bench, place=replace(here, in_place=True), country=country)
    finally:
        await database.close()


async def with_patients(db: Connection, country: Country, worker: Worker) -> Country:
    """The same country whose doctor asks about the people who grew, each with the last visit."""
    rows = await db.fetch(
        "select distinct on (e.person_id) e.person_id, e.id, e.episode_id, e.visit_id from encounters e"
        " join declarations d on d.person_id = e.person_id and d.status = 'active' and d.employee_id = $1"
        " join episodes on episodes.person_id = e.person_id and episodes.id = e.episode_id"
        " where episodes.status = 'active' and not e.person_id = any($2)"
        " order by e.person_id, e.inserted_at desc",
        country.doctor.employee_id,
        [person.id for person in country.patients],
    )
    found = [await people.find_person(db, row["person_id"]) for row in rows]
    doctor = country.doctor
    assert doctor.employee_id is not None
    charts = []
    for row in rows:
        chart = Chart(doctor, worker, row["person_id"])
        of = Visiting(doctor.now, doctor.client_id, doctor.employee_id, doctor.division_id)
        chart.visiting = replace(of, episode=row["episode_id"], encounter=row["id"])
        charts.append(chart)
    return replace(country, patients=tuple(found), charts=tuple(charts))


@dataclass(frozen=True, slots=True)
class Grown:
    """A row of the benchmark on the small database and on the grown one."""

    name: str
    small: Row
    scaled: Row

    @property
    def cost(self) -> float:
        """CPU of central and of PostgreSQL together: how many times that of the small database."""
        before, now = self.small.ours, self.scaled.ours
        return (now.app_cpu + now.database_cpu) / (before.app_cpu + before.database_cpu)


def together(small: Sequence[Row], scaled: Sequence[Row]) -> list[Grown]:
    """The rows that were measured on both."""
    known = {row.name: row for row in small}
    return [Grown(row.name, known[row.name], row) for row in scaled if row.name in known]


def table(rows: Sequence[Grown]) -> str:
    """The rows as a table of the documents."""
    lines = [
        f"| work | small/s | scaled/s | CPU µs | scaled | PG µs | scaled | cost × (at most {TARGET}) |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        before, now = row.small.ours, row.scaled.ours
        times = [before.app_cpu, now.app_cpu, before.database_cpu, now.database_cpu]
        micro = " | ".join(f"{each * 1e6:,.0f}" for each in times)
        lines.append(f"| {row.name} | {before.rate:,.0f} | {now.rate:,.0f} | {micro} | {row.cost:.2f} |")
    return "\n".join(lines)


async def searches(bench: Bench) -> str:
    """Searches of a person that come whether or not those before were answered: how long they take."""
    requests = [bench.country.search(number).wire() for number in range(len(bench.country.patients))]
    chance = random.Random(SEARCHES)

    def search(wire: bytes) -> Act:
        async def act(ask: Ask) -> str:
            answer = await ask(wire)
            return "" if answer.status == 200 and b'"id"' in answer.body else f"{answer.status}"

        return act

    acts = [(due, "search", search(chance.choice(requests))) for due in moments(SEARCHES, SEARCH_SECONDS, chance)]
    async with bench.serving() as port:
        opened = Lines(port)
        run_on(bench.place.cores.rest)
        found = (await run(acts, opened.ask))["search"]
        opened.close()
    times = ", ".join(f"p{share * 100:.0f} {found.at(share) * 1e3:.1f} ms" for share in (0.5, 0.95, 0.99))
    return f"search of a patient, {SEARCHES} a second, {found.count:,} asked: {times}; errors {dict(found.errors)}"
