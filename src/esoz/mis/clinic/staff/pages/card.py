"""One employee: who they are, how they come in, the end of their work."""

from starlette.responses import Response

from esoz.kernel.errors import Conflict
from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import STAFF_KEEPERS, STAFF_READERS

from ..commands import employment
from ..forms import BAD_EMAIL, LONGEST_EMAIL, is_email
from ..model.employees import REASONS, SHOWN
from ..model.roles import PROVIDERS
from ..queries import employees
from ..store import requests
from .registry import pages

DONE = _("Працівника звільнено в ЕСОЗ. Доступ до робочого місця завершено.")
UNKNOWN = _("ЕСОЗ не відповіла. Щойно вона відповість, ми перевіримо, чи звільнення записано, і завершимо доступ.")
NO_REASON = _("Оберіть причину.")
MAILED = _("Лист надіслано. Людина увійде, щойно скористається ним.")
TOO_SOON = _("Лист щойно надіслано. Повторити можна за хвилину.")


@pages.add("GET /staff/{id}", roles=STAFF_READERS)
async def card(page: MisPage) -> Response:
    return await _card(page, {}, {})


async def _card(page: MisPage, values: dict[str, str], errors: dict[str, str]) -> Response:
    found = await employees.card(page, page.id())
    return page.render(
        "staff/card.html",
        status=422 if errors else 200,
        keep=False,
        card=found,
        employee=found.employee,
        requests=await requests.of_employee(page.db, found.employee.employee_id),
        request_labels=SHOWN,
        gives_services=found.employee.role in PROVIDERS,
        values=values,
        errors=errors,
        may_write=bool(page.user.roles & STAFF_KEEPERS),
    )


@pages.add("GET /staff/{id}/dismiss", roles=STAFF_KEEPERS)
async def dismiss_form(page: MisPage) -> Response:
    return await _dismiss(page, {})


async def _dismiss(page: MisPage, errors: dict[str, str]) -> Response:
    found = await employees.card(page, page.id())
    if found.cannot_dismiss:
        raise Conflict(page.gettext(found.cannot_dismiss))
    return page.render(
        "staff/dismiss.html",
        status=422 if errors else 200,
        keep=False,
        card=found,
        employee=found.employee,
        reasons=[(code, page.gettext(label)) for code, label in REASONS.items()],
        errors=errors,
    )


@pages.add("POST /staff/{id}/dismiss", roles=STAFF_KEEPERS)
async def dismiss(page: MisPage) -> Response:
    reason = page.form.text("reason")
    if reason not in REASONS:
        return await _dismiss(page, {"reason": NO_REASON})
    is_done = await employment.dismiss(page, page.id(), reason)
    page.flash(DONE if is_done else UNKNOWN, "success" if is_done else "important")
    return page.redirect(f"/staff/{page.id()}")


@pages.add("POST /staff/{id}/access", roles=STAFF_KEEPERS)
async def give_access(page: MisPage) -> Response:
    email = page.form.text("email")
    if not is_email(email):
        return await _card(page, {"email": email[:LONGEST_EMAIL]}, {"email": BAD_EMAIL})
    if await employment.give_access(page, page.id(), email):
        page.flash(MAILED)
    else:
        page.flash(employment.NO_TAX_ID, "important")
    return page.redirect(f"/staff/{page.id()}")


@pages.add("POST /staff/{id}/mail", roles=STAFF_KEEPERS)
async def mail_again(page: MisPage) -> Response:
    sent = await employment.send_again(page, page.id())
    page.flash(MAILED if sent else TOO_SOON, "success" if sent else "important")
    return page.redirect(f"/staff/{page.id()}")
