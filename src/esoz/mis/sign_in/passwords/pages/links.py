"""Choosing a password by the link of a mail: the same pages for every kind of such links."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from starlette.responses import Response

from esoz.mis.base.services import MisPage, MisPages

from .. import commands, store
from ..model import rules


class FindUser(Protocol):
    """Whose a link is; None when it leads nowhere (any more). `lock` makes a second click wait."""

    def __call__(self, page: MisPage, token: str, *, lock: bool = False) -> Awaitable[UUID | None]: ...


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """A kind of links. `form`, `over`: templates of the page and of a link that leads nowhere; `chosen`: what is said
    when it is done; `spend`: what else becomes of the link (its token) and of its user when the password is set.
    """

    path: str
    user_of: FindUser
    spend: Callable[[MisPage, str, UUID], Awaitable[None]]
    form: str
    over: str
    chosen: str


def add_link_pages(pages: MisPages, link: PasswordLink) -> None:
    """Pages of the form, of setting the password, and of the rules while it is typed."""

    async def form(page: MisPage) -> Response:
        return await _form(page, link, {})

    async def choose(page: MisPage) -> Response:
        return await _choose(page, link)

    async def kept_rules(page: MisPage) -> Response:
        return await _kept_rules(page, link)

    pages.add(f"GET {link.path}/{{token}}", public=True)(form)
    pages.add(f"POST {link.path}/{{token}}", public=True)(choose)
    pages.add(f"POST {link.path}/{{token}}/rules", public=True)(kept_rules)


async def _choose(page: MisPage, link: PasswordLink) -> Response:
    token = page.params["token"]
    user_id = await link.user_of(page, token, lock=True)
    if user_id is None:
        return page.refuse(link.over, status=404, keep=False)
    errors = await commands.choose(page, user_id, page.form.raw("new"), page.form.raw("again"))
    if errors:
        return await _form(page, link, errors)
    await link.spend(page, token, user_id)
    if page.visitor is not None:
        page.sign_out()
    page.flash(link.chosen)
    return page.redirect("/sign-in")


async def _kept_rules(page: MisPage, link: PasswordLink) -> Response:
    """The rules again, with marks for what was typed so far; only for somebody who has the link."""
    user_id = await link.user_of(page, page.params["token"])
    if user_id is None:
        return page.refuse(link.over, status=404, keep=False)
    secret = await store.secret(page.db, user_id)
    return page.render("passwords/rules.html", rules=rules(page.form.raw("new"), secret.own))


async def _form(page: MisPage, link: PasswordLink, errors: Mapping[str, str]) -> Response:
    user_id = await link.user_of(page, page.params["token"])
    if user_id is None:
        return page.refuse(link.over, status=404, keep=False)
    secret = await store.secret(page.db, user_id)
    return page.render(
        link.form,
        status=422 if errors else 200,
        keep=False,
        errors=errors,
        email=secret.email,
        rules=rules(page.form.raw("new"), secret.own),
    )
