"""A user's own account at central: password and phone, changed and recovered."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.central import identity
from esoz.kernel.errors import AccessDenied, NotFound, Problem, Rejected
from esoz.kernel.pages import Pages, end_all, mark

from . import messages
from .authorization import AuthorizationRequest, read_request
from .frame import CentralServices, Page, Visitor, must_be_calm, working
from .sign_in import CHANGING, METHOD, PHONE_ASKED, WAITING, forget_steps, kept_id

pages: Pages[CentralServices, Visitor] = Pages()

CHANGED = mark("Пароль змінено. На інших пристроях потрібно увійти знову.")
PHONE_SET = mark("Номер телефону змінено.")
APP_DELETED = mark("Дозвіл відкликано. Система закладу більше не діє від Вашого імені.")
RESET_DONE = mark("Новий пароль задано. Увійдіть із ним.")


@pages.add("GET /account", signed_in=True)
async def account(page: Page) -> Response:
    async with working(page, "GET /account") as work:
        own = await identity.own_account(work, page.user.id)
    return page.render("account.html", own=own)


@pages.add("POST /account/apps/{id}/delete", signed_in=True)
async def delete_app(page: Page) -> Response:
    async with working(page, "POST /account/apps/{id}/delete") as work:
        await identity.delete_app(work, page.id(), of=page.user.id)
    page.flash(APP_DELETED)
    return page.redirect("/account")


@pages.add("GET /password", public=True)
async def password_form(page: Page) -> Response:
    request = await read_request(page)
    if await _changer(page) is None:
        return page.redirect(f"/sign-in?{request.query}")
    return _password_page(page, request)


@pages.add("POST /password", public=True)
async def password(page: Page) -> Response:
    request, user_id = await read_request(page), await _changer(page)
    if user_id is None:
        return page.redirect(f"/sign-in?{request.query}")
    try:
        async with working(page, "POST /password") as work:
            await identity.change_password(work, user_id, page.form.raw("current"), page.form.raw("new"))
    except Rejected as refusal:
        return _password_page(page, request, {"new": messages.password_fault(refusal)})
    except Problem as refusal:
        return _password_page(
            page, request, {"current": messages.of_refusal(page, refusal, wrong=messages.WRONG_CURRENT)}
        )
    await end_all(page.db, user_id)
    forget_steps(page)
    page.sign_in(user_id)
    page.session.put(METHOD, str(identity.Method.PASSWORD))
    page.flash(CHANGED)
    return page.redirect(request.onward)


async def _changer(page: Page) -> UUID | None:
    """Who may change a password here: who is signed in, or whose expired password was right a moment ago."""
    if page.visitor is not None:
        return page.visitor.id
    token_id = kept_id(page, CHANGING)
    async with working(page, "GET /password") as work:
        return await identity.password_changer(work, token_id) if token_id else None


def _password_page(page: Page, request: AuthorizationRequest, errors: Mapping[str, str] | None = None) -> Response:
    return page.render(
        "password.html",
        status=422 if errors else 200,
        keep=True,  # tries are counted
        request=request,
        errors=errors or {},
        expired=page.visitor is None,
    )


@pages.add("GET /password/forgotten", public=True)
async def forgotten_form(page: Page) -> Response:
    return page.render("forgotten.html", values={}, sent=False)


@pages.add("POST /password/forgotten", public=True)
async def forgotten(page: Page) -> Response:
    await must_be_calm(page, "recovery")
    address = f"{page.profile.base_url}/password/reset"
    async with working(page, "POST /password/forgotten") as work:
        await identity.ask_reset(work, page.form.text("email"), page=address)
    return page.render("forgotten.html", values={}, sent=True)


@pages.add("GET /password/reset", public=True)
async def reset_form(page: Page) -> Response:
    try:
        async with working(page, "GET /password/reset") as work:
            await identity.must_be_open_reset(work, page.query.get("token", ""))
    except (NotFound, Rejected):
        return page.refuse("reset.html", status=404, keep=False, open=False, errors={})
    return page.render("reset.html", open=True, errors={})


@pages.add("POST /password/reset", public=True)
async def reset(page: Page) -> Response:
    value = page.query.get("token", "")
    try:
        async with working(page, "POST /password/reset") as work:
            user_id = await identity.reset_password(work, value, page.form.raw("new"))
    except Rejected as refusal:
        if not refusal.invalid:
            return page.refuse("reset.html", status=404, keep=False, open=False, errors={})
        return page.refuse("reset.html", keep=False, open=True, errors={"new": messages.password_fault(refusal)})
    except NotFound:
        return page.refuse("reset.html", status=404, keep=False, open=False, errors={})
    await end_all(page.db, user_id)
    page.flash(RESET_DONE)
    return page.redirect("/sign-in")


@pages.add("GET /account/phone", signed_in=True)
async def phone_form(page: Page) -> Response:
    return _phone_page(page)


@pages.add("POST /account/phone", signed_in=True)
async def phone(page: Page) -> Response:
    number = page.form.text("phone").replace(" ", "")
    try:
        async with working(page, "POST /account/phone") as work:
            await identity.prove_password(work, page.user.name, page.form.raw("password"))
            token_id = await identity.begin_factor_change(work, page.user.id)
            await identity.init_factor(work, token_id, number)
    except Rejected:
        return _phone_page(page, {"phone": messages.BAD_PHONE})
    except identity.errors.CodesTooOften as refusal:
        return _phone_page(page, {"phone": messages.of_refusal(page, refusal)})
    except AccessDenied as refusal:
        return _phone_page(page, {"password": messages.of_refusal(page, refusal, wrong=messages.WRONG_CURRENT)})
    page.session.put(WAITING, str(token_id))
    page.session.put(PHONE_ASKED, number)
    return page.redirect("/account/phone/code")


def _phone_page(page: Page, errors: Mapping[str, str] | None = None) -> Response:
    return page.render(
        "phone.html",
        status=422 if errors else 200,
        keep=True,  # tries are counted
        request=AuthorizationRequest(None),
        values=page.form.values(),
        errors=errors or {},
        action="/account/phone",
        ask_password=True,
    )


@pages.add("GET /account/phone/code", signed_in=True)
async def phone_code_form(page: Page) -> Response:
    return _phone_code_page(page)


@pages.add("POST /account/phone/code", signed_in=True)
async def phone_code(page: Page) -> Response:
    try:
        async with working(page, "POST /account/phone/code") as work:
            await identity.approve_factor(work, kept_id(page, WAITING), page.form.text("code"))
    except Problem as refusal:
        return _phone_code_page(page, {"code": messages.of_refusal(page, refusal)})
    forget_steps(page)
    page.flash(PHONE_SET)
    return page.redirect("/account")


def _phone_code_page(page: Page, errors: Mapping[str, str] | None = None) -> Response:
    return page.render(
        "code.html",
        status=403 if errors else 200,
        keep=True,  # tries are counted
        request=AuthorizationRequest(None),
        phone=page.session.text(PHONE_ASKED),
        errors=errors or {},
        again="",
        action="/account/phone/code",
    )
