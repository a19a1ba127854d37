"""Writing a conclusion: its number from central, the document ready to be signed; taking one back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import new_id
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.documents import sync
from esoz.mis.link.access import calling

from .model import conclusions as model
from .model.conclusions import Event, Statement
from .model.marking import marked

SIGNED_FIELD = "signed_data"
TITLE = "title"  # the number in the form of a document: corrected, it keeps its number


async def prepare(
    page: MisPage,
    patient: Patient,
    statement: Statement,
    form: Mapping[str, str],
    document: sync.Document | None,
) -> sync.Document:
    """The document, ready to be signed. Raises Overtaken when it was signed meanwhile, CentralError."""
    begun = document or await sync.create(page, _draft(patient.id))
    title = await _number(page, patient.id, statement.kind.type, begun.form.get(TITLE, ""))
    saved = await sync.save_form(page, begun.id, {**form, TITLE: title})
    content = model.content_of(statement, saved.record_id, title, page.now, page.user.work)
    await record(page, Event.WRITTEN, saved.record_id, patient_id=patient.id)
    day = statement.days.first if statement.days else None
    encoded = msgspec.json.encode(content)
    return await sync.fix(page, saved, encoded, unsigned={}, code=title, service_date=day)


async def _number(page: MisPage, patient_id: UUID, type: str, kept: str) -> str:
    """The number of the conclusion: the one that it has already, while central knows it as unused."""
    asked = {"composition_type": type} | ({"composition_title": kept} if kept else {})
    central = await calling(page)
    answer = await central.post(f"/api/patients/{patient_id}/composition_title", None, **asked)
    await record(page, Event.NUMBERED, patient_id, patient_id=patient_id)
    return str(answer.record()["title"])


def _draft(patient_id: UUID) -> sync.Draft:
    id = new_id()
    path = f"/api/patients/{patient_id}/compositions"
    return sync.Draft(
        kind=model.KIND,
        patient_id=patient_id,
        record_id=id,
        title=_("Медичний висновок"),
        method="POST",
        path=path,
        signed_field=SIGNED_FIELD,
        found_at=f"{path}/{id}",
        found_as={"id": str(id)},
    )


async def mark(page: MisPage, patient_id: UUID, shown: Mapping[str, Any], values: Mapping[str, str]) -> sync.Document:
    """The document that takes a conclusion back, ready to be signed."""
    id = UUID(shown["id"])
    begun = await sync.create(page, _mark_draft(patient_id, id))
    saved = await sync.save_form(page, begun.id, values)
    content = marked(shown, values["reason"], values["letter"])
    return await sync.fix(page, saved, content, unsigned={}, code="", service_date=None)


def _mark_draft(patient_id: UUID, id: UUID) -> sync.Draft:
    path = f"/api/patients/{patient_id}/compositions/{id}"
    return sync.Draft(
        kind=model.MARK,
        patient_id=patient_id,
        record_id=id,
        title=_("Скасування медичного висновку"),
        method="PATCH",
        path=f"{path}/actions/mark_in_error",
        signed_field=SIGNED_FIELD,
        found_at=path,
        found_as={"id": str(id), "status": model.ERROR},
    )


async def resend(page: MisPage, patient_id: UUID, id: UUID) -> None:
    """Have the number sent to the patient once more: central answers with a job. Raises CentralError."""
    central = await calling(page)
    await central.patch(f"/api/patients/{patient_id}/compositions/{id}/actions/resend", {})
    await record(page, Event.RESENT, id, patient_id=patient_id)
