"""Rows of demo.json: who is there, with which key; what programs and the telephone with Diia read."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from esoz import spec
from esoz.central import identity
from esoz.kernel.settings import Settings

from .build import Employed, Patient
from .country import (
    KEY_PASSWORD,
    PASSWORD,
    PATIENTS,
    PLACES,
    SHOWN_PATIENTS,
    SHOWN_WORKERS,
    WITH_REFUSED_KEYS,
    Organisation,
    client_secret,
)
from .identities import Identity
from .keys import KeyRing, KeyState
from .papers import papers

# Patients whose only key is refused: for the errors of the cabinet's sign-in.
REFUSED_PATIENTS = {PATIENTS - 1: KeyState.REVOKED, PATIENTS: KeyState.EXPIRED}


def client_row(settings: Settings, organisation: Organisation) -> dict[str, Any]:
    return {
        "id": str(organisation.id),
        "name": organisation.name,
        "type": organisation.type,
        "secret": client_secret(organisation.key),
        "redirect_uri": f"{settings.url('mis')}/oauth/callback",
        "division_id": str(organisation.division_id),
    }


async def worker_rows(employed: Iterable[Employed], keys: KeyRing) -> list[dict[str, Any]]:
    """A row for each position; a person has one key, of the organisation of the first one."""
    paths: dict[str, Path] = {}
    for each in employed:
        if each.worker.key not in paths:
            paths[each.worker.key] = await keys.issue(
                each.identity, each.worker.key, organisation=each.organisation, title=position(each)
            )
    return [_worker_row(each, paths[each.worker.key], keys.today) for each in employed]


def _worker_row(each: Employed, path: Path, today: date) -> dict[str, Any]:
    return {
        "role": each.worker.employee_type,
        "name": each.identity.full_name,
        "email": each.worker.email,
        "password": PASSWORD,
        "tax_id": each.identity.tax_id,
        "key_file": _shown(path),
        "key_password": KEY_PASSWORD,
        "user_id": str(each.user_id),
        "employee_id": str(each.employee_id),
        "person_id": None,
        "client_id": str(each.organisation.id),
        "organisation": each.organisation.name,
        "division_id": str(each.organisation.division_id),
        "papers": papers(each.identity, each.organisation.place, today),
        "shown": each.worker.key in SHOWN_WORKERS,
        "key_state": str(KeyState.VALID),
    }


def official_row(user: identity.User, role: str, name: str, phone: str) -> dict[str, Any]:
    """They have no key: a password, and a code that comes to this phone."""
    return {
        "role": role,
        "name": name,
        "email": user.email,
        "password": PASSWORD,
        "phone": phone,
        "user_id": str(user.id),
        "tax_id": None,
        "key_file": None,
        "key_password": None,
        "person_id": None,
        "employee_id": None,
        "shown": True,
    }


async def refused_keys(each: Employed, keys: KeyRing) -> list[dict[str, Any]]:
    """Further keys of a worker that must be refused, to try the refusals."""
    rows = []
    for state in (KeyState.REVOKED, KeyState.EXPIRED) if each.worker.key in WITH_REFUSED_KEYS else ():
        path = await keys.issue(
            each.identity,
            f"{each.worker.key}-{state}",
            organisation=each.organisation,
            title=position(each),
            state=state,
        )
        rows.append(
            {
                "name": each.identity.full_name,
                "email": each.worker.email,
                "key_state": str(state),
                "key_file": _shown(path),
                "key_password": KEY_PASSWORD,
            }
        )
    return rows


async def patient_row(each: Patient, keys: KeyRing, number: int) -> dict[str, Any]:
    state = REFUSED_PATIENTS.get(number + 1, KeyState.VALID)
    path = await keys.issue(each.identity, f"patient-{number + 1:03d}", state=state)
    return _person_row("PATIENT", each.identity, path) | {
        "person_id": str(each.person_id),
        "declared_with": each.declared_with,
        "papers": papers(each.identity, each.place, keys.today, each.building),
        "key_state": str(state),
        "shown": number < SHOWN_PATIENTS or state is not KeyState.VALID,
    }


async def newcomer_row(each: Identity, keys: KeyRing, number: int) -> dict[str, Any]:
    """Somebody whom central does not know: a key and papers, to register with."""
    path = await keys.issue(each, f"newcomer-{number + 1}", state=KeyState.VALID)
    return _person_row("NEWCOMER", each, path) | {
        "papers": papers(each, PLACES[number % len(PLACES)], keys.today),
        "passport": each.passport,
        "gender": each.gender,
        "shown": not number,
    }


def _person_row(role: str, identity: Identity, path: Path) -> dict[str, Any]:
    """Somebody who comes in with a key alone."""
    return {
        "role": role,
        "name": identity.full_name,
        "email": None,
        "password": None,
        "tax_id": identity.tax_id,
        "key_file": _shown(path),
        "key_password": KEY_PASSWORD,
        "first_name": identity.first_name,
        "last_name": identity.last_name,
        "second_name": identity.second_name,
        "birth_date": identity.birth_date.isoformat(),
        "phone": identity.phone,
        "person_id": None,
        "employee_id": None,
        "declared_with": None,
        "key_state": str(KeyState.VALID),
    }


def _shown(path: Path) -> str:
    """The path as a person would type it from the project's folder, when it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def position(each: Employed) -> str:
    positions = {value.code: value.description for value in spec.dictionary("POSITION").values}
    return positions.get(each.worker.position, "")
