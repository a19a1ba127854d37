"""Pages of the registration: four short forms, the text to sign, the code of the telephone."""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralBusy, CentralRefused

from ..errors import Explanation, explain
from ..services import CabinetPage, CabinetPages
from . import commands, forms
from .commands import Applicant
from .holder import birth_date_of, gender_of
from .model import COUNT, STEPS, Step, step_of

pages: CabinetPages = CabinetPages()

MOST_FOUND, SHORTEST = 20, 2
KEY_FIRST = _("Щоб зареєструватися, спершу підпишіть запит своїм ключем.")
WELCOME = _("Вас зареєстровано в ЕСОЗ. Тепер оберіть сімейного лікаря.")
CODE_SENT = _("Новий код надіслано.")
NO_CODE = _("Введіть чотири цифри з SMS.")
WRONG_CODE = _("Код неправильний. Перевірте SMS і введіть код ще раз.")
TOO_OFTEN = _("Коди надсилаються не так часто. Зачекайте хвилину й спробуйте ще раз.")
SIGN_AGAIN = _("Час на введення коду минув. Перевірте дані й підпишіть їх ще раз.")
COUNTRY = "Україна"  # what most are born in; it is data, in one language
STREET_FIRST = "STREET"

Values = Mapping[str, str]
Handler = Callable[[CabinetPage, Applicant], Awaitable[Response]]


def registering(handler: Handler) -> Callable[[CabinetPage], Awaitable[Response]]:
    """The handler for those who came with a key that central does not know; others are led to the key."""

    async def checked(page: CabinetPage) -> Response:
        if page.visitor is not None:
            return page.redirect("/")
        applicant = await commands.load(page)
        if applicant is None:
            page.flash(KEY_FIRST, "important")
            return page.redirect("/sign-in")
        if not applicant.holder.is_readable:
            return page.refuse("registration/latin.html", keep=False, holder=applicant.holder)
        return await handler(page, applicant)

    return checked


@pages.add("GET /register", public=True)
@registering
async def begin(page: CabinetPage, applicant: Applicant) -> Response:
    """Where somebody left off."""
    return page.redirect(_next(applicant))


def _next(applicant: Applicant) -> str:
    step = applicant.registration.next_step
    if step is not None:
        return f"/register/{step}"
    return "/register/code" if applicant.registration.signed else "/register/sign"


@pages.add("GET /register/settlements", public=True)
@registering
async def settlements(page: CabinetPage, _applicant: Applicant) -> Response:
    """What the picker of places asks for."""
    return page.json([{"value": id, "text": text} for id, text in await found_places(page, page.query.get("q", ""))])


@pages.add("GET /register/sign", public=True)
@registering
async def sign_form(page: CabinetPage, applicant: Applicant) -> Response:
    if applicant.registration.next_step is not None:
        return page.redirect(_next(applicant))
    return await _sign(page, applicant)


@pages.add("POST /register/sign", public=True)
@registering
async def sign(page: CabinetPage, applicant: Applicant) -> Response:
    if applicant.registration.next_step is not None:
        return page.redirect(_next(applicant))
    try:
        content = base64.b64decode(page.form.text("content"), validate=True)
    except ValueError:
        content = b""
    try:
        is_done = await commands.send(page, applicant, content)
    except Rejected as fault:
        return await _sign(page, applicant, errors=faults(fault))
    except CentralRefused as refused:
        return await _sign(page, applicant, refused=refused)
    return _done(page) if is_done else page.redirect("/register/code")


@pages.add("GET /register/code", public=True)
@registering
async def code_form(page: CabinetPage, applicant: Applicant) -> Response:
    return _code(page, applicant) if applicant.registration.signed else page.redirect(_next(applicant))


@pages.add("POST /register/code", public=True)
@registering
async def code(page: CabinetPage, applicant: Applicant) -> Response:
    if not applicant.registration.signed:
        return page.redirect(_next(applicant))
    typed = page.form.text("code").replace(" ", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
        return _code(page, applicant, {"code": NO_CODE})
    try:
        await commands.confirm(page, applicant, int(typed))
    except CentralRefused as refused:
        return await _code_refused(page, applicant, refused)
    return _done(page)


@pages.add("POST /register/code/again", public=True)
@registering
async def code_again(page: CabinetPage, applicant: Applicant) -> Response:
    if not applicant.registration.signed:
        return page.redirect(_next(applicant))
    try:
        is_done = await commands.confirm(page, applicant, None)
    except CentralBusy:
        return _code(page, applicant, {"code": TOO_OFTEN})
    except CentralRefused as refused:
        return await _code_refused(page, applicant, refused)
    if is_done:  # the telephone was confirmed elsewhere meanwhile
        return _done(page)
    page.flash(CODE_SENT)
    return page.redirect("/register/code")


@pages.add("GET /register/{step}", public=True)
@registering
async def step_form(page: CabinetPage, applicant: Applicant) -> Response:
    step = _step(page)
    if _is_ahead(applicant, step):
        return page.redirect(_next(applicant))
    told = applicant.registration.told(step) or _guessed(applicant, step)
    return _form(page, applicant, step, forms.boxes_of(told, "birth_date", "issued_at", "expiration_date"))


@pages.add("POST /register/{step}", public=True)
@registering
async def keep_step(page: CabinetPage, applicant: Applicant) -> Response:
    step, typed = _step(page), page.form.values()
    if _is_ahead(applicant, step):
        return page.redirect(_next(applicant))
    if typed.get("find"):
        return _form(page, applicant, step, typed, options=await found_places(page, typed.get("settlement_text", "")))
    values, errors = await _read(page, applicant, step, typed)
    if errors:
        return _form(page, applicant, step, typed, errors)
    await commands.keep(page, applicant, step, values)
    following = STEPS.index(step) + 1
    if page.query.get("then") == "sign" or following == len(STEPS):
        return page.redirect("/register/sign")
    return page.redirect(f"/register/{STEPS[following]}")


def _step(page: CabinetPage) -> Step:
    try:
        return Step(page.params["step"])
    except ValueError as fault:
        raise NotFound() from fault


def _is_ahead(applicant: Applicant, step: Step) -> bool:
    """Is something asked before this step that was not told: the document is compared with the birth date."""
    first = applicant.registration.next_step
    return first is not None and STEPS.index(first) < STEPS.index(step)


def _guessed(applicant: Applicant, step: Step) -> Values:
    """What the certificate lets be guessed, to be corrected by who knows better."""
    holder = applicant.holder
    if step is Step.ABOUT:
        born = birth_date_of(holder.tax_id)
        told = {"birth_country": COUNTRY, "gender": gender_of(holder.tax_id)}
        return told | {"birth_date": born.isoformat() if born else ""}
    if step is Step.DOCUMENT:
        return {"type": holder.passport_type, "number": holder.passport, "unzr": holder.unzr}
    return {"street_type": STREET_FIRST} if step is Step.ADDRESS else {}


async def _read(page: CabinetPage, applicant: Applicant, step: Step, typed: Values) -> forms.Read:
    if step is Step.ABOUT:
        return forms.read_about(typed, page.today)
    if step is Step.DOCUMENT:
        return forms.read_document(typed, page.today, applicant.holder, _born(applicant))
    if step is Step.CONTACTS:
        return forms.read_contacts(typed)
    place = await commands.settlement(page, typed.get("settlement", ""))
    return forms.read_address(typed, place and place_of(place), page.services.dictionaries.words("STREET_TYPE"))


def _born(applicant: Applicant) -> date:
    return date.fromisoformat(applicant.registration.told(Step.ABOUT)["birth_date"])


async def found_places(page: CabinetPage, text: str) -> list[tuple[str, str]]:
    """Settlements by a part of their names, as a picker shows them."""
    name = text.split(",", maxsplit=1)[0].strip()
    if len(name) < SHORTEST:
        return []
    return [(each["id"], _label(each)) for each in await commands.settlements(page, name, MOST_FOUND)]


def _label(settlement: Mapping[str, Any]) -> str:
    """A settlement as the picker shows it: «Садове, Полтавський, Полтавська»."""
    names = ("settlement_name", "district", "region")
    return ", ".join(str(settlement[name]) for name in names if settlement.get(name))


def place_of(settlement: Mapping[str, Any]) -> dict[str, str]:
    """What is kept of a settlement: the names of the published address, and the field of the picker."""
    return {
        "settlement_id": settlement["id"],
        "settlement": settlement["settlement_name"],
        "settlement_type": settlement["type"],
        "area": settlement["region"],
        "region": settlement.get("district") or "",
        "settlement_text": _label(settlement),
    }


def _form(
    page: CabinetPage,
    applicant: Applicant,
    step: Step,
    values: Values,
    errors: Values | None = None,
    *,
    options: list[tuple[str, str]] | None = None,
) -> Response:
    if step is Step.ADDRESS and "settlement_id" in values:
        values = {**values, "settlement": values["settlement_id"]}
    born = _born(applicant) if step is Step.DOCUMENT else None
    return page.render(
        f"registration/{step}.html",
        status=422 if errors else 200,
        keep=False,
        holder=applicant.holder,
        values=values,
        errors=errors or {},
        number=STEPS.index(step) + 1,
        count=COUNT,
        back=f"/register/{STEPS[STEPS.index(step) - 1]}" if step is not STEPS[0] else "",
        documents=forms.offered_documents(born, page.today) if born else {},
        street_types=page.services.dictionaries.words("STREET_TYPE"),
        options=options,
    )


async def _sign(
    page: CabinetPage, applicant: Applicant, *, errors: Values | None = None, refused: CentralRefused | None = None
) -> Response:
    """The whole text with a fresh nonce: it is good for fifteen minutes and once."""
    wrong = [step for step in map(step_of, [each.entry for each in refused.faults] if refused else []) if step]
    explained: Sequence[Explanation] = explain(refused) if refused else ()
    return page.render(
        "registration/sign.html",
        status=422 if errors or refused else 200,
        keep=False,
        holder=applicant.holder,
        person=applicant.person,
        content=await commands.content_to_sign(page, applicant),
        errors=errors or {},
        refused=explained,
        central_id=refused.request_id if refused else "",
        wrong=list(dict.fromkeys(wrong)),
        number=COUNT - 1,
        count=COUNT,
    )


def _code(page: CabinetPage, applicant: Applicant, errors: Values | None = None) -> Response:
    return page.render(
        "registration/code.html",
        status=422 if errors else 200,
        keep=bool(errors),
        phone=applicant.registration.phone,
        errors=errors or {},
        number=COUNT,
        count=COUNT,
    )


async def _code_refused(page: CabinetPage, applicant: Applicant, refused: CentralRefused) -> Response:
    """A wrong code is asked for again; with a nonce that is over nothing can be done but sign anew."""
    if refused.type == "jwt_invalid":
        await commands.take_back(page, applicant)
        page.flash(SIGN_AGAIN, "important")
        return page.redirect("/register/sign")
    if refused.faults:
        await commands.take_back(page, applicant)
        return await _sign(page, applicant, refused=refused)
    await commands.note_refused_code(page)
    first = explain(refused)[0]
    wrong = WRONG_CODE if refused.message == "Invalid verification code" else first.text
    return _code(page, applicant, {"code": wrong})


def _done(page: CabinetPage) -> Response:
    page.flash(WELCOME)
    return page.redirect("/")
