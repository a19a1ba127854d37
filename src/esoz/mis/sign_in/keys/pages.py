"""Pages of one's own key (КЕП): how it stands, registering, replacing and removing its certificate."""

import base64
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.checking import judge
from esoz.kernel.errors import NotFound, Rejected, rejected
from esoz.kernel.pages import NavItem as Link
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import short_date
from esoz.kernel.periodic import Periodic
from esoz.kernel.signing import KeyCertificate, refusal_text
from esoz.kernel.signing.refusals import PLAIN, TEXTS
from esoz.mis.base.section import Notice, Section
from esoz.mis.base.services import MisPage, MisPages, Services

from . import commands, queries, store
from .commands import FIELD, KeyRegistration
from .model import RegisteredKey, Source, State, days_left

pages: MisPages = MisPages()

KEY = "/account/key"
REGISTERED = _("Сертифікат зареєстровано. Попередимо Вас, коли його строк добігатиме кінця.")
REMOVED = _("Сертифікат прибрано. Його видно в історії.")
NOTHING = _("Оберіть файл сертифіката.")
NOT_READ = _("Сертифікат не читається. Оберіть файл ще раз.")
ENDS, OVER = _("Строк дії ключа КЕП закінчується"), _("Строк дії ключа КЕП минув")
RENEW = _("Отримайте новий у свого надавача (%(issuer)s), поки цей діє, і зареєструйте його.")
GET_NEW = _(
    "Сертифікат діяв до %(ends)s, і документи ним не підписати. Отримайте новий у свого надавача (%(issuer)s)"
    " і зареєструйте його."
)
TO_KEY = _("Мій ключ КЕП")
HISTORY = {State.REPLACED: _("Замінено"), State.REMOVED: _("Прибрано")}


@pages.add(f"GET {KEY}", signed_in=True)
async def own_keys(page: MisPage) -> Response:
    return await _shown(page)


@pages.add(f"POST {KEY}", signed_in=True)
async def register(page: MisPage) -> Response:
    """From a file, from a key in the browser, or from the last signed document."""
    try:
        await commands.register(page, await _registration(page))
    except Rejected as fault:
        return await _shown(page, fault)
    page.flash(REGISTERED)
    return page.redirect(KEY)


@pages.add(f"GET {KEY}/{{id}}/remove", signed_in=True)
async def ask_to_remove(page: MisPage) -> Response:
    kept = await store.find(page.db, page.user.id, page.id())
    if kept is None or kept.state is not State.ACTIVE:
        raise NotFound()
    return page.render("keys/remove.html", kept=kept, key=page.services.verifier.read(kept.certificate)[0])


@pages.add(f"POST {KEY}/{{id}}/remove", signed_in=True)
async def remove(page: MisPage) -> Response:
    await commands.remove(page, page.id())
    page.flash(REMOVED)
    return page.redirect(KEY)


async def _registration(page: MisPage) -> KeyRegistration:
    """What the form brought. Raises Rejected on `$.certificate`."""
    replaces = _id(page.form.text("replaces"))
    taken = page.form.text("taken")
    if page.form.text("from") == Source.DOCUMENT:
        return KeyRegistration(await commands.of_last_document(page), Source.DOCUMENT, replaces)
    if taken:
        return KeyRegistration(await _read(page, _decoded(taken)), Source.KEY, replaces)
    file = page.form.file("certificate")
    if file is None or not file.content:
        raise rejected(FIELD, NOTHING)
    return KeyRegistration(await _read(page, file.content), Source.FILE, replaces)


async def _read(page: MisPage, content: bytes) -> Sequence[KeyCertificate]:
    try:
        return await judge(partial(page.services.verifier.read, content), at=page.now, is_stranger=False)
    except Rejected as fault:
        raise rejected(FIELD, NOT_READ) from fault


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise rejected(FIELD, NOT_READ) from fault


def _id(text: str) -> UUID | None:
    """An id of the form or the address; None when none is given. Raises NotFound for nonsense."""
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise NotFound() from fault


async def _shown(page: MisPage, fault: Rejected | None = None) -> Response:
    active, past = await queries.mine(page)
    replaces = _id(page.form.text("replaces") or page.query.get("replaces", ""))
    return page.render(
        "keys/keys.html",
        status=422 if fault else 200,
        keep=False,
        errors=faults(fault) if fault else {},
        active=active,
        past=past,
        replaced=next((each for each in active if each.kept.id == replaces), None),
        why=partial(_reason, page),
        history=HISTORY,
        signed=await store.last_signed(page.db, page.user.id) is not None,
    )


def _reason(page: MisPage, shown: queries.KeyView) -> str:
    """Why a key cannot sign now, in words."""
    if shown.problem in TEXTS:
        return refusal_text(page, shown.problem, shown.key)
    return page.gettext(PLAIN[shown.problem])


async def notices(page: MisPage) -> list[Notice]:
    """The end of a key comes, or it has come."""
    found = await queries.announced(page)
    return [_notice(page, each) for each in found[:1]]


def _notice(page: MisPage, kept: RegisteredKey) -> Notice:
    left = days_left(kept.not_after, page.now)
    facts = {"issuer": kept.issuer, "ends": short_date(kept.not_after)}
    if not left:
        return Notice("key", page.gettext(OVER), page.gettext(GET_NEW) % facts, page.gettext(TO_KEY), KEY)
    days = page.ngettext("Сертифікат діє ще %(num)d день.", "Сертифікат діє ще %(num)d днів.", left)
    return Notice("key", page.gettext(ENDS), f"{days} {page.gettext(RENEW) % facts}", page.gettext(TO_KEY), KEY)


def works(services: Services) -> list[Periodic]:
    """Reminders by mail."""
    return [Periodic("key reminders", timedelta(hours=1), lambda: commands.remind(services))]


section = Section("keys", pages, notices=(notices,), account=(Link(TO_KEY, KEY),), works=works)
