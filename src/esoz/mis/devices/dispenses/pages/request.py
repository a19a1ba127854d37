"""A request by its number: what is left, what fits, and the form by which devices are held."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.clock import new_id
from esoz.kernel.errors import NotFound
from esoz.kernel.pages.reading import Reading
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain, field_faults
from esoz.mis.pharmacy import CODES, DEVICES, CodeRefused, code_refused, read_number
from esoz.sdk import CentralBusy, CentralRefused

from ...requests import device_name, last_day
from .. import commands, forms, model, queries, store
from ..model import Begun, Handover
from ..queries import Counter
from ..texts import NO_SUCH_NUMBER
from .registry import DISPENSING, NUMBER, pages


@pages.add(f"GET {NUMBER}", roles=DISPENSING)
async def request(page: MisPage) -> Response:
    number, asked = _number(page), page.query
    try:
        place = asked.get("place", "").strip()[:100]
        counter = await queries.counter(page, await calling(page), number, asked.get("division", ""), place)
    except NotFound:
        return _nobodys(page)
    values = {**forms.defaults(counter.offers, model.remaining(counter.request)), "code": _kept_code(page, number)}
    return await form(page, counter, values, {})


def _nobodys(page: MisPage) -> Response:
    page.flash(NO_SUCH_NUMBER, "important")
    return page.redirect("/pharmacy")


def _number(page: MisPage) -> str:
    found = read_number(page.params["number"], of_device=True)
    if found is None:
        raise NotFound()
    return found.number


def _kept_code(page: MisPage, number: str) -> str:
    """The code that was typed beside the number, or scanned with it."""
    kept = page.session.data.get(CODES)
    return str(kept.get(number) or "") if isinstance(kept, dict) else ""


async def form(
    page: MisPage,
    counter: Counter,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    refused: CentralRefused | CentralBusy | None = None,
    *,
    lost: bool = False,
) -> Response:
    return page.render(
        "device_dispenses/request.html",
        status=422 if errors or refused else 200,
        keep=False,
        counter=counter,
        request=counter.request,
        left=model.remaining(counter.request),
        device=device_name(counter.request),
        last_day=last_day(counter.request),
        is_open=model.is_open(counter.request, page.today),
        values={"attempt": str(new_id()), **values},
        errors=errors,
        lost=lost,
        refused=explain(page, refused) if refused else [],
        why=explain(page, CentralRefused(422, "", counter.reason)) if counter.reason else [],
    )


@pages.add(f"POST {NUMBER}", roles=DISPENSING)
async def hold(page: MisPage) -> Response:
    values, number = page.form.values(), _number(page)
    known = await _begun_before(page, values)
    if known is not None:
        return page.redirect(f"{DEVICES}/{known.patient_id}/{known.id}")
    try:
        counter = await queries.counter(page, await calling(page), number, values.get("division", ""))
    except NotFound:
        return _nobodys(page)
    handover, code, errors = _read(page, counter, values)
    if handover is None:
        return await form(page, counter, values, errors)
    try:
        await commands.hold(page, handover, code, values)
    except CodeRefused as fault:
        text, numbers = code_refused(fault.attempts_left, fault.seconds, was_given=bool(code))
        return await form(page, counter, {**values, "code": ""}, {"code": page.gettext(text).format(**numbers)})
    except (CentralRefused, CentralBusy) as refused:
        return await form(page, counter, values, _fields(page, refused, handover), refused)
    page.session.pop(CODES)
    return page.redirect(f"{DEVICES}/{handover.patient_id}/{handover.id}")


async def _begun_before(page: MisPage, values: Mapping[str, str]) -> Begun | None:
    """What this very form has begun already: a second click."""
    known = await store.find(page.db, _attempt(values), page.user.work.clinic_id)
    return known if known is not None and known.job_id else None


def _attempt(values: Mapping[str, str]) -> UUID:
    """The id of the dispense, which came with the form. Raises NotFound."""
    try:
        return UUID(values.get("attempt", ""))
    except ValueError as fault:
        raise NotFound() from fault


def _read(page: MisPage, counter: Counter, values: Mapping[str, str]) -> tuple[Handover | None, str, Mapping[str, str]]:
    """What is asked for, the code, and the faults; nothing is asked for when there are any."""
    reading, left = Reading(values), model.remaining(counter.request)
    lines = forms.read_lines(reading, counter.offers, left, priced=counter.is_priced, in_parts=counter.in_parts)
    division_id, code, _receipt = forms.read_rest(reading, dict(counter.divisions))
    if reading.faults or division_id is None or not lines:
        return None, code, reading.faults
    handover = Handover(
        id=_attempt(values),
        patient_id=model.patient_of(counter.request),
        number=counter.request["requisition"],
        request_id=UUID(counter.request["id"]),
        programme_id=model.programme_of(counter.request),
        employee_id=page.user.work.employee_id,
        division_id=division_id,
        lines=lines,
    )
    return handover, code, {}


def _fields(page: MisPage, refused: CentralRefused | CentralBusy, handover: Handover) -> dict[str, str]:
    """Central's faults at the fields of this form."""
    first = handover.lines[0].offer.device_id
    known = {"$.location.identifier.value": "division", "$.details": f"packages-{first}"}
    for place, line in enumerate(handover.lines):
        entry, id = f"$.details[{place}]", line.offer.device_id
        known |= {
            f"{entry}.device.identifier.value": f"packages-{id}",
            f"{entry}.quantity.value": f"packages-{id}",
            f"{entry}.sell_price": f"amount-{id}",
            f"{entry}.discount_amount": f"discount-{id}",
        }
    return {field: text for field, text in field_faults(page, refused, known).items() if field}
