"""Pages of the counter: the number, the packages, the signature, the journal."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages.quantities import unit_in_words
from esoz.mis import stock
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import PHARMACY
from esoz.mis.care.prescriptions import DISPENSE_STATUSES, dispense_tag, state_tag
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import CentralSession, calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralBusy, CentralClosed, CentralRefused, CentralUnavailable, understanding

from .. import commands, queries, store
from ..forms import NOT_ALL, RETURN_REASONS, defaults, read_late, read_lines, read_numbers, read_rest, still_given
from ..model import (
    NO_NUMBER,
    NOT_A_CODE,
    NOT_A_NUMBER,
    Handover,
    HeldDispense,
    read_code,
    read_number,
    remaining,
    why_closed,
)
from ..queries import Counter
from ..texts import NO_SUCH_NUMBER, NOT_SENT, RELEASED, code_refused
from .registry import pages

DISPENSING = frozenset({"PHARMACIST"})  # the scopes medication_dispense:write and :process
CODES = "dispensing_code"
DEVICES = "/pharmacy/devices"  # where the number of a device leads
OTHERWISE = "dispensing_number"  # the number that the same scan would be on another layout
TOGETHER = "dispensing_numbers"  # several numbers of one scan, one after the other to be opened
_ROOT = "$.medication_dispense"


@pages.add("GET /pharmacy", roles=PHARMACY, reads=True)
async def home(page: MisPage) -> Response:
    return await _home(page, {}, {})


async def _home(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], *, status: int = 422) -> Response:
    """The number, and what is held still: begun and not signed, it would be lost in ten minutes."""
    held = await store.held_now(page.db, page.user.work.clinic_id, page.now) if page.user.roles & DISPENSING else ()
    return page.render(
        "pharmacy/home.html",
        status=status if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        held=held,
        together=page.session.data.get(TOGETHER) or (),
    )


@pages.add("POST /pharmacy", roles=PHARMACY)
async def find(page: MisPage) -> Response:
    """From what was typed or scanned to the prescription; the code waits in the session, never in an address."""
    text, typed_code = page.form.raw("number"), read_code(page.form.text("code"))
    found = read_numbers(text, page.services.central.url)
    device = None if found else read_number(text, page.services.central.url, of_device=True)
    if device and typed_code is not None and page.user.roles & DISPENSING:
        page.session.put(CODES, {device.number: typed_code or device.code})
        return page.redirect(f"{DEVICES}/number/{device.number}")
    errors = {} if found else {"number": NOT_A_NUMBER if text.strip() else NO_NUMBER}
    if typed_code is None:
        errors["code"] = NOT_A_CODE
    if errors:
        shown = {"number": text[:40] if text.isprintable() else "", "code": page.form.text("code")[:10]}
        return await _home(page, shown, errors)
    page.session.put(OTHERWISE, {each.number: each.otherwise for each in found})
    page.session.put(CODES, {each.number: each.code for each in found})
    if len(found) > 1:  # each has a code of its own, which is asked for beside it
        page.session.put(TOGETHER, [each.number for each in found])
        return page.redirect("/pharmacy")
    page.session.pop(TOGETHER)
    if typed_code:
        page.session.put(CODES, {found[0].number: typed_code})
    return page.redirect(f"/pharmacy/prescriptions/{found[0].number}")


@pages.add("GET /pharmacy/prescriptions/{number}", roles=PHARMACY)
async def prescription(page: MisPage) -> Response:
    central = await calling(page)
    try:
        request = await queries.prescription(page, central, _number(page))
    except NotFound:
        if otherwise := _otherwise(page):
            return page.redirect(f"/pharmacy/prescriptions/{otherwise}")
        if page.user.roles & DISPENSING and await queries.is_of_device(page, central, _number(page)):
            return page.redirect(f"{DEVICES}/number/{_number(page)}")
        values = {"number": page.params["number"]}
        return await _home(page, values, {"number": NO_SUCH_NUMBER}, status=404)
    asked = page.query.get("division", "")
    counter = await _counter(page, central, request, asked, page.query.get("place", "").strip()[:100])
    values = {**defaults(counter.offers, remaining(request), counter.at_hand), "code": _kept_code(page, request)}
    return await _shown(page, counter, values, {})


def _number(page: MisPage) -> str:
    found = read_number(page.params["number"])
    if found is None:
        raise NotFound()
    return found.number


def _otherwise(page: MisPage) -> str:
    """Another reading of the scan that led here, once; its code goes with it."""
    kept, codes, number = page.session.pop(OTHERWISE), page.session.data.get(CODES), page.params["number"]
    found = str(kept.pop(number, "") or "") if isinstance(kept, dict) else ""
    if kept:  # of the same scan, and not looked up yet
        page.session.put(OTHERWISE, kept)
    if found and isinstance(codes, dict):
        page.session.put(CODES, {found: codes.get(number, "")})
    return found


def _kept_code(page: MisPage, request: Mapping[str, Any]) -> str:
    kept = page.session.data.get(CODES)
    code = kept.get(request["request_number"]) if isinstance(kept, dict) else None
    return code or ""


async def _counter(
    page: MisPage, central: CentralSession, request: Mapping[str, Any], division: str, place: str = ""
) -> Counter:
    """Those who only look are shown the prescription alone."""
    if page.user.roles & DISPENSING:
        return await queries.counter(page, central, request, division, place)
    return Counter(request=request)


async def _shown(
    page: MisPage,
    counter: Counter,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    refused: CentralRefused | CentralBusy | None = None,
    *,
    status: int = 0,
    lost: bool = False,
) -> Response:
    request, done = counter.request, []
    if not counter.offers and page.user.roles & DISPENSING and not counter.reason:
        done = list(await queries.done_by_us(await calling(page), UUID(request["id"])))
    ours = [
        each
        for each in await store.of_request(page.db, UUID(request["id"]), page.user.work.clinic_id)
        if each.held_until > page.now
    ]
    return page.render(
        "pharmacy/prescription.html",
        status=status or (422 if errors or refused else 200),
        keep=False,
        counter=counter,
        request=request,
        left=remaining(request),
        values=values,
        errors=errors,
        lost=lost,
        held=ours,
        done=done,
        refused=explain(page, refused) if refused else [],
        state_tag=state_tag,
        why=explain(page, CentralRefused(422, "", counter.reason)) if counter.reason else [],
        closed=why_closed(request),
        may_dispense=bool(page.user.roles & DISPENSING),
    )


@pages.add("POST /pharmacy/prescriptions/{number}", roles=DISPENSING)
async def dispense(page: MisPage) -> Response:
    values = page.form.values()
    central = await calling(page)
    request = await queries.prescription(page, central, _number(page))
    counter = await _counter(page, central, request, values.get("division", ""))
    if not counter.offers:
        # Nothing is left when we hold it all ourselves: an answer that got lost is gone on with where it waits.
        ours = await queries.held_by_us(central, UUID(request["id"]))
        waits = (
            f"/pharmacy/dispenses/{ours[0]['id']}" if ours else f"/pharmacy/prescriptions/{request['request_number']}"
        )
        return page.redirect(waits)
    handover, code, errors = _read(counter, values, page.today)
    if handover is None:
        return await _shown(page, counter, values, errors)
    attempt = values.get("attempt") or values.get("form_token", "")
    try:
        with understanding():
            dispense_id = await commands.hold(page, handover, code, unsigned=counter.unsigned, attempt=attempt)
    except commands.CodeRefused as fault:
        text, numbers = code_refused(fault.attempts_left, fault.seconds, was_given=bool(code))
        return await _shown(page, counter, {**values, "code": ""}, {"code": page.gettext(text).format(**numbers)})
    except (CentralRefused, CentralBusy) as refused:
        return await _shown(page, counter, values, _fields(page, refused, handover), refused)
    except CentralUnavailable as away:
        closed = away.refusal if isinstance(away, CentralClosed) else None  # then nothing was done, so nothing is lost
        lost = {**values, "attempt": attempt}
        return await _shown(page, counter, lost, {}, closed, status=503, lost=closed is None)
    page.session.pop(CODES)
    await _remember(page, counter, str(handover.division_id))
    return page.redirect(f"/pharmacy/dispenses/{dispense_id}")


async def _remember(page: MisPage, counter: Counter, division: str) -> None:
    """Who hands over at another division works there until they choose again."""
    here = await stock.counter(page)
    if here is None or str(here.place.division_id) != division:
        await stock.choose(page, (UUID(division), dict(counter.divisions)[division]))


def _read(counter: Counter, values: Mapping[str, str], today: date) -> tuple[Handover | None, str, dict[str, str]]:
    """What is asked for, the code, and the faults; nothing is asked for when there are any."""
    left = remaining(counter.request)
    lines, errors = read_lines(values, counter.offers, left, priced=counter.is_priced, goods=counter.at_hand)
    if lines and not errors and not counter.in_parts and sum((each.quantity for each in lines), Decimal(0)) != left:
        errors[f"packages-{lines[0].offer.id}"] = NOT_ALL
    code, division_id, receipt, rest = read_rest(values, dict(counter.divisions))
    late, wrong = read_late(values, today)
    errors |= rest | wrong
    if errors or division_id is None:
        return None, code, errors
    request = counter.request
    handover = Handover(
        request_id=UUID(request["id"]),
        number=request["request_number"],
        division_id=division_id,
        programme_id=UUID(request["medical_program"]["id"]),
        lines=lines,
        payment_id=receipt,
        late=late,
    )
    return handover, code, {}


def _fields(page: MisPage, refused: CentralRefused | CentralBusy, handover: Handover) -> dict[str, str]:
    """Central's faults at the fields of this form."""
    known = {f"{_ROOT}.division_id": "division", f"{_ROOT}.payment_amount": "payment_id"}
    known |= {f"{_ROOT}.{name}": name for name in ("dispensed_at", "note")}
    for place, line in enumerate(handover.lines):
        entry, offer_id = f"{_ROOT}.dispense_details[{place}]", line.offer.id
        known |= {
            f"{entry}.medication_id": f"packages-{offer_id}",
            f"{entry}.medication_qty": f"packages-{offer_id}",
            f"{entry}.sell_amount": f"amount-{offer_id}",
            f"{entry}.discount_amount": f"discount-{offer_id}",
        }
    return {field: text for field, text in field_faults(page, refused, known).items() if field}


@pages.add("GET /pharmacy/dispenses/{id}", roles=PHARMACY)
async def one(page: MisPage) -> Response:
    return await _one(page, {})


async def _one(page: MisPage, errors: Mapping[str, str], refused: CentralRefused | None = None) -> Response:
    """One dispense: to be signed, handed over, or over."""
    central = await calling(page)
    found = await queries.dispense(page, central, page.id())
    waits = found["status"] == "NEW" and bool(page.user.roles & DISPENSING)
    held = await commands.held(page, found) if waits else None
    left = None
    await commands.book_returns(page, found)  # what came back while an answer was lost
    if found["status"] == "PROCESSED":
        await stock.take_for_dispense(page, found)  # once; what was done when our own answer was lost
        request = await queries.prescription(page, central, found["medication_request"]["request_number"])
        left = remaining(request)
    return page.render(
        "pharmacy/dispense.html",
        status=422 if errors or refused else 200,
        keep=False,
        dispense=found,
        held=held,
        left=left,
        taken=await stock.of_dispense(page.db, page.id(), page.user.work.clinic_id),
        tag_of=dispense_tag,
        unit_in_words=unit_in_words,
        return_reasons=RETURN_REASONS,
        returnable=still_given(found) if page.user.roles & DISPENSING else {},
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add("GET /pharmacy/dispenses/{id}/hold", roles=DISPENSING)
async def hold_left(page: MisPage) -> Response:
    """How long it is held still: a line that renews itself."""
    held = await store.find(page.db, page.id(), page.user.work.clinic_id)
    if held is None:
        raise NotFound()
    return page.render("pharmacy/hold.html", held=held)


@pages.add("POST /pharmacy/dispenses/{id}", roles=DISPENSING)
async def sign(page: MisPage) -> Response:
    held = await _held(page)
    if held is None:
        return page.redirect(_path(page))
    try:
        signed = await receive_signed(page, held.content)
        done = await commands.process(page, held, signed)
    except Rejected as problem:
        return await _one(page, faults(problem))
    except CentralRefused as refused:
        return await _one(page, {}, refused)
    return _after(page, done)


@pages.add("POST /pharmacy/dispenses/{id}/send", roles=DISPENSING)
async def send_again(page: MisPage) -> Response:
    """After a lost answer: central is given the same signed document, which it takes once."""
    held = await _held(page)
    if held is None or held.signed is None:
        return page.redirect(_path(page))
    try:
        return _after(page, await commands.send(page, held))
    except CentralRefused as refused:
        return await _one(page, {}, refused)


async def _held(page: MisPage) -> HeldDispense | None:
    """What waits for a signature or an answer; None when it is settled, and a second click waits for the first."""
    return await store.find(page.db, page.id(), page.user.work.clinic_id, lock=True)


def _path(page: MisPage) -> str:
    return f"/pharmacy/dispenses/{page.id()}"


def _after(page: MisPage, done: bool) -> Response:
    if not done:
        page.flash(NOT_SENT, "important")
    return page.redirect(_path(page) if done else f"{_path(page)}/waits")


@pages.add("GET /pharmacy/dispenses/{id}/waits", roles=DISPENSING)
async def waits(page: MisPage) -> Response:
    """Signed, but the answer was lost: a page that needs no central."""
    held = await _held(page)
    return page.render("pharmacy/waits.html", held=held) if held else page.redirect(_path(page))


@pages.add("POST /pharmacy/dispenses/{id}/release", roles=DISPENSING)
async def release(page: MisPage) -> Response:
    await commands.release(page, page.id())
    page.flash(RELEASED)
    return page.redirect("/pharmacy")


@pages.add("GET /dispenses", roles=PHARMACY, reads=True)
async def journal(page: MisPage) -> Response:
    """Today's dispenses, or those of other days, by status and number."""
    today = page.today.isoformat()
    values = {"status": page.query.get("status", ""), "number": page.query.get("number", "").strip()[:60]}
    values |= {name: page.query.get(name, today) for name in ("from", "to")}
    if values["status"] not in DISPENSE_STATUSES:
        values["status"] = ""
    typed = read_number(values["number"]) if values["number"] else None
    errors = {"number": NOT_A_NUMBER} if values["number"] and typed is None else {}
    found = None if errors else await queries.journal(page, values, typed.number if typed else "")
    return page.render(
        "pharmacy/journal.html",
        status=422 if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        found=found,
        statuses=DISPENSE_STATUSES,
        tag_of=dispense_tag,
    )
