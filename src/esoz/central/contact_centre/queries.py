"""Questions of operators about a person, and about complaints; each leaves a line that the person can see."""

from datetime import datetime, timedelta
from uuid import UUID

from esoz.central import people, person_requests
from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from . import policy, store
from .model import ROLE, SHOWN, Card, Case, Complaint, ComplaintStatus, Event, Reason

OPEN_CASES = 10
INSTANT, FIRST = timedelta(microseconds=1), UUID(int=0)


async def open_cases(work: Work) -> list[Case]:
    """Cases of the operator who asks that are open still."""
    return await store.open_cases(work.db, policy.operator_of(work.actor), work.now, OPEN_CASES)


async def case(work: Work, id: UUID) -> tuple[Case, list[people.Person]]:
    """A case of the operator who asks, and whom they found. Raises NotFound, also when it is over (CC-3)."""
    found = await policy.open_case(work, id)
    persons = await people.persons(work.db, found.person_ids)
    for person_id in persons:
        work.record(Event.FOUND, person_id, patient_id=person_id, role=ROLE, reason=str(found.reason))
    return found, [persons[each] for each in found.person_ids if each in persons]


async def card(
    work: Work, case_id: UUID, person_id: UUID, before: tuple[datetime, UUID] | None = None
) -> tuple[Case, Card]:
    """What is shown of a person of an open case; refusals from before a line of the log. Raises NotFound."""
    case = await policy.case_of(work, case_id, person_id)
    db = work.db
    # One more than is shown tells whether there are others.
    refusals = await store.refusals_of(db, person_id, before or (work.now + INSTANT, FIRST), SHOWN + 1)
    work.record(Event.CARD_READ, person_id, patient_id=person_id, role=ROLE, reason=str(case.reason))
    return case, Card(
        await people.find_person(db, person_id),
        await people.authentication_methods(db, person_id),
        await people.confidants(db, person_id, work.today),
        await store.declarations_of(db, person_id, work.today, SHOWN),
        await store.requests_of(db, person_id, work.now, SHOWN),
        refusals[:SHOWN],
        len(refusals) > SHOWN,
        await person_requests.waiting_papers_of(work, person_id),
    )


async def papers(work: Work, page: Page) -> tuple[list[person_requests.OwnPapers], Paged]:
    """What people have handed in and nobody has looked at, without their names."""
    policy.operator_of(work.actor)
    work.record(Event.PAPERS_LISTED, "")
    return await person_requests.papers_waiting(work, page)


async def scan(work: Work, case_id: UUID, person_id: UUID, type: str) -> bytes:
    """A scan that a person of an open case has handed in. Raises NotFound."""
    case = await policy.case_of(work, case_id, person_id)
    found = await person_requests.scan_of_papers(work, person_id, type)
    work.record(Event.SCAN_READ, person_id, patient_id=person_id, role=ROLE, reason=str(case.reason))
    return found


async def own_complaints(work: Work, page: Page) -> tuple[list[Complaint], Paged]:
    """Complaints of the patient who asks, the latest first."""
    person_id = people.patient_of(work.actor)
    work.record(Event.OWN_COMPLAINTS_READ, person_id, patient_id=person_id)
    return await store.complaints(work.db, page, person_id=person_id)


async def complaints(work: Work, page: Page, status: ComplaintStatus | None) -> tuple[list[Complaint], Paged]:
    """Complaints for the operators, without the names of who complains."""
    work.record(Event.COMPLAINTS_READ, str(status or "all"))
    return await store.complaints(work.db, page, status=status)


async def complaint(work: Work, id: UUID) -> tuple[Complaint, people.Person, people.Access | None]:
    """A complaint, who complains, and the line that it is about. Raises NotFound."""
    policy.operator_of(work.actor)
    found = await store.find_complaint(work.db, id)
    person, about = await people.find_person(work.db, found.person_id), found.about
    line = await people.access_at(work.db, person.id, about.at, about.event) if about else None
    work.record(Event.COMPLAINT_READ, id, patient_id=person.id, role=ROLE, reason=str(Reason.COMPLAINT))
    return found, person, line
