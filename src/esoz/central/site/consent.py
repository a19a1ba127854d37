"""Consent with a client's scopes: the OAuth2 code grant as people see it."""

from starlette.responses import Response

from esoz.central import identity
from esoz.kernel.errors import Problem
from esoz.kernel.pages import Pages

from .asked import read_client
from .frame import CentralServices, Page, Visitor, working
from .scopes import in_words
from .sign_in import METHOD

pages: Pages[CentralServices, Visitor] = Pages()


@pages.add("GET /consent", signed_in=True)
async def consent_form(page: Page) -> Response:
    asked = await read_client(page)
    assert asked.client is not None
    try:
        async with working(page, "GET /consent") as work:
            await identity.grantable(work, page.user.id, asked.client, asked.scope)
    except Problem:
        return page.render("not_yours.html", asked=asked)
    return page.render("consent.html", asked=asked, groups=in_words(asked.scope.split(), of_patient=asked.is_cabinet))


@pages.add("POST /consent", signed_in=True)
async def consent(page: Page) -> Response:
    asked = await read_client(page)
    assert asked.client is not None
    if page.form.text("answer") != "yes":
        page.sign_out()
        return page.render("return.html", asked=asked, address=asked.back(error="access_denied"))
    origin = identity.Origin(method=identity.Method(page.session.text(METHOD) or identity.Method.PASSWORD))
    async with working(page, "POST /consent") as work:
        issued = await identity.authorize(
            work, page.user.id, asked.client.id, asked.redirect_uri, asked.scope, origin=origin
        )
    page.sign_out()  # central has nothing more for a browser: the client has its own session
    return page.render("return.html", asked=asked, address=asked.back(code=issued.value))


@pages.add("POST /sign-out", public=True)
async def sign_out(page: Page) -> Response:
    page.sign_out()
    return page.redirect("/")
