"""Pages of devices on prescription: those of a patient, a new one, one with number and code, taking it back."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.section import DocumentKind, NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL, holders
from esoz.mis.care.patients import known_patient
from esoz.mis.documents import sync
from esoz.mis.link.access import CentralSession, calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralRefused

from . import commands, model, queries
from .model import Event
from .texts import KNOWN

pages: MisPages = MisPages()
# Programmes of devices are read before anything is written, which an assistant may not.
PRESCRIBING = holders("device_request:write") & holders("medical_program:read") & MEDICAL
RESENT = _("Номер і код надіслано пацієнтові ще раз.")
HOME = "/patients/{id}/devices"


@pages.add(f"GET {HOME}", roles=PRESCRIBING)
async def of_patient(page: MisPage) -> Response:
    patient, central = await known_patient(page, page.id()), await calling(page)
    found = await queries.of_patient(page, central, patient.id)
    await record(page, Event.LISTED, patient.id, patient_id=patient.id)
    return page.render(
        "devices/of_patient.html",
        patient=patient,
        found=found,
        unsent=await queries.unsent(page, patient.id),
        device_name=model.device_name,
        last_day=model.last_day,
        state_tag=model.state_tag,
    )


@pages.add(f"GET {HOME}/new", roles=PRESCRIBING)
async def new(page: MisPage) -> Response:
    begun = await _given(page, model.KIND)
    refused = sync.refusal_of(begun) if begun else None
    errors = field_faults(page, refused, _places(refused)) if refused else {}
    return await _form(page, dict(begun.form) if begun else {"packages": "1", "days": "30"}, errors, begun)


@pages.add(f"POST {HOME}/new", roles=PRESCRIBING)
async def write(page: MisPage) -> Response:
    values = {name: page.form.text(name) for name in model.FIELDS}
    begun, central, patient = await _given(page, model.KIND), await calling(page), await known_patient(page, page.id())
    offers = await queries.offers(page, central)
    wish, errors = model.read_wish(values, await queries.encounters(page, central, patient.id), offers)
    if wish is None:
        return await _form(page, values, errors, begun)
    try:
        reason = await commands.refusal(page, central, patient.id, wish)
    except CentralRefused as refused:
        return await _form(page, values, field_faults(page, refused, _places(refused)), begun, refused)
    if reason:
        return await _form(page, values, {}, begun, CentralRefused(422, "", reason))
    document = await commands.write(page, patient.id, begun, wish, values)
    return page.redirect(f"/documents/{document.id}/sign")


def _places(refused: CentralRefused) -> Mapping[str, str]:
    """The places that central names, and our fields."""
    entries = [each.entry for each in refused.faults]
    plain = {each: model.field_of({}, each.replace("$.device_request.", "$.")) for each in entries}
    return {place: name for place, name in plain.items() if name}


async def _form(
    page: MisPage,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    begun: sync.Document | None,
    refused: CentralRefused | None = None,
) -> Response:
    patient, central = await known_patient(page, page.id()), await calling(page)
    encounters, offers = await queries.encounters(page, central, patient.id), await queries.offers(page, central)
    if len(encounters) == 1 and not values.get("encounter"):
        values = {**values, "encounter": str(encounters[0]["id"])}
    is_wrong = page.request.method == "POST" and bool(errors or refused)
    return page.render(
        "devices/new.html",
        status=422 if is_wrong else 200,
        keep=False,
        patient=patient,
        values=values,
        errors=errors,
        refused=explain(page, refused) if refused else [],
        document=begun,
        encounters=encounters,
        devices=[(each.value, each.label) for each in offers],
    )


async def _given(page: MisPage, kind: str) -> sync.Document | None:
    """The document that is corrected here, or None for a new one. Raises NotFound."""
    asked = page.query.get("document") or page.form.text("document")
    if not asked:
        return None
    try:
        document = await sync.find(page, UUID(asked), kind)
    except ValueError as fault:
        raise NotFound() from fault
    if not document.is_editable or document.patient_id != page.id():
        raise NotFound()
    return document


@pages.add(f"GET {HOME}/{{request}}", roles=PRESCRIBING)
async def details(page: MisPage) -> Response:
    return await _details(page, await calling(page))


async def _details(page: MisPage, central: CentralSession, refused: CentralRefused | None = None) -> Response:
    patient, request_id = await known_patient(page, page.id()), page.id("request")
    answer = await queries.request(central, patient.id, request_id)
    await record(page, Event.READ, request_id, patient_id=patient.id)
    shown = answer.record()
    return page.render(
        "devices/details.html",
        status=409 if refused else 200,
        keep=False,
        patient=patient,
        shown=shown,
        code=(answer.urgent or {}).get("verification_code", ""),
        is_ours=shown["requester_legal_entity"]["identifier"]["value"] == str(page.user.work.clinic_id),
        is_open=shown["status"] == "active" and model.last_day(shown) >= page.today,
        name=model.device_name(shown),
        last_day=model.last_day(shown),
        state=model.state_tag(shown, page.today),
        refused=explain(page, refused) if refused else [],
    )


@pages.add(f"POST {HOME}/{{request}}/resend", roles=PRESCRIBING)
async def resend(page: MisPage) -> Response:
    central = await calling(page)
    try:
        await commands.resend(page, central, page.id(), page.id("request"))
    except CentralRefused as refused:
        return await _details(page, central, refused)
    page.flash(RESENT)
    return page.redirect(f"/patients/{page.id()}/devices/{page.id('request')}")


@pages.add(f"GET {HOME}/{{request}}/revoke", roles=PRESCRIBING)
async def revoke_form(page: MisPage) -> Response:
    begun = await _given(page, model.REVOKING)
    return await _revoke_form(page, dict(begun.form) if begun else {}, {}, begun)


@pages.add(f"POST {HOME}/{{request}}/revoke", roles=PRESCRIBING)
async def revoke(page: MisPage) -> Response:
    begun, values = await _given(page, model.REVOKING), {"reason": page.form.text("reason")}
    if values["reason"] not in dict(page.services.dictionaries.choices(model.REASONS)):
        return await _revoke_form(page, values, {"reason": model.NO_REASON}, begun)
    patient = await known_patient(page, page.id())
    answer = await queries.request(await calling(page), patient.id, page.id("request"))
    document = await commands.revoke(page, patient.id, begun, answer.record(), values["reason"])
    return page.redirect(f"/documents/{document.id}/sign")


async def _revoke_form(
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], begun: sync.Document | None
) -> Response:
    patient = await known_patient(page, page.id())
    shown = (await queries.request(await calling(page), patient.id, page.id("request"))).record()
    return page.render(
        "devices/revoke.html",
        status=422 if errors else 200,
        keep=False,
        patient=patient,
        shown=shown,
        name=model.device_name(shown),
        values=values,
        errors=errors,
        document=begun,
        reasons=page.services.dictionaries.choices(model.REASONS),
    )


section = Section(
    "devices",
    pages,
    patient_links=(
        NavItem(_("Медичні вироби"), HOME, PRESCRIBING),
        NavItem(_("Виписати виріб"), f"{HOME}/new", PRESCRIBING),
    ),
    errors=KNOWN,
    kinds=(
        DocumentKind(
            model.KIND,
            "/patients/{patient_id}/devices/new?document={id}",
            "devices/readable.html",
            model.field_of,
            onward=(NavItem(_("Номер і код"), "/patients/{patient_id}/devices/{record_id}", PRESCRIBING),),
        ),
        DocumentKind(
            model.REVOKING,
            "/patients/{patient_id}/devices/{record_id}/revoke?document={id}",
            "devices/readable.html",
            model.field_of,
        ),
    ),
)
