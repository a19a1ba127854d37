"""What central tells of doctors, of a patient's declaration, of requests on their way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from esoz.kernel.db import Page, Paged
from esoz.kernel.pages.display import full_years
from esoz.mis.base.journal import record
from esoz.mis.base.paging import newest_first
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import holders
from esoz.mis.care.patients import some_patients
from esoz.mis.link.access import CentralSession, calling, several
from esoz.sdk import Answer, CentralError, CentralRefused, CentralUnavailable, CentralUnreadable, whole

from . import wire
from .model import Declared, DeclaredPatient, Doctor, Event, Place, Request, Standing, Way, ranked
from .store import Office

READING = holders("declaration:read")
REQUESTS = "/api/v3/declaration_requests"
PAGE_SIZE = 25
MOST_DECLARED = 6000  # three times the largest limit
MOST_OPEN = 600  # requests live a day, so more are hardly ever open at once
CONFIRMING = frozenset({"OTP", "OFFLINE", "THIRD_PERSON"})


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen for a patient; `unfit`: why the user themselves does not stand among the doctors."""

    doctors: Sequence[Doctor]
    places: Sequence[Place]
    ways: Sequence[Way]
    is_user_unfit: bool


async def doctors(page: MisPage, central: CentralSession) -> list[Doctor]:
    """The doctors who work at the clinic now. Raises CentralError."""
    answer = await _employees(page, central)
    return [wire.read_doctor(row) for row in answer.rows()]


async def choices(page: MisPage, central: CentralSession, patient: Patient) -> Choices:
    """Doctors who take a patient of this age, divisions that act, ways to confirm. Raises CentralError."""
    found, places, ways = await several(
        _employees(page, central),
        whole(central, "/api/divisions", status="ACTIVE"),
        central.get(f"/api/persons/{patient.id}/authentication_methods"),
    )
    for answer in (found, places):
        if isinstance(answer, CentralError):
            raise answer
    everybody = [wire.read_doctor(row) for row in _rows(found)]
    fit = ranked(everybody, page.user.employees, full_years(patient.birth_date, page.today))
    known = {each.employee_id for each in everybody} & page.user.employees
    return Choices(
        fit,
        [wire.read_place(row) for row in _rows(places)],
        [way for row in _rows(ways) if (way := wire.read_way(row)).kind in CONFIRMING],
        bool(known) and not known & {each.employee_id for each in fit},
    )


async def _employees(page: MisPage, central: CentralSession) -> Answer:
    clinic_id = page.user.work.clinic_id
    return await whole(central, "/api/employees", legal_entity_id=clinic_id, employee_type="DOCTOR", status="APPROVED")


def _rows(answer: Answer | CentralError) -> Sequence[Mapping[str, object]]:
    """Rows of an answer; none of what central refused to show."""
    if isinstance(answer, CentralUnavailable) and not isinstance(answer, CentralUnreadable):
        raise answer
    return answer.rows() if isinstance(answer, Answer) else ()


async def standing(page: MisPage, central: CentralSession, person_id: UUID) -> Standing:
    """Whether a patient has a doctor, with us or elsewhere. Never raises: a page is shown without it too."""
    if page.user.roles.isdisjoint(READING):
        return Standing(is_known=False)
    try:
        # Another clinic's declaration is refused as if it were the user who may not ask.
        answer = await central.call("GET", f"/api/persons/{person_id}/declaration", doubt=False)
        rows = answer.some()
        await record(page, Event.STANDING_READ, person_id, patient_id=person_id)
        return Standing(wire.read_declared(rows[0])) if rows else Standing()
    except CentralRefused as refused:
        if refused.status == 404:
            return Standing()
        is_elsewhere = "another msp" in refused.message.lower()
        return Standing(is_elsewhere=is_elsewhere, is_known=is_elsewhere)
    except CentralUnavailable:
        return Standing(is_known=False)


async def request(page: MisPage, request_id: UUID) -> Request:
    """One request of the clinic as it is now. Raises CentralError."""
    central = await calling(page)
    found = wire.read_request(await central.get(f"{REQUESTS}/{request_id}"))
    await record(page, Event.REQUEST_READ, request_id, patient_id=found.patient_id)
    return found


async def declared(page: MisPage, declaration_id: UUID) -> Declared:
    """One declaration with the clinic. Raises CentralError."""
    central = await calling(page)
    answer = await central.get(f"/api/declarations/{declaration_id}")
    found = wire.read_declared(answer.record())
    await record(page, Event.READ, declaration_id)
    return found


async def printed(page: MisPage, declaration_id: UUID) -> tuple[str, str]:
    """The number of a declaration and its printed form, "" when central keeps none. Raises CentralError."""
    central = await calling(page)
    found = (await central.get(f"/api/v2/declarations/{declaration_id}")).record()
    await record(page, Event.PRINTED, declaration_id, patient_id=UUID(found["person_id"]))
    return found["declaration_number"], found.get("content") or ""


async def declared_with(central: CentralSession, office: Office) -> list[DeclaredPatient]:
    """Everybody who has a declaration with a doctor now, or one that is verified still. Raises CentralError."""
    path = "/api/declarations"
    who = {"legal_entity_id": office.clinic_id, "employee_id": office.employee_id}
    active = await whole(central, path, most=MOST_DECLARED, status="active", **who)
    pending = await whole(central, path, most=MOST_DECLARED, status="pending_verification", **who)
    return [wire.read_patient(row) for row in (*active.rows(), *pending.rows())]


async def patient_of(page: MisPage, found: Request) -> Patient | None:
    """Whom a request is about: by the clinic's own list, else by what will be signed; None when neither tells."""
    known = await some_patients(page, [found.patient_id])
    return known.get(found.patient_id) or _in_document(found)


def _in_document(found: Request) -> Patient | None:
    person = found.document.get("person")
    if not isinstance(person, Mapping):
        return None
    last_name, first_name, second_name = (str(person.get(name) or "") for name in _NAMES)
    born = date.fromisoformat(str(person["birth_date"]))
    return Patient(found.patient_id, last_name, first_name, second_name, born, str(person.get("gender") or ""))


_NAMES = ("last_name", "first_name", "second_name")


async def open_requests(page: MisPage, central: CentralSession, **filters: object) -> list[Request]:
    """Requests of the clinic that something can still come of, the newest first. Raises CentralError."""
    new = await whole(central, REQUESTS, most=MOST_OPEN, status="NEW", **filters)
    approved = await whole(central, REQUESTS, most=MOST_OPEN, status="APPROVED", **filters)
    await record(page, Event.REQUESTS_READ, page.user.work.clinic_id)
    return [wire.read_listed(row) for row in [*approved.rows()[::-1], *new.rows()[::-1]]]


async def requests(page: MisPage, central: CentralSession, here: Page, **filters: object) -> Paged:
    """A page of requests in one status, the newest first. Raises CentralError."""

    async def ask(number: int, size: int) -> Answer:
        return await central.get(REQUESTS, page=number, page_size=size, **filters)

    found = await newest_first(ask, here)
    await record(page, Event.REQUESTS_READ, page.user.work.clinic_id)
    return Paged([wire.read_listed(row) for row in found.rows], here, found.total)


async def named(page: MisPage, central: CentralSession, found: Sequence[Request]) -> dict[UUID, Patient]:
    """Who the requests of a page of a list are about, as far as the clinic knows or their documents tell."""
    known = await some_patients(page, {each.patient_id for each in found})
    unknown = [each for each in found if each.patient_id not in known]
    for answer in await several(*(central.get(f"{REQUESTS}/{each.id}") for each in unknown)):
        if isinstance(answer, Answer):
            told = wire.read_request(answer)
            person = _in_document(told)
            known |= {told.patient_id: person} if person else {}
    return known
