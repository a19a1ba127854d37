"""Who is new to ЕСОЗ registers: papers come from the registers, the rest is asked, and all of it is read and signed."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading
from esoz.sdk import Bearer, CentralBusy, CentralRefused, read_tokens

from . import access, store
from .fields import NO_NAME, NO_SURNAME, NOT_OF_PHONE, name_of, phone_of
from .services import DoorPage, DoorPages
from .texts import explain

pages: DoorPages = DoorPages()

AGAIN = "again"  # the button that asks for another code
START, SIGN, CODE = "/register", "/register/sign", "/register/code"
UNVERIFIED, OLD_NONCE = "unverified", "jwt_invalid"
OF_PAPERS = (
    "first_name",
    "last_name",
    "second_name",
    "birth_date",
    "birth_country",
    "birth_settlement",
    "gender",
    "tax_id",
    "unzr",
)
_CODE = re.compile(r"\d{4,6}", re.ASCII)
SHORTEST_SECRET, LONGEST_SECRET = 6, 20  # PS-14

NO_PAPERS = _("У реєстрах держави немає Ваших документів. Зареєструйтеся в кабінеті пацієнта або в будь-якому закладі.")
WRONG_SECRET = _("Придумайте слово-пароль: від 6 до 20 знаків.")
NO_CONSENT = _("Без згоди на обробку даних ЕСОЗ не зареєструє Вас.")
WRONG_CODE = _("Код складається з чотирьох цифр. Перевірте SMS.")
TOO_OFTEN = _("Коди надсилаються не так часто. Зачекайте хвилину й спробуйте ще раз.")
SENT_AGAIN = _("Код надіслано ще раз.")
DONE = _("Вас зареєстровано в ЕСОЗ. Тепер оберіть лікаря.")


@pages.add(f"GET {START}", signed_in=True)
async def start(page: DoorPage) -> Response:
    if await store.tokens(page.db, page.services.vault, page.user.id) is not None:
        return page.redirect("/")
    return _form(page, {"phone": page.user.phone}, {})


def _form(page: DoorPage, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    return page.render(
        "register.html",
        status=422 if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        papers=page.user.papers,
    )


@pages.add(f"POST {START}", signed_in=True)
async def tell(page: DoorPage) -> Response:
    """What is not in the papers; the text to be signed is shown next."""
    form = Reading(page.form.values())
    told = {
        "phone": phone_of(form, "phone"),
        "secret": _secret(form),
        "last_name": name_of(form, "last_name", NO_SURNAME),
        "first_name": name_of(form, "first_name", NO_NAME),
        "other_phone": phone_of(form, "other_phone"),
    }
    if not form.tick("consent"):
        form.fault("consent", NO_CONSENT)
    papers = page.user.papers
    if papers is None:
        form.fault("", NO_PAPERS)
    if form.faults or papers is None:
        return _form(page, page.form.values(), form.faults)
    await _keep(page, person_of(papers, told))
    return page.redirect(SIGN)


def _secret(form: Reading) -> str:
    typed = form.typed("secret")
    if not SHORTEST_SECRET <= len(typed) <= LONGEST_SECRET:
        form.fault("secret", WRONG_SECRET)
    return typed


def person_of(papers: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    """The person as the published registration spells them: papers of the registers, and what the holder told."""
    phones = [{"type": "MOBILE", "number": told["phone"]}]
    return {name: papers[name] for name in OF_PAPERS} | {
        "no_tax_id": False,
        "secret": told["secret"],
        "documents": [papers["document"]],
        "addresses": [papers["address"]],
        "phones": phones,
        "authentication_methods": [{"type": "OTP", "phone_number": told["phone"]}],
        "emergency_contact": {
            "first_name": told["first_name"],
            "last_name": told["last_name"],
            "phones": [{"type": "MOBILE", "number": told["other_phone"]}],
        },
    }


async def _keep(page: DoorPage, person: Mapping[str, Any]) -> str:
    """Keep what will be signed, with a fresh nonce, until central has taken it."""
    nonce = await access.ask_nonce(page)
    whole = {"person": person, "patient_signed": True, "process_disclosure_data_consent": True, "jwt": nonce}
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    await store.keep_registration(page.db, page.services.vault, page.user.id, text, page.now)
    return text


async def _kept(page: DoorPage) -> store.Registration | None:
    return await store.registration(page.db, page.services.vault, page.user.id)


@pages.add(f"GET {SIGN}", signed_in=True)
async def read(page: DoorPage) -> Response:
    """The text to be signed, in full; a nonce is fresh on each page, as it is good for a quarter of an hour."""
    kept = await _kept(page)
    if kept is None:
        return page.redirect(START)
    return _to_sign(page, await _keep(page, json.loads(kept.text)["person"]))


def _to_sign(
    page: DoorPage, text: str, refused: CentralRefused | None = None, errors: Mapping[str, str] | None = None
) -> Response:
    return page.render(
        "register_sign.html",
        status=422 if refused or errors else 200,
        keep=refused is not None,
        text=text,
        errors=errors or {},
        person=json.loads(text)["person"],
        refused=explain(refused) if refused else (),
        central_id=refused.request_id if refused else "",
    )


@pages.add(f"POST {SIGN}", signed_in=True)
async def sign(page: DoorPage) -> Response:
    kept = await _kept(page)
    if kept is None:
        return page.redirect(START)
    try:
        document = await page.services.sign(page, kept.text.encode())
    except Rejected as fault:
        return _to_sign(page, kept.text, errors=faults(fault))
    await store.keep_signed(page.db, page.services.vault, page.user.id, document)
    return await _send(page, kept.text, document)


@pages.add(f"GET {CODE}", signed_in=True)
async def code_form(page: DoorPage) -> Response:
    kept = await _kept(page)
    if kept is None or not kept.signed:
        return page.redirect(SIGN if kept else START)
    return _code(page, kept.text, {})


def _code(page: DoorPage, text: str, errors: Mapping[str, str], why: Sequence[object] = ()) -> Response:
    return page.render(
        "register_code.html",
        status=422 if errors or why else 200,
        keep=True,
        phone=json.loads(text)["person"]["phones"][0]["number"],
        errors=errors,
        refused=why,
    )


@pages.add(f"POST {CODE}", signed_in=True)
async def confirm(page: DoorPage) -> Response:
    """The code of the SMS; or another one is sent."""
    kept = await _kept(page)
    if kept is None or not kept.signed:
        return page.redirect(SIGN if kept else START)
    if page.form.text("act") == AGAIN:
        return await _send(page, kept.text, kept.signed)
    code = NOT_OF_PHONE.sub("", page.form.text("code"))
    if _CODE.fullmatch(code) is None:
        return _code(page, kept.text, {"code": WRONG_CODE})
    return await _send(page, kept.text, kept.signed, int(code))


async def _send(page: DoorPage, text: str, document: bytes, code: int | None = None) -> Response:
    """Register with the holder's signature on the kept text; central sends a code when the telephone is new to it."""
    asked = access.signed_content(document) | {"token": access.client_grant(page.services)}
    body = asked | ({} if code is None else {"otp": code})
    try:
        answer = await page.services.central.post("/api/pis/sign-up", body=body)
    except CentralBusy:
        return _code(page, text, {"code": TOO_OFTEN})
    except CentralRefused as refused:
        return await _not_taken(page, text, refused, is_of_code=code is not None)
    given = read_tokens(answer.record()["token"])
    person = (await page.services.central.get("/api/pis/person", Bearer(given.access))).record()
    await store.save(page.db, page.services.vault, page.user.id, UUID(person["id"]), given)
    await store.forget_registration(page.db, page.user.id)
    page.flash(DONE)
    return page.redirect("/")


async def _not_taken(page: DoorPage, text: str, refused: CentralRefused, *, is_of_code: bool) -> Response:
    if refused.type == UNVERIFIED:
        if page.form.text("act") == AGAIN:
            page.flash(SENT_AGAIN)
        return page.redirect(CODE)
    if (is_of_code and "code" in refused.message.lower()) or "attempts" in refused.message.lower():
        return _code(page, text, {}, explain(refused))
    if refused.type == OLD_NONCE:
        text = await _keep(page, json.loads(text)["person"])
    return _to_sign(page, text, refused)
