"""Pages of one's own sign-ins, of proving anew who one is, and of colleagues' pauses."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import HEADS
from esoz.mis.sign_in import accounts
from esoz.mis.sign_in.passwords import PAUSED, WRONG_CURRENT

from .. import queries
from ..commands import sign_ins
from ..forms import must_be_id
from ..model import Try
from .registry import pages

LIFTED = _("Паузу знято: працівник може увійти паролем.")


# Words and colours of the outcomes of a try.
OUTCOMES = {
    accounts.Outcome.ACCEPTED: (_("Вхід"), "green"),
    accounts.Outcome.WRONG: (_("Неправильний пароль"), "red"),
    accounts.Outcome.PAUSED: (_("Під час паузи"), "orange"),
    accounts.Outcome.THROTTLED: (_("Мережу обмежено"), "orange"),
    accounts.Outcome.ASKED: (_("Пароль правильний, коду не було"), "red"),
    accounts.Outcome.REFUSED: (_("Не прийнято"), "red"),
}


WRONG_CODE = (_("Неправильний код"), "red")


@pages.add("GET /account", signed_in=True, reads=True)
async def account(page: MisPage) -> Response:
    """The user's own sign-ins and failed tries."""
    links = [link for section in page.services.sections for link in section.account]
    tries = [(each, *_outcome_of(each)) for each in await queries.tries(page)]
    return page.render("login/account.html", tries=tries, methods=accounts.METHODS, links=links)


def _outcome_of(each: Try) -> tuple[str, str]:
    """What came of a try, and its colour."""
    is_code = each.outcome is accounts.Outcome.WRONG and each.method in accounts.CODES
    return WRONG_CODE if is_code else OUTCOMES[each.outcome]


@pages.add(f"GET {accounts.CONFIRM}", signed_in=True)
async def confirm_form(page: MisPage) -> Response:
    return _confirm(page, {})


@pages.add(f"POST {accounts.CONFIRM}", signed_in=True)
async def confirm(page: MisPage) -> Response:
    """The password again, before a change of the ways in."""
    refused = await accounts.confirm(page, page.form.raw("password"))
    if refused is not None:
        return _confirm(page, {"password": PAUSED if refused.paused_until else WRONG_CURRENT})
    return page.redirect(page.next_path("/account"))


def _confirm(page: MisPage, errors: Mapping[str, str]) -> Response:
    status = 422 if errors else 200
    return page.render("login/confirm.html", status=status, keep=True, errors=errors, next=page.next_path("/account"))


@pages.add("GET /staff/pauses", roles=HEADS)
async def pauses(page: MisPage) -> Response:
    return page.render("login/pauses.html", paused=await queries.paused(page))


@pages.add("POST /staff/pauses", roles=HEADS)
async def lift(page: MisPage) -> Response:
    await sign_ins.lift_pause(page, must_be_id(page.form.text("user")))
    page.flash(LIFTED)
    return page.redirect("/staff/pauses")
