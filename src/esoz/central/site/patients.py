"""Patients on the way to a cabinet that redirects: registration, and acting for a child or a ward.

The cabinet brings a document that the person has signed (`user_data`, as published). It is read and shown; nothing is
done before the person confirms it here.
"""

from collections.abc import Mapping
from dataclasses import replace

from starlette.responses import Response

from esoz.central import identity, people, pis
from esoz.kernel.errors import Forbidden, NotFound, Problem, TooMany
from esoz.kernel.pages import Pages

from . import messages
from .authorization import AuthorizationRequest, read_cabinet, read_request
from .frame import CentralServices, Page, Visitor, must_be_calm, working
from .scopes import describe
from .sign_in import METHOD, forget_steps, lead_on

pages: Pages[CentralServices, Visitor] = Pages()

BROUGHT = "user_data"  # in the query of the cabinet, in our forms, and in the session while the person signs in
CODE = "otp"


@pages.add("POST /sign-in/brought", public=True)
async def sign_in(page: Page) -> Response:
    """Come in by the request that was signed in the cabinet; GET /sign-in shows who asks (site.sign_in)."""
    await must_be_calm(page, "sign-in")
    request = await read_request(page)
    if request.client is None or page.form.text("answer") != "yes":
        return _back(page, request)
    try:
        async with working(page, "POST /sign-in/brought") as work:
            issued = await pis.log_in(work, request.client.id, page.form.text(BROUGHT), may_be_new=True)
    except Problem as refusal:
        return _refused(page, request, refusal, keep=True)
    return lead_on(page, request, issued, identity.Method.SIGNATURE)


@pages.add("GET /sign-up", public=True)
async def sign_up_form(page: Page) -> Response:
    await must_be_calm(page, "sign-up")
    request = await read_cabinet(page)
    return await _sign_up(page, request, page.query.get(BROUGHT, ""))


@pages.add("POST /sign-up", public=True)
async def sign_up(page: Page) -> Response:
    await must_be_calm(page, "sign-up")
    request, document = await read_cabinet(page), page.form.text(BROUGHT)
    if page.form.text("answer") != "yes":
        return _back(page, request)
    code = page.form.text(CODE)
    otp = int(code) if code.isascii() and code.isdigit() and len(code) <= 6 else None
    if CODE in page.form.texts and otp is None:
        return await _sign_up(page, request, document, {CODE: messages.WRONG_SMS})
    try:
        async with working(page, "POST /sign-up") as work:
            found = await _checked(page, request, document)
            _, issued = await pis.register(work, document, found.token, otp)
    except pis.UnverifiedPhone:
        return await _sign_up(page, request, document, {})
    except (Forbidden, TooMany) as refusal:  # of the code
        over = isinstance(refusal, TooMany) or refusal.message != "Invalid verification code"
        return await _sign_up(page, request, document, {CODE: messages.NO_MORE_CODES if over else messages.WRONG_SMS})
    except Problem as refusal:
        return _refused(page, request, refusal, keep=True)
    return lead_on(page, request, issued, identity.Method.SIGNATURE)


async def _checked(page: Page, request: AuthorizationRequest, document: str) -> pis.SignUp:
    assert request.client is not None
    async with working(page, "GET /sign-up") as work:
        found = await pis.check_sign_up(work, document)
    if found.nonce.client_id != request.client.id:
        raise identity.errors.JWTInvalid()
    return found


async def _sign_up(
    page: Page, request: AuthorizationRequest, document: str, code: Mapping[str, str] | None = None
) -> Response:
    """The registration as it will be carried out. `code`: faults of the code by SMS; None = none was asked for yet."""
    if not document:
        return _without(page, request, keep=code is not None)
    try:
        found = await _checked(page, request, document)
    except Problem as refusal:
        return _refused(page, request, refusal, keep=code is not None)
    return page.render(
        "patient/sign_up.html",
        status=422 if code else 200,
        keep=code is not None,
        request=request,
        person=found.details,
        document=document,
        needs_code=code is not None,
        errors=code or {},
    )


@pages.add("GET /confidant/sign-in", public=True)
async def sign_in_for_form(page: Page) -> Response:
    request = await read_cabinet(page)
    if (away := _to_sign_in(page, request, "confidant/sign-in")) is not None:
        return away
    document = page.query.get(BROUGHT) or page.session.text(BROUGHT)
    try:
        wards = await _wards(page, document)
    except Problem as refusal:
        return _refused(page, request, refusal)
    return _choice(page, request, wards, document)


@pages.add("POST /confidant/sign-in", signed_in=True)
async def sign_in_for(page: Page) -> Response:
    request = await read_cabinet(page)
    if page.form.text("answer") != "yes":
        return _back(page, request)
    document = page.form.text(BROUGHT)
    try:
        wards = await _wards(page, document)
        chosen = wards if document else [each for each in wards if str(each.id) == page.form.text("person_id")]
        if len(chosen) != 1:
            return _choice(page, request, wards, document, {"person_id": messages.CHOOSE})
        return await _return(page, request, chosen[0], "POST /confidant/sign-in")
    except Problem as refusal:
        return _refused(page, request, refusal)


async def _wards(page: Page, document: str) -> list[people.Person]:
    """The one whom the signed request names; without a request, everybody whom the person speaks for."""
    async with working(page, "GET /confidant/sign-in") as work:
        if not document:
            return await pis.wards(work)
        return [await pis.read_ward(work, await pis.actor_person(work), document)]


def _choice(
    page: Page,
    request: AuthorizationRequest,
    wards: list[people.Person],
    document: str,
    errors: Mapping[str, str] | None = None,
) -> Response:
    if pis.allowed(request.scope)[1] or not request.scope.strip():
        return page.render("not_yours.html", request=request)
    return page.render(
        "patient/sign_in_for.html",
        status=422 if errors else 200,
        keep=False,
        request=request,
        wards=wards,
        document=document,
        groups=describe(request.scope.split(), of_patient=True),
        errors=errors or {},
        values=page.form.values(),
    )


@pages.add("GET /confidant/sign-up", public=True)
async def sign_up_for_form(page: Page) -> Response:
    await must_be_calm(page, "sign-up")
    request = await read_cabinet(page)
    if (away := _to_sign_in(page, request, "confidant/sign-up")) is not None:
        return away
    document = page.query.get(BROUGHT) or page.session.text(BROUGHT)
    if not document:
        return _without(page, request)
    assert request.client is not None
    try:
        async with working(page, "GET /confidant/sign-up") as work:
            found = await pis.check_sign_up_for(work, request.client.id, document)
    except Problem as refusal:
        return _refused(page, request, refusal)
    if pis.allowed(request.scope)[1] or not request.scope.strip():
        return page.render("not_yours.html", request=request)
    return page.render(
        "patient/sign_up_for.html",
        request=request,
        person=found.details,
        document=document,
        token=found.token,
        groups=describe(request.scope.split(), of_patient=True),
    )


@pages.add("POST /confidant/sign-up", signed_in=True)
async def sign_up_for(page: Page) -> Response:
    await must_be_calm(page, "sign-up")
    request = await read_cabinet(page)
    if page.form.text("answer") != "yes":
        return _back(page, request)
    try:
        async with working(page, "POST /confidant/sign-up") as work:
            actor = work.actor
            person, _, _ = await pis.register_for(work, page.form.text(BROUGHT), page.form.text("token"))
            work.actor = actor
        return await _return(page, request, person, "POST /confidant/sign-up")
    except Problem as refusal:
        return _refused(page, request, refusal)


async def _return(page: Page, request: AuthorizationRequest, ward: people.Person, operation: str) -> Response:
    """Consent for this person, and back to the cabinet with a code. Raises what authorize_for raises."""
    assert request.client is not None
    async with working(page, operation) as work:
        issued = await pis.authorize_for(
            work, ward, request.client.id, request.redirect_uri, request.scope, challenge=request.challenge
        )
    page.sign_out()
    return page.render("return.html", request=request, address=request.back(code=issued.value))


def _to_sign_in(page: Page, request: AuthorizationRequest, way: str) -> Response | None:
    """Who acts for another comes in as themselves first, with КЕП; the signed request waits in the session."""
    known = page.visitor is not None and page.visitor.person_id is not None
    if known and page.session.text(METHOD) == identity.Method.SIGNATURE:
        return None
    page.session.put(BROUGHT, page.query.get(BROUGHT, ""))
    return page.redirect(f"/sign-in/key?{replace(request, way=way).query}")


def _back(page: Page, request: AuthorizationRequest) -> Response:
    """The person does not want it (RFC 6749, 4.1.2.1)."""
    if request.client is None:
        raise NotFound()
    page.sign_out()
    return page.render("return.html", request=request, address=request.back(error="access_denied"))


def _without(page: Page, request: AuthorizationRequest, *, keep: bool = False) -> Response:
    address = request.back(error="invalid_request", error_description="user_data is missing")
    return page.refuse("patient/refused.html", keep=keep, request=request, reason=messages.NO_DATA, address=address)


def _refused(page: Page, request: AuthorizationRequest, refusal: Problem, *, keep: bool = False) -> Response:
    """Why it cannot be, and the way back to the cabinet (RFC 6749, 4.1.2.1)."""
    forget_steps(page)
    page.session.pop(BROUGHT)
    address = request.back(error="access_denied", error_description=refusal.message.replace("’", "'"))  # ASCII alone
    return page.refuse(
        "patient/refused.html",
        status=403,
        keep=keep,
        request=request,
        reason=messages.of_patient(refusal),
        address=address,
    )
