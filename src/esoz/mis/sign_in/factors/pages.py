"""Pages of the second factor: the user's own application and recovery codes."""

import base64

import segno
from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import NavItem as Link
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import short_date
from esoz.mis.base.gate import Gate
from esoz.mis.base.section import Notice, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.sign_in.accounts import account_of, confirmed

from . import commands, queries, store
from .model import CODE_LENGTH, DIGITS, MUST_ENROL, NO_CODE, address_of, in_groups

pages: MisPages = MisPages()

HOME = "/account/second-factor"
GATE = Gate(
    MUST_ENROL,
    HOME,
    frozenset({f"{HOME}/new", f"{HOME}/codes", "/account/confirm", "/account/password", "/account/password/rules"}),
)

OTHER_CODE = _("Код не підійшов. Перевірте, чи точний час на телефоні, і введіть новий код.")
REMOVED = _("Другий фактор вимкнено.")
ENROLLED = _("Другий фактор увімкнено. Тепер збережіть коди відновлення.")
FEW_LEFT = _("Закінчуються коди відновлення")
RENEW = _("Створити нові")
SOON = _("Заклад вимагатиме другий фактор")
SOON_TEXT = _("З {day} без нього робоче місце не відкриється. Додайте його зараз: це дві хвилини.")
ADD = _("Додати другий фактор")


@pages.add(f"GET {HOME}", signed_in=True)
async def home(page: MisPage) -> Response:
    factor = await store.find(page.db, page.services.vault, page.user.id)
    return page.render(
        "factors/home.html",
        factor=factor,
        left=await store.codes_left(page.db, page.user.id),
        must_enrol=bool(page.session.data.get(MUST_ENROL)),
        next=page.next_path(),
    )


@pages.add(f"GET {HOME}/new", signed_in=True)
@confirmed
async def new_form(page: MisPage) -> Response:
    return await _new(page, {})


@pages.add(f"POST {HOME}/new", signed_in=True)
@confirmed
async def enrol(page: MisPage) -> Response:
    """The code of the application proves that it has the secret."""
    code = page.form.text("code")
    if not code:
        return await _new(page, {"code": NO_CODE})
    if not await commands.enrol(page, code):
        return await _new(page, {"code": OTHER_CODE})
    page.flash(ENROLLED)
    return page.redirect(f"{HOME}/codes")


async def _new(page: MisPage, errors: dict[str, str]) -> Response:
    secret = commands.begun_secret(page)
    email = (await account_of(page.db, page.user.id)).email
    picture = segno.make(address_of(secret, email), error="m", micro=False).svg_data_uri(border=2, scale=5)
    return page.render(
        "factors/new.html",
        status=422 if errors else 200,
        keep=True,  # a wrong code is counted
        errors=errors,
        picture=picture,
        secret=in_groups(secret),
        email=email,
        digits=DIGITS,
    )


@pages.add(f"GET {HOME}/codes", signed_in=True)
async def codes(page: MisPage) -> Response:
    """New recovery codes, as long as this browser may show them."""
    shown = commands.shown_codes(page)
    if not shown:
        return page.redirect(HOME)
    text = "\r\n".join([page.profile.base_url, *shown])
    file = base64.b64encode(text.encode()).decode()
    return page.render("factors/codes.html", codes=shown, file=file, length=CODE_LENGTH)


@pages.add(f"POST {HOME}/codes", signed_in=True)
async def noted(page: MisPage) -> Response:
    commands.forget_codes(page)
    return page.redirect("/")


@pages.add(f"GET {HOME}/codes/new", signed_in=True)
@confirmed
async def renew_form(page: MisPage) -> Response:
    return page.render("factors/renew.html")


@pages.add(f"POST {HOME}/codes/new", signed_in=True)
@confirmed
async def renew(page: MisPage) -> Response:
    await commands.renew_codes(page)
    return page.redirect(f"{HOME}/codes")


@pages.add(f"GET {HOME}/off", signed_in=True)
@confirmed
async def off_form(page: MisPage) -> Response:
    if not await store.exists(page.db, page.user.id):
        raise NotFound()
    return page.render("factors/off.html")


@pages.add(f"POST {HOME}/off", signed_in=True)
@confirmed
async def off(page: MisPage) -> Response:
    await commands.remove(page)
    page.flash(REMOVED)
    return page.redirect(HOME)


async def notices(page: MisPage) -> list[Notice]:
    """Few recovery codes are left; the clinic will want a second factor."""
    found = []
    left, day = await queries.announced(page)
    if left is not None:
        text = page.ngettext("Лишився %(num)d код відновлення.", "Лишилося %(num)d кодів відновлення.", left)
        found.append(Notice("codes", page.gettext(FEW_LEFT), text, page.gettext(RENEW), f"{HOME}/codes/new"))
    if day is not None:
        text = page.gettext(SOON_TEXT).format(day=short_date(day))
        found.append(Notice("factor", page.gettext(SOON), text, page.gettext(ADD), HOME))
    return found


section = Section(
    "factors",
    pages,
    notices=(notices,),
    account=(Link(_("Другий фактор"), HOME),),
    gates=(GATE,),
)
