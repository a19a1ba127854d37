"""Coming in for the first time by the link of the mail."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.sign_in.passwords import store as password_store
from esoz.mis.sign_in.passwords.model import Rule, rules

from .. import welcome
from .registry import pages

CHOSEN = _("Пароль задано. Увійдіть із ним.")


@pages.add("GET /welcome/{token}", public=True)
async def form(page: MisPage) -> Response:
    return await _form(page, {})


@pages.add("POST /welcome/{token}", public=True)
async def choose(page: MisPage) -> Response:
    token = page.params["token"]
    user_id = await welcome.user_of(page, token, lock=True)
    if user_id is None:
        return page.render("staff/link_over.html", status=404)
    errors = await welcome.choose(page, token, user_id, page.form.raw("new"), page.form.raw("again"))
    if errors:
        return await _form(page, errors)
    if page.visitor is not None:
        page.sign_out()
    page.flash(CHOSEN)
    return page.redirect("/sign-in")


@pages.add("POST /welcome/{token}/rules", public=True)
async def kept_rules(page: MisPage) -> Response:
    """The rules again, with marks for what was typed so far; only for whoever has the link."""
    user_id = await welcome.user_of(page, page.params["token"])
    if user_id is None:
        return page.render("staff/link_over.html", status=404)
    return page.render("passwords/rules.html", rules=await _rules(page, user_id))


async def _form(page: MisPage, errors: Mapping[str, str]) -> Response:
    user_id = await welcome.user_of(page, page.params["token"])
    if user_id is None:
        return page.render("staff/link_over.html", status=404)
    secret = await password_store.secret(page.db, user_id)
    return page.render(
        "staff/welcome.html",
        status=422 if errors else 200,
        errors=errors,
        email=secret.email,
        rules=await _rules(page, user_id),
    )


async def _rules(page: MisPage, user_id: UUID) -> list[Rule]:
    secret = await password_store.secret(page.db, user_id)
    return rules(page.form.raw("new"), secret.own)
