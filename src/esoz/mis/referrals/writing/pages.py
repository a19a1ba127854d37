"""Pages of who writes referrals: a patient's list, the form, one of them with its paper, taking it back."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import clock_time, full_name, short_date
from esoz.mis.base.journal import record
from esoz.mis.base.section import DocumentKind, NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL, holders
from esoz.mis.care.patients import known_patient
from esoz.mis.documents import sync
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralRefused

from . import commands, forms, queries
from .model import paper
from .model import referrals as model
from .model.referrals import CATEGORY_WORDS, PRIORITIES, Event, Service, status_tag
from .texts import KNOWN, NO_PAPER, NOT_PAID, RESENT

pages: MisPages = MisPages()

WRITING = MEDICAL & holders("service_request:write")
OF_PATIENT = "/patients/{id}/referrals"
ONE = f"{OF_PATIENT}/{{referral}}"
FIELDS = ("service", "service_text", "category", "priority", "encounter", "programme", "note", "instruction")


@pages.add(f"GET {OF_PATIENT}", roles=MEDICAL)
async def of_patient(page: MisPage) -> Response:
    patient = await known_patient(page, page.id())
    waiting = [
        document
        for kind in (model.KIND, *model.KINDS.values())
        for document in await sync.of_patient(page.db, page.user.work.clinic_id, patient.id, kind)
    ]
    return page.render(
        "referrals/of_patient.html",
        patient=patient,
        found=await queries.of_patient(page, patient.id),
        waiting=waiting,
        status_tag=status_tag,
        may_write=bool(page.user.roles & WRITING),
    )


@pages.add("GET /referrals/services", roles=WRITING)
async def services(page: MisPage) -> Response:
    """What the picker of services asks for."""
    found = await queries.search(page, page.query.get("q", ""))
    return page.json([{"value": str(each.id), "text": each.label} for each in found])


@pages.add(f"GET {OF_PATIENT}/new", roles=WRITING)
async def new(page: MisPage) -> Response:
    document = await _given(page)
    if document is not None and not document.is_editable:
        return page.redirect(f"/documents/{document.id}")
    values = {"priority": "routine", "encounter": page.query.get("encounter", "")}
    refused = sync.refusal_of(document) if document else None
    return await _form(page, dict(document.form) if document else values, {}, refused=refused)


async def _given(page: MisPage) -> sync.Document | None:
    """The document that the address names, of this kind. Raises NotFound."""
    text = page.query.get("document", "")
    if not text:
        return None
    try:
        document = await sync.find(page, UUID(text), model.KIND)
    except ValueError as fault:
        raise NotFound() from fault
    if document.patient_id != page.id():
        raise NotFound()
    return document


@pages.add(f"POST {OF_PATIENT}/new", roles=WRITING)
async def write(page: MisPage) -> Response:
    document = await _given(page)
    values = {name: page.form.text(name) for name in FIELDS}
    if page.form.text("find"):
        return await _form(page, values, {}, find=True)
    patient, central = await known_patient(page, page.id()), await calling(page)
    visits = await queries.encounters(page, central, patient.id)
    programmes = dict(await queries.programmes(central))
    service = await queries.service(page, central, forms.chosen(values))
    order, errors = forms.read(values, service, {each["id"]: queries.diagnoses(each) for each in visits}, programmes)
    if order is None:
        return await _form(page, values, errors, service=service)
    try:
        reason = await commands.check(page, central, patient.id, order)
    except CentralRefused as refused:
        return await _form(page, values, {}, service=service, refused=refused)
    if reason:
        words = page.services.explanations.of(CentralRefused(422, "validation_failed", reason, [], ""))[0]
        told = page.gettext(NOT_PAID) % {"reason": words.told(page.gettext)}
        return await _form(page, values, {"programme": told}, service=service)
    named = {
        **values,
        "service_text": order.service.label,
        "encounter_text": next(_visit_words(page, each) for each in visits if each["id"] == values["encounter"]),
        "programme_text": programmes.get(values["programme"], ""),
    }
    ready = await commands.prepare(page, patient, order, named, document)
    return page.redirect(f"/documents/{ready.id}/sign")


async def _form(
    page: MisPage,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    find: bool = False,
    service: Service | None = None,
    refused: CentralRefused | None = None,
) -> Response:
    patient, central = await known_patient(page, page.id()), await calling(page)
    visits = await queries.encounters(page, central, patient.id)
    found = await queries.search(page, values.get("service_text", "")) if find else []
    at_fields = {name: text for name, text in _at_fields(page, refused).items() if name} if refused else {}
    return page.render(
        "referrals/new.html",
        status=422 if errors or (refused and page.request.method == "POST") else 200,
        keep=False,
        patient=patient,
        values=values,
        errors={**at_fields, **errors},
        refused=explain(page, refused) if refused else [],
        options=[(str(each.id), each.label) for each in found] if find else await _often(page, values, errors),
        visits=[(each["id"], _visit_words(page, each)) for each in visits],
        programmes=[(forms.WITHOUT, page.gettext(_("Без програми"))), *await queries.programmes(central)],
        categories=[(code, page.gettext(words)) for code, words in CATEGORY_WORDS.items()],
        priorities=[(code, page.gettext(words)) for code, words in PRIORITIES.items()],
    )


async def _often(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str]) -> list[tuple[str, str]] | None:
    """What the doctor asks for most, to be chosen without typing, as long as nothing was typed or is wrong."""
    if errors or values.get("service") or values.get("service_text"):
        return None
    return [(str(id), label) for id, label in await queries.suggested(page)] or None


def _at_fields(page: MisPage, refused: CentralRefused) -> dict[str, str]:
    places = {fault.entry: model.field_of({}, fault.entry) for fault in refused.faults}
    return field_faults(page, refused, {entry: field for entry, field in places.items() if field})


def _visit_words(page: MisPage, encounter: Mapping[str, object]) -> str:
    """22.11.2026, 12:00, Грип"""
    period = encounter.get("period")
    start = period.get("start") if isinstance(period, Mapping) else None
    told = f"{short_date(start)}, {clock_time(start)}" if start else ""
    diagnoses = encounter.get("diagnoses")
    first = diagnoses[0] if isinstance(diagnoses, list) and diagnoses else {}
    name = first.get("condition", {}).get("display_value") if isinstance(first, Mapping) else ""
    return ", ".join(part for part in (told, name) if part)


@pages.add(f"GET {ONE}", roles=MEDICAL)
async def details(page: MisPage) -> Response:
    patient = await known_patient(page, page.id())
    request = await queries.one(page, patient.id, page.id("referral"))
    await commands.note_status(page, request)
    is_ours = request["requester_legal_entity"]["identifier"]["value"] == str(page.user.work.clinic_id)
    is_free = request["status"] == "active" and "used_by_legal_entity" not in request
    may_write = is_ours and bool(page.user.roles & WRITING)
    return page.render(
        "referrals/details.html",
        patient=patient,
        request=request,
        tag=status_tag(request),
        is_over=_is_over(page, request),
        may_resend=is_ours and request["status"] == "active",
        may_recall=may_write and is_free,
        may_cancel=may_write and request["status"] in ("active", "completed"),
        categories=CATEGORY_WORDS,
        priorities=PRIORITIES,
    )


def _is_over(page: MisPage, request: Mapping[str, str]) -> bool:
    return request["status"] == "active" and datetime.fromisoformat(request["expiration_date"]) < page.now


@pages.add(f"GET {ONE}/paper.pdf", roles=MEDICAL)
async def print_paper(page: MisPage) -> Response:
    """The patient's paper, shown in the browser and printed from there."""
    patient = await known_patient(page, page.id())
    request = await queries.one(page, patient.id, page.id("referral"))
    category = CATEGORY_WORDS.get(request["category"]["coding"][0]["code"], "")
    words = (page.gettext(category) if category else "", page.gettext(PRIORITIES.get(request.get("priority", ""), "—")))
    await record(page, Event.PRINTED, page.id("referral"), patient_id=patient.id)
    try:
        document = paper.paper(request, patient=full_name(patient), words=words, printed_on=page.today)
    except paper.CannotPrint:
        page.flash(NO_PAPER, "important")
        return page.redirect(f"/patients/{patient.id}/referrals/{page.id('referral')}")
    name = quote(f"napravlennya-{request['requisition']}.pdf")
    return Response(
        document, media_type="application/pdf", headers={"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    )


@pages.add(f"POST {ONE}/resend", roles=MEDICAL)
async def resend(page: MisPage) -> Response:
    patient = await known_patient(page, page.id())
    await commands.resend(page, patient.id, page.id("referral"))
    page.flash(RESENT)
    return page.redirect(f"/patients/{patient.id}/referrals/{page.id('referral')}")


@pages.add(f"GET {ONE}/{{action}}", roles=WRITING)
async def ask_end(page: MisPage) -> Response:
    return await _ending(page, {}, {})


@pages.add(f"POST {ONE}/{{action}}", roles=WRITING)
async def end(page: MisPage) -> Response:
    """Recall or cancel: the reason, then the text in full to be signed."""
    action = _action(page)
    values = {name: page.form.text(name).strip() for name in ("reason", "letter")}
    reasons = dict(page.services.dictionaries.choices(model.REASONS[action]))
    errors = forms.read_ending(values, reasons)
    if errors:
        return await _ending(page, values, errors)
    patient = await known_patient(page, page.id())
    request = await queries.one(page, patient.id, page.id("referral"))
    ready = await commands.end(page, patient.id, request, action, values)
    return page.redirect(f"/documents/{ready.id}/sign")


def _action(page: MisPage) -> str:
    action = page.params["action"]
    if action not in model.REASONS:
        raise NotFound()
    return action


async def _ending(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    action, patient = _action(page), await known_patient(page, page.id())
    request = await queries.one(page, patient.id, page.id("referral"))
    return page.render(
        "referrals/end.html",
        status=422 if errors else 200,
        keep=False,
        patient=patient,
        request=request,
        action=action,
        values=values,
        errors=errors,
        reasons=page.services.dictionaries.choices(model.REASONS[action]),
        categories=CATEGORY_WORDS,
        priorities=PRIORITIES,
        tag=status_tag(request),
    )


@pages.add("GET /referrals/endings/{id}", roles=WRITING)
async def edit_end(page: MisPage) -> Response:
    """What takes a referral back is corrected where it was begun."""
    document = await sync.find(page, page.id())
    action = next((each for each, kind in model.KINDS.items() if kind == document.kind), None)
    if action is None:
        raise NotFound()
    return page.redirect(f"/patients/{document.patient_id}/referrals/{document.record_id}/{action}")


SEE = NavItem(_("Переглянути й надрукувати"), "/patients/{patient_id}/referrals/{record_id}", MEDICAL)
section = Section(
    "referrals",
    pages,
    patient_links=(
        NavItem(_("Направлення"), OF_PATIENT, MEDICAL),
        NavItem(_("Виписати направлення"), f"{OF_PATIENT}/new", WRITING),
    ),
    errors=KNOWN,
    kinds=(
        DocumentKind(
            model.KIND,
            "/patients/{patient_id}/referrals/new?document={id}",
            "referrals/readable.html",
            model.field_of,
            (SEE,),
        ),
        *(
            DocumentKind(kind, "/referrals/endings/{id}", "referrals/ending_readable.html", model.field_of, (SEE,))
            for kind in model.KINDS.values()
        ),
    ),
)
