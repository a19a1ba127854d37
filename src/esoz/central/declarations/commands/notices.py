"""What patients and doctors are told when a declaration begins or ends."""

from esoz.central.notices import Kind, Letter, tell
from esoz.central.people import ContactMethod, contact_method
from esoz.central.workforce import Employee, find_employee
from esoz.kernel.outbox import Message, post
from esoz.kernel.work import Work

from ..model import BY_PATIENT, UNTOLD, Declaration, Status
from .choosing import Choice

MADE = "Ви обрали лікаря: {doctor}, {clinic}. Декларація № {number}."
WAITS = "Ваш вибір лікаря ({doctor}, {clinic}) перевіряє НСЗУ. Декларація № {number}."
BEFORE = " Попередню декларацію припинено."
SUBJECT = "Пацієнт обрав іншого лікаря"
LEFT = (
    "Декларацію № {number} припинено, бо пацієнт обрав іншого лікаря. Кількість Ваших декларацій зменшилася на одну."
    " Перелік Ваших пацієнтів – у медичній інформаційній системі Вашого закладу."
)


ENDED = "Декларацію № {number} з лікарем ({doctor}) припинено. Оберіть іншого лікаря в закладі або в кабінеті пацієнта."
OVER = "Строк декларації № {number} з лікарем ({doctor}) закінчився. Оберіть лікаря в закладі або в кабінеті пацієнта."
GIVEN_UP = (
    "Декларацію № {number} з лікарем ({doctor}) припинено за Вашим бажанням. Якщо це були не Ви, зверніться до закладу."
)
GONE_SUBJECT = "Пацієнт припинив декларацію"
GONE = (
    "Пацієнт припинив декларацію № {number}. Кількість Ваших декларацій зменшилася на одну."
    " Перелік Ваших пацієнтів – у медичній інформаційній системі Вашого закладу."
)


async def tell_of_end(work: Work, ended: Declaration, employee: Employee) -> None:
    """The patient is told that a declaration ended without a new one, a doctor who is left by mail."""
    if ended.reason in UNTOLD:
        return
    is_wish = ended.reason == BY_PATIENT
    text = GIVEN_UP if is_wish else OVER if ended.status is Status.CLOSED else ENDED
    contact = await contact_method(work, ended.person_id, None, field="$.authorize_with")
    told = text.format(number=ended.declaration_number, doctor=employee.party.full_name)
    await tell(work, _letter(ended, contact, Kind.DECLARATION_ENDED, told))
    if is_wish and employee.party.email:
        told = GONE.format(number=ended.declaration_number)
        await post(work, Message("mail", employee.party.email, told, GONE_SUBJECT))


async def tell_of_new(
    work: Work, declaration: Declaration, choice: Choice, contact: ContactMethod, ended: Declaration | None
) -> None:
    """The patient is told on the phone, the doctor who was chosen before by mail; nobody waits for either."""
    entity = choice.legal_entity
    text = MADE if declaration.status is Status.ACTIVE else WAITS
    told = text.format(
        doctor=choice.employee.party.full_name,
        clinic=entity.edr.short_name or entity.name,
        number=declaration.declaration_number,
    )
    await tell(work, _letter(declaration, contact, Kind.DECLARATION_MADE, told + (BEFORE if ended else "")))
    if ended is not None:
        former = await find_employee(work.db, ended.employee_id)
        if former.party.email and former.party.id != choice.employee.party.id:
            text = LEFT.format(number=ended.declaration_number)
            await post(work, Message("mail", former.party.email, text, SUBJECT))


def _letter(declaration: Declaration, contact: ContactMethod, kind: Kind, text: str) -> Letter:
    return Letter(person_id=declaration.person_id, contact=contact, kind=kind, resource_id=declaration.id, text=text)
