"""Prepares the sandbox: registers, trust centre, country, the accounts of mis and cabinet, demo.json."""

import asyncio
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from esoz import __version__, cabinet, spec
from esoz.central import (
    contracts,
    device_definitions,
    dictionaries,
    identity,
    licences,
    medications,
    price_catalogue,
    programmes,
    services,
)
from esoz.central.people import age
from esoz.central.process import dependencies_of
from esoz.kernel import audit
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.passwords import Passwords
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.vault import Vault
from esoz.kernel.work import NOBODY, Work
from esoz.mis.base.services import VAULT
from esoz.mis.sign_in import login
from esoz.processes import MIGRATIONS
from esoz.spec import drugs, katottg
from esoz.spec.files import content
from esoz.trust_centre import operator_key

from . import build, guarantees, pharmacies, prices, rows
from .build import Employed, Patient
from .country import (
    CABINET_BROKER_ID,
    CABINET_ID,
    CABINET_NAME,
    MIS_ID,
    MIS_NAME,
    NEWCOMERS,
    ORGANISATIONS,
    PASSWORD,
    PATIENTS,
    PLACES,
    SEED,
    TABLE,
    Organisation,
    api_key,
    client_secret,
)
from .identities import Identity
from .keys import KeyRing, trust_office

Say = Callable[[str], None]
ADDRESSES = ("central", "mis", "cabinet", "portal", "diia", "govid", "inbox", "trust-centre")


@dataclass(frozen=True, slots=True)
class Made:
    """What was made in central."""

    employed: list[Employed]
    patients: list[Patient]
    newcomers: list[Identity]
    administrator: identity.User
    operator: identity.User
    secrets: dict[str, str]  # organisation key → client secret


async def everything(settings: Settings, say: Say) -> None:
    """Make the demo in databases that are migrated, and demo.json, its table."""
    say("Trust centre")
    async with trust_office(settings, random.Random(SEED).randbytes) as office:
        made = await _central(settings, say)
        say("Accounts of the clinics' workplace")
        await _mis(settings, made)
        await _cabinet(settings)
        say(f"Keys of {len(made.employed) + len(made.patients) + NEWCOMERS} people")
        async with office.keys() as keys:
            await keys.issue_seal()
            table = await _table(settings, made, keys)
    path = settings.var / TABLE
    path.write_text(json.dumps(table, ensure_ascii=False, indent=1), "utf-8")
    path.chmod(0o600)


async def _central(settings: Settings, say: Say) -> Made:
    database = Database(database_url(settings, "central"), size=1)
    await database.open()
    try:
        async with database.transaction() as db:
            work = Work(NOBODY, SystemClock().now(), db, dependencies_of(settings))
            await _registers(work, say)
            made = await _country(work, settings, say)
            about = audit.AuditContext(work.now, "sandbox", "sandbox", NOBODY)
            await audit.write(db, about, work.recorded)
    finally:
        await database.close()
    return made


async def _registers(work: Work, say: Say) -> None:
    # The database takes one register in while the file of the next one is read.
    places = asyncio.create_task(asyncio.to_thread(lambda: list(katottg.units())))
    packages = asyncio.create_task(asyncio.to_thread(lambda: [*drugs.antibiotics(), *drugs.common()]))
    say("Dictionaries")
    await dictionaries.import_dictionaries(work, spec.dictionaries())
    say("Settlements of Ukraine")
    await dictionaries.import_addresses(work, await places)
    say("Catalogue of services")
    await services.import_services(work, services.read_services(content("services.csv"), "services.csv"))
    say("Territories of hostilities")
    await build.load_territories(work)
    say("Register of medicines")
    await medications.import_drugs(work, await packages)
    await price_catalogue.import_prices(work, await asyncio.to_thread(prices.invented, await packages))
    await programmes.import_programmes(work, programmes.common_programmes())
    await programmes.import_participants(work, programmes.common_participants())
    await guarantees.offer(work)
    await device_definitions.import_device_definitions(work, device_definitions.common_device_definitions())


async def _country(work: Work, settings: Settings, say: Say) -> Made:
    say(f"Demo country: {len(ORGANISATIONS)} organisations, {PATIENTS} patients")
    await identity.create_broker(work, name=MIS_NAME, kind="MIS", api_key=api_key("mis"), id=MIS_ID)
    await identity.create_broker(work, name=CABINET_NAME, kind="PIS", api_key=api_key("cabinet"), id=CABINET_BROKER_ID)
    for part in build.DOORS:
        await build.connect_door(work, part, settings.url(part))
    await build.enter_mis(work, version=__version__)
    administrator = await build.build_administrator(work, password=PASSWORD)
    operator = await build.build_operator(work, password=PASSWORD)
    secrets, employed = {}, []
    known = build.worker_identities(work.today)
    for organisation in ORGANISATIONS:
        await build.build_organisation(work, organisation)
        secrets[organisation.key] = await _connect(work, settings, organisation)
        for worker in organisation.workers:
            employed.append(await build.build_worker(work, worker, organisation, known[worker.key], password=PASSWORD))
    await _papers_of_pharmacies(work)
    patients = await _patients(work, employed)
    await _cabinet_client(work, settings)
    newcomers = build.newcomers(work.today)
    return Made(employed, patients, newcomers, administrator, operator, secrets)


async def _papers_of_pharmacies(work: Work) -> None:
    """What the state pays for is dispensed by contract in every pharmacy, narcotic medicines in one of them."""
    owners = [each for each in ORGANISATIONS if each.type == "PHARMACY"]
    paid = tuple(each.id for each in programmes.common_programmes() if each.funding_source == "NHS")
    await contracts.import_contracts(work, [pharmacies.contract(work, each, paid) for each in owners])
    await licences.create(work, pharmacies.narcotics_license(work), legal_entity_id=owners[0].id)


async def _connect(work: Work, settings: Settings, organisation: Organisation) -> str:
    return await identity.connect(
        work,
        client_id=organisation.id,
        broker_id=MIS_ID,
        redirect_uri=f"{settings.url('mis')}/oauth/callback",
        secret=client_secret(organisation.key),
    )


async def _cabinet_client(work: Work, settings: Settings) -> None:
    await identity.create_client(work, id=CABINET_ID, name=CABINET_NAME, type="TRUSTED_PIS")
    await identity.connect(
        work,
        client_id=CABINET_ID,
        broker_id=CABINET_BROKER_ID,
        redirect_uri=settings.url("cabinet"),
        secret=client_secret("cabinet"),
    )


async def _patients(work: Work, employed: Iterable[Employed]) -> list[Patient]:
    doctors = {each.worker.key: each for each in employed}
    made = []
    for number, family in enumerate(build.families(work.today, PATIENTS)):
        persons = await build.build_family(work, family, PLACES[number % len(PLACES)], number)
        for member, person in zip(family, persons, strict=True):
            key = _doctor_for(work, person, number)
            if key is not None:
                await build.declare(work, person.id, doctors[key])
            made.append(Patient(member, person.id, key, PLACES[number % len(PLACES)], build.building(number)))
    return made


def _doctor_for(work: Work, person: Any, number: int) -> str | None:
    """Two families of three have a doctor; children go to the pediatrician."""
    if number % 3 == 2:
        return None
    if age(person.birth_date, work.today) < 18:
        return "family-pediatrician"
    return "family-doctor" if number % 2 == 0 else "rural-doctor"


async def _mis(settings: Settings, made: Made) -> None:
    database = Database(database_url(settings, "mis"), size=1)
    await database.open()
    vault, passwords, now = Vault(settings.secret(), VAULT), Passwords(), SystemClock().now()
    try:
        async with database.transaction() as db:
            for organisation in ORGANISATIONS:
                await login.add_clinic(
                    db,
                    vault,
                    organisation.id,
                    name=organisation.short_name,
                    type=organisation.type,
                    client_secret=made.secrets[organisation.key],
                    redirect_uri=f"{settings.url('mis')}/oauth/callback",
                )
            users: dict[str, UUID] = {}
            for each in made.employed:
                if each.worker.key not in users:
                    users[each.worker.key] = await _mis_user(db, passwords, each, now)
                await _workplace(db, users[each.worker.key], each)
    finally:
        await database.close()


async def _mis_user(db: Any, passwords: Passwords, each: Employed, now: Any) -> UUID:
    person = login.Person(
        last_name=each.identity.last_name,
        first_name=each.identity.first_name,
        second_name=each.identity.second_name,
        tax_id=each.identity.tax_id,
    )
    return await login.add_user(db, passwords, each.worker.email, PASSWORD, person=person, at=now)


async def _workplace(db: Any, user_id: UUID, each: Employed) -> None:
    await login.add_workplace(
        db,
        user_id,
        each.organisation.id,
        role=each.worker.employee_type,
        employee_id=each.employee_id,
        position=rows.position(each),
        division_id=each.organisation.division_id,
        division_name=each.organisation.division,
    )


async def _cabinet(settings: Settings) -> None:
    database = Database(database_url(settings, "cabinet"), size=1)
    await database.open()
    try:
        async with database.transaction() as db:
            await cabinet.set_client(
                db, settings.secret(), CABINET_ID, client_secret=client_secret("cabinet"), api_key=api_key("cabinet")
            )
    finally:
        await database.close()


async def _table(settings: Settings, made: Made, keys: KeyRing) -> dict[str, Any]:
    addresses = {name: settings.url(name) for name in ADDRESSES}
    return {
        "addresses": addresses,
        "databases": {part: database_url(settings, part) for part in MIGRATIONS},
        "people": await rows.worker_rows(made.employed, keys)
        + [await rows.patient_row(each, keys, number) for number, each in enumerate(made.patients)]
        + [await rows.newcomer_row(each, keys, number) for number, each in enumerate(made.newcomers)]
        + [
            rows.official_row(
                made.administrator, identity.ADMINISTRATOR, "Адміністратор ЕСОЗ", build.ADMINISTRATOR_PHONE
            ),
            rows.official_row(made.operator, identity.CONTACT_CENTRE, "Оператор контакт-центру", build.OPERATOR_PHONE),
        ],
        "refused_keys": [row for each in made.employed for row in await rows.refused_keys(each, keys)],
        "clients": [rows.client_row(settings, each) for each in ORGANISATIONS]
        + [
            {
                "id": str(CABINET_ID),
                "name": CABINET_NAME,
                "type": "TRUSTED_PIS",
                "secret": client_secret("cabinet"),
                "redirect_uri": settings.url("cabinet"),
                "division_id": None,
            }
        ],
        "api_keys": {part: api_key(part) for part in ("mis", "cabinet", *build.DOORS)},
        "programmes": {"antibiotics": str(programmes.ANTIBIOTICS_PROGRAMME)},
        "trust": str(settings.var / "trust"),
        "trust_centre": {"api_key": operator_key(settings)},
    }
