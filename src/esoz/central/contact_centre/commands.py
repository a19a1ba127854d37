"""Looking for a person on their behalf; complaints of patients and their answers."""

from dataclasses import replace
from uuid import UUID

from esoz.central import notices, people, person_requests
from esoz.kernel.clock import kyiv_date
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.states import move
from esoz.kernel.work import Work

from . import policy, store
from .model import (
    ANSWER,
    COMPLAINT,
    COMPLAINT_MOVES,
    MANUAL,
    MOST_FOUND,
    NOTE,
    OPEN_FOR,
    ROLE,
    About,
    Case,
    Complaint,
    ComplaintStatus,
    Event,
    Judgement,
    Reason,
    TooManyFound,
    answer_until,
    judged,
    must_be_told,
    must_name_somebody,
    must_say_why,
    the_same,
)

ANSWERED = "На Вашу скаргу щодо доступу до даних є відповідь. Прочитайте її у своєму кабінеті пацієнта."


async def look_up(work: Work, asked: people.LookUp, reason: Reason, note: str) -> Case | None:
    """Look for a person and open a case with whoever fits, so that nobody is looked at without a reason (CC-1).

    None when nobody fits. Raises Rejected naming fields, TooManyFound.
    """
    operator_id = policy.operator_of(work.actor)
    must_name_somebody(asked)
    must_say_why(note)
    found = await people.look_up(work.db, asked, MOST_FOUND + 1)
    if len(found) > MOST_FOUND:
        # Nobody of the crowd is shown; that somebody searched so widely stays.
        work.record(Event.SEARCHED, "", found=len(found), reason=str(reason))
        raise TooManyFound()
    if not found:
        work.record(Event.SEARCHED, "", found=0, reason=str(reason))
        return None
    ids = [person.id for person in found]
    case = Case(work.new_id(), operator_id, reason, note, ids, work.now, work.now + OPEN_FOR)
    await store.add_case(work.db, case)
    work.record(Event.SEARCHED, case.id, found=len(ids), reason=str(reason))
    for id in ids:
        work.record(Event.FOUND, id, patient_id=id, role=ROLE, reason=str(reason))
    return case


async def complain(work: Work, text: str, about: About | None) -> Complaint:
    """Take a complaint of the patient who asks; the same one that comes again is not taken twice (CC-4).

    Raises Rejected for a line that is not in their log, NotActive, Conflict.
    """
    person_id = people.patient_of(work.actor)
    must_be_told(text, "text", COMPLAINT)
    # One at a time of a person: copies of a form wait for each other here.
    people.must_be_active(await people.find_person(work.db, person_id, lock=True))
    found = the_same(await store.open_complaints(work.db, person_id), about, text)
    if found is None:
        if about is not None and await people.access_at(work.db, person_id, about.at, about.event) is None:
            raise rejected("$.about", "There is no such access")
        found = Complaint(
            id=work.new_id(),
            person_id=person_id,
            status=ComplaintStatus.NEW,
            text=text,
            about_at=about.at if about else None,
            about_event=about.event if about else None,
            answer_until=answer_until(work.today),
            inserted_at=work.now,
        )
        await store.add_complaint(work.db, found)
    work.record(Event.COMPLAINED, found.id, patient_id=person_id)
    return found


async def answer(work: Work, id: UUID, text: str) -> Complaint:
    """Answer a complaint; the patient is told that there is an answer, not which.

    The same words of the same operator again are a second click. Raises Rejected, Conflict, OwnDeed.
    """
    operator_id = policy.operator_of(work.actor)
    must_be_told(text, "answer", ANSWER)
    found = await store.find_complaint(work.db, id, lock=True)
    if (found.answer, found.answered_by) == (text, operator_id):
        return found
    await policy.must_be_of_another(work, found, operator_id)
    answered = replace(
        found,
        status=move(COMPLAINT_MOVES, found.status, ComplaintStatus.ANSWERED),
        answer=text,
        answered_at=work.now,
        answered_by=operator_id,
    )
    await store.save_answer(work.db, answered)
    contact = await people.contact_method(work, found.person_id, None, field="$.person_id")
    await notices.tell(work, _answered(answered, contact))
    work.record(Event.ANSWERED, id, patient_id=found.person_id, role=ROLE, reason=str(Reason.COMPLAINT))
    return answered


def _answered(complaint: Complaint, contact: people.ContactMethod) -> notices.Letter:
    return notices.Letter(
        person_id=complaint.person_id,
        contact=contact,
        kind=notices.Kind.COMPLAINT_ANSWERED,
        resource_id=complaint.id,
        text=ANSWERED,
    )


async def open_case_of(work: Work, complaint_id: UUID) -> Case:
    """The card of who complains is opened; the complaint is the reason (CC-3)."""
    operator_id = policy.operator_of(work.actor)
    found = await store.find_complaint(work.db, complaint_id)
    note = f"Скарга від {kyiv_date(found.inserted_at):%d.%m.%Y}"
    case = Case(work.new_id(), operator_id, Reason.COMPLAINT, note, [found.person_id], work.now, work.now + OPEN_FOR)
    await store.add_case(work.db, case)
    work.record(Event.FOUND, found.person_id, patient_id=found.person_id, role=ROLE, reason=str(Reason.COMPLAINT))
    return case


async def ask_for_papers(work: Work, case_id: UUID, person_id: UUID, comment: str) -> None:
    """Ask a person of an open case to show papers; the same words again are a second click (CC-7).

    Raises Rejected naming the comment, NotFound, NotActive.
    """
    case = await policy.case_of(work, case_id, person_id)
    must_be_told(comment, "comment", NOTE)
    person = await people.find_person(work.db, person_id, lock=True)
    wanted = people.papers_wanted(MANUAL, comment, work.now)
    word = person.verification_details.get(people.NHS, {})
    if any(word.get(name) != wanted[name] for name in ("verification_status", "verification_comment")):
        await person_requests.ask_for_papers(work, person_id, wanted)
    work.record(Event.PAPERS_ASKED, person_id, patient_id=person_id, role=ROLE, reason=str(case.reason))


async def judge_papers(work: Work, case_id: UUID, judgement: Judgement) -> None:
    """Say whether papers that came are those of the record; what is wrong with them is told to the person (CC-7).

    Raises Rejected naming the comment, NotFound, also when somebody else was faster.
    """
    person_id = judgement.person_id
    case = await policy.case_of(work, case_id, person_id)
    if not judgement.is_right:
        must_be_told(judgement.comment, "comment", NOTE)
    await person_requests.judge_papers(work, person_id, judgement.papers_id, judged(judgement, work.now))
    work.record(Event.PAPERS_JUDGED, person_id, patient_id=person_id, role=ROLE, reason=str(case.reason))


async def open_case_of_papers(work: Work, person_id: UUID) -> Case:
    """The card of who has handed papers in is opened; the papers are the reason (CC-3). Raises NotFound."""
    operator_id = policy.operator_of(work.actor)
    found = await person_requests.waiting_papers_of(work, person_id)
    if found is None:
        raise NotFound()
    note = f"Документи від {kyiv_date(found.updated_at):%d.%m.%Y}"
    case = Case(work.new_id(), operator_id, Reason.PAPERS, note, [person_id], work.now, work.now + OPEN_FOR)
    await store.add_case(work.db, case)
    work.record(Event.FOUND, person_id, patient_id=person_id, role=ROLE, reason=str(Reason.PAPERS))
    return case
