"""Questions about doctors: to the copy of the registers, and to central about one of them as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound
from esoz.kernel.pages.reading import day_of
from esoz.kernel.spelling import plain_name
from esoz.sdk import Answer, CentralRefused

from ..access import CentralSession, calling
from ..services import CabinetPage
from . import store
from .model import Centre, Doctor

EMPLOYEES = "/api/stats/employees"
MOST_SETTLEMENTS = 20
SHORTEST = 2
ME = "who_chooses"  # in the session: asked of central once


@dataclass(frozen=True, slots=True)
class Me:
    """What of the patient matters for a choice: the day of birth, the settlement they live in."""

    born: date
    settlement_id: str


async def me(page: CabinetPage) -> Me:
    """Who is choosing; central is asked once in a session. Raises CentralError, SignInNeeded."""
    kept, user_id = page.session.data.get(ME), str(page.user.id)
    # Somebody else of the family may have come in with their key in another tab of this browser.
    if isinstance(kept, dict) and kept.get("user") == user_id and (known := day_of(str(kept.get("born")))):
        return Me(known, str(kept.get("home") or ""))
    person = (await (await calling(page)).get("/api/pis/person")).record()
    born, home = date.fromisoformat(person["birth_date"]), _home(person)
    page.session.put(ME, {"user": user_id, "born": born.isoformat(), "home": home})
    return Me(born, home)


def forget_me(page: CabinetPage) -> None:
    """The patient's data were changed: they are asked for anew."""
    page.session.pop(ME)


def _home(person: Mapping[str, Any]) -> str:
    addresses = person.get("addresses") or ()
    found: Mapping[str, Any] = next((each for each in addresses if each.get("type") == "RESIDENCE"), {})
    return str(found.get("settlement_id") or "")


async def settlements(db: Connection, typed: str) -> list[Centre]:
    """Settlements where doctors receive, by the beginning of the name as it was typed; the largest first."""
    key = plain_name(typed.partition(",")[0])
    if len(key) < SHORTEST:
        return []
    return list(await store.settlements(db, key, MOST_SETTLEMENTS))


@dataclass(frozen=True, slots=True)
class Found:
    """A doctor as they are now; `experience` in years, None when the register does not tell it."""

    doctor: Doctor
    experience: int | None


async def doctor(db: Connection, id: UUID) -> Doctor:
    """A doctor of the copy. Raises NotFound for who cannot be chosen."""
    found = await store.doctor(db, id)
    if found is None:
        raise NotFound()
    return found


async def asked(central: CentralSession, id: UUID) -> Answer:
    """A doctor as central knows them now. Raises CentralRefused for who works no more."""
    return await central.get(f"{EMPLOYEES}/{id}")


def as_now(doctor: Doctor, answer: object) -> Found:
    """The doctor of the copy with what central has just said of them, when it said anything.

    Raises NotFound when central says that nobody works there: the copy has not heard of it yet.
    """
    if isinstance(answer, CentralRefused) and answer.status == NotFound.status:
        raise NotFound()
    if not isinstance(answer, Answer):
        return Found(doctor, None)
    party = answer.record().get("party") or {}
    if not party.get("is_available", True):
        doctor = replace(doctor, free=0)
    experience = party.get("working_experience")
    return Found(doctor, experience if isinstance(experience, int) else None)
