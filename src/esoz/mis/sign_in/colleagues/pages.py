"""Pages of the head of a clinic: who has a second factor, resetting one, requiring one of everybody."""

from datetime import date

from starlette.responses import Response

from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import HEADS

from . import commands, queries, store

pages: MisPages = MisPages()

STAFF = "/staff/second-factor"
RESET = _("Другий фактор і ключі доступу скинуто, сеанси працівника завершено. Йому надіслано лист.")
REQUIRED = _("Вимогу збережено.")


@pages.add(f"GET {STAFF}", roles=HEADS)
async def staff(page: MisPage) -> Response:
    day = await store.required_from(page.db, page.user.work.clinic_id)
    return await _staff(page, {"from": day.isoformat() if day else ""}, {})


@pages.add(f"POST {STAFF}", roles=HEADS)
async def require(page: MisPage) -> Response:
    try:
        day: date | None = page.form.date("from")
    except Rejected as fault:
        return await _staff(page, page.form.values(), faults(fault))
    await commands.require_from(page, day)
    page.flash(REQUIRED)
    return page.redirect(STAFF)


async def _staff(page: MisPage, values: dict[str, str], errors: dict[str, str]) -> Response:
    return page.render(
        "factors/staff.html",
        status=422 if errors else 200,
        keep=False,
        found=await queries.colleagues(page),
        sought={"name": page.query.get("name", "")},
        values=values,
        errors=errors,
    )


@pages.add(f"GET {STAFF}/{{id}}", roles=HEADS)
async def reset_form(page: MisPage) -> Response:
    return page.render("factors/reset.html", person=await commands.must_be_colleague(page, page.id()), staff=STAFF)


@pages.add(f"POST {STAFF}/{{id}}", roles=HEADS)
async def reset(page: MisPage) -> Response:
    await commands.reset(page, page.id())
    page.flash(RESET)
    return page.redirect(STAFF)


section = Section("factors of colleagues", pages, nav=(NavItem(_("Другий фактор"), STAFF, HEADS),))
