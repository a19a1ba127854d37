"""What the patient is told: the number of a care plan, and that it was taken back."""

from uuid import UUID

from esoz.central.notices import Kind, Letter, tell
from esoz.central.people import ContactMethod, contact_method
from esoz.kernel.clock import kyiv_date
from esoz.kernel.work import Work

from ..model import CarePlan

INFORM_WITH = "$.inform_with.auth_method_id"


async def contact_of(work: Work, person_id: UUID, method_id: UUID | None) -> ContactMethod:
    """How the patient is told. Raises Rejected when the method chosen is not theirs."""
    return await contact_method(work, person_id, method_id, field=INFORM_WITH)


async def tell_created(work: Work, plan: CarePlan, contact: ContactMethod) -> None:
    """CP-6: send the number; who has no telephone has it on paper."""
    if contact.phone is not None:
        text = f"Ваш план лікування: {plan.requisition}"
        await tell(work, _letter(plan, contact, Kind.CARE_PLAN_CREATED, text))


async def tell_end(work: Work, plan: CarePlan) -> None:
    """Tell that the plan is void."""
    contact = await contact_of(work, plan.person_id, plan.inform_with)
    if contact.phone is not None:
        day = kyiv_date(plan.inserted_at)
        text = f"Скасовано план лікування: {plan.requisition} від {day:%d.%m.%Y}"
        await tell(work, _letter(plan, contact, Kind.CARE_PLAN_CANCELLED, text))


def _letter(plan: CarePlan, contact: ContactMethod, kind: Kind, text: str) -> Letter:
    return Letter(person_id=plan.person_id, contact=contact, kind=kind, resource_id=plan.id, text=text)
