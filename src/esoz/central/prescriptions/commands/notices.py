"""Messages to the patient: the number and the code of a prescription, and that it was taken back."""

from esoz.central.people import ContactMethod
from esoz.kernel.outbox import Message, post
from esoz.kernel.work import Work

from ..model import Request
from ..model.codes import code_of


async def send_code(work: Work, request: Request, contact: ContactMethod) -> None:
    """Send number and code; the caller made sure that there is a phone and a code."""
    assert contact.phone is not None
    code = code_of(request, secret=work.dependencies.secret)
    text = f"Ваш рецепт: {request.request_number}. Код підтвердження: {code}"
    await post(work, Message("sms", contact.phone, text))


async def send_rejection(work: Work, request: Request, contact: ContactMethod) -> None:
    """Tell that the prescription was taken back, when there is a phone."""
    if contact.phone is not None:
        text = f"Відкликано рецепт: {request.request_number} від {request.created_at:%d.%m.%Y}"
        await post(work, Message("sms", contact.phone, text))


async def send_return(work: Work, request: Request, contact: ContactMethod, *, is_whole: bool) -> None:
    """Tell that a pharmacy took back what it gave, so that nobody does it behind the patient's back."""
    if contact.phone is not None:
        what = "повернення ліків" if is_whole else "повернення частини ліків"
        text = f"Аптека записала {what} за рецептом {request.request_number}. Якщо це помилка, зверніться до аптеки."
        await post(work, Message("sms", contact.phone, text))
