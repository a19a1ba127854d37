"""Prescriptions that were signed: lists, one of them with its dispenses, the note, the code again, taking back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.db import Paged
from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of
from esoz.mis.base.journal import record
from esoz.mis.base.paging import newest_first
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import MEDICAL
from esoz.mis.care.patients import known_patient
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import calling, several
from esoz.mis.link.errors import explain
from esoz.sdk import Answer, CentralError, CentralRefused, whole

from .. import queries, store
from ..commands import prescriptions, rejections
from ..forms import REJECT_REASONS, read_rejection
from ..model import notices
from ..model.note import CannotPrint
from ..model.prescriptions import STATUSES, Event, dispense_tag, state_tag
from .registry import PRESCRIBING, pages

RESENT = _("Номер і код надіслано пацієнтові ще раз.")
REJECTED = _("Рецепт відкликано.")
NOT_KNOWN = _(
    "ЕСОЗ не відповіла, тож невідомо, чи рецепт відкликано. Відкрийте його: якщо він ще чинний, підпишіть знову."
)
NO_NOTE = _(
    "Довідку не надрукувати: в ЕСОЗ цей рецепт без номера або без назви ліків. Зверніться до контакт-центру ЕСОЗ"
    " 0-800-60-20-19."
)
NONE_IN_FORCE = _("Чинних рецептів цього прийому немає, тож друкувати нічого.")
FILTERS = ("status", "from", "to")
MOST_NOTICES = 10


@pages.add("GET /prescriptions", roles=PRESCRIBING)
async def mine(page: MisPage) -> Response:
    """The user's own prescriptions, drafts among them."""
    values, first, last = _filters(page)
    if values["status"]:
        await queries.refresh_mine(page)
    found = await store.search(
        page.db,
        page.list_page(),
        user_id=page.user.id,
        clinic_id=page.user.work.clinic_id,
        status=values["status"],
        first=first,
        last=last,
    )
    rows = await queries.refreshed(page, found.rows)
    await record(page, Event.LIST_READ, page.user.id)
    shown = [{"patient": row, "rx": store.prescription(row)} for row in rows]
    return page.render(
        "prescriptions/mine.html", found=Paged(shown, found.page, found.total), values=values, statuses=STATUSES
    )


def _filters(page: MisPage) -> tuple[dict[str, str], date | None, date | None]:
    """What the list is narrowed to; a day that is none counts as not given."""
    values = {name: page.query.get(name, "") for name in FILTERS}
    days = [day_of(values[name]) for name in ("from", "to")]
    values |= {name: "" for name, day in zip(("from", "to"), days, strict=True) if day is None}
    if values["status"] not in {*STATUSES, "unsigned"}:
        values["status"] = ""
    return values, days[0], days[1]


@pages.add("GET /patients/{id}/prescriptions", roles=MEDICAL)
async def of_patient(page: MisPage) -> Response:
    patient, central = await known_patient(page, page.id()), await calling(page)
    values, first, last = _filters(page)

    async def ask(number: int, size: int) -> Answer:
        return await central.get(
            f"/api/persons/{patient.id}/medication_requests",
            status=values["status"] or None,
            created_from=first,
            created_to=last,
            page=number,
            page_size=size,
        )

    found = await newest_first(ask, page.list_page())
    await record(page, Event.LIST_READ, patient.id, patient_id=patient.id)
    return page.render(
        "prescriptions/of_patient.html",
        patient=patient,
        found=found,
        values=values,
        statuses=STATUSES,
        state_tag=state_tag,
        visits=_visits_of(found.rows, page.today),
        # Of somebody who prescribed once and works in another role now, there is nothing to go on with.
        mine=await prescriptions.unfinished(page, patient.id) if _may_write(page) else (),
        may_write=_may_write(page),
    )


def _visits_of(rows: Sequence[Mapping[str, Any]], day: date) -> Mapping[str, str]:
    """The visits of a day that have prescriptions in force, the newest first, each with the number of one of them."""
    found: dict[str, str] = {}
    for row in rows:
        if row["status"] == "ACTIVE" and row["created_at"] == str(day) and row.get("context"):
            found.setdefault(row["context"]["identifier"]["value"], row.get("request_number", ""))
    return found


def _may_write(page: MisPage) -> bool:
    return bool(page.user.roles & PRESCRIBING)


@pages.add("GET /patients/{id}/prescriptions/{request}", roles=MEDICAL)
async def details(page: MisPage) -> Response:
    patient, request_id, central = await known_patient(page, page.id()), page.id("request"), await calling(page)
    base = f"/api/persons/{patient.id}/medication_requests/{request_id}"
    request, dispenses, told = await several(
        central.get(base),
        whole(central, f"{base}/medication_dispenses"),
        central.get(f"{base}/notices", page_size=MOST_NOTICES),
    )
    if isinstance(request, CentralError):
        raise request
    await store.note_status(page.db, request_id, request.record()["status"], page.now)
    await record(page, Event.READ, request_id, patient_id=patient.id)
    ours = await store.of_request(page.db, request_id, page.user.work.clinic_id)
    return page.render(
        "prescriptions/details.html",
        patient=patient,
        request=request.record(),
        ours=ours,
        state_tag=state_tag,
        dispenses=dispenses.rows() if isinstance(dispenses, Answer) else None,
        dispense_tag=dispense_tag,
        notices=told.rows() if isinstance(told, Answer) else None,
        notice_words=notices,
        may_write=_may_write(page),
    )


@pages.add("POST /patients/{id}/prescriptions/{request}/resend", roles=MEDICAL)
async def resend(page: MisPage) -> Response:
    patient, request_id = await known_patient(page, page.id()), page.id("request")
    await rejections.resend(page, patient.id, request_id)
    page.flash(RESENT)
    return page.redirect(f"/patients/{patient.id}/prescriptions/{request_id}")


@pages.add("GET /patients/{id}/prescriptions/{request}/note.pdf", roles=MEDICAL)
async def note(page: MisPage) -> Response:
    """The patient's note, shown in the browser and printed from there."""
    patient, request_id, central = await known_patient(page, page.id()), page.id("request"), await calling(page)
    base = f"/api/persons/{patient.id}/medication_requests/{request_id}"
    request, printout = await central.get(base), await central.get(f"{base}/printout_form")
    prices = await queries.price_address(central, patient.id, request.record())
    await record(page, Event.PRINTED, request_id, patient_id=patient.id)
    try:
        document = await queries.note(page, request.record(), printout.record()["printout_form"], prices)
    except CannotPrint:
        page.flash(NO_NOTE, "important")
        return page.redirect(f"/patients/{patient.id}/prescriptions/{request_id}")
    name = quote(f"dovidka-{request.record().get('request_number', request_id)}.pdf")
    return Response(
        document, media_type="application/pdf", headers={"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    )


@pages.add("GET /patients/{id}/encounters/{encounter}/note.pdf", roles=MEDICAL)
async def note_of_visit(page: MisPage) -> Response:
    """One note for all prescriptions of a visit that are in force, for a doctor or a nurse to print."""
    patient, central = await known_patient(page, page.id()), await calling(page)
    back = page.redirect(f"/patients/{patient.id}/prescriptions")
    found = await queries.of_encounter(central, patient.id, page.id("encounter"))
    for each in found:
        await record(page, Event.PRINTED, UUID(str(each.request["id"])), patient_id=patient.id)
    if not found:
        page.flash(NONE_IN_FORCE, "important")
        return back
    try:
        document = await queries.note_of_visit(page, found)
    except CannotPrint:
        page.flash(NO_NOTE, "important")
        return back
    headers = {"Content-Disposition": "inline; filename*=UTF-8''dovidka-pryiomu.pdf"}
    return Response(document, media_type="application/pdf", headers=headers)


@pages.add("GET /patients/{id}/prescriptions/{request}/reject", roles=PRESCRIBING)
async def ask_reject(page: MisPage) -> Response:
    return await _reason_page(page, {}, {})


async def _reason_page(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    patient, request_id = await known_patient(page, page.id()), page.id("request")
    return page.render(
        "prescriptions/reject.html",
        status=422 if errors else 200,
        keep=False,
        patient=patient,
        request_id=request_id,
        values=values,
        errors=errors,
        reasons=page.services.dictionaries.choices(REJECT_REASONS),
    )


@pages.add("POST /patients/{id}/prescriptions/{request}/reject", roles=PRESCRIBING)
async def prepare_reject(page: MisPage) -> Response:
    values = page.form.values()
    reason, errors = read_rejection(values, page.services.dictionaries)
    if errors:
        return await _reason_page(page, values, errors)
    patient, request_id = await known_patient(page, page.id()), page.id("request")
    await rejections.prepare(page, patient.id, request_id, reason)
    return page.redirect(f"/patients/{patient.id}/prescriptions/{request_id}/reject/sign")


@pages.add("GET /patients/{id}/prescriptions/{request}/reject/sign", roles=PRESCRIBING)
async def reject_to_sign(page: MisPage) -> Response:
    return await _reject_page(page, await rejections.prepared(page, page.id("request")), {})


async def _reject_page(
    page: MisPage, rejection: store.Rejection, errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    patient = await known_patient(page, page.id())
    return page.render(
        "prescriptions/reject_sign.html",
        status=422 if errors or refused else 200,
        keep=False,
        patient=patient,
        rejection=rejection,
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add("POST /patients/{id}/prescriptions/{request}/reject/sign", roles=PRESCRIBING)
async def reject(page: MisPage) -> Response:
    rejection = await rejections.prepared(page, page.id("request"))
    try:
        signed = await receive_signed(page, rejection.content)
        done = await rejections.reject(page, rejection, signed)
    except Rejected as problem:
        return await _reject_page(page, rejection, faults(problem))
    except CentralRefused as refused:
        return await _reject_page(page, rejection, {}, refused)
    page.flash(REJECTED if done else NOT_KNOWN, "success" if done else "important")
    return page.redirect(f"/patients/{rejection.patient_id}/prescriptions/{rejection.request_id}")
