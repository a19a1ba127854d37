"""What the patient is told: the number of a referral, and that it was taken back."""

from uuid import UUID

from esoz.central.notices import Kind, Letter, tell
from esoz.central.people import ContactMethod, contact_method
from esoz.central.programmes import known_settings
from esoz.kernel.clock import kyiv_date
from esoz.kernel.errors import Conflict
from esoz.kernel.work import Work

from .. import policy, store
from ..model import Event, ServiceRequest
from ..model.requests import must_be_resendable

INFORM_WITH = "$.inform_with.auth_method_id"


async def contact_of(work: Work, person_id: UUID, method_id: UUID | None) -> ContactMethod:
    """How the patient is told. Raises Rejected when the method chosen is not theirs."""
    return await contact_method(work, person_id, method_id, field=INFORM_WITH)


async def tell_created(work: Work, request: ServiceRequest, contact: ContactMethod) -> None:
    """Send the number, unless the programme tells nobody; who has no telephone has it on paper."""
    if await _is_told(work, request, contact):
        await tell(work, _letter(request, contact, Kind.REFERRAL_CREATED, _number(request)))


async def tell_end(work: Work, request: ServiceRequest, kind: Kind, done: str) -> None:
    """Tell that the referral is void; `done` begins the sentence."""
    contact = await contact_of(work, request.person_id, request.inform_with)
    if await _is_told(work, request, contact):
        day = kyiv_date(request.inserted_at)
        text = f"{done} направлення: {request.requisition} від {day:%d.%m.%Y}"
        await tell(work, _letter(request, contact, kind, text))


async def resend(work: Work, person_id: UUID, id: UUID) -> ServiceRequest:
    """Send the number once more. Raises NotFound, Conflict."""
    request = await store.find(work.db, person_id, id)
    policy.must_be_told_here(work.actor, request)
    must_be_resendable(request, work.now)
    contact = await contact_of(work, person_id, request.inform_with)
    if not await _is_told(work, request, contact):
        raise Conflict("The patient has no phone for messages or the medical program sends none")
    await tell(work, _letter(request, contact, Kind.REFERRAL_SENT_AGAIN, _number(request), urgent=True))
    work.record(Event.RESENT, id, patient_id=person_id)
    return request


async def _is_told(work: Work, request: ServiceRequest, contact: ContactMethod) -> bool:
    settings = await known_settings(work, request.program_id)
    return contact.phone is not None and not settings.request_notification_disabled


def _number(request: ServiceRequest) -> str:
    return f"Ваше направлення: {request.requisition}. Дійсне до {kyiv_date(request.expires_at):%d.%m.%Y}"


def _letter(request: ServiceRequest, contact: ContactMethod, kind: Kind, text: str, *, urgent: bool = False) -> Letter:
    return Letter(
        person_id=request.person_id,
        contact=contact,
        kind=kind,
        resource_id=request.id,
        text=text,
        urgent=urgent,
    )
