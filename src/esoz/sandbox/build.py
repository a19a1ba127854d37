"""Makes the demo country real in central, through central's own commands: every rule holds for it too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice
from uuid import UUID

from esoz.central import (
    declarations,
    dictionaries,
    identity,
    mis_register,
    organisations,
    people,
    war_territories,
    workforce,
)
from esoz.kernel.work import Work
from esoz.spec.files import content

from .country import (
    DIIA_BROKER_ID,
    DIIA_ID,
    DIIA_NAME,
    MIS_ID,
    MIS_NAME,
    NEWCOMERS,
    ORGANISATIONS,
    PATIENTS,
    PORTAL_BROKER_ID,
    PORTAL_ID,
    PORTAL_NAME,
    SEED,
    Organisation,
    Settlement,
    Worker,
    api_key,
    client_secret,
    fixed_id,
)
from .identities import FATHERS, Identity, People

PHONES = (dictionaries.Phone("MOBILE", "+380501112233"),)
TRAINED = frozenset({"DOCTOR", "SPECIALIST", "ASSISTANT", "PHARMACIST", "LABORANT"})


@dataclass(frozen=True, slots=True)
class Employed:
    """A worker of the country as made: the human being, the position, the user."""

    worker: Worker
    organisation: Organisation
    identity: Identity
    employee_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient as made; `declared_with` names the worker whose declaration they have."""

    identity: Identity
    person_id: UUID
    declared_with: str | None
    place: Settlement
    building: str


def address(place: Settlement, street: str, building: str, kind: str = "RESIDENCE") -> dictionaries.Address:
    """An address in a real settlement on an invented street."""
    return dictionaries.Address(
        type=kind,
        country="UA",
        area=place.region,
        settlement=place.settlement,
        settlement_type=place.type,
        settlement_id=dictionaries.place_id(place.code),
        region=place.district,
        street_type="STREET",
        street=street,
        building=building,
        zip="01001",
    )


async def load_territories(work: Work) -> None:
    """Some rows of the official list of territories: one of each kind, and where a demo pharmacy stands."""
    rows, _ = war_territories.read_territories(content("war_territories.csv"))
    await war_territories.import_territories(work, rows)


async def build_organisation(work: Work, organisation: Organisation) -> organisations.LegalEntity:
    """A legal entity with its licence and its one division, verified as an administrator does it."""
    record = _state_record(organisation)
    await organisations.import_state_register(work, [record])
    details = organisations.LegalEntityDetails(
        edrpou=organisation.edrpou,
        type=organisation.type,
        edr=record,
        residence_address=_address(organisation),
        phones=PHONES,
        email=_email(organisation),
        public_offer=organisations.PublicOffer("Погоджуюся з правилами системи", True),
        license=_license(work, organisation),
    )
    await organisations.create_legal_entity(work, details, id=organisation.id)
    entity = await organisations.verify_legal_entity(work, organisation.id)
    await organisations.create_division(
        work, _division(organisation), legal_entity_id=entity.id, id=organisation.division_id
    )
    return entity


def _state_record(organisation: Organisation) -> organisations.EDR:
    return organisations.EDR(
        id=fixed_id(f"edr {organisation.key}"),
        name=organisation.name,
        edrpou=organisation.edrpou,
        state=1,
        short_name=organisation.short_name,
        public_name=organisation.short_name,
        legal_form="150",
        registration_address={"address": _address(organisation).text()},
        kveds=(organisations.Kved("Загальна медична практика", "86.21", True),),
    )


def _division(organisation: Organisation) -> organisations.DivisionDetails:
    is_pharmacy = organisation.type == "PHARMACY"
    return organisations.DivisionDetails(
        name=organisation.division,
        type=organisation.division_type,
        addresses=(_address(organisation),),
        phones=PHONES,
        email=_email(organisation),
        working_hours={day: [["08.00", "18.00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        dls_id=organisation.edrpou if is_pharmacy else None,
        dls_verified=True if is_pharmacy else None,
    )


def _address(organisation: Organisation) -> dictionaries.Address:
    return address(organisation.place, organisation.street, "1")


def _email(organisation: Organisation) -> str:
    return f"{organisation.key}@esoz.example"


def _license(work: Work, organisation: Organisation) -> organisations.License:
    issued = work.today - timedelta(days=900)
    return organisations.License(
        id=fixed_id(f"license {organisation.key}"),
        type="PHARMACY" if organisation.type == "PHARMACY" else "MSP",
        issued_by="Міністерство охорони здоров'я України",
        issued_date=issued,
        active_from_date=issued,
        order_no=f"{organisation.edrpou[-3:]}-Л",
        license_number=f"АЕ{organisation.edrpou[-6:]}",
    )


async def build_worker(
    work: Work, worker: Worker, organisation: Organisation, person: Identity, *, password: str | None
) -> Employed:
    """A user of central, hired in their position; the same user in each further position."""
    user = await identity.user_by_email(work.db, worker.email) or await identity.create_user(
        work, email=worker.email, password=password, tax_id=person.tax_id, id=fixed_id(f"user {worker.key}")
    )
    details = workforce.EmployeeDetails(
        party=_party(person, worker.email),
        employee_type=worker.employee_type,
        position=worker.position,
        start_date=work.today - timedelta(days=700),
        division_id=organisation.division_id,
        training=_training(worker, work.today) if worker.employee_type in TRAINED else None,
    )
    employee = await workforce.hire(
        work, details, legal_entity_id=organisation.id, user_id=user.id, id=employee_id(worker, organisation)
    )
    return Employed(worker, organisation, person, employee.id, user.id)


def employee_id(worker: Worker, organisation: Organisation) -> UUID:
    """The id of a position: of the first one it follows from the person alone."""
    held = [(each, place) for place in ORGANISATIONS for each in place.workers if each.key == worker.key]
    is_first = held[0] == (worker, organisation)
    return fixed_id(f"employee {worker.key}" + ("" if is_first else f" {organisation.key} {worker.employee_type}"))


def _party(person: Identity, email: str) -> workforce.PartyDetails:
    return workforce.PartyDetails(
        first_name=person.first_name,
        last_name=person.last_name,
        second_name=person.second_name,
        birth_date=person.birth_date,
        gender=person.gender,
        tax_id=person.tax_id,
        email=email,
        documents=(workforce.PartyDocument("PASSPORT", person.passport),),
        phones=(dictionaries.Phone("MOBILE", person.phone),),
        working_experience=10,
    )


def _training(worker: Worker, today: date) -> workforce.Training:
    long_ago = today - timedelta(days=3650)
    speciality = worker.speciality or ""
    level = "BASIC" if worker.employee_type == "PHARMACIST" else "FIRST"
    return workforce.Training(
        educations=(
            workforce.Education(
                country="UA",
                city="Київ",
                institution_name="Навчальний медичний університет",
                issued_date=long_ago,
                diploma_number="DD123543",
                degree="MASTER",
                speciality="Медицина",
            ),
        ),
        specialities=(
            workforce.Speciality(
                speciality=speciality,
                speciality_officio=True,
                level=level,
                qualification_type="AWARDING",
                attestation_name="Навчальна атестаційна комісія",
                attestation_date=long_ago,
                certificate_number="AB/21331",
            ),
        ),
    )


def families(today: date, count: int) -> Iterator[list[Identity]]:
    """Families and people who live alone, `count` persons in all: one or two adults, up to three children."""
    makers, made = People(SEED), 0
    while made < count:
        family = _family(makers, today, made)[: count - made]
        made += len(family)
        yield family


def newcomers(today: date) -> list[Identity]:
    """Grown-ups of the families that come after those of the demo country: nobody has registered them."""
    everybody = chain.from_iterable(families(today, PATIENTS + 10 * NEWCOMERS))
    strangers = islice(everybody, PATIENTS, None)
    return list(
        islice((each for each in strangers if people.age(each.birth_date, today) >= people.ADULT_AGE), NEWCOMERS)
    )


def _family(makers: People, today: date, number: int) -> list[Identity]:
    father = number % len(FATHERS)
    first = makers.person(today, (25, 80), father=father)
    if number % 3 == 0:
        return [first]
    second = makers.person(today, (25, 60), surname=first.last_name, male=first.gender == "FEMALE")
    children = [
        makers.person(today, (15, 17) if place == 0 else (1, 13), surname=first.last_name, father=father)
        for place in range(number % 4)
    ]
    return [first, second, *children]


async def build_family(work: Work, family: list[Identity], place: Settlement, number: int) -> list[people.Person]:
    """Register a family: adults by their own phone, children under 14 through the first adult."""
    made: list[people.Person] = []
    for member in family:
        details = _person(work.today, member, place, number, made[0] if made else None)
        made.append(await people.create_person(work, details, id=fixed_id(f"person {member.tax_id}")))
    return made


def _person(
    today: date, member: Identity, place: Settlement, number: int, parent: people.Person | None
) -> people.PersonDetails:
    child = people.age(member.birth_date, today) < 14 and parent is not None
    document = ("BIRTH_CERTIFICATE", f"1БК{member.tax_id[:6]}") if child else ("PASSPORT", member.passport)
    phones = (dictionaries.Phone("MOBILE", member.phone),)
    return people.PersonDetails(
        first_name=member.first_name,
        last_name=member.last_name,
        second_name=member.second_name,
        birth_date=member.birth_date,
        birth_country="Україна",
        birth_settlement=place.settlement,
        gender=member.gender,
        secret="калинонька",
        tax_id=member.tax_id,
        unzr=member.unzr,
        phones=phones,
        documents=(people.Document(*document, "Навчальний орган", _issued(member, today)),),
        addresses=(address(place, "Незалежності", building(number)),),
        emergency_contact=people.EmergencyContact("Олена", member.last_name, phones),
        authentication_methods=(_authentication(member, parent if child else None),),
        confidant_persons=(_confidant(parent, member),) if child and parent else (),
    )


def building(number: int) -> str:
    """Where the family of a number lives."""
    return str(number % 120 + 1)


def _issued(member: Identity, today: date) -> date:
    if (today - member.birth_date).days <= 6030:
        return member.birth_date + timedelta(days=20)
    return min(member.birth_date + timedelta(days=6000), today - timedelta(days=30))


def _authentication(member: Identity, parent: people.Person | None) -> people.AuthenticationDetails:
    if parent is not None:
        return people.AuthenticationDetails(type=people.AuthenticationType.THIRD_PERSON, value=parent.id, alias="мати")
    return people.AuthenticationDetails(type=people.AuthenticationType.OTP, phone_number=member.phone)


def _confidant(parent: people.Person, child: Identity) -> people.ConfidantDetails:
    paper = people.RelationshipDocument(
        "BIRTH_CERTIFICATE", f"1БК{child.tax_id[:6]}", "Навчальний орган", child.birth_date + timedelta(days=20)
    )
    return people.ConfidantDetails(person_id=parent.id, documents_relationship=(paper,))


async def declare(work: Work, person_id: UUID, doctor: Employed) -> None:
    """A declaration of the patient with the doctor."""
    details = declarations.DeclarationDetails(
        person_id=person_id,
        employee_id=doctor.employee_id,
        division_id=doctor.organisation.division_id,
        declaration_request_id=fixed_id(f"declaration request {person_id}"),
        content="Декларація навчальної країни",
    )
    await declarations.declare(work, details, id=fixed_id(f"declaration {person_id}"))


# Addresses of the demo are those kept for examples: nobody can be called or written to by mistake (RFC 2606).
ADMINISTRATOR_EMAIL, ADMINISTRATOR_PHONE = "admin@esoz.example", "+380501112244"
OPERATOR_EMAIL, OPERATOR_PHONE = "operator@esoz.example", "+380501112246"
CONTACTS = mis_register.Contacts(
    support_phone="+38 (050) 111-22-55",
    support_email="support@mis.example",
    support_hours="щодня 8–20",
    website="https://mis.example",
    status_page="https://status.mis.example",
)


# Doors that are trusted cabinets of their own: part → broker, client, name of both.
DOORS = {"diia": (DIIA_BROKER_ID, DIIA_ID, DIIA_NAME), "portal": (PORTAL_BROKER_ID, PORTAL_ID, PORTAL_NAME)}


async def connect_door(work: Work, part: str, address: str) -> None:
    """A door of patients becomes a client of central."""
    broker_id, client_id, name = DOORS[part]
    await identity.create_broker(work, name=name, kind="PIS", api_key=api_key(part), id=broker_id)
    await identity.create_client(work, id=client_id, name=name, type="TRUSTED_PIS")
    await identity.connect(
        work, client_id=client_id, broker_id=broker_id, redirect_uri=address, secret=client_secret(part)
    )


async def build_administrator(work: Work, *, password: str) -> identity.User:
    """An administrator of central; the codes of their second factor come to the demo's inbox."""
    return await identity.create_administrator(
        work, email=ADMINISTRATOR_EMAIL, password=password, phone=ADMINISTRATOR_PHONE
    )


async def build_operator(work: Work, *, password: str) -> identity.User:
    """An operator of the contact centre."""
    return await identity.create_official(
        work, identity.CONTACT_CENTRE, email=OPERATOR_EMAIL, password=password, phone=OPERATOR_PHONE
    )


async def enter_mis(work: Work, *, version: str) -> mis_register.Entry:
    """The demo's own MIS in the register, with contacts that its users see when something does not work."""
    worker = mis_register.Application(
        product=MIS_NAME,
        version=version,
        vendor="ТОВ «Навчальна МІС»",
        edrpou="40000063",
        areas=mis_register.AREAS,
        contact_email="team@mis.example",
        contacts=CONTACTS,
    )
    return await mis_register.enter(work, MIS_ID, worker, reason="МІС навчальної країни")


def worker_identities(today: date) -> dict[str, Identity]:
    """Who works: key of the worker → human being."""
    makers = People(SEED + 1)
    known: dict[str, Identity] = {}
    for worker in (worker for organisation in ORGANISATIONS for worker in organisation.workers):
        if worker.key not in known:
            known[worker.key] = makers.person(today, (30, 60))
    return known
