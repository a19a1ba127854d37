"""Pages of unsent work: by worker for the head of a clinic, and the mail of one's own."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import full_name
from esoz.kernel.periodic import Periodic
from esoz.mis.base import tables
from esoz.mis.base.journal import record
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.base.workplace import MEDICAL
from esoz.mis.documents.sync import deadline, first_payable_day

from . import commands, queries, store
from .model import Backlog, Event

pages: MisPages = MisPages()

HOME, MAIL = "/unsent", "/sync/mail"
# The head of a clinic and their administrator: numbers of people's work, nothing of patients.
READERS = frozenset({"OWNER", "ADMIN"})
CHOOSE = _("Оберіть, чи надсилати лист.")
SWITCHED = _("Збережено.")
HEADS = (
    *(_("Працівник"), _("Чернетки"), _("Очікують підпису"), _("Надсилаються"), _("Не прийнято")),
    *(_("Під загрозою неоплати"), _("Уже не оплатять"), _("Передати для оплати до"), _("Найдавніший запис")),
)


@pages.add(f"GET {HOME}", roles=READERS, reads=True)
async def by_worker(page: MisPage) -> Response:
    found = await queries.by_worker(page)
    counts, first = await store.sums(page.db, page.user.work.clinic_id, first_payable_day(page.today))
    await record(page, Event.READ, page.user.work.clinic_id, found=found.total)
    return page.render(
        "unsent/by_worker.html",
        found=found,
        rows=[(each, _last_day(each)) for each in found.rows],
        counts=counts,
        deadline=deadline(first) if first else None,
        values=page.query,
    )


@pages.add(f"GET {HOME}/list.csv", roles=READERS, reads=True)
async def as_file(page: MisPage) -> Response:
    found = await queries.whole(page)
    await record(page, Event.EXPORTED, page.user.work.clinic_id, found=len(found))
    return tables.file(page, HEADS, [_line(each) for each in found], "unsent")


def _line(each: Backlog) -> tuple[object, ...]:
    counts = each.counts
    return (
        full_name(each),
        counts.drafts,
        each.to_sign,
        counts.under_way,
        counts.refused,
        counts.threatened,
        counts.overdue,
        _last_day(each) or "",
        each.oldest or "",
    )


def _last_day(each: Backlog) -> object:
    return deadline(each.first_service_date) if each.first_service_date else None


@pages.add(f"GET {MAIL}", roles=MEDICAL)
async def mail(page: MisPage) -> Response:
    return await _mail(page, {})


@pages.add(f"POST {MAIL}", roles=MEDICAL)
async def switch_mail(page: MisPage) -> Response:
    wanted = page.form.text("mail")
    if wanted not in ("yes", "no"):
        return await _mail(page, {"mail": CHOOSE})
    await commands.want_mail(page, is_wanted=wanted == "yes")
    page.flash(SWITCHED)
    return page.redirect(MAIL)


async def _mail(page: MisPage, errors: Mapping[str, str]) -> Response:
    wants = await store.wants_mail(page.db, page.user.id)
    return page.render(
        "unsent/mail.html",
        status=422 if errors else 200,
        keep=False,
        values={"mail": "yes" if wants else "no"},
        errors=errors,
    )


def works(services: Services) -> list[Periodic]:
    """The evening mail."""
    return [Periodic("unsent work", timedelta(minutes=5), lambda: commands.remind(services))]


section = Section(
    "unsent",
    pages,
    nav=(NavItem(_("Непередане до ЕСОЗ"), HOME, READERS),),
    works=works,
)
