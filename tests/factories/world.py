"""The world of the tests: two clinics, two pharmacies, their people with keys and tokens, one patient in a cabinet.

Made through the real commands of the registries, so that a rule that changes there changes the world too.
"""

import base64
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import httpx

from esoz import spec
from esoz.central import dictionaries, identity, people
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.country import KYIV, ORGANISATIONS, Organisation
from esoz.sandbox.identities import Identity
from esoz.signature import Authority, Issued, Subject, sign
from esoz.spec import katottg
from esoz.spec.roles import client_type_scopes, role_scopes
from tests.contract.checker import must_be_as_published

NAMESPACE = UUID("6f1c1f3e-6d0e-4f0c-9a54-0d6f0a8b7e11")
API_KEY = "api-key-of-the-test-mis"
CABINET_KEY = "api-key-of-the-test-cabinet"


def fixed_id(name: str) -> UUID:
    """The same id in every run."""
    return uuid5(NAMESPACE, name)


@dataclass(frozen=True)
class Caller:
    """Someone who calls the API: with a token, an API-key and their own КЕП."""

    name: str
    token: str
    api_key: str
    user_id: UUID
    client_id: UUID
    tax_id: str
    key: Issued
    now: datetime
    employee_id: UUID | None = None
    division_id: UUID | None = None
    person_id: UUID | None = None
    client: httpx.AsyncClient | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "API-key": self.api_key}

    async def get(self, path: str, **query: object) -> httpx.Response:
        assert self.client is not None
        params = {name: str(value) for name, value in query.items()}
        response = await self.client.get(path, params=params, headers=self.headers)
        must_be_as_published(response)
        return response

    async def post(self, path: str, body: object = None, **query: object) -> httpx.Response:
        return await self._send("POST", path, body, query)

    async def patch(self, path: str, body: object = None, **query: object) -> httpx.Response:
        return await self._send("PATCH", path, body, query)

    async def put(self, path: str, body: object = None, **query: object) -> httpx.Response:
        return await self._send("PUT", path, body, query)

    async def _send(self, method: str, path: str, body: object, query: dict[str, object]) -> httpx.Response:
        assert self.client is not None
        params = {k: str(v) for k, v in query.items()}
        content = json.dumps(body if body is not None else {}, default=str).encode()
        headers = self.headers | {"Content-Type": "application/json"}
        response = await self.client.request(method, path, params=params, content=content, headers=headers)
        must_be_as_published(response)
        return response

    def sign(self, content: Any, *, at: datetime | None = None) -> str:
        """Sign JSON (or bytes) with this person's КЕП; base64 of the attached CAdES-BES."""
        raw = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False, default=str).encode()
        return base64.b64encode(sign(raw, self.key.key, self.key.certificate, at=at or self.now)).decode()


@dataclass(frozen=True)
class World:
    """Everyone the tests know."""

    doctor: Caller
    foreign_doctor: Caller
    registrar: Caller
    pharmacist: Caller
    other_pharmacist: Caller
    specialist: Caller
    owner: Caller
    patient: Caller
    persons: tuple[people.Person, ...]

    def calling(self, client: httpx.AsyncClient) -> "World":
        """The same world, its people calling through this client."""
        callers = {name: value for name, value in vars(self).items() if isinstance(value, Caller)}
        return replace(self, **{name: replace(caller, client=client) for name, caller in callers.items()})


async def load_registers(work: Work) -> None:
    """Load what every database of central has: dictionaries and settlements (kept in the template)."""
    await dictionaries.import_dictionaries(work, spec.dictionaries())
    await dictionaries.import_addresses(work, katottg.units())


def key_for(authority: Authority, work: Work, person: Identity, organisation: Organisation | None = None) -> Issued:
    """A КЕП of the test trust centre, good for a year around the moment of the tests."""
    subject = Subject(
        surname=person.last_name,
        given_name=f"{person.first_name} {person.second_name}",
        drfo=person.tax_id,
        organization=organisation.name if organisation else None,
        edrpou=organisation.edrpou if organisation else None,
    )
    start = work.now - timedelta(days=100)
    return authority.issue(subject, valid_from=start, valid_to=start + timedelta(days=365))


def with_key(authority: Authority, caller: Caller, subject: Subject, unzr: str | None = None) -> Caller:
    """The same caller with another key."""
    start = caller.now - timedelta(days=100)
    key = authority.issue(subject, valid_from=start, valid_to=start + timedelta(days=365), unzr=unzr)
    return replace(caller, key=key)


async def build_world(work: Work, authority: Authority) -> World:
    """Build everyone through the commands that the sandbox uses too."""
    await identity.create_broker(work, name="test mis", kind="MIS", api_key=API_KEY)
    await identity.create_broker(work, name="test cabinet", kind="PIS", api_key=CABINET_KEY)
    known = build.worker_identities(work.today)
    workers = {}
    for organisation in ORGANISATIONS:
        await build.build_organisation(work, organisation)
        for worker in organisation.workers:
            workers[worker.key] = await build.build_worker(work, worker, organisation, known[worker.key], password=None)
    families = list(build.families(work.today, 12))
    persons = [
        (member, person)
        for number, family in enumerate(families)
        for member, person in zip(family, await build.build_family(work, family, KYIV, number), strict=True)
    ]
    await build.declare(work, persons[0][1].id, workers["family-doctor"])
    return World(
        doctor=await _caller(work, authority, workers["family-doctor"]),
        specialist=await _caller(work, authority, workers["hospital-specialist"]),
        foreign_doctor=await _caller(work, authority, workers["rural-doctor"]),
        registrar=await _caller(work, authority, workers["family-receptionist"]),
        owner=await _caller(work, authority, workers["family-owner"]),
        pharmacist=await _caller(work, authority, workers["pharmacist"]),
        other_pharmacist=await _caller(work, authority, workers["other-pharmacist"]),
        patient=await _patient(work, authority, *persons[0]),
        persons=tuple(person for _, person in persons),
    )


async def _caller(work: Work, authority: Authority, employed: build.Employed) -> Caller:
    organisation = employed.organisation
    scopes = role_scopes(employed.worker.employee_type) & client_type_scopes(organisation.type)
    return Caller(
        name=employed.worker.key,
        token=await give_token(work, employed.user_id, organisation.id, scopes),
        api_key=API_KEY,
        user_id=employed.user_id,
        client_id=organisation.id,
        tax_id=employed.identity.tax_id,
        key=key_for(authority, work, employed.identity, organisation),
        now=work.now,
        employee_id=employed.employee_id,
        division_id=organisation.division_id,
    )


async def _patient(work: Work, authority: Authority, person: Identity, record: people.Person) -> Caller:
    client_id = fixed_id("cabinet")
    await identity.create_client(work, id=client_id, name="Кабінет", type="TRUSTED_PIS")
    user = await identity.create_user(
        work, email=None, password=None, tax_id=person.tax_id, person_id=record.id, id=fixed_id("patient")
    )
    return Caller(
        name="patient",
        token=await give_token(work, user.id, client_id, role_scopes("PATIENT")),
        api_key=CABINET_KEY,
        user_id=user.id,
        client_id=client_id,
        tax_id=person.tax_id,
        key=key_for(authority, work, person),
        now=work.now,
        person_id=record.id,
    )


async def give_token(work: Work, user_id: UUID, client_id: UUID, scopes: frozenset[str]) -> str:
    """An access token as the consent of the user would give it."""
    return (await identity.issue_access(work, user_id, client_id, scopes, None)).value
