"""Questions about patients, with their lines in the audit log."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from esoz.kernel.db import Connection, Page
from esoz.kernel.errors import NotFound
from esoz.mis.base.explanations import Explanation
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.section import PatientLine
from esoz.mis.base.services import MisPage, Services
from esoz.mis.link.access import CentralSession, calling, several
from esoz.mis.link.errors import explain
from esoz.sdk import Answer, CentralError, CentralRefused, CentralUnreadable, whole

from . import store
from .model import Event, Search, is_in_force, read_fields

FOUND = "found_patients"
PAGE_SIZE = 25
LIST_SIZE = 50
MOST_OFFERED = 100


async def known_patient(page: MisPage, person_id: UUID) -> Patient:
    """A patient found by search before, by anybody of this clinic. Raises NotFound."""
    clinic_id = page.user.work.clinic_id
    found = _in_last_search(page, person_id)
    if found is not None:
        await store.keep(page.db, clinic_id, found, page.now)
    patient = await store.open_known(page.db, clinic_id, person_id, page.user.id, page.now)
    if patient is None:
        raise NotFound()
    await record(page, Event.OPENED, person_id, patient_id=person_id)
    return patient


async def find_patient(db: Connection, clinic_id: UUID, person_id: UUID) -> Patient:
    """A patient that the clinic has opened before. Raises NotFound."""
    found = await store.find(db, clinic_id, person_id)
    if found is None:
        raise NotFound()
    return found


async def some_patients(page: MisPage, person_ids: Collection[UUID]) -> dict[UUID, Patient]:
    """Those of these people whom the page's clinic has opened before: for lists, which tell of names only."""
    return await store.some(page.db, page.user.work.clinic_id, person_ids)


def lines(page: MisPage) -> list[PatientLine[Services]]:
    """What other sections know of a patient in a line."""
    return [line for section in page.services.sections for line in section.patient_lines]


def kept_lines(page: MisPage, person_id: UUID) -> list[str]:
    """The same as it was told last, without asking central."""
    return [text for line in lines(page) if (text := line.kept(page, person_id))]


def offer(page: MisPage, patients: Iterable[Patient]) -> None:
    """Let these people be opened from this session, as if they had been found: a list of central named them."""
    kept = page.session.data.get(FOUND)
    shown = {
        str(each.id): [each.last_name, each.first_name, each.second_name, each.birth_date.isoformat(), each.gender]
        for each in patients
    }
    known = [(id, card) for id, card in (kept if isinstance(kept, dict) else {}).items() if id not in shown]
    page.session.put(FOUND, dict([*known, *shown.items()][-MOST_OFFERED:]))


async def recent(page: MisPage) -> list[Patient]:
    """Patients whom the page's user has opened lately at the present clinic."""
    return await store.recent(page.db, page.user.id, page.user.work.clinic_id)


async def search_in_turn(page: MisPage, ways: Sequence[Mapping[str, str]]) -> tuple[Mapping[str, str], Answer]:
    """Ask for what a line may mean, the likeliest first, until somebody is found; the fields that found them."""
    answer = Answer(200, [])
    for values in ways:
        asked, errors = read_fields(values, page.today)
        if errors:
            continue
        answer = await search(page, asked)
        if answer.data:
            return values, answer
    return ways[0], answer


async def search(page: MisPage, asked: Search) -> Answer:
    """Ask central; those found may be opened from this session. Raises CentralRefused and the rest."""
    central = await calling(page)
    here = page.list_page(PAGE_SIZE)
    answer = await central.get("/api/persons", **asked.query(), page=here.number, page_size=here.size)
    found = answer.rows()
    # Kept in the session: only people whom somebody opens get into the clinic's list.
    page.session.put(FOUND, {str(UUID(item["id"])): _card(item, asked) for item in found})
    await record(page, Event.SEARCHED, "persons", found=len(found))
    return answer


def _card(item: Mapping[str, Any], asked: Search) -> list[str]:
    """The published answer holds what was asked by; a second name that is left out is the one asked for."""
    card = [
        item["last_name"],
        item["first_name"],
        item.get("second_name") or asked.second_name,
        date.fromisoformat(item.get("birth_date") or asked.birth_date).isoformat(),
        item.get("gender") or "",
    ]
    if not all(isinstance(value, str) for value in card):
        raise CentralUnreadable("a person who cannot be read")  # now, and not when the card is opened
    return card


def _in_last_search(page: MisPage, person_id: UUID) -> Patient | None:
    kept = page.session.data.get(FOUND)
    card = kept.get(str(person_id)) if isinstance(kept, dict) else None
    if card is None:
        return None
    last_name, first_name, second_name, birth_date, gender = card
    return Patient(person_id, last_name, first_name, second_name, date.fromisoformat(birth_date), gender)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page that comes from central: a list, or the refusal; `away` when central did not answer."""

    rows: Sequence[Mapping[str, Any]]
    refused: Sequence[Explanation] = ()
    away: bool = False
    total: int = 0
    page: Page = field(default_factory=Page)

    @property
    def is_here(self) -> bool:
        return not self.refused and not self.away


async def allergies(page: MisPage, central: CentralSession, patient_id: UUID) -> Part:
    """All allergies that are in force, of every clinic: half a list would be taken for the whole."""
    [answer] = await several(whole(central, f"/api/patients/{patient_id}/summary/allergy_intolerances"))
    if isinstance(answer, CentralError):
        return part(page, answer)
    await record(page, Event.ALLERGIES_READ, patient_id, patient_id=patient_id)
    found = [each for each in answer.rows() if is_in_force(each)]
    return Part(found, total=len(found))


def part(page: MisPage, answer: Answer | CentralError, here: Page | None = None) -> Part:
    """An answer as a part; `here`: which rows of a list were asked for, None when all were."""
    if isinstance(answer, CentralRefused):
        return Part((), explain(page, answer))
    if isinstance(answer, CentralError):
        return Part((), away=True)
    try:
        rows, total = answer.some(), answer.total
    except CentralUnreadable:
        return Part((), away=True)
    return Part(rows, total=total, page=here or Page(size=max(total, 1)))


async def parts(page: MisPage, central: CentralSession, base: str, names: Sequence[str]) -> dict[str, Part]:
    """Lists below a path, each turned by its own name in the address."""
    places = {name: page.list_page(LIST_SIZE, name) for name in names}
    answers = await several(
        *(central.get(f"{base}/{name}", page=here.number, page_size=here.size) for name, here in places.items())
    )
    return {name: part(page, answer, here) for (name, here), answer in zip(places.items(), answers, strict=True)}
