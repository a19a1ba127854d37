"""What the patient is told: the number and the code of a device on prescription, and that it was taken back."""

from esoz.central.notices import Kind, Letter, tell
from esoz.central.people import ContactMethod
from esoz.kernel.clock import kyiv_date
from esoz.kernel.work import Work

from ..model import Request


async def send_code(work: Work, request: Request, contact: ContactMethod, code: str, *, again: bool = False) -> None:
    """Send number and code; the caller made sure that there is a phone. Who asks to be told again waits for it."""
    text = f"Ваш рецепт на медичний виріб: {request.requisition}. Код підтвердження: {code}"
    kind = Kind.DEVICE_REQUEST_SENT_AGAIN if again else Kind.DEVICE_REQUEST_CREATED
    await tell(work, _letter(request, contact, kind, text, urgent=again))


async def send_end(work: Work, request: Request, contact: ContactMethod) -> None:
    """Tell that the request was taken back, when there is a phone."""
    day = kyiv_date(request.authored_on)
    text = f"Відкликано рецепт на медичний виріб: {request.requisition} від {day:%d.%m.%Y}"
    await tell(work, _letter(request, contact, Kind.DEVICE_REQUEST_REVOKED, text))


def _letter(request: Request, contact: ContactMethod, kind: Kind, text: str, *, urgent: bool = False) -> Letter:
    return Letter(
        person_id=request.person_id,
        contact=contact,
        kind=kind,
        resource_id=request.id,
        text=text,
        urgent=urgent,
    )
