"""Sign-in to central and consent with a client's scopes: the OAuth2 code grant as people see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from esoz.central import identity
from esoz.kernel.errors import AccessDenied, NotFound, Problem
from esoz.kernel.pages import Pages, mark

from .frame import CentralServices, Page, Visitor, working
from .scopes import in_words

pages: Pages[CentralServices, Visitor] = Pages()

WRONG = mark("Адреса електронної пошти або пароль неправильні.")
PAUSED = mark("Забагато неправильних паролів. Вхід за паролем зупинено на 10 хвилин: зачекайте й увійдіть знову.")
EXPIRED = mark("Строк дії пароля минув. Зверніться до керівника закладу, щоб отримати новий.")
BLOCKED = mark("Користувача заблоковано. Зверніться до керівника закладу.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks for: the query of /sign-in."""

    client: identity.Client
    redirect_uri: str
    scope: str
    state: str

    @property
    def query(self) -> str:
        return urlencode(
            {
                "client_id": self.client.id, "redirect_uri": self.redirect_uri, "scope": self.scope,
                "state": self.state,
            }
        )

    def back(self, **answer: str) -> str:
        """Where the browser returns to, with the answer of the grant (RFC 6749, 4.1.2)."""
        joint = "&" if "?" in self.redirect_uri else "?"
        state = {"state": self.state} if self.state else {}
        return f"{self.redirect_uri}{joint}{urlencode({**answer, **state})}"


async def read_asked(page: Page) -> Asked:
    """The request of the client; a wrong client or address is never redirected to (RFC 6749, 4.1.2.1)."""
    query: Mapping[str, str] = page.query
    try:
        client_id = UUID(query.get("client_id", ""))
    except ValueError as fault:
        raise NotFound() from fault
    async with working(page, "GET /sign-in") as work:
        client = await identity.find_client(work, client_id)
        redirect_uri = query.get("redirect_uri", "")
        await identity.must_be_registered(work, client.id, redirect_uri)
    return Asked(client, redirect_uri, query.get("scope", ""), query.get("state", ""))


@pages.add("GET /sign-in", public=True)
async def sign_in_form(page: Page) -> Response:
    asked = await read_asked(page)
    if page.visitor is not None:
        return page.redirect(f"/consent?{asked.query}")
    values = {"email": page.query.get("email", "")}
    return page.render("sign_in.html", asked=asked, values=values, errors={})


@pages.add("POST /sign-in", public=True)
async def sign_in(page: Page) -> Response:
    asked = await read_asked(page)
    try:
        async with working(page, "POST /sign-in") as work:
            issued = await identity.log_in(work, page.form.text("email"), page.form.raw("password"), asked.client.id)
    except AccessDenied as refusal:
        page.keep_changes()
        errors = {"email": _in_words(refusal)}
        return page.render("sign_in.html", status=403, asked=asked, values=page.form.values(), errors=errors)
    page.sign_in(issued.token.user_id)
    return page.redirect(f"/consent?{asked.query}")


@pages.add("GET /consent", signed_in=True)
async def consent_form(page: Page) -> Response:
    asked = await read_asked(page)
    try:
        async with working(page, "GET /consent") as work:
            await identity.grantable(work, page.user.id, asked.client, asked.scope)
    except Problem:
        return page.render("not_yours.html", asked=asked)
    return page.render("consent.html", asked=asked, groups=in_words(asked.scope.split()))


@pages.add("POST /consent", signed_in=True)
async def consent(page: Page) -> Response:
    asked = await read_asked(page)
    if page.form.text("answer") != "yes":
        page.sign_out()
        return page.render("return.html", asked=asked, address=asked.back(error="access_denied"))
    async with working(page, "POST /consent") as work:
        issued = await identity.authorize(work, page.user.id, asked.client.id, asked.redirect_uri, asked.scope)
    page.sign_out()  # central has nothing more for a browser: the client has its own session
    return page.render("return.html", asked=asked, address=asked.back(code=issued.value))


@pages.add("POST /sign-out", public=True)
async def sign_out(page: Page) -> Response:
    page.sign_out()
    return page.redirect("/")


def _in_words(refusal: AccessDenied) -> str:
    match refusal:
        case identity.errors.LoginsExhausted():
            return PAUSED
        case identity.errors.PasswordExpired():
            return EXPIRED
        case identity.errors.UserBlocked():
            return BLOCKED
        case _:
            return WRONG
