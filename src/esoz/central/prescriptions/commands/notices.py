"""What the patient is told: the number and the code of a prescription, and that it was taken back."""

from esoz.central.notices import Kind, Letter, tell
from esoz.central.people import ContactMethod, contact_method
from esoz.central.programmes import known_settings
from esoz.kernel.errors import Rejected
from esoz.kernel.work import Work

from ..model import Request
from ..model.codes import code_of
from ..model.notices import INFORM_WITH, is_told_by_phone


async def send_code(work: Work, request: Request, contact: ContactMethod, *, again: bool = False) -> None:
    """Send number and code; the caller made sure that there is a phone and a code.

    Who asks to be told again waits for it, at the counter of a pharmacy as often as not.
    """
    code = code_of(request, secret=work.dependencies.secret)
    text = f"Ваш рецепт: {request.request_number}. Код підтвердження: {code}"
    kind = Kind.PRESCRIPTION_SENT_AGAIN if again else Kind.PRESCRIPTION_CREATED
    await tell(work, _letter(request, contact, kind, text, urgent=again))


async def announce(work: Work, request: Request) -> bool:
    """Send number and code of a prescription of a series on its first day (MR-24); False when none is to be sent."""
    try:
        contact = await contact_method(work, request.person_id, request.inform_with, field=INFORM_WITH)
    except Rejected:  # the way that was chosen is gone since; the patient is told by the usual one
        contact = await contact_method(work, request.person_id, None, field=INFORM_WITH)
    if not is_told_by_phone(request.intent, await known_settings(work, request.medical_program_id), contact):
        return False
    await send_code(work, request, contact)
    return True


async def send_rejection(work: Work, request: Request, contact: ContactMethod) -> None:
    """Tell that the prescription was taken back, when there is a phone."""
    text = f"Відкликано рецепт: {request.request_number} від {request.created_at:%d.%m.%Y}"
    await tell(work, _letter(request, contact, Kind.PRESCRIPTION_REJECTED, text))


async def send_return(work: Work, request: Request, contact: ContactMethod, *, is_whole: bool) -> None:
    """Tell that a pharmacy took back what it gave, so that nobody does it behind the patient's back."""
    what = "повернення ліків" if is_whole else "повернення частини ліків"
    text = f"Аптека записала {what} за рецептом {request.request_number}. Якщо це помилка, зверніться до аптеки."
    await tell(work, _letter(request, contact, Kind.DISPENSE_RETURNED, text))


def _letter(request: Request, contact: ContactMethod, kind: Kind, text: str, *, urgent: bool = False) -> Letter:
    return Letter(
        person_id=request.person_id,
        contact=contact,
        kind=kind,
        resource_id=request.id,
        text=text,
        urgent=urgent,
    )
