"""Consent with a client's scopes: the OAuth2 code grant as people see it."""

from starlette.responses import Response

from esoz.central import identity
from esoz.kernel.errors import Problem
from esoz.kernel.pages import Pages

from .authorization import read_client
from .frame import CentralServices, Page, Visitor, working
from .scopes import describe
from .sign_in import METHOD

pages: Pages[CentralServices, Visitor] = Pages()


@pages.add("GET /consent", signed_in=True)
async def consent_form(page: Page) -> Response:
    request = await read_client(page)
    assert request.client is not None
    try:
        async with working(page, "GET /consent") as work:
            await identity.grantable(work, page.user.id, request.client, request.scope)
    except Problem:
        return page.render("not_yours.html", request=request)
    return page.render(
        "consent.html",
        request=request,
        groups=describe(request.scope.split(), of_patient=request.is_cabinet),
    )


@pages.add("POST /consent", signed_in=True)
async def consent(page: Page) -> Response:
    request = await read_client(page)
    assert request.client is not None
    if page.form.text("answer") != "yes":
        page.sign_out()
        return page.render("return.html", request=request, address=request.back(error="access_denied"))
    origin = identity.Origin(method=identity.Method(page.session.text(METHOD) or identity.Method.PASSWORD))
    async with working(page, "POST /consent") as work:
        issued = await identity.authorize(
            work,
            page.user.id,
            request.client.id,
            request.redirect_uri,
            request.scope,
            origin=origin,
            challenge=request.challenge,
        )
    page.sign_out()  # central has nothing more for a browser: the client has its own session
    return page.render("return.html", request=request, address=request.back(code=issued.value))


@pages.add("POST /sign-out", public=True)
async def sign_out(page: Page) -> Response:
    page.sign_out()
    return page.redirect("/")
