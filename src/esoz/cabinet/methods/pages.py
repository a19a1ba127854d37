"""Pages of ways to confirm: the list, one more telephone, a name, the end."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.sdk import CentralBusy, CentralRefused

from ..access import calling
from ..errors import explain
from ..journal import record
from ..person.pages import METHOD_WORDS
from ..registration import forms
from ..services import CabinetPage, CabinetPages
from .model import Event, Method, active, one_of

pages: CabinetPages = CabinetPages()

REQUESTS, METHODS = "/api/pis/authentication_method_requests", "/api/pis/authentication_methods"
UNVERIFIED = "unverified"
LONGEST_NAME = 255
NO_CODE = _("Введіть чотири цифри з SMS.")
WRONG_CODE = _("Код неправильний. Перевірте SMS і введіть код ще раз.")
TOO_OFTEN = _("Коди надсилаються не так часто. Зачекайте хвилину й спробуйте ще раз.")
CODE_SENT = _("Новий код надіслано.")
ADDED = _("Номер додано. Старий можна видалити, якщо він більше не Ваш.")
RENAMED = _("Назву збережено.")
ENDED = _("Спосіб підтвердження видалено.")
TOO_LONG = _("Скоротіть: щонайбільше 255 знаків.")

Values = Mapping[str, str]


@pages.add("GET /person/methods", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    found = active(await _methods(page))
    await record(page, Event.LISTED)
    return page.render("methods/methods.html", methods=found, method_words=METHOD_WORDS)


@pages.add("GET /person/methods/new", signed_in=True)
async def new(page: CabinetPage) -> Response:
    return _new(page, {})


@pages.add("POST /person/methods/new", signed_in=True)
async def add(page: CabinetPage) -> Response:
    """The number first, then the code that came to it; the form carries both."""
    typed = page.form.values()
    values, errors = forms.read_phone(typed)
    if len(values["alias"]) > LONGEST_NAME:
        errors["alias"] = TOO_LONG
    code = _code(page) if "code" in typed else None
    if errors:
        return _new(page, typed, errors)
    if "code" in typed and code is None:
        return _new(page, values, {"code": NO_CODE}, needs_code=True)
    method = {"type": "OTP", "phone_number": values["phone"]} | ({"alias": values["alias"]} if values["alias"] else {})
    try:
        made = await (await calling(page)).post(
            REQUESTS, {"authentication_method": method} | ({} if code is None else {"otp": code})
        )
    except CentralRefused as refused:
        return await _not_added(page, values, refused, has_code=code is not None)
    id = made.record()["id"]
    await record(page, Event.ASKED, id)
    if made.urgent.get("authentication_method_current"):
        return page.redirect(f"/person/methods/requests/{id}")
    return await _approve(page, id, None)  # who has no telephone yet has nothing to confirm with but their key


async def _not_added(page: CabinetPage, values: Values, refused: CentralRefused, *, has_code: bool) -> Response:
    if refused.type == UNVERIFIED:
        await record(page, Event.CODE_SENT)
        return page.render("methods/new.html", values=values, errors={}, needs_code=True, refused=(), central_id="")
    explained = explain(refused)
    if has_code and not refused.faults:
        await record(page, Event.CODE_REFUSED)
        return _new(page, values, {"code": explained[0].text}, needs_code=True, keep=True)
    return page.refuse(
        "methods/new.html",
        keep=False,
        values=values,
        errors={},
        needs_code=False,
        refused=explained,
        central_id=refused.request_id,
    )


@pages.add("GET /person/methods/requests/{id}", signed_in=True)
async def code_form(page: CabinetPage) -> Response:
    return _code_page(page, str(page.id()))


@pages.add("POST /person/methods/requests/{id}", signed_in=True)
async def confirm(page: CabinetPage) -> Response:
    """The code of the number of now."""
    code, id = _code(page), str(page.id())
    if code is None:
        return _code_page(page, id, {"code": NO_CODE})
    return await _approve(page, id, code)


async def _approve(page: CabinetPage, id: str, code: int | None) -> Response:
    body = {} if code is None else {"verification_code": code}
    try:
        await (await calling(page)).patch(f"{REQUESTS}/{id}/actions/approve", body)
    except CentralRefused as refused:
        if refused.status == 404:
            raise
        await record(page, Event.CODE_REFUSED, id)
        is_wrong = refused.message == "Invalid verification code"
        return _code_page(page, id, {"code": WRONG_CODE if is_wrong else explain(refused)[0].text})
    await record(page, Event.ADDED, id)
    page.flash(ADDED)
    return page.redirect("/person/methods")


@pages.add("POST /person/methods/requests/{id}/again", signed_in=True)
async def again(page: CabinetPage) -> Response:
    id = str(page.id())
    try:
        await (await calling(page)).post(f"{REQUESTS}/{id}/actions/resend_otp")
    except CentralBusy:
        return _code_page(page, id, {"code": TOO_OFTEN})
    except CentralRefused as refused:
        if refused.status == 404:
            raise
        return _code_page(page, id, {"code": explain(refused)[0].text})
    await record(page, Event.CODE_SENT, id)
    page.flash(CODE_SENT)
    return page.redirect(f"/person/methods/requests/{id}")


@pages.add("GET /person/methods/{id}/name", signed_in=True)
async def name_form(page: CabinetPage) -> Response:
    method = one_of(await _methods(page), str(page.id()))
    return _named(page, method, {"alias": method.get("alias") or ""})


@pages.add("POST /person/methods/{id}/name", signed_in=True)
async def name(page: CabinetPage) -> Response:
    method, alias = one_of(await _methods(page), str(page.id())), page.form.text("alias")
    if len(alias) > LONGEST_NAME:
        return _named(page, method, {"alias": alias}, {"alias": TOO_LONG})
    await (await calling(page)).patch(f"{METHODS}/{method['id']}", {"alias": alias} if alias else {})
    await record(page, Event.RENAMED, method["id"])
    page.flash(RENAMED)
    return page.redirect("/person/methods")


@pages.add("GET /person/methods/{id}/end", signed_in=True)
async def end_form(page: CabinetPage) -> Response:
    method = one_of(await _methods(page), str(page.id()))
    return page.render("methods/end.html", method=method, method_words=METHOD_WORDS)


@pages.add("POST /person/methods/{id}/end", signed_in=True)
async def end(page: CabinetPage) -> Response:
    await (await calling(page)).patch(f"{METHODS}/{page.id()}/actions/deactivate")
    await record(page, Event.ENDED, page.id())
    page.flash(ENDED)
    return page.redirect("/person/methods")


async def _methods(page: CabinetPage) -> Sequence[Method]:
    return (await (await calling(page)).get("/api/pis/person/authentication_methods")).rows()


def _code(page: CabinetPage) -> int | None:
    typed = page.form.text("code").replace(" ", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None


def _new(
    page: CabinetPage, values: Values, errors: Values | None = None, *, needs_code: bool = False, keep: bool = False
) -> Response:
    return page.render(
        "methods/new.html",
        status=422 if errors else 200,
        keep=keep,
        values=values,
        errors=errors or {},
        needs_code=needs_code,
        refused=(),
        central_id="",
    )


def _code_page(page: CabinetPage, id: str, errors: Values | None = None) -> Response:
    return page.render(
        "methods/code.html", status=422 if errors else 200, keep=bool(errors), id=id, errors=errors or {}
    )


def _named(page: CabinetPage, method: Method, values: Values, errors: Values | None = None) -> Response:
    return page.render(
        "methods/name.html",
        status=422 if errors else 200,
        keep=False,
        method=method,
        values=values,
        errors=errors or {},
        method_words=METHOD_WORDS,
    )
