"""Sign-in: password or КЕП, then the second factor, each step a page of its own."""

import base64
import contextlib
from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.central import identity, pis
from esoz.kernel import signing
from esoz.kernel.errors import AccessDenied, Problem, Rejected, rejected
from esoz.kernel.pages import Pages, faults

from . import messages
from .authorization import AuthorizationRequest, read_client, read_request
from .frame import CentralServices, Page, Visitor, address_of, must_be_calm, working
from .scopes import describe

pages: Pages[CentralServices, Visitor] = Pages()

WAITING, CHANGING, METHOD, PHONE_ASKED = "waiting", "changing", "method", "phone_asked"


@pages.add("GET /sign-in", public=True)
async def sign_in_form(page: Page) -> Response:
    request = await read_request(page)
    if page.visitor is not None:
        return page.redirect(request.onward)
    if request.is_cabinet and page.query.get("user_data"):
        groups = describe(request.scope.split(), of_patient=True)
        return page.render("patient/sign_in.html", request=request, document=page.query["user_data"], groups=groups)
    if request.is_cabinet:
        return page.redirect(f"/sign-in/key?{request.query}")
    return await _password_page(page, request, {"email": request.login_hint})


@pages.add("POST /sign-in", public=True)
async def sign_in(page: Page) -> Response:
    await must_be_calm(page, "sign-in")
    request = await read_request(page)
    email, password = page.form.text("email"), page.form.raw("password")
    try:
        async with working(page, "POST /sign-in") as work:
            await identity.captcha.must_be_solved(work, address_of(page), page.form.text("captcha"))
            issued = await identity.log_in(work, email, password, request.client_id, change_expired=True)
    except Problem as refusal:
        if isinstance(refusal, identity.errors.InvalidCredentials):
            async with working(page, "POST /sign-in") as work:
                await identity.captcha.count_failure(work, address_of(page))
        return await _password_page(page, request, {"email": email}, {"email": messages.of_refusal(page, refusal)})
    return lead_on(page, request, issued)


async def _password_page(
    page: Page, request: AuthorizationRequest, values: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> Response:
    """The form, with a task for the browser when its address has guessed too often (AUTH-1)."""
    async with working(page, "GET /sign-in") as work:
        needed = await identity.captcha.is_needed(work, address_of(page))
        task = identity.captcha.make_task(work) if needed else None
    return page.render(
        "sign_in.html",
        status=403 if errors else 200,
        keep=True,  # tries are counted
        request=request,
        values=values,
        errors=errors or {},
        task=task,
    )


def lead_on(
    page: Page,
    request: AuthorizationRequest,
    issued: identity.IssuedToken,
    method: identity.Method = identity.Method.PASSWORD,
) -> Response:
    """The next step of a sign-in."""
    match issued.next_step:
        case identity.NextStep.OTP:
            page.session.put(WAITING, str(issued.token.id))
            return page.redirect(f"/sign-in/code?{request.query}")
        case identity.NextStep.FACTOR:
            page.session.put(WAITING, str(issued.token.id))
            return page.redirect(f"/sign-in/phone?{request.query}")
        case identity.NextStep.PASSWORD:
            page.session.put(CHANGING, str(issued.token.id))
            return page.redirect(f"/password?{request.query}")
    forget_steps(page)
    page.sign_in(issued.token.user_id)
    page.session.put(METHOD, str(method))
    return page.redirect(request.onward)


def forget_steps(page: Page) -> None:
    """Nothing of the steps before is needed any more."""
    for name in (WAITING, CHANGING, PHONE_ASKED):
        page.session.pop(name)


def kept_id(page: Page, name: str) -> UUID | None:
    """The id of a token that the session keeps for its next step."""
    with contextlib.suppress(ValueError):
        return UUID(page.session.text(name))
    return None


@pages.add("GET /sign-in/code", public=True)
async def code_form(page: Page) -> Response:
    request = await read_request(page)
    return await _code_page(page, request)


@pages.add("POST /sign-in/code", public=True)
async def code(page: Page) -> Response:
    request, token_id = await read_request(page), kept_id(page, WAITING)
    code = page.form.text("code")
    try:
        async with working(page, "POST /sign-in/code") as work:
            if page.session.text(PHONE_ASKED):
                issued = await identity.approve_factor(work, token_id, code)
            else:
                issued = await identity.confirm_sign_in(work, token_id, code)
    except Problem as refusal:
        return await _code_page(page, request, errors={"code": messages.of_refusal(page, refusal)})
    if issued is None:
        return page.redirect(f"/sign-in?{request.query}")
    return lead_on(page, request, issued)


@pages.add("POST /sign-in/code/again", public=True)
async def code_again(page: Page) -> Response:
    request, token_id = await read_request(page), kept_id(page, WAITING)
    try:
        async with working(page, "POST /sign-in/code/again") as work:
            if phone := page.session.text(PHONE_ASKED):
                await identity.init_factor(work, token_id, phone)
            else:
                page.session.put(WAITING, str((await identity.send_again(work, token_id)).token.id))
    except Problem as refusal:
        return await _code_page(page, request, errors={"code": messages.of_refusal(page, refusal)})
    page.flash(messages.SENT)
    return page.redirect(f"/sign-in/code?{request.query}")


async def _code_page(page: Page, request: AuthorizationRequest, errors: Mapping[str, str] | None = None) -> Response:
    token_id = kept_id(page, WAITING)
    async with working(page, "GET /sign-in/code") as work:
        try:
            phone = (await identity.waiting(work, token_id))[2] if token_id else ""
        except AccessDenied:
            phone, token_id = "", None
    if token_id is None and not errors:
        return page.redirect(f"/sign-in?{request.query}")
    return page.render(
        "code.html",
        status=403 if errors else 200,
        keep=True,  # tries are counted
        request=request,
        phone=page.session.text(PHONE_ASKED) or phone,
        errors=errors or {},
        again="/sign-in/code/again",
        action="/sign-in/code",
    )


@pages.add("GET /sign-in/phone", public=True)
async def phone_form(page: Page) -> Response:
    request = await read_request(page)
    if kept_id(page, WAITING) is None:
        return page.redirect(f"/sign-in?{request.query}")
    return page.render("phone.html", request=request, values={}, errors={}, action="/sign-in/phone", ask_password=False)


@pages.add("POST /sign-in/phone", public=True)
async def phone(page: Page) -> Response:
    request, token_id = await read_request(page), kept_id(page, WAITING)
    number = page.form.text("phone").replace(" ", "")
    try:
        async with working(page, "POST /sign-in/phone") as work:
            await identity.init_factor(work, token_id, number)
    except Problem as refusal:
        fault = messages.BAD_PHONE if isinstance(refusal, Rejected) else messages.of_refusal(page, refusal)
        return page.refuse(
            "phone.html",
            keep=True,  # tries are counted
            request=request,
            values=page.form.values(),
            errors={"phone": fault},
            action="/sign-in/phone",
            ask_password=False,
        )
    page.session.put(PHONE_ASKED, number)
    return page.redirect(f"/sign-in/code?{request.query}")


@pages.add("GET /sign-in/key", public=True)
async def key_form(page: Page) -> Response:
    return await _key_page(page, await read_client(page))


@pages.add("POST /sign-in/key", public=True)
async def key(page: Page) -> Response:
    request = await read_client(page)
    assert request.client is not None
    try:
        document = base64.b64encode(await _signed(page)).decode()
    except Rejected as fault:
        return await _key_page(page, request, errors=faults(fault))
    try:
        async with working(page, "POST /sign-in/key") as work:
            issued = await pis.log_in(work, request.client.id, document, may_be_new=True)
    except Problem as refusal:
        known = messages.of_refusal(page, refusal)
        errors = {"signed_file": messages.SIGNATURE if known == page.gettext(messages.IMPOSSIBLE) else known}
        return await _key_page(page, request, errors=errors)
    return lead_on(page, request, issued, identity.Method.SIGNATURE)


async def _signed(page: Page) -> bytes:
    """The signed request to sign in, its document inside: the bytes to sign come back with the form."""
    try:
        content = base64.b64decode(page.form.text("content"), validate=True)
    except ValueError as fault:  # also what base64 says of letters that are not ASCII
        raise rejected("$.signed_file", messages.OLD_PAGE) from fault
    return (await signing.receive(page, [content]))[0]


async def _key_page(page: Page, request: AuthorizationRequest, errors: Mapping[str, str] | None = None) -> Response:
    """The form with a fresh nonce: each opens one session and lives fifteen minutes."""
    assert request.client is not None
    async with working(page, "GET /sign-in/key") as work:
        content = await identity.nonce_to_sign(work, request.client)
    return page.render(
        "sign_in_key.html",
        status=403 if errors else 200,
        keep=True,
        request=request,
        errors=errors or {},
        content=content,
    )
