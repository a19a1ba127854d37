"""What a prescription needs to know from central."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from esoz.kernel import logs
from esoz.kernel.db import Connection
from esoz.mis.base.services import MisPage, Services
from esoz.mis.care.patients import Part, allergies
from esoz.mis.link.access import CentralSession, ConsentNeeded, calling, session_of, several
from esoz.sdk import Answer, CentralError, CentralUnavailable, CentralUnreadable, is_whole, understanding, whole

from . import store
from .model.course import Course, Programme, allows, is_of_series, is_same, order, read_programme
from .model.drugs import Drug, read_drug
from .model.known_risks import KnownRisks
from .model.note import Issuer, Printed, code_on_form, information_note, note_of_several, pays_patient
from .model.prescriptions import Prescription, made_today
from .model.taken import Taken, has_dispense, may_be_dispensed_in_part, of_draft, of_ours, of_request
from .model.vocabulary import meant

ANTIBIOTICS = "J01"  # the ATC group of antibacterials for systemic use
LEAST_TYPED, MOST_FOUND = 2, 20
FRESH_SECONDS = 60
MOST_ASKED = 50  # those that were asked for longest ago; the others are followed in the background
FOLLOWED_EVERY = timedelta(minutes=10)
MOST_FOLLOWED = 20
MOST_PRINTED = 20  # prescriptions on one note


async def programmes(page: MisPage, central: CentralSession) -> list[Programme]:
    """Programmes by which the user's kind of employee may prescribe.

    The cheapest for the patient come first, then the one that was used last.
    """
    answer = await whole(central, "/api/medical_programs", type="MEDICATION")
    role = page.user.work.role
    found = [read_programme(each) for each in answer.rows() if allows(each, role)]
    last = await store.last_programme(page.db, page.user.id, page.user.work.clinic_id)
    return sorted(found, key=lambda programme: (not programme.is_paid_for, programme.id != last, programme.name))


async def encounters(page: MisPage, central: CentralSession, patient_id: UUID) -> list[Mapping[str, Any]]:
    """The user's own encounters with the patient that were finished today, the newest first."""
    day = page.today.isoformat()
    # Asking for the clinic's own ones: without a declaration or an approval others are refused.
    answer = await whole(
        central,
        f"/api/patients/{patient_id}/encounters",
        managing_organization_id=page.user.work.clinic_id,
        date_from=day,
        date_to=day,
    )
    found = made_today(answer.rows(), page.user.work.employee_id, page.today)
    return sorted(found, key=lambda encounter: (encounter.get("period") or {}).get("end") or "", reverse=True)


@dataclass(frozen=True, slots=True)
class FoundDrug:
    """A medicine of a search; `is_antibiotic`: it belongs to the ATC group J01."""

    drug: Drug
    is_antibiotic: bool

    @property
    def label(self) -> str:
        return f"{self.drug.name} · {ANTIBIOTICS}" if self.is_antibiotic else self.drug.name


async def drugs(page: MisPage, central: CentralSession, text: str) -> list[FoundDrug]:
    """Medicines by substance, Latin name or own name; by a trade name, or with a slip, those that it may mean.

    What the doctor writes most comes first, then what their clinic does.
    """
    if len(text) < LEAST_TYPED:
        return []
    found = await _found(central, text)
    if not found:
        names = await asyncio.to_thread(meant, text)  # its table takes a second or two to be made
        others = [await _found(central, each) for each in names]
        found = [each for several_found in others for each in several_found]
    ids = [str(each.drug.id) for each in found]
    used = await store.used(page.db, ids, page.user.id, page.user.work.clinic_id) if found else {}
    found.sort(key=lambda each: used.get(str(each.drug.id), (0, 0)), reverse=True)  # the rest stays in central's order
    return found[:MOST_FOUND]


async def _found(central: CentralSession, text: str) -> list[FoundDrug]:
    asked: dict[str, object] = {"medication_request_allowed": "true", "page_size": MOST_FOUND}
    path = "/api/v2/drugs"
    by_substance, by_name, antibiotics = await several(
        central.get(path, innm_name=text, **asked),
        central.get(path, innm_dosage_name=text, **asked),
        central.get(path, innm_dosage_name=text, medication_code_atc=ANTIBIOTICS, **asked),
    )
    found = {each["id"]: each for answer in (by_substance, by_name) for each in _rows(answer)}
    marked = {each["id"] for each in _rows(antibiotics)}
    return [FoundDrug(read_drug(each), each["id"] in marked) for each in found.values()]


def _rows(answer: Answer | CentralError) -> Sequence[Mapping[str, Any]]:
    if isinstance(answer, CentralError):
        raise answer
    return answer.rows()


async def offers(
    central: CentralSession, programmes: Sequence[Programme], drug_ids: Sequence[UUID]
) -> list[list[tuple[Programme, Drug]]]:
    """Of each medicine the programmes that have it, each with its packages; all are asked for at once."""
    answers = await several(*(_drug_of(central, programme, id_) for id_ in drug_ids for programme in programmes))
    found = [_rows(answer) for answer in answers]
    size = len(programmes)
    return [
        [
            (programme, read_drug(rows[0]))
            for programme, rows in zip(programmes, found[n * size : (n + 1) * size], strict=True)
            if rows
        ]
        for n in range(len(drug_ids))
    ]


def _drug_of(central: CentralSession, programme: Programme, drug_id: UUID) -> Coroutine[Any, Any, Answer]:
    asked = {"innm_dosage_id": drug_id, "medical_program_id": programme.id, "medication_request_allowed": "true"}
    return central.get("/api/v2/drugs", **asked)


async def methods(central: CentralSession, patient_id: UUID) -> list[tuple[str, str, str]]:
    """Ways to tell the patient: id, kind, masked phone or name; none when central does not show them."""
    [answer] = await several(central.get(f"/api/persons/{patient_id}/authentication_methods"))
    if isinstance(answer, CentralUnavailable):
        raise answer
    if isinstance(answer, CentralError):
        return []
    return [
        (each["id"], each["type"], each.get("phone_number") or (each.get("confidant_person") or {}).get("name", ""))
        for each in answer.rows()
        if each.get("is_active") is not False
    ]


async def known_risks(
    page: MisPage, central: CentralSession, rx: Prescription, course: Course
) -> tuple[Part, KnownRisks]:
    """Allergies, as pages show them, and everything of the record that a prescription is held against."""
    found = await allergies(page, central, rx.patient_id)
    taken, is_all = await _taken(page, central, rx, course)
    return found, KnownRisks(found.rows if found.is_here else None, taken, is_all)


async def _taken(page: MisPage, central: CentralSession, rx: Prescription, course: Course) -> tuple[list[Taken], bool]:
    """What the patient takes besides this prescription, and whether central told all of it."""
    base = f"/api/persons/{rx.patient_id}"
    in_force, running, waiting = answers = await several(
        whole(central, f"{base}/medication_requests", status="ACTIVE"),
        whole(central, f"{base}/medication_requests", ended_at_from=course.started_at),
        whole(central, f"{base}/medication_request_requests", status="NEW", intent="order"),
    )
    issued = {each["id"]: each for each in (*_told(in_force), *_told(running))}
    partly = [each for each in _told(running) if may_be_dispensed_in_part(each)]
    dispenses = await several(
        *(whole(central, f"{base}/medication_requests/{each['id']}/medication_dispenses") for each in partly)
    )
    dispensed = {each["id"] for each, answer in zip(partly, dispenses, strict=True) if has_dispense(_told(answer))}
    asked = order(rx.drug, course, rx.place, rx.programme.id, page.today)
    unsigned = await store.unsigned(page.db, rx.patient_id, rx.clinic_id, but=rx.id)
    ours = [each for each in unsigned if each.series_id is None or each.series_id != rx.series_id]
    # One id from the draft to the prescription: what is told of it later counts. This very order is no second one.
    found = {str(each.request_id or each.id): of_ours(each, page.today) for each in ours}
    found |= {
        each["id"]: of_draft(each) for each in _told(waiting) if not (is_same(asked, each) or is_of_series(asked, each))
    }
    found |= {id_: of_request(each, was_dispensed=id_ in dispensed) for id_, each in issued.items()}
    is_all = all(isinstance(answer, Answer) and is_whole(answer) for answer in (*answers, *dispenses))
    return [each for each in found.values() if each is not None], is_all


def _told(answer: Answer | CentralError) -> Sequence[Mapping[str, Any]]:
    return answer.rows() if isinstance(answer, Answer) else ()


async def printed_code(central: CentralSession, patient_id: UUID, request_id: UUID) -> str | None:
    """The code that has to be printed for the patient; None when it went to their phone."""
    answer = await central.get(f"/api/persons/{patient_id}/medication_requests/{request_id}/printout_form")
    return code_on_form(answer.record()["printout_form"])


async def price_address(central: CentralSession, patient_id: UUID, request: Mapping[str, Any]) -> str:
    """Where prices of what the patient pays for are compared; empty where nobody tells: the note needs no more."""
    if not pays_patient(request):
        return ""
    path = f"/api/persons/{patient_id}/medication_requests/{request['id']}/price_catalog_link"
    try:
        return str((await central.get(path)).record()["price_catalog_link"])
    except (CentralError, KeyError):
        return ""


async def note(page: MisPage, request: Mapping[str, Any], printout_form: str, prices: str) -> bytes:
    """The patient's note as PDF; the code is on it only when it did not go to a phone."""
    return await asyncio.to_thread(
        information_note,
        request,
        code=code_on_form(printout_form),
        issuer=_issuer(request.get("division") or {}),
        printed_on=page.today,
        prices=prices,
    )


async def of_encounter(central: CentralSession, patient_id: UUID, encounter_id: UUID) -> list[Printed]:
    """Prescriptions in force of a visit, in the order in which they were written, with what is printed of each."""
    base = f"/api/persons/{patient_id}/medication_requests"
    answer = await whole(central, base, encounter_id=encounter_id, status="ACTIVE")
    found = list(answer.rows())[:MOST_PRINTED]
    forms = await several(*(central.get(f"{base}/{each['id']}/printout_form") for each in found))
    prices = [await price_address(central, patient_id, each) for each in found]
    return [
        Printed(each, code_on_form(_printed(form)["printout_form"]), price)
        for each, form, price in zip(found, forms, prices, strict=True)
    ]


def _printed(answer: Answer | CentralError) -> Mapping[str, Any]:
    if isinstance(answer, CentralError):
        raise answer
    return answer.record()


async def note_of_visit(page: MisPage, found: Sequence[Printed]) -> bytes:
    """One note for all of them as PDF."""
    return await asyncio.to_thread(
        note_of_several, found, issuer=_issuer(found[0].request.get("division") or {}), printed_on=page.today
    )


def _issuer(division: Any) -> Issuer:
    return Issuer(
        next((_address(each) for each in division.get("addresses") or ()), ""),
        next((each["number"] for each in division.get("phones") or ()), ""),
    )


def _address(address: Mapping[str, Any]) -> str:
    """м. Київ, вул. Ніжинська, 15"""
    parts = (address.get("settlement"), address.get("street"), address.get("building"))
    return ", ".join(str(part) for part in parts if part)


async def refreshed(page: MisPage, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows of the user's list with the statuses that central tells now; as they were when it does not answer."""
    stale = [row for row in rows if _is_stale(row, page)]
    if not stale:
        return list(rows)
    statuses = await _ask(page.db, await calling(page), stale, page.now)
    return [{**row, "status": statuses.get(row["request_id"], row["status"])} for row in rows]


def _is_stale(row: Mapping[str, Any], page: MisPage) -> bool:
    """Only an active prescription changes, and not every minute."""
    asked = row["status_at"]
    return bool(row["state"] == "issued" and row["status"] == "ACTIVE") and (
        asked is None or (page.now - asked).total_seconds() > FRESH_SECONDS
    )


async def refresh_mine(page: MisPage) -> None:
    """Ask for the user's active prescriptions before they are chosen by status; nothing when central is away."""
    before = page.now - timedelta(seconds=FRESH_SECONDS)
    stale = await store.stale(page.db, before, MOST_ASKED, owner=(page.user.id, page.user.work.clinic_id))
    if stale:
        await _ask(page.db, await calling(page), stale, page.now)


async def follow(services: Services) -> None:
    """Ask for prescriptions of everybody that were not asked for lately; for a background work. Raises CentralError."""
    now = services.clock.now()
    async with services.database.connection() as db:
        stale = await store.stale(db, now - FOLLOWED_EVERY, MOST_FOLLOWED)
    for row in stale:
        async with services.database.transaction() as db:
            try:
                with understanding():
                    central = await session_of(db, services, row["user_id"], row["clinic_id"])
                    await _ask(db, central, [row], now)
            except CentralUnreadable as odd:  # as often as the others, so that it does not stand in their way
                logs.alarm("a prescription's status cannot be read", odd, request_id=row["request_id"])
                await store.note_status(db, row["request_id"], row["status"], now)
            except ConsentNeeded:  # asked for again when the user comes back
                await store.note_status(db, row["request_id"], row["status"], now)


async def _ask(
    db: Connection, central: CentralSession, rows: Sequence[Mapping[str, Any]], now: datetime
) -> Mapping[UUID, str]:
    """The statuses that central tells of prescriptions; kept, with the time also of those that it does not show."""
    answers = await several(
        *(central.get(f"/api/persons/{row['patient_id']}/medication_requests/{row['request_id']}") for row in rows)
    )
    statuses: dict[UUID, str] = {}
    for row, answer in zip(rows, answers, strict=True):
        if isinstance(answer, CentralUnavailable) and not isinstance(answer, CentralUnreadable):
            continue
        statuses[row["request_id"]] = answer.record()["status"] if isinstance(answer, Answer) else row["status"]
        await store.note_status(db, row["request_id"], statuses[row["request_id"]], now)
    return statuses
