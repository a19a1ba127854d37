"""Grows a database to the size of a country: clinics, people, declarations, visits and prescriptions, written by COPY.

Rows are cast in moulds (`moulds.py`). What happens, happens in the order of time over five years, so the rows of a
patient lie apart in their tables as they do in life. A few patients have thousands of records, and most have few.
"""

import asyncio
import io
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from uuid import UUID

from esoz.central.prescriptions.model import codes
from esoz.kernel.db import Connection

from .bare import bare
from .crowd import Crowd, Someone, number
from .mould import Mould
from .moulds import TABLES, Moulds, Visit, columns
from .settling import settle

SEED = 20_261_130
YEARS_DAYS = 5 * 365
RECENT_DAYS = 25  # prescriptions of these days may still wait for a pharmacy
OWN = 500  # people of the doctor who is measured: at most so many, and at most a twentieth of all
DOCTOR_HAS = 1500  # people of one doctor, in the mean
HEAVIEST = 900  # times the least: some patients have thousands of records
PART = 5_000  # acts that are cast before their rows are sent
MILLISECONDS = 86_400_000
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each."""

    persons: int = 1_000_000
    clinics: int = 1_200
    pharmacies: int = 300
    declarations: int = 1_500_000
    episodes: int = 3_500_000
    records: int = 20_000_000

    def divided(self, by: int) -> "Size":
        return Size(
            *(max(each // by, 4) for each in (self.persons, self.clinics, self.pharmacies)),
            *(max(each // by, 20) for each in (self.declarations, self.episodes, self.records)),
        )

    @classmethod
    def named(cls, text: str) -> "Size":
        """`country`, or a part of it: `country/100`. Raises ValueError."""
        name, _, divisor = (text if "/" in text else f"{text}/1").partition("/")
        if name != "country" or not divisor.isdecimal() or not int(divisor):
            raise ValueError(f"{text}: a size is country, or country/100")
        return cls().divided(int(divisor))


@dataclass(frozen=True, slots=True)
class Place:
    """A clinic with its doctors, or a pharmacy: what stands of each in rows."""

    workers: Sequence[Mapping[str, str]]


@dataclass(slots=True)
class _Files:
    """What is remembered of people while their visits are cast; lists and no objects, for there are a million."""

    ids: list[str] = field(default_factory=list)
    surnames: list[str] = field(default_factory=list)
    doctors: list[Mapping[str, str]] = field(default_factory=list)
    weights: "array[float]" = field(default_factory=lambda: array("d"))
    open_episodes: dict[int, str] = field(default_factory=dict)


class Growth:
    """One growing; `secret` is that of central, which seals the codes of prescriptions."""

    def __init__(self, db: Connection, moulds: Moulds, size: Size, secret: bytes) -> None:
        self._db, self._moulds, self._size, self._secret = db, moulds, size, secret
        self.written: Counter[str] = Counter()
        self._prescriptions = 0

    async def run(self, today: date, say: Callable[[str], None]) -> None:
        """Write everything; indexes, keys, totals and statistics are as they should be afterwards."""
        taken = [row["tax_id"] for row in await self._db.fetch("select tax_id from person_tax_ids")]
        self._crowd, self._today = Crowd(SEED, taken), today.toordinal()
        self._columns = {table: await columns(self._db, table) for table in TABLES}
        await self._db.execute("set synchronous_commit = off")
        async with bare(self._db, TABLES, say):
            for name, acts in (("clinics", self._places()), ("people", self._people()), ("visits", self._visits())):
                began, before = time.monotonic(), self.written.total()
                await self._write(acts)
                rows = self.written.total() - before
                say(f"{name}: {rows:,} rows, {rows / max(time.monotonic() - began, 0.01):,.0f} a second")
        say("totals and statistics")
        await settle(self._db)

    async def _write(self, acts: Iterator["_Lines"]) -> None:
        """Cast in another thread while PostgreSQL takes what was cast before."""
        lines = await asyncio.to_thread(next, acts, None)
        while lines is not None:
            _, lines = await asyncio.gather(self._send(lines), asyncio.to_thread(next, acts, None))

    async def _send(self, lines: "_Lines") -> None:
        for table, rows in lines.items():
            source = io.BytesIO("".join(rows).encode())
            await self._db.copy_to_table(table, source=source, columns=self._columns[table], timeout=3600)
            self.written[table] += len(rows)

    def _places(self) -> Iterator["_Lines"]:
        """Clinics as large as towns are, each with as many doctors as it needs; pharmacies."""
        size, chance, lines = self._size, self._crowd.chance, _lines()
        shares = [chance.paretovariate(1.3) for _ in range(size.clinics)]
        mean = size.persons / sum(shares)
        self._shares = [min(share * mean, size.persons / 8) for share in shares]
        self._clinics = [
            self._place(number, max(1, round(share / DOCTOR_HAS)), (self._moulds.clinic, self._moulds.doctor), lines)
            for number, share in enumerate(self._shares)
        ]
        self._pharmacies = [
            self._place(size.clinics + number, 1, (self._moulds.pharmacy, self._moulds.pharmacist), lines)
            for number in range(size.pharmacies)
        ]
        yield lines

    def _place(self, number: int, workers: int, moulds: tuple[Mould, Mould], lines: "_Lines") -> Place:
        crowd, day = self._crowd, self._today - YEARS_DAYS - 700
        clinic = {name: crowd.new_id() for name in ("clinic", "division")}
        clinic |= {"edrpou": f"{50_000_000 + number}", "clinic_name": f"КНП «Навчальна установа № {number + 1}»"}
        moulds[0].cast(clinic, crowd.new_id, day, lines)
        made = []
        for place in range(workers):
            someone = crowd.person(date.fromordinal(self._today), (30, 65))
            worker = {name: crowd.new_id() for name in ("employee", "user", "party")}
            names = (someone.last_name, someone.first_name, someone.second_name)
            worker |= clinic | {"worker_name": " ".join(names)}
            given = worker | someone.given() | {"email": f"w{place}.{number}@esoz.example"}
            moulds[1].cast(given, crowd.new_id, day, lines)
            made.append(worker)
        return Place(made)

    def _people(self) -> Iterator["_Lines"]:
        """People with the declarations they have and had; the first are those of the doctor who is measured."""
        size, crowd, lines = self._size, self._crowd, _lines()
        self._files, self._declared = _Files(), 0
        today, parent = date.fromordinal(self._today), ""
        homes = crowd.chance.choices(self._clinics, weights=self._shares, k=size.persons)
        own = min(OWN, size.persons // 20)
        for place, someone in enumerate(crowd.people(today, size.persons)):
            doctor = self._moulds.own if place < own else crowd.chance.choice(homes[place].workers)
            day = self._today - YEARS_DAYS - 1 + place * 100 // size.persons
            milliseconds = (day - EPOCH) * MILLISECONDS + place
            person, parent = self._person(someone, crowd.ordered_id(milliseconds), parent, day, lines)
            self._files.ids.append(person)
            self._files.surnames.append(someone.last_name)
            self._files.doctors.append(doctor)
            self._files.weights.append(min(crowd.chance.paretovariate(1.2), HEAVIEST) if place else HEAVIEST)
            self._declare(place, day, lines)
            if place % PART == PART - 1:
                yield lines
                lines = _lines()
        yield lines

    def _person(self, someone: Someone, id: str, parent: str, day: int, lines: "_Lines") -> tuple[str, str]:
        """The person, and who speaks for the next child."""
        kind = someone.kind if parent else "woman"
        mould = {"man": self._moulds.man, "woman": self._moulds.woman, "child": self._moulds.child}[kind]
        mould.cast(someone.given() | {"person": id, "parent": parent}, self._crowd.new_id, day, lines)
        return id, parent if kind == "child" else id

    def _declare(self, place: int, day: int, lines: "_Lines") -> None:
        """Most have a doctor, and some had others before: as many declarations in all as the size says."""
        person, doctor = self._files.ids[place], self._files.doctors[place]
        due = (place + 1) * self._size.declarations // self._size.persons - self._declared
        for turn in range(due, 0, -1):
            is_last = turn == 1
            mould = self._moulds.living if is_last else self._moulds.ended
            given = {**doctor, "person": person, "number": number("0001", self._declared + 1, 2)}
            later = self._crowd.chance.randrange(YEARS_DAYS // 2) + (YEARS_DAYS // 2 if is_last else 0)
            mould.cast(given, self._crowd.new_id, day + later, lines)
            self._declared += 1

    def _visits(self) -> Iterator["_Lines"]:
        """Visits until there are as many records as the size says."""
        chance, lines = self._crowd.chance, _lines()
        of_long_ago = list(accumulate(visit.kind.weight for visit in self._moulds.visits))
        recent = list(accumulate(visit.kind.recent or visit.kind.weight for visit in self._moulds.visits))
        heavy = list(accumulate(self._files.weights))
        a_visit = sum(each.kind.weight * each.kind.records for each in self._moulds.visits) / of_long_ago[-1]
        self._left = self._size.episodes
        visits_left = self._size.records / a_visit
        records, made = 0, 0
        while records < self._size.records:
            passed = int(YEARS_DAYS * records / self._size.records)
            is_recent = YEARS_DAYS - passed < RECENT_DAYS
            visits = chance.choices(self._moulds.visits, cum_weights=recent if is_recent else of_long_ago, k=1000)
            people = chance.choices(range(len(heavy)), cum_weights=heavy, k=1000)
            self._opening, visits_left = max(self._left, 0) / max(visits_left, 1), visits_left - 1000
            for visit, place in zip(visits, people, strict=True):
                self._visit(visit, place, self._today - YEARS_DAYS + passed, lines)
                records += visit.kind.records
            made += 1000
            if made % PART == 0:
                yield lines
                lines = _lines()
        yield lines

    def _visit(self, visit: Visit, place: int, day: int, lines: "_Lines") -> None:
        files, crowd = self._files, self._crowd
        episode = files.open_episodes.get(place)
        opens = episode is None or crowd.chance.random() < self._opening
        if episode is None or opens:
            episode, self._left = crowd.new_id(), self._left - 1
            if not visit.kind.is_over:
                files.open_episodes[place] = episode
        given = {**files.doctors[place], "person": files.ids[place], "episode": episode}
        if visit.kind.prescribed:
            given |= self._prescription(place, day)
        (visit.opening if opens else visit.going_on).cast(given, crowd.new_id, day, lines)

    def _prescription(self, place: int, day: int) -> dict[str, str]:
        crowd = self._crowd
        self._prescriptions += 1
        id = crowd.ordered_id((day - EPOCH) * MILLISECONDS + self._prescriptions % MILLISECONDS)
        code = codes.new_code(crowd.chance.randbytes)
        sealed = codes.seal(code, UUID(id), secret=self._secret, random=crowd.chance.randbytes)
        pharmacy = crowd.chance.choice(self._pharmacies).workers[0]
        return {
            **{f"pharmacy_{name}": text for name, text in pharmacy.items()},
            "prescription": id,
            "number": number(codes.PREFIX, self._prescriptions, 3),
            "code": f"x{sealed.hex()}",
            "last_name": self._files.surnames[place],
        }


_Lines = defaultdict[str, list[str]]


def _lines() -> "_Lines":
    return defaultdict(list)
