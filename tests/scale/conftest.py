"""A five-hundredth of a country, made once for a run."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from bench.country import Country, build_country
from bench.growth import Growth, Size
from bench.moulds import make_moulds
from bench.scaled import with_patients
from bench.system import Dependencies, dependencies_of, worker_of, working

from esoz.central import identity
from esoz.kernel.clock import SystemClock, kyiv_date
from esoz.kernel.db import Database
from esoz.kernel.jobs import Worker
from esoz.kernel.operation import Operation
from esoz.sandbox.country import fixed_id
from esoz.signature import Authority, TrustList
from tests.central.test_odd_requests import ALL_SCOPES
from tests.conftest import Server
from tests.factories.world import CABINET_KEY, give_token

# Fewer people than clinics would have: registers of clinics are to be long enough for a scan of one to be seen.
PART = replace(Size.named("country/500"), clinics=600, pharmacies=150)
SECRET = b"a secret of the tests, long enough"


@dataclass(frozen=True, slots=True)
class Grown:
    """The database, whose doctor has the patients of `country`, and headers of those who ask."""

    url: str
    dependencies: Dependencies
    country: Country
    headers: dict[str, dict[str, str]]  # doctor, pharmacist, patient: the first one, who has most records

    def asking(self, operation: Operation) -> dict[str, str]:
        if operation.path.startswith(("/api/pis/", "/api/cabinet/", "/api/profile")):
            return self.headers["patient"]
        return self.headers["pharmacist" if operation.path.startswith("/api/pharmacy/") else "doctor"]


@pytest.fixture(scope="session")
async def grown(server: Server) -> AsyncIterator[Grown]:
    now = SystemClock().now()
    authority = Authority.create(
        "Навчальний КНЕДП", scheme="dstu-gost", random=os.urandom, at=now - timedelta(days=800)
    )
    dependencies = dependencies_of(TrustList(authority.certificates), SECRET)
    name = f"grown_{os.getpid()}"
    url = server.url(name)
    await server.copy("template0", name)
    try:
        country = await build_country(url, authority, dependencies, 4)
        moulds = await make_moulds(url, country, dependencies)
        database = Database(url, size=2)
        await database.open()
        async with database.connection() as db:
            await Growth(db, moulds, PART, SECRET).run(kyiv_date(now), lambda _: None)
            worker: Worker = worker_of(database, dependencies)
            country = await with_patients(db, country, worker)
        headers = await _headers(database, dependencies, country)
        await database.close()
        doctor, pharmacist = (
            replace(caller, token=headers[name]["Authorization"].removeprefix("Bearer "))  # the one before has ended
            for name, caller in (("doctor", country.doctor), ("pharmacist", country.pharmacist))
        )
        yield Grown(url, dependencies, replace(country, doctor=doctor, pharmacist=pharmacist), headers)
    finally:
        await server.drop(name)


async def _headers(database: Database, dependencies: Dependencies, country: Country) -> dict[str, dict[str, str]]:
    """Tokens that open everything: it is asked what is read, not who may."""
    found = {}
    async with working(database, dependencies) as work:
        for name, caller in (("doctor", country.doctor), ("pharmacist", country.pharmacist)):
            token = await give_token(work, caller.user_id, caller.client_id, ALL_SCOPES)
            found[name] = {"Authorization": f"Bearer {token}", "API-key": caller.api_key}
        person, client = country.patients[0], fixed_id("cabinet")
        await identity.create_broker(work, name="test cabinet", kind="PIS", api_key=CABINET_KEY)
        await identity.create_client(work, id=client, name="Кабінет", type="TRUSTED_PIS")
        user = await identity.create_user(
            work, email=None, password=None, tax_id=person.tax_id or "", person_id=person.id, id=fixed_id("patient")
        )
        token = await give_token(work, user.id, client, ALL_SCOPES)
        found["patient"] = {"Authorization": f"Bearer {token}", "API-key": CABINET_KEY}
    return found
