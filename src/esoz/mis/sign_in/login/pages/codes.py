"""Pages of the code, between the password and the work."""

from datetime import timedelta

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.base.urls import with_next
from esoz.mis.sign_in.accounts import LockoutState
from esoz.mis.sign_in.factors import NO_CODE

from ..commands import codes, pending
from ..commands.arrivals import onward, ways
from ..model import CODE_WAITS
from .registry import pages

DOOR = "/sign-in/code"


TOO_LATE = _("Час на введення коду минув. Увійдіть паролем ще раз.")


NO_RECOVERY_CODE = _("Введіть код відновлення: десять літер і цифр.")


@pages.add(f"GET {DOOR}", public=True)
async def code_form(page: MisPage) -> Response:
    if await pending.find(page) is None:
        return _begin_again(page)
    return _code_form(page, {})


@pages.add(f"POST {DOOR}", public=True)
async def complete(page: MisPage) -> Response:
    """A code of the application, or a recovery code from the other form of the page."""
    waiting = await pending.find(page)
    if waiting is None:
        return _begin_again(page)
    code, recovery_code = page.form.text("code"), page.form.text("recovery_code")
    if not (code or recovery_code):
        is_recovery = "recovery_code" in page.form.texts
        return _code_form(page, {"recovery_code": NO_RECOVERY_CODE} if is_recovery else {"code": NO_CODE})
    refused = await codes.complete(page, waiting, code, recovery_code)
    if refused is None:
        return page.redirect(await onward(page))
    return _code_form(page, {}, refused)


def _begin_again(page: MisPage) -> Response:
    if pending.KEY in page.session.data:
        pending.end(page)
        page.flash(TOO_LATE, "important")
    return page.redirect(with_next("/sign-in", page.next_path()))


def _code_form(page: MisPage, errors: dict[str, str], lockout: LockoutState | None = None) -> Response:
    return page.render(
        "factors/code.html",
        status=422 if errors or lockout else 200,
        keep=True,  # a wrong code is counted
        errors=errors,
        lockout=lockout,
        limits=page.services.limits,
        minutes=int(CODE_WAITS / timedelta(minutes=1)),
        ways=ways(page),
        next=page.next_path(),
    )
