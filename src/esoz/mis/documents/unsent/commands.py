"""The mail at the end of a day, and who does not want it."""

from datetime import date, timedelta

from esoz.kernel.clock import kyiv_date, new_id
from esoz.kernel.outbox import Message, put
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import short_date
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services
from esoz.mis.documents.sync import deadline, first_payable_day

from . import store
from .model import Event, Reminder, is_time

AT_ONCE = 200  # mails of one transaction
KEPT = timedelta(days=60)
SUBJECT = _("Є записи, яких ще немає в ЕСОЗ")
# No name of a patient stands in a mail: it travels over other people's machines.
TEXT = _(
    "{clinic}\n\nНаприкінці дня не передано до ЕСОЗ: {waiting}.\n"
    "Чернеток: {drafts}. Очікують підпису: {ready}. Не прийнято з помилкою: {refused}.\n"
)
PAYMENT = _("Щоб їх оплатили, передайте до {day}. Уже не оплатять: {overdue}.\n")
LINK = _("\nВідкрити: {url}/sync?state=unpaid\nНе отримувати цього листа: {url}/sync/mail")


async def remind(services: Services) -> None:
    """Tell everybody once in an evening what of theirs is unsent; for a background work."""
    now = services.clock.now()
    if not is_time(now):
        return
    day = kyiv_date(now)
    safe, taken = first_payable_day(day), AT_ONCE
    while taken:
        async with services.database.transaction() as db:
            due = await store.take_reminders(db, day, safe, limit=AT_ONCE)
            for each in due:
                message = Message("mail", each.email, _body(each, services.base_url), SUBJECT)
                await put(db, message, id=new_id(), now=now)
            taken = len(due)
    async with services.database.transaction() as db:
        await store.forget_reminders(db, day - KEPT)


def _body(due: Reminder, url: str) -> str:
    counts = due.counts
    text = TEXT.format(
        clinic=due.clinic_name,
        waiting=counts.waiting,
        drafts=counts.drafts,
        ready=counts.ready,
        refused=counts.refused,
    )
    if counts.threatened:
        text += PAYMENT.format(day=_last_day(due.first_service_date), overdue=counts.overdue)
    return text + LINK.format(url=url)


def _last_day(first: date | None) -> str:
    return short_date(deadline(first)) if first else "–"


async def want_mail(page: MisPage, *, is_wanted: bool) -> None:
    """Switch the user's own mail on or off."""
    if await store.want_mail(page.db, page.user.id, page.now, is_wanted=is_wanted):
        await record(page, Event.MAIL_WANTED if is_wanted else Event.MAIL_UNWANTED, page.user.id)
