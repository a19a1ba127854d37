"""Pages of opening and closing an episode."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.clock import new_id
from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of
from esoz.mis.base.section import DocumentKind, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL
from esoz.mis.care.patients import known_patient
from esoz.mis.documents import sync
from esoz.mis.link.access import calling
from esoz.mis.link.errors import field_faults
from esoz.sdk import CentralRefused

from . import model

pages: MisPages = MisPages()
OPENING_FIELDS = ("type", "name", "started_on")
CLOSING_FIELDS = ("reason", "ended_on", "summary")
UNSENT = _("Спершу підпишіть, перенесіть або видаліть записи епізоду, яких ще не надіслано.")


@pages.add("GET /patients/{patient_id}/episodes/new", roles=MEDICAL)
async def new(page: MisPage) -> Response:
    document = await _given(page, model.OPENING)
    start = {"type": model.usual_type(page.user.work.clinic_type), "started_on": page.today.isoformat()}
    return await _opening_form(page, document.form if document else start, _central_errors(page, document), document)


@pages.add("POST /patients/{patient_id}/episodes/new", roles=MEDICAL)
async def open_episode(page: MisPage) -> Response:
    values = {name: page.form.text(name) for name in OPENING_FIELDS}
    document = await _given(page, model.OPENING)
    errors = model.opening_errors(values, dict(page.services.dictionaries.choices(model.TYPES)), page.today)
    if errors:
        return await _opening_form(page, values, errors, document)
    patient = await known_patient(page, page.id("patient_id"))
    document = await sync.save_form(page, (document or await sync.create(page, _opening(patient.id))).id, values)
    content = model.opening(document.record_id, values, page.user.work)
    await sync.fix(page, document, content, unsigned={}, code="", service_date=None)
    return page.redirect(f"/documents/{document.id}")


def _opening(patient_id: UUID) -> sync.Draft:
    episode_id = new_id()
    path = f"/api/patients/{patient_id}/episodes"
    return sync.Draft(
        kind=model.OPENING,
        patient_id=patient_id,
        record_id=episode_id,
        episode_id=episode_id,
        title=_("Відкриття епізоду"),
        method="POST",
        path=path,
        found_at=f"{path}/{episode_id}",
        found_as={"id": str(episode_id)},
    )


async def _opening_form(
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], document: sync.Document | None
) -> Response:
    patient = await known_patient(page, page.id("patient_id"))
    return page.render(
        "episodes/new.html",
        status=422 if errors and page.request.method == "POST" else 200,
        keep=False,
        patient=patient,
        values=values,
        errors=errors,
        document=document,
        types=page.services.dictionaries.choices(model.TYPES),
    )


@pages.add("GET /patients/{patient_id}/episodes/{episode_id}/close", roles=MEDICAL)
async def closing(page: MisPage) -> Response:
    document = await _given(page, model.CLOSING)
    values = document.form if document else {"ended_on": page.today.isoformat()}
    return await _closing_form(page, values, _central_errors(page, document), document)


@pages.add("POST /patients/{patient_id}/episodes/{episode_id}/close", roles=MEDICAL)
async def close_episode(page: MisPage) -> Response:
    values = {name: page.form.text(name) for name in CLOSING_FIELDS}
    document = await _given(page, model.CLOSING)
    started = day_of(page.form.text("started_on"))
    reasons = dict(page.services.dictionaries.choices(model.REASONS))
    errors = model.closing_errors(values, reasons, page.today, started_on=started)
    unsent = await sync.unsent_of_episode(page, page.id("episode_id"))
    if unsent:
        errors = {"unsent": UNSENT, **errors}
    if errors:
        return await _closing_form(page, values, errors, document)
    patient = await known_patient(page, page.id("patient_id"))
    draft = _closing(patient.id, page.id("episode_id"))
    document = await sync.save_form(page, (document or await sync.create(page, draft)).id, values)
    content = model.closing(values, page.now)
    await sync.fix(page, document, content, unsigned={}, code="", service_date=None)
    return page.redirect(f"/documents/{document.id}")


def _closing(patient_id: UUID, episode_id: UUID) -> sync.Draft:
    path = f"/api/patients/{patient_id}/episodes/{episode_id}"
    return sync.Draft(
        kind=model.CLOSING,
        patient_id=patient_id,
        record_id=episode_id,
        episode_id=episode_id,
        title=_("Закриття епізоду"),
        method="PATCH",
        path=f"{path}/actions/close",
        found_at=path,
        found_as={"id": str(episode_id), "status": "closed"},
    )


async def _closing_form(
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], document: sync.Document | None
) -> Response:
    patient = await known_patient(page, page.id("patient_id"))
    return page.render(
        "episodes/close.html",
        status=422 if errors and page.request.method == "POST" else 200,
        keep=False,
        patient=patient,
        values=values,
        errors=errors,
        document=document,
        unsent=await sync.unsent_of_episode(page, page.id("episode_id")),
        episode=await _episode(page),
        reasons=page.services.dictionaries.choices(model.REASONS),
    )


async def _episode(page: MisPage) -> Mapping[str, object]:
    """The episode as central has it, or as our own document says when it is not there yet."""
    episode_id = page.id("episode_id")
    central = await calling(page)
    try:
        answer = await central.get(f"/api/patients/{page.id('patient_id')}/episodes/{episode_id}")
    except CentralRefused as refused:
        opening = await sync.latest_of_episode(page.db, page.user.work.clinic_id, episode_id, model.OPENING)
        if opening is None or refused.status != 404:
            raise
        return opening.data or {}
    return answer.record()


async def _given(page: MisPage, kind: str) -> sync.Document | None:
    """The document that is corrected here, or None for a new one. Raises NotFound."""
    asked = page.query.get("document") or page.form.text("document")
    if not asked:
        return None
    try:
        document = await sync.find(page, UUID(asked), kind)
    except ValueError as fault:
        raise NotFound() from fault
    if not document.is_editable or str(document.patient_id) != page.params["patient_id"]:
        raise NotFound()
    return document


def _central_errors(page: MisPage, document: sync.Document | None) -> dict[str, str]:
    """What central refused, beside its field."""
    refused = sync.refusal_of(document) if document else None
    return field_faults(page, refused, model.FIELDS) if refused else {}


def _field(_content: Mapping[str, object], entry: str) -> str:
    return model.FIELDS.get(entry, "")


section = Section(
    "episodes",
    pages,
    kinds=(
        DocumentKind(
            model.OPENING, "/patients/{patient_id}/episodes/new?document={id}", "episodes/readable.html", _field
        ),
        DocumentKind(
            model.CLOSING,
            "/patients/{patient_id}/episodes/{episode_id}/close?document={id}",
            "episodes/readable.html",
            _field,
        ),
    ),
)
