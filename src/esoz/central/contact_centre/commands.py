"""Looking for a person on their behalf."""

from esoz.central import people
from esoz.kernel.work import Work

from . import policy, store
from .model import MOST_FOUND, OPEN_FOR, ROLE, Case, Event, Reason, TooManyFound, must_name_somebody, must_say_why


async def look_up(work: Work, asked: people.LookUp, reason: Reason, note: str) -> Case | None:
    """Look for a person and open a case with whoever fits, so that nobody is looked at without a reason (CC-1).

    None when nobody fits. Raises Rejected naming fields, TooManyFound.
    """
    operator_id = policy.operator_of(work.actor)
    must_name_somebody(asked)
    must_say_why(note)
    found = await people.look_up(work.db, asked, MOST_FOUND + 1)
    if len(found) > MOST_FOUND:
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
