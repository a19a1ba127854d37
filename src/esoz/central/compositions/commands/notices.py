"""What the patient is told: that a conclusion was written and its number, and that it was taken back."""

from uuid import UUID

from esoz.central.notices import Kind, Letter, tell
from esoz.central.people import ContactMethod, contact_method
from esoz.kernel.clock import kyiv_date
from esoz.kernel.errors import Conflict
from esoz.kernel.work import Work

from .. import policy, store
from ..model import Composition, Event
from ..model.compositions import must_be_resendable
from ..model.jobs import Resend

INFORM_WITH = "$.inform_with"


async def contact_of(work: Work, person_id: UUID, method_id: UUID | None) -> ContactMethod:
    """How the patient is told. Raises Rejected when the method chosen is not theirs (CM-14)."""
    return await contact_method(work, person_id, method_id, field=INFORM_WITH)


async def tell_created(work: Work, composition: Composition, contact: ContactMethod) -> None:
    """Send the number; who has no telephone has it on paper."""
    if contact.phone is not None:
        await tell(work, _letter(composition, contact, Kind.CONCLUSION_CREATED, _number(composition)))


async def tell_end(work: Work, composition: Composition) -> None:
    """Tell that the conclusion is void."""
    contact = await contact_of(work, composition.person_id, composition.inform_with)
    if contact.phone is not None:
        text = f"Скасовано медичний висновок {composition.title} від {kyiv_date(composition.date):%d.%m.%Y}"
        await tell(work, _letter(composition, contact, Kind.CONCLUSION_CANCELED, text))


async def resend(work: Work, job: Resend) -> Composition:
    """Send the number once more. Raises NotFound, Conflict."""
    composition = await store.find(work.db, job.person_id, job.id)
    policy.must_be_ours(work.actor, composition)
    must_be_resendable(composition)
    contact = await contact_of(work, job.person_id, composition.inform_with)
    if contact.phone is None:
        raise Conflict("The patient has no phone for messages")
    await tell(work, _letter(composition, contact, Kind.CONCLUSION_SENT_AGAIN, _number(composition), urgent=True))
    work.record(Event.RESENT, composition.id, patient_id=job.person_id)
    return composition


def _number(composition: Composition) -> str:
    """The number and no word of what it states: a telephone is looked at by others too."""
    till = f". Дійсний до {composition.valid_to:%d.%m.%Y}" if composition.valid_to else ""
    return f"Ваш медичний висновок: {composition.title}{till}"


def _letter(composition: Composition, contact: ContactMethod, kind: Kind, text: str, *, urgent: bool = False) -> Letter:
    return Letter(
        person_id=composition.person_id,
        contact=contact,
        kind=kind,
        resource_id=composition.id,
        text=text,
        urgent=urgent,
    )
