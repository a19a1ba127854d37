"""The database that is measured: registers, the sandbox's organisations, patients with an episode and a visit each."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

import httpx
from tests.factories.people import make_adult
from tests.factories.prescriptions import AMOXICILLIN, Dispensing, Prescribing, dosage, package_of
from tests.factories.records import Chart, Visiting, allergy, condition, immunization, observation, package
from tests.factories.world import API_KEY, Caller, give_token, key_for

from esoz import spec
from esoz.central import dictionaries, identity, people
from esoz.central.app import MIGRATIONS, make_api
from esoz.kernel.clock import SystemClock, kyiv_date
from esoz.kernel.db import Connection, Database
from esoz.kernel.serve import migrate
from esoz.kernel.settings import Settings
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.country import ORGANISATIONS, PLACES
from esoz.signature import Authority
from esoz.spec import drugs, katottg
from esoz.spec.roles import client_type_scopes, role_scopes

from .system import Dependencies, stock, worker_of, working

DECLARATION_REQUESTS = "/api/v3/declaration_requests"
DOCTOR, PHARMACIST = "family-doctor", "pharmacist"
QUANTITY = 20  # capsules of a prescription, all handed over at once
ADULT = 18
NUMBER = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")
CODE = re.compile(r"(\d{4})$")


@dataclass(frozen=True, slots=True)
class Request:
    """A request to central, ready to be sent; `headers` name the caller."""

    headers: Mapping[str, str]
    method: str
    path: str
    body: bytes = b""

    def wire(self) -> bytes:
        """The bytes on the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: bench"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.method != "GET":
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Country:
    """One doctor, the adult patients who chose them, and a pharmacist; every patient has been seen once."""

    doctor: Caller
    pharmacist: Caller
    patients: tuple[people.Person, ...]
    charts: tuple[Chart, ...]
    medication_id: UUID
    package_id: UUID

    def asked(self, path: str) -> Request:
        """A read of the doctor."""
        return Request(self.doctor.headers, "GET", path)

    def search(self, number: int) -> Request:
        """The search that finds exactly one patient."""
        person = self.patients[number % len(self.patients)]
        query = {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "birth_date": str(person.birth_date),
            "tax_id": person.tax_id,
        }
        return self.asked(f"/api/persons?{urlencode(query)}")

    def episodes(self, number: int) -> Request:
        person = self.patients[number % len(self.patients)]
        return self.asked(f"/api/patients/{person.id}/episodes")

    def episode(self, number: int) -> Request:
        """One episode by its id."""
        chart = self.charts[number % len(self.charts)]
        return self.asked(f"/api/patients/{chart.person_id}/episodes/{chart.visiting.episode}")

    def draft(self, number: int) -> Request:
        """A prescription of an antibiotic, to be signed later."""
        chart = self.charts[number % len(self.charts)]
        today = kyiv_date(SystemClock().now())
        of = Prescribing(self.doctor, chart.person_id, chart.visiting.encounter, self.medication_id, today)
        of = replace(of, quantity=QUANTITY)
        return self._sent(self.doctor, "POST", "/api/medication_request_requests", of.order())

    def signature(self, draft: dict[str, object]) -> Request:
        """The doctor's signature under a draft as central answered it."""
        body = {
            "signed_medication_request_request": self.doctor.sign(draft),
            "signed_content_encoding": "base64",
        }
        return self._sent(self.doctor, "PATCH", f"/api/medication_request_requests/{draft['id']}/actions/sign", body)

    def shown_at_pharmacy(self, prescription: "Prescription") -> Request:
        """A prescription by its number, as the pharmacist sees it."""
        path = f"/api/pharmacy/medication_requests/{prescription.number}"
        return Request(self.pharmacist.headers, "GET", path)

    def handover(self, prescription: "Prescription") -> Request:
        """A dispense of the whole prescription, to be signed later."""
        body = self._dispensing.order(str(prescription.id), QUANTITY)
        path = f"/api/pharmacy/medication_dispenses?code={prescription.code}"
        return self._sent(self.pharmacist, "POST", path, body)

    def redemption(self, dispense: dict[str, object]) -> Request:
        """The pharmacist's signature under a dispense as central answered it."""
        signed = self.pharmacist.sign(dispense | {"payment_id": "1239804", "payment_amount": 250})
        body = {"signed_medication_dispense": signed, "signed_content_encoding": "base64"}
        path = f"/api/pharmacy/medication_dispenses/{dispense['id']}/actions/process"
        return self._sent(self.pharmacist, "PATCH", path, body)

    @property
    def _dispensing(self) -> Dispensing:
        return Dispensing(self.pharmacist, self.package_id, kyiv_date(SystemClock().now()))

    def choice(self, person: "Newcomer") -> Request:
        """Somebody asks for a declaration with the doctor."""
        body = {
            "person_id": str(person.id),
            "employee_id": str(self.doctor.employee_id),
            "division_id": str(self.doctor.division_id),
        }
        return self._sent(self.doctor, "POST", DECLARATION_REQUESTS, body)

    def confirmation(self, request: dict[str, Any], code: int) -> Request:
        """The code that the patient told."""
        path = f"{DECLARATION_REQUESTS}/{request['id']}/actions/approve"
        return self._sent(self.doctor, "PATCH", path, {"verification_code": code})

    def declaration(self, approved: dict[str, Any]) -> Request:
        """The doctor's signature under what the patient approved."""
        document = approved["data_to_be_signed"]
        document = document | {"person": document["person"] | {"patient_signed": True}}
        path = f"{DECLARATION_REQUESTS}/{approved['id']}/actions/sign"
        body = {"signed_declaration_request": self.doctor.sign(document, at=SystemClock().now())}
        return self._sent(self.doctor, "PATCH", path, body)

    def package(self, number: int) -> Request:
        """A signed encounter package of nine resources, of the episode that the patient has."""
        chart = self.charts[number % len(self.charts)]
        visiting = chart.again()
        body = chart.body(nine_resources(visiting), visiting=visiting)
        return self._sent(self.doctor, "POST", f"{chart.path}/encounter_package", body)

    @staticmethod
    def _sent(caller: Caller, method: str, path: str, body: dict[str, Any]) -> Request:
        return Request(caller.headers, method, path, json.dumps(body).encode())


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with a telephone who has no doctor yet."""

    id: UUID
    phone: str


async def newcomers(url: str, dependencies: Dependencies, count: int) -> list[Newcomer]:
    """Register so many people, each with a telephone of their own: one telephone gets few codes a minute."""
    database = Database(url, size=2)
    await database.open()
    made = []
    try:
        async with working(database, dependencies) as work:
            for number in range(count):
                person = await make_adult(work, number)
                made.append(Newcomer(person.id, f"+38067{number:07d}"))
        async with database.connection() as db:
            await db.execute("vacuum (analyze) persons, authentication_methods")
    finally:
        await database.close()
    return made


async def codes_by_phone(db: Connection) -> dict[str, int]:
    """The codes of the messages that wait to be sent."""
    rows = await db.fetch("select recipient, body from messages where channel = 'sms' and urgent")
    return {row["recipient"]: int(code[0]) for row in rows if (code := re.search(r"\b\d{4}\b", row["body"]))}


@dataclass(frozen=True, slots=True)
class Prescription:
    """What a patient brings to a pharmacy: the number, and the code of the message."""

    id: UUID
    number: str
    code: str


async def prescriptions(db: Connection, least: int) -> list[Prescription]:
    """Active prescriptions with their codes. Raises RuntimeError when there are fewer than `least`."""
    rows = await db.fetch("select id, request_number from medication_requests where status = 'ACTIVE' order by id")
    codes = {}
    for row in await db.fetch("select body from messages"):
        if (number := NUMBER.search(row["body"])) and (code := CODE.search(row["body"])):
            codes[number.group()] = code.group(1)
    found = [
        Prescription(row["id"], row["request_number"], codes[row["request_number"]])
        for row in rows
        if row["request_number"] in codes
    ]
    if len(found) < least:
        raise RuntimeError(f"{len(found)} prescriptions have a code, {least} are needed")
    return found


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
        async with working(database, dependencies) as work:
            db = work.db
            await dictionaries.import_dictionaries(work, spec.dictionaries())
            await dictionaries.import_addresses(work, _places())
            await dictionaries.dictionaries.load(db)
            await stock(work, drugs.antibiotics())
            doctor, pharmacist, employed = await _clinics(work, authority)
            patients = await _patients(work, employed, size)
            medication_id = await dosage(db, AMOXICILLIN)
            package_id = await package_of(db, medication_id, QUANTITY // 2)
        charts = await _visits(database, dependencies, doctor, patients)
        async with database.connection() as db:
            await db.execute("vacuum (analyze)")
    finally:
        await database.close()
    return Country(doctor, pharmacist, tuple(patients), tuple(charts), medication_id, package_id)


def _places() -> Iterator[katottg.Unit]:
    """Only the settlements that are lived in: no measured request reads the register of settlements."""
    return (unit for unit in katottg.units() if unit.level != "settlement" or unit.code in lived_in())


@cache
def lived_in() -> frozenset[str]:
    """Codes of the settlements of people and of institutions: some stand where nobody of the demo lives."""
    return frozenset(place.code for place in (*PLACES, *(each.place for each in ORGANISATIONS)))


async def _clinics(work: Work, authority: Authority) -> tuple[Caller, Caller, build.Employed]:
    await identity.create_broker(work, name="bench mis", kind="MIS", api_key=API_KEY)
    known = build.worker_identities(work.today)
    made = {}
    for organisation in ORGANISATIONS:
        await build.build_organisation(work, organisation)
        for worker in organisation.workers:
            made[worker.key] = await build.build_worker(work, worker, organisation, known[worker.key], password=None)
    doctor = await _caller(work, authority, made[DOCTOR])
    return doctor, await _caller(work, authority, made[PHARMACIST]), made[DOCTOR]


async def _caller(work: Work, authority: Authority, employed: build.Employed) -> Caller:
    clinic = employed.organisation
    scopes = role_scopes(employed.worker.employee_type) & client_type_scopes(clinic.type)
    return Caller(
        name=employed.worker.key,
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
    api = make_api(database, cast(Any, dependencies), SystemClock(), Settings({}))
    worker = worker_of(database, dependencies)
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
