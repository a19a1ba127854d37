"""Pages of banners: those of a clinic, and hiding one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import get_args
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.clock import new_id
from esoz.kernel.errors import NotFound
from esoz.kernel.pages import Banner
from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.banners import Notification, Severity
from esoz.mis.base.journal import record
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.base.workplace import HEADS

from . import store
from .commands import announcements
from .model import ENDS_BEFORE, LONGEST_TEXT, NO_MOMENT, NO_SEVERITY, NO_TEXT, SEVERITIES, Event, is_term, moment

pages: MisPages = MisPages()

KEEPERS = HEADS | {"ADMIN"}
BANNER = "/staff/banner"
PUBLISHED = _("Оголошення опубліковано: його бачать усі працівники закладу.")
ENDED = _("Оголошення знято.")
HIDE, TO_STATUS = _("Сховати"), _("Стан системи")


@pages.add(f"GET {BANNER}", roles=KEEPERS)
async def banners(page: MisPage) -> Response:
    await record(page, Event.READ, page.user.work.clinic_id)
    return await _form(page, {}, None)


@pages.add(f"POST {BANNER}", roles=KEEPERS)
async def publish(page: MisPage) -> Response:
    """A preview first; published when the button below the preview is pressed."""
    errors = _faults(page)
    if errors:
        return await _form(page, errors, None)
    banner = _banner(page)
    if page.form.text("act") != "publish":
        return await _form(page, {}, banner)
    await announcements.publish(page, banner)
    page.flash(PUBLISHED)
    return page.redirect(BANNER)


@pages.add(f"POST {BANNER}/{{id}}/end", roles=KEEPERS)
async def end(page: MisPage) -> Response:
    await announcements.end(page, page.id())
    page.flash(ENDED)
    return page.redirect(BANNER)


@pages.add("GET /banners/{id}", public=True)
async def ask_to_hide(page: MisPage) -> Response:
    return page.render("door/hide.html", banner=_shown(page), next=page.next_path())


@pages.add("POST /banners/{id}", public=True)
async def hide(page: MisPage) -> Response:
    announcements.hide(page, _shown(page).id)
    return page.redirect(page.next_path())


def _shown(page: MisPage) -> Notification:
    """The banner of the address. Raises NotFound when it is not shown to this visitor, or may not be hidden."""
    found = page.services.banners.find(page.id(), page.now, _clinic(page))
    if found is None or not found.can_be_hidden:
        raise NotFound()
    return found


def _clinic(page: MisPage) -> UUID | None:
    return page.visitor.workplace.clinic_id if page.visitor and page.visitor.workplace else None


def _faults(page: MisPage) -> dict[str, str]:
    text = page.form.text
    errors = {} if 0 < len(text("text")) <= LONGEST_TEXT else {"text": NO_TEXT}
    if text("severity") not in SEVERITIES:
        errors["severity"] = NO_SEVERITY
    moments: dict[str, datetime | None] = {}
    for name in ("begins", "ends"):
        try:
            moments[name] = moment(text(name))
        except ValueError:
            errors[name] = NO_MOMENT
    if len(moments) == 2 and not is_term(moments["begins"] or page.now, moments["ends"]):
        errors["ends"] = ENDS_BEFORE
    return errors


def _banner(page: MisPage) -> Notification:
    """What the form without faults says."""
    text = page.form.text
    severity = next(each for each in get_args(Severity) if each == text("severity"))
    begins, ends = moment(text("begins")) or page.now, moment(text("ends"))
    return Notification(new_id(), page.user.work.clinic_id, severity, text("text"), begins, ends, page.now)


async def _form(page: MisPage, errors: Mapping[str, str], preview: Notification | None) -> Response:
    return page.render(
        "door/banner.html",
        status=422 if errors else 200,
        keep=False,
        errors=errors,
        values=page.form.values() or {"severity": "info"},
        severities=SEVERITIES,
        preview=preview,
        open_banners=await store.of_clinic(page.db, page.user.work.clinic_id, page.now),
    )


def shown_banners(page: MisPage) -> list[Banner]:
    """Above every page, before sign-in too."""
    found = page.services.banners.shown(page.now, _clinic(page), announcements.hidden(page))
    return [_as_shown(page, each) for each in found]


def _as_shown(page: MisPage, banner: Notification) -> Banner:
    if not banner.can_be_hidden:
        return Banner(banner.text, banner.severity, "/status", page.gettext(TO_STATUS))
    back = urlencode({"next": page.path})
    return Banner(banner.text, banner.severity, f"/banners/{banner.id}?{back}", page.gettext(HIDE))


def works(services: Services) -> list[Periodic]:
    """Reading banners that another process has published."""
    return [Periodic("banners", timedelta(seconds=5), lambda: announcements.refresh(services))]


section = Section("banners", pages, nav=(NavItem(_("Оголошення"), BANNER, KEEPERS),), works=works)
