"""A week in a pharmacy, played by chance: every kind of act, lost answers among them; in the end all books agree.

The seed is told, so that a week that went wrong is played again.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from esoz.central import statistics
from esoz.central.upload_door import UploadDoor
from esoz.kernel.clock import FixedClock, kyiv_date
from esoz.kernel.db import Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.exceptions.conftest import in_war
from tests.factories.prescriptions import Prescribing, sent_code, set_programme
from tests.factories.world import World

from ..conftest import CENTRAL_URL, PASSWORD, Browser, Wire, email_of
from ..emergency.test_emergency import fill_in as without_prescription
from ..paper.test_paper import pictured
from ..pharmacy.counter import hold, sign
from ..reception.conftest import WithUploads
from ..wholesale.test_wholesale import scanned, supply
from .conftest import Package, receive
from .test_returns import signed as signs_return

SEED = 20261201
DAYS, A_DAY = 7, 29  # 203 acts
SHARES = {"whole": 7, "part": 7, "paper": 5, "war": 4, "wholesale": 4, "return": 3, "write-off": 2, "mistake": 3}
LOSES = 0.15  # of the answers to what is signed
PACKAGE = 10  # capsules
JOURNALS = {"prescriptions": "dispensed", "paper": "paper", "emergency": "war", "wholesale": "wholesale"}


@dataclass
class Week:
    """One pharmacist's week: what was done, by kind, in acts and capsules."""

    browser: Browser
    world: World
    wire: Wire
    package: Package
    database: Database
    chance: random.Random
    written: Iterator[tuple[str, str]]
    dosage_id: UUID
    request: str = ""  # the page of the request that is supplied by
    acts: Counter[str] = field(default_factory=Counter)
    capsules: Counter[str] = field(default_factory=Counter)
    begun: list[tuple[str, str]] = field(default_factory=list)  # prescriptions of which a half is left
    finished: list[tuple[str, int]] = field(default_factory=list)  # dispenses that may come back
    mistakable: list[tuple[str, str, int]] = field(default_factory=list)  # kind, page, capsules

    def note(self, kind: str, packages: int) -> None:
        self.acts[kind] += 1
        self.capsules[kind] += packages * PACKAGE

    async def sign(self) -> None:
        """Sign what is shown; sometimes the answer gets lost, and the same document is sent again."""
        loses = self.chance.random() < LOSES
        if loses:
            self.wire.loses_answer = lambda request: request.method in ("POST", "PATCH")
        await sign(self.browser, self.world)
        self.wire.loses_answer = lambda _request: False
        if loses:
            self.acts["lost"] += 1
            waits = self.browser.path.removesuffix("/sign").removesuffix("/waits")
            await self.browser.send(f"{waits}/send")

    async def dispense(self, packages: int, number: str, code: str) -> None:
        await hold(self.browser, number, code, **{f"packages-{self.package.offer}": packages})
        await self.sign()
        assert "Відпущено" in self.browser.text, self.browser.text
        self.note("dispensed", packages)
        self.finished.append((self.browser.path, packages))

    async def whole(self) -> None:
        await self.dispense(2, *next(self.written))

    async def part(self) -> None:
        """A half of what is prescribed, or the other half of what was begun on any day before."""
        begun = self.begun and self.chance.random() < 0.5
        number, code = self.begun.pop() if begun else next(self.written)
        await self.dispense(1, number, code)
        self.begun += [] if begun else [(number, code)]

    async def paper(self) -> None:
        packages = self.chance.choice((1, 2))
        path = await pictured(self.browser, self.dosage_id)
        await self.browser.send(f"{path}/dispense", package_1=self.package.id, packages_1=packages)
        await self.sign()
        assert self.browser.path == path, self.browser.text
        self.note("paper", packages)
        self.mistakable.append(("paper", path, packages))

    async def war(self) -> None:
        packages = self.chance.choice((1, 2, 3))
        await without_prescription(self.browser, self.package.id, packages_1=packages)
        await self.sign()
        assert "Відпущено" in self.browser.text, self.browser.text
        self.note("war", packages)
        self.mistakable.append(("war", self.browser.path, packages))

    async def wholesale(self) -> None:
        packages = self.chance.choice((1, 5))
        await self.browser.get(self.request)
        await supply(self.browser, self.request, self.package.id, packages)
        await self.sign()
        assert self.browser.path == self.request, self.browser.text
        self.note("wholesale", packages)

    async def return_(self) -> None:
        path, packages = self.finished.pop(self.chance.randrange(len(self.finished)))
        await self.browser.get(f"{path}/return")
        await self.browser.send(f"{path}/return", return_reason_code="PATIENT_REFUSED")
        loses = self.chance.random() < LOSES
        if loses:
            self.wire.loses_answer = lambda request: request.url.path.endswith("/take_back")
        await signs_return(self.browser, self.world)
        self.wire.loses_answer = lambda _request: False
        self.acts["lost"] += loses
        await self.browser.get(path)
        assert "Повернено" in self.browser.text, self.browser.text
        self.note("returned", packages)

    async def write_off(self) -> None:
        async with self.database.connection() as db:
            batch = await db.fetchval("select id from stock_batches where quantity >= 10 order by id desc limit 1")
        await self.browser.get(f"/stock/batches/{batch}/write-off")
        await self.browser.send(self.browser.path, packages="1", reason="DAMAGED")
        self.note("written off", 1)

    async def mistake(self) -> None:
        kind, path, packages = self.mistakable.pop(self.chance.randrange(len(self.mistakable)))
        await self.browser.get(path)
        given = {}
        if kind == "paper":
            assert self.browser.page is not None
            named = self.browser.page.text.split('name="dispense"')[1].split('value="')[1].split('"')[0]
            given = {"dispense": named}
        await self.browser.send(f"{path}/cancel", error_reason="Записано не те", **given)
        assert self.browser.page is not None and self.browser.page.status_code == 200, self.browser.text
        self.acts[kind] -= 1
        self.capsules[kind] -= packages * PACKAGE
        self.acts["mistaken"] += 1

    async def one(self) -> None:
        """Something of the day, as often as it happens."""
        name = self.chance.choices(list(SHARES), weights=list(SHARES.values()))[0]
        if (name == "return" and not self.finished) or (name == "mistake" and not self.mistakable):
            name = "whole"
        acts = {"return": self.return_, "write-off": self.write_off}
        await acts.get(name, getattr(self, name.replace("-", "_"), self.whole))()


async def journal(browser: Browser, kind: str, days: tuple[date, date]) -> tuple[int, Decimal]:
    """Acts and capsules of a printed journal, mistakes apart: the sums that stand under its rows."""
    query = {"journal": kind, "from": str(days[0]), "to": str(days[1])}
    file = await browser.client.get("/journals.csv", params=query)
    heads, *rows = [line.split(";") for line in file.content.decode("utf-8-sig").splitlines()]
    place = heads.index("Кількість")
    counted = [row for row in rows if "Внесено помилково" not in row]
    return len(counted), sum((Decimal(row[place].replace(",", ".")) for row in counted), Decimal(0))


async def told(database: Database, day: date) -> dict[str, int]:
    """What the public statistics tell of the whole time."""
    async with database.connection() as db:
        asked = statistics.Asked(statistics.read_period("all", day), statistics.Slice())
        table = await statistics.Teller(db, 1, day).table(asked, statistics.TIME)
    return {name: int(value or 0) for name, value in table.total.numbers.items()}


# PH-3, PH-20
@pytest.mark.slow
async def test_week_then_books_journals_and_statistics_agree_with_the_acts(
    *,
    pharmacist: Browser,
    packages: list[Package],
    prescribing: Prescribing,
    connected: World,
    central_database: Database,
    mis_database: Database,
    dependencies: Dependencies,
    wire: Wire,
    clock: FixedClock,
) -> None:
    chance = random.Random(SEED)
    async with central_database.transaction() as db:
        await set_programme(db, skip_mnn_in_treatment_period=True)
        await in_war(Work(NOBODY, clock.now(), db, dependencies))
    written = []
    for _ in range(DAYS * A_DAY // 2):
        number = (await prescribing.prescribe())["request_number"]
        async with central_database.connection() as db:
            written.append((number, await sent_code(db, number)))
    door = httpx.ASGITransport(UploadDoor(central_database, dependencies, clock, CENTRAL_URL))
    wire.inner = WithUploads(wire.inner, door)
    days = (kyiv_date(clock.now()), kyiv_date(clock.now()) + timedelta(days=DAYS - 1))
    before = {kind: await journal(pharmacist, kind, days) for kind in (*JOURNALS, "returns")}
    known = await told(central_database, days[1])
    week = Week(
        pharmacist,
        connected,
        wire,
        packages[0],
        mis_database,
        chance,
        iter(written),
        dosage_id=prescribing.medication_id,
    )
    received = 0
    for day in range(DAYS):
        if day:
            clock.forward(timedelta(days=1))
            pharmacist.client.cookies.clear()
            await pharmacist.get("/sign-in")  # the consent of the first day still holds
            await pharmacist.send("/sign-in", email=email_of("PHARMACIST"), password=PASSWORD)
        delivery = chance.randrange(40, 60)
        await receive(pharmacist, week.package, delivery, series=f"D{day}", expires_on=f"2027-0{day + 1}-28")
        received += delivery * PACKAGE
        if not week.request:
            week.request = await scanned(pharmacist, prescribing.medication_id, quantity_1="2000")
        for turn in range(A_DAY):
            try:
                await week.one()
            except AssertionError as fault:
                raise AssertionError(f"seed {SEED}, day {day}, act {turn}: {week.acts}") from fault
    gone = sum(week.capsules[kind] for kind in ("dispensed", "paper", "war", "wholesale", "written off"))
    # the books
    async with mis_database.connection() as db:
        books = await db.fetchval("select sum(quantity) from stock_batches")
        moved = await db.fetchval("select sum(quantity) from stock_movements")
        waits = await db.fetchval("select count(*) from exception_documents") + await db.fetchval(
            "select count(*) from dispenses"
        )
    assert books == moved == received - gone + week.capsules["returned"], (SEED, week.capsules)
    assert waits == 0
    # the journals
    for kind, name in JOURNALS.items() | {("returns", "returned")}:
        acts, capsules = await journal(pharmacist, kind, days)
        assert acts - before[kind][0] == week.acts[name], (SEED, kind)
        assert capsules - before[kind][1] == week.capsules[name], (SEED, kind)
    # the statistics of the country
    now = await told(central_database, days[1])
    grown = {name: now[name] - known[name] for name in now}
    assert grown["dispensed"] == week.acts["dispensed"] - week.acts["returned"], grown
    outside = {"dispensed_paper": "paper", "dispensed_war": "war", "supplied_wholesale": "wholesale"}
    assert {name: grown[name] for name in outside} == {name: week.acts[kind] for name, kind in outside.items()}
    assert sum(week.acts[kind] for kind in ("dispensed", "paper", "war", "wholesale")) >= 100
    assert all(week.acts[kind] > 0 for kind in ("lost", "returned", "mistaken", "written off")), week.acts
    async with central_database.transaction() as db:
        await set_programme(db, skip_mnn_in_treatment_period=False)
