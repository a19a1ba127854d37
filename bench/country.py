"""The database that is measured: registers, the sandbox's organisations, patients with an episode and a visit each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import httpx
from tests.factories.prescriptions import AMOXICILLIN, Prescribing, dosage
from tests.factories.records import Chart, Visiting, allergy, condition, immunization, observation, package
from tests.factories.world import API_KEY, Caller, give_token, key_for

from esoz import spec
from esoz.central import dictionaries, identity, medications, people, programmes
from esoz.central.app import JOB_HANDLERS, MIGRATIONS, make_api
from esoz.kernel import audit
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.jobs import Worker
from esoz.kernel.serve import migrate
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.sandbox import build
from esoz.sandbox.country import ORGANISATIONS, PLACES
from esoz.signature import Authority
from esoz.spec import drugs, katottg
from esoz.spec.roles import client_type_scopes, role_scopes

DOCTOR = "family-doctor"
ADULT = 18


@dataclass(frozen=True, slots=True)
class Request:
    """A request to central, ready to be sent by anyone."""

    method: str
    path: str
    body: bytes = b""

    def wire(self, doctor: Caller) -> bytes:
        """The bytes on the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: bench"]
        lines += [f"{name}: {value}" for name, value in doctor.headers.items()]
        if self.method != "GET":
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Country:
    """One doctor and the adult patients who chose them; every patient has been seen once."""

    doctor: Caller
    patients: tuple[people.Person, ...]
    charts: tuple[Chart, ...]
    medication_id: UUID

    def search(self, number: int) -> Request:
        """The search that finds exactly one patient."""
        person = self.patients[number % len(self.patients)]
        query = {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "birth_date": str(person.birth_date),
            "tax_id": person.tax_id,
        }
        return Request("GET", f"/api/persons?{urlencode(query)}")

    def episodes(self, number: int) -> Request:
        person = self.patients[number % len(self.patients)]
        return Request("GET", f"/api/patients/{person.id}/episodes")

    def draft(self, number: int) -> Request:
        """A prescription of an antibiotic, to be signed later."""
        chart = self.charts[number % len(self.charts)]
        today = SystemClock().now().date()
        of = Prescribing(self.doctor, chart.person_id, chart.visiting.encounter, self.medication_id, today)
        return Request("POST", "/api/medication_request_requests", json.dumps(of.order()).encode())

    def signature(self, draft: dict[str, object]) -> Request:
        """The doctor's signature under a draft as central answered it."""
        body = {
            "signed_medication_request_request": self.doctor.sign(draft),
            "signed_content_encoding": "base64",
        }
        return Request(
            "PATCH", f"/api/medication_request_requests/{draft['id']}/actions/sign", json.dumps(body).encode()
        )

    def package(self, number: int) -> Request:
        """A signed encounter package of nine resources, of the episode that the patient has."""
        chart = self.charts[number % len(self.charts)]
        visiting = chart.again()
        body = chart.body(nine_resources(visiting), visiting=visiting)
        return Request("POST", f"{chart.path}/encounter_package", json.dumps(body).encode())


def nine_resources(of: Visiting) -> dict[str, object]:
    """An encounter, two conditions, four observations, an immunization and an allergy."""
    more = [Visiting(of.now, of.clinic, of.doctor, of.division) for _ in range(3)]
    others = [observation(of, id=str(each.observation)) for each in more]
    return package(
        of,
        conditions=[condition(of), condition(of, id=str(more[0].condition))],
        observations=[observation(of), *others],
        immunizations=[immunization(of)],
        allergy_intolerances=[allergy(of)],
    )


async def build_country(url: str, authority: Authority, dependencies: Dependencies, size: int) -> Country:
    """Make the database at `url`, with at least `size` adult patients."""
    await migrate(url, MIGRATIONS)
    database = Database(url, size=2)
    await database.open()
    try:
        async with database.transaction() as db:
            work = Work(NOBODY, SystemClock().now(), db, dependencies)
            await dictionaries.import_dictionaries(work, spec.dictionaries())
            await dictionaries.import_addresses(work, _places())
            await dictionaries.dictionaries.load(db)
            await medications.import_drugs(work, drugs.antibiotics())
            await programmes.make_antibiotics_programme(work)
            doctor, employed = await _clinics(work, authority)
            patients = await _patients(work, employed, size)
            medication_id = await dosage(db, AMOXICILLIN)
            await audit.write(db, audit.AuditContext(work.now, "bench", "bench", NOBODY), work.recorded)
        charts = await _visits(database, dependencies, doctor, patients)
        async with database.connection() as db:
            await db.execute("vacuum (analyze)")
    finally:
        await database.close()
    return Country(doctor, tuple(patients), tuple(charts), medication_id)


def _places() -> Iterator[katottg.Unit]:
    """Only the settlements that are lived in: no measured request reads the register of settlements."""
    lived_in = {place.code for place in PLACES}
    return (unit for unit in katottg.units() if unit.level != "settlement" or unit.code in lived_in)


async def _clinics(work: Work, authority: Authority) -> tuple[Caller, build.Employed]:
    await identity.create_broker(work, name="bench mis", kind="MIS", api_key=API_KEY)
    known = build.worker_identities(work.today)
    made = {}
    for organisation in ORGANISATIONS:
        await build.build_organisation(work, organisation)
        for worker in organisation.workers:
            made[worker.key] = await build.build_worker(work, worker, organisation, known[worker.key], password=None)
    employed = made[DOCTOR]
    clinic = employed.organisation
    scopes = role_scopes(employed.worker.employee_type) & client_type_scopes(clinic.type)
    doctor = Caller(
        name=DOCTOR,
        token=await give_token(work, employed.user_id, clinic.id, scopes),
        api_key=API_KEY,
        user_id=employed.user_id,
        client_id=clinic.id,
        tax_id=employed.identity.tax_id,
        key=key_for(authority, work, employed.identity, clinic),
        now=work.now,
        employee_id=employed.employee_id,
        division_id=clinic.division_id,
    )
    return doctor, employed


async def _patients(work: Work, doctor: build.Employed, size: int) -> list[people.Person]:
    adults: list[people.Person] = []
    for number, family in enumerate(build.families(work.today, size * 3)):
        persons = await build.build_family(work, family, PLACES[number % len(PLACES)], number)
        for person in persons:
            if people.age(person.birth_date, work.today) >= ADULT:
                await build.declare(work, person.id, doctor)
                adults.append(person)
        if len(adults) >= size:
            break
    return adults


async def _visits(
    database: Database, dependencies: Dependencies, doctor: Caller, patients: list[people.Person]
) -> list[Chart]:
    """An episode and an encounter for each patient, through the API and the worker of this process."""
    api = make_api(database, dependencies, SystemClock(), Settings({}))
    worker = Worker(database, JOB_HANDLERS, dependencies=dependencies, clock=SystemClock())
    charts = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://bench") as client:
        for person in patients:
            chart = Chart(calling(doctor, client), worker, person.id)
            for job in (await chart.open(), await chart.send(nine_resources(chart.visiting))):
                if job.json()["data"]["status"] != "processed":
                    raise RuntimeError(job.text)
            charts.append(chart)
    return charts


def calling(doctor: Caller, client: httpx.AsyncClient) -> Caller:
    """The doctor, calling through this client."""
    return Caller(**{**vars(doctor), "client": client})
