"""Patients and workers whose rows are moulds: made through commands and the API of central, then read as COPY does."""

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias, cast
from uuid import UUID, uuid4

import httpx
from tests.factories.people import choice
from tests.factories.prescriptions import Dispensing, Prescribing, sent_code
from tests.factories.records import Chart, Document, Visiting, concept, condition, encounter, moment, observation
from tests.factories.world import Caller

from esoz.central import declarations, people
from esoz.central.app import make_api
from esoz.kernel.clock import SystemClock, kyiv_date
from esoz.kernel.db import Connection, Database
from esoz.kernel.settings import Settings
from esoz.kernel.spelling import plain_name
from esoz.sandbox import build
from esoz.sandbox.country import PLACES
from esoz.sandbox.identities import Identity, People

from .country import QUANTITY, Country, calling, nine_resources
from .mould import Mould, Rows, make_mould
from .system import Dependencies, worker_of, working

Given: TypeAlias = dict[str, str]  # text of the rows → what stands there

SEED = 4711  # of the people whose rows are moulds
PERSON = ("persons", "person_tax_ids", "person_documents", "authentication_methods", "confidant_person_relationships")
DECLARATION = ("declarations", "declaration_numbers", "declaration_status_history")
RECORDS = (
    "episodes",
    "visits",
    "encounters",
    "conditions",
    "observations",
    "immunizations",
    "allergy_intolerances",
    "episode_diagnoses",
)
PRESCRIPTION = (
    "prescription_numbers",
    "medication_request_requests",
    "medication_requests",
    "dispense_persons",
    "medication_dispenses",
)
ORGANISATION = ("edr_records", "legal_entities", "licenses", "divisions", "clients")
WORKER = ("users", "parties", "party_users", "employees", "user_roles")
TABLES = (*PERSON, *DECLARATION, *RECORDS, *PRESCRIPTION, *ORGANISATION, *WORKER)
REGISTERS = (
    *("regions", "districts", "settlements", "brokers", "innms", "innm_dosages", "medications"),
    *("medical_programs", "program_medications"),
)
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of visit: what it brings, whether its episode is over after it, what is prescribed; how common it is."""

    name: str
    observations: int
    weight: int  # among those of long ago
    recent: int = 0  # among those of the last weeks, when it differs
    all_kinds: bool = False
    is_over: bool = False
    prescribed: str = ""  # the status that the prescription has

    @property
    def records(self) -> int:
        return 1 + (9 - 1 if self.all_kinds else 1 + self.observations)


KINDS = (
    Kind("short", 0, 26),
    Kind("short", 0, 14, is_over=True),
    Kind("measured", 1, 18),
    Kind("measured", 1, 8, is_over=True),
    Kind("measured", 1, 24, prescribed="COMPLETED"),
    Kind("measured", 1, 0, recent=12, prescribed="ACTIVE"),
    Kind("long", 3, 6, prescribed="COMPLETED", is_over=True),
    Kind("whole", 4, 4, all_kinds=True),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """The moulds of a kind of visit: one that opens an episode, one in an episode that is there."""

    kind: Kind
    opening: Mould
    going_on: Mould


@dataclass(frozen=True, slots=True)
class Moulds:
    """All that the country is cast in."""

    man: Mould
    woman: Mould
    child: Mould
    living: Mould
    ended: Mould
    visits: tuple[Visit, ...]
    clinic: Mould
    doctor: Mould
    pharmacy: Mould
    pharmacist: Mould
    own: Mapping[str, str]  # what stands of the measured doctor in rows, as of every other doctor


async def make_moulds(url: str, country: Country, dependencies: Dependencies) -> Moulds:
    """Let the doctor of the country see a few more people, and take their rows."""
    database = Database(url, size=2)
    await database.open()
    try:
        today = kyiv_date(SystemClock().now())
        async with working(database, dependencies) as work:
            made = [await _family(work, kind, number, country) for number, kind in enumerate(("man", "woman", "child"))]
            patients = [(await _family(work, "man", 10 + number, country))[1] for number in range(len(KINDS))]
        for kind, person in zip(KINDS, patients, strict=True):
            await _see(database, dependencies, country, kind, person)
        async with database.connection() as db:
            reader = _Reader(db, country, frozenset(await _ids_of_registers(db)), today)
            return await reader.all(made, list(zip(KINDS, patients, strict=True)))
    finally:
        await database.close()


async def _family(work: Any, kind: str, number: int, country: Country) -> tuple[Identity, people.Person, UUID | None]:
    """Somebody of a kind, with a declaration, and one before it; of a child also who speaks for it."""
    makers = People(SEED + number)
    identity = makers.person(work.today, (30, 60), male=kind != "woman")
    family = [identity]
    if kind == "child":
        family.append(makers.person(work.today, (5, 9), surname=identity.last_name, male=True))
    family = [replace(each, phone=f"+38063{number:05d}{place:02d}") for place, each in enumerate(family)]
    persons = await build.build_family(work, family, PLACES[0], number)
    for _ in range(2):
        chosen = replace(choice(persons[-1].id, country.doctor), declaration_request_id=uuid4())
        await declarations.declare(work, chosen)
    return family[-1], persons[-1], persons[0].id if kind == "child" else None


async def _see(
    database: Database, dependencies: Dependencies, country: Country, kind: Kind, person: people.Person
) -> None:
    """A visit through the API and the worker of this process, and what follows from it."""
    api = make_api(database, cast(Any, dependencies), SystemClock(), Settings({}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://bench") as client:
        doctor, pharmacist = calling(country.doctor, client), calling(country.pharmacist, client)
        chart = Chart(doctor, worker_of(database, dependencies), person.id)
        jobs = [await chart.open(), await chart.send(_package(kind, chart.visiting))]
        if kind.prescribed:
            await _prescribe(database, country, (doctor, pharmacist), chart, kind)
        if kind.is_over:
            jobs.append(await chart.act("/actions/close", _closing(chart.visiting)))
    for job in jobs:
        if job.json()["data"]["status"] != "processed":
            raise RuntimeError(job.text)


def _package(kind: Kind, of: Visiting) -> dict[str, object]:
    if kind.all_kinds:
        return nine_resources(of)
    more = [Visiting(of.now, of.clinic, of.doctor, of.division) for _ in range(kind.observations)]
    measured = [observation(of, id=str(each.observation)) for each in more]
    content = {"encounter": encounter(of), "conditions": [condition(of)]}
    return content | ({"observations": measured} if measured else {})


def _closing(of: Visiting) -> Document:
    reason = concept("eHealth/episode_closing_reasons", "resolved")
    return {"period": {"end": moment(of.now)}, "status_reason": reason, "closing_summary": "Одужання"}


async def _prescribe(
    database: Database, country: Country, callers: tuple[Caller, Caller], chart: Chart, kind: Kind
) -> None:
    doctor, pharmacist = callers
    today = kyiv_date(SystemClock().now())
    of = Prescribing(doctor, chart.person_id, chart.visiting.encounter, country.medication_id, today, QUANTITY)
    prescription = await of.prescribe()
    if kind.prescribed == "COMPLETED":
        async with database.connection() as db:
            code = await sent_code(db, prescription["request_number"])
        await Dispensing(pharmacist, country.package_id, today).give(prescription["id"], QUANTITY, code)


async def _ids_of_registers(db: Connection) -> list[str]:
    rows = await db.fetch(" union all ".join(f"select id from {table}" for table in REGISTERS))
    return [str(row["id"]) for row in rows]


async def columns(db: Connection, table: str) -> list[str]:
    """The columns that are written: not those that the database makes itself."""
    rows = await db.fetch(
        "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped"
        " and attgenerated = '' and attidentity = '' order by attnum",
        table,
    )
    return [row["attname"] for row in rows]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes rows out of the database."""

    db: Connection
    country: Country
    kept: Collection[str]
    today: date

    async def all(
        self,
        made: Sequence[tuple[Identity, people.Person, UUID | None]],
        seen: Sequence[tuple[Kind, people.Person]],
    ) -> Moulds:
        man, woman, child = [await self.person(*each) for each in made]
        ended, living = await self.declarations(made[0][1])
        visits = [await self.visit(*each) for each in seen]
        works = [
            await make(caller)
            for caller in (self.country.doctor, self.country.pharmacist)
            for make in (self.organisation, self.worker)
        ]
        own = {name: text for text, name in (await self.at_work(self.country.doctor)).items()}
        return Moulds(man, woman, child, living, ended, tuple(visits), *works, own)

    async def rows(self, tables: Sequence[str], column: str, value: object) -> Rows:
        """Lines of the tables in which a column has this value."""
        found: list[tuple[str, str]] = []
        for table in tables:
            names = await columns(self.db, table)
            if column in names:
                asked = f"select {', '.join(names)} from {table} where {column} = $1"
                found += [(table, line) for line in await self._copied(asked, value)]
        return found

    async def _copied(self, asked: str, value: object) -> list[str]:
        written = io.BytesIO()
        await self.db.copy_from_query(asked, value, output=written)
        return written.getvalue().decode().splitlines(keepends=True)

    def mould(self, rows: Rows, given: Mapping[str, str]) -> Mould:
        return make_mould(rows, {text: name for text, name in given.items() if text}, self.kept, self.today)

    async def at_work(self, caller: Caller) -> Given:
        """Who a worker is and where they work: ids, and what documents call them."""
        party = await self.party(caller)
        clinic = await self.db.fetchrow("select name, edrpou from legal_entities where id = $1", caller.client_id)
        return {
            str(caller.client_id): "clinic",
            str(caller.division_id): "division",
            str(caller.employee_id): "employee",
            str(caller.user_id): "user",
            str(party["id"]): "party",
            " ".join(party[name] for name in ("last_name", "first_name", "second_name")): "worker_name",
            clinic["name"]: "clinic_name",
            clinic["edrpou"]: "edrpou",
        }

    async def party(self, caller: Caller) -> Mapping[str, Any]:
        asked = "select p.* from parties p join employees e on e.party_id = p.id where e.id = $1"
        found: Mapping[str, Any] = await self.db.fetchrow(asked, caller.employee_id)
        return found

    async def person(self, identity: Identity, person: people.Person, parent: UUID | None) -> Mould:
        document = person.documents[0]
        given = {
            str(person.id): "person",
            str(parent or ""): "parent",
            identity.unzr: "unzr",
            identity.tax_id: "tax_id",
            identity.phone: "phone",
            document.number: "document",
            document.issued_at.isoformat(): "document_day",
            identity.birth_date.isoformat(): "birth_date",
            **named(identity),
        }
        rows = await self.rows(PERSON[:1], "id", person.id)
        return self.mould([*rows, *await self.rows(PERSON[1:], "person_id", person.id)], given)

    async def declarations(self, person: people.Person) -> tuple[Mould, Mould]:
        """One that has ended, and one that lives."""
        made = []
        asked = "select id, declaration_number from declarations where person_id = $1 order by status = 'active'"
        for found in await self.db.fetch(asked, person.id):
            rows = await self.rows(DECLARATION[:1], "id", found["id"])
            rows = [*rows, *await self.rows(DECLARATION[1:], "declaration_id", found["id"])]
            given = await self.at_work(self.country.doctor)
            given |= {str(person.id): "person", found["declaration_number"]: "number"}
            made.append(self.mould(rows, given))
        ended, living = made
        return ended, living

    async def visit(self, kind: Kind, person: people.Person) -> Visit:
        rows = await self.rows((*RECORDS, *PRESCRIPTION), "person_id", person.id)
        (episode,) = await self.db.fetchval("select array_agg(id) from episodes where person_id = $1", person.id)
        pharmacy = await self.at_work(self.country.pharmacist)
        given = {text: f"pharmacy_{name}" for text, name in pharmacy.items()}
        given |= await self.at_work(self.country.doctor) | await self._prescribed(person)
        given |= {str(person.id): "person", str(episode): "episode"}
        going_on = [row for row in rows if row[0] != "episodes"]
        return Visit(kind, self.mould(rows, given), self.mould(going_on, given))

    async def _prescribed(self, person: people.Person) -> Given:
        asked = "select id, request_number, verification_code from medication_requests where person_id = $1"
        found = await self.db.fetchrow(asked, person.id)
        if found is None:
            return {}
        code = (found["verification_code"] or b"").hex()
        return {
            str(found["id"]): "prescription",
            found["request_number"]: "number",
            f"x{code}": "code",
            person.last_name: "last_name",
        }

    async def organisation(self, caller: Caller) -> Mould:
        given = await self.at_work(caller)
        edrpou = next(text for text, name in given.items() if name == "edrpou")
        rows = [
            *await self.rows(("edr_records",), "edrpou", edrpou),
            *await self.rows(("legal_entities", "clients"), "id", caller.client_id),
            *await self.rows(("licenses", "divisions"), "legal_entity_id", caller.client_id),
        ]
        return self.mould(rows, given)

    async def worker(self, caller: Caller) -> Mould:
        party = await self.party(caller)
        given = await self.at_work(caller)
        given |= {party[name]: name for name in ("tax_id", "email", "last_name", "first_name", "second_name")}
        given |= {party["birth_date"].isoformat(): "birth_date"}
        rows = [
            *await self.rows(("users",), "id", caller.user_id),
            *await self.rows(("parties",), "id", party["id"]),
            *await self.rows(("party_users", "user_roles"), "user_id", caller.user_id),
            *await self.rows(("employees",), "id", caller.employee_id),
        ]
        return self.mould(rows, given)


def named(identity: Identity) -> Given:
    """The names of somebody, as they are written and as they are compared."""
    found: Given = {}
    for name in ("last_name", "first_name", "second_name"):
        text = getattr(identity, name)
        found[plain_name(text)] = f"{name}_key"
        found[text] = name
    return found
