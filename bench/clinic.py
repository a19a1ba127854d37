"""The database of a workplace with a clinic and a pharmacy: three people signed in, and a day of their work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias
from uuid import UUID, uuid4

from esoz.kernel import audit, migrations
from esoz.kernel.clock import SystemClock, kyiv_date
from esoz.kernel.db import Connection, Database, insert_many
from esoz.kernel.pages import Terms, sessions
from esoz.kernel.passwords import Passwords
from esoz.kernel.vault import Vault
from esoz.mis.app import MIGRATIONS
from esoz.mis.base.services import VAULT
from esoz.mis.link.access.store import save as save_tokens
from esoz.mis.sign_in import login
from esoz.mis.sign_in.login.store import choose
from esoz.sdk import Tokens

ROWS = 50  # in each list
PASSWORD = "Пароль-для-виміру-1"
PEOPLE = {"doctor": "DOCTOR", "head": "OWNER", "pharmacist": "PHARMACIST"}
STATES = ("accepted", "accepted", "accepted", "queued", "ready", "draft", "refused")
REFUSAL = {"status": 422, "type": "validation_failed", "message": "", "faults": [], "request_id": ""}

Row: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Clinic:
    """Cookies of those who are signed in, by name, and one of the doctor's patients."""

    cookies: Mapping[str, str]
    patient: UUID


@dataclass(frozen=True, slots=True)
class _Doctor:
    """Whose lists are filled, and when."""

    id: UUID
    clinic: UUID
    now: datetime


async def build_clinic(url: str, secret: bytes) -> Clinic:
    """Migrate an empty database and fill it."""
    database, now = Database(url, size=2), SystemClock().now()
    await database.open()
    async with database.connection() as db:
        await migrations.migrate(db, migrations.read(*MIGRATIONS))
        await audit.make_partitions(db, now)
    async with database.transaction() as db:
        vault, cookies = Vault(secret, VAULT), dict[str, str]()
        places = {kind: await _place(db, vault, kind) for kind in ("PRIMARY_CARE", "PHARMACY")}
        for name, role in PEOPLE.items():
            clinic = places["PHARMACY" if role == "PHARMACIST" else "PRIMARY_CARE"]
            user, cookies[name] = await _worker(db, vault, clinic, role, now)
            if role == "DOCTOR":
                patients = await _lists(db, _Doctor(user, clinic, now))
    async with database.connection() as db:
        await db.execute("analyze")
    await database.close()
    return Clinic(cookies, patients[0])


async def _place(db: Connection, vault: Vault, kind: str) -> UUID:
    id = uuid4()
    address = "http://127.0.0.1/oauth/callback"
    await login.add_clinic(db, vault, id, name=f"КНП {kind}", type=kind, client_secret="s", redirect_uri=address)
    return id


async def _worker(db: Connection, vault: Vault, clinic: UUID, role: str, now: datetime) -> tuple[UUID, str]:
    """Somebody who has signed in and consented; the user and the cookie."""
    person = login.Person(last_name="Ковальчук", first_name="Ґалина", second_name="Їжаківна")
    user = await login.add_user(db, Passwords(), f"{role}@clinic.example", PASSWORD, person=person, at=now)
    workplace = await login.add_workplace(db, user, clinic, role=role, employee_id=uuid4(), position="терапевт")
    await choose(db, user, workplace)
    tokens = Tokens("token", "refresh", now + timedelta(days=1), frozenset())
    await save_tokens(db, vault, user, clinic, tokens, renewable_until=now + timedelta(days=30))
    session = sessions.Session(sessions.new_token(), now, now, user)
    await sessions.store(db, session, now, Terms())
    return user, session.token


async def _lists(db: Connection, doctor: _Doctor) -> list[UUID]:
    """Patients, documents and prescriptions; the patients' ids."""
    patients = [uuid4() for _ in range(ROWS)]
    makers: Mapping[str, Callable[[int, UUID, _Doctor], Row]] = {
        "patients": _patient,
        "recent_patients": _recent,
        "documents": _document,
        "prescriptions": _prescription,
    }
    for table, make in makers.items():
        rows = [make(number, patient, doctor) for number, patient in enumerate(patients)]
        await insert_many(db, table, list(rows[0]), [tuple(row.values()) for row in rows])
    return patients


def _patient(number: int, patient: UUID, doctor: _Doctor) -> Row:
    return {
        "clinic_id": doctor.clinic,
        "person_id": patient,
        "last_name": f"Мельник{chr(ord('а') + number % 30)}",
        "first_name": "Оксана",
        "second_name": "Петрівна",
        "birth_date": date(1980, 1, 1) + timedelta(days=number * 97),
        "gender": "FEMALE",
        "seen_at": doctor.now,
    }


def _recent(number: int, patient: UUID, doctor: _Doctor) -> Row:
    seen_at = doctor.now - timedelta(minutes=number)
    return {"user_id": doctor.id, "clinic_id": doctor.clinic, "person_id": patient, "seen_at": seen_at}


def _document(number: int, patient: UUID, doctor: _Doctor) -> Row:
    state, at = STATES[number % len(STATES)], doctor.now - timedelta(minutes=number)
    return {
        "id": uuid4(),
        "kind": "encounter",
        "clinic_id": doctor.clinic,
        "user_id": doctor.id,
        "patient_id": patient,
        "record_id": uuid4(),
        "title": "Візит",
        "code": "R74",
        "service_date": kyiv_date(doctor.now),
        "form": {f"field_{place}": "Скарги на кашель і нежить" for place in range(20)},
        "content": b"{}" * 2000,
        "method": "POST",
        "path": f"/api/patients/{patient}/encounter_package",
        "signed_field": "signed_data",
        "unsigned": {},
        "found_at": f"/api/patients/{patient}/encounters",
        "found_as": {},
        "state": state,
        "refusal": REFUSAL if state == "refused" else None,
        "created_at": at,
        "updated_at": at,
        "settled_at": at if state == "accepted" else None,
    }


def _prescription(number: int, patient: UUID, doctor: _Doctor) -> Row:
    """Dispensed ones: central is not asked about them again."""
    at, drug = doctor.now - timedelta(minutes=number), "Амоксицилін і клавуланова кислота, 1000 мг, таблетки"
    units = {"form": "TABLET", "substances": "", "dose_unit": "PILL", "quantity_unit": "PILL", "packages": []}
    return {
        "id": uuid4(),
        "clinic_id": doctor.clinic,
        "user_id": doctor.id,
        "patient_id": patient,
        "employee_id": uuid4(),
        "division_id": uuid4(),
        "encounter_id": uuid4(),
        "programme": {"id": str(uuid4()), "name": "Антибактеріальні лікарські засоби"},
        "drug": {"id": str(uuid4()), "name": drug, **units},
        "state": "issued",
        "request_id": uuid4(),
        "request_number": f"0000-12H4-245E-{number:04}",
        "content": b"{}" * 2000,
        "signed": b"." * 8000,
        "status": "COMPLETED",
        "status_at": at,
        "valid_to": kyiv_date(doctor.now),
        "created_at": at,
        "updated_at": at,
    }
