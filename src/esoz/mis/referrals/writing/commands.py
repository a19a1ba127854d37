"""Writing a referral: checked by central, ready to be signed; taking one back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import new_id
from esoz.kernel.fhir import reference
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.documents import sync
from esoz.mis.link.access import CentralSession, calling

from . import store
from .model import referrals as model
from .model.referrals import Event, Order, Way
from .store import Row

SIGNED_FIELD = "signed_data"


async def check(page: MisPage, central: CentralSession, patient_id: UUID, order: Order) -> str:
    """Why the programme does not pay, or nothing: central's own checks before anything is signed.

    Raises CentralRefused when central would not take the referral at all.
    """
    programmes = [order.programme_id] if order.programme_id else []
    body = {
        "service_request": model.content_of(order, None, page.user.work),
        "programs": [msgspec.to_builtins(reference("medical_program", each)) for each in programmes],
    }
    answer = await central.post(f"/api/patients/{patient_id}/service_requests/prequalify", body)
    await record(page, Event.CHECKED, patient_id, patient_id=patient_id)
    refused = (each for each in answer.rows() if each["status"] != "VALID")
    return next((each.get("rejection_reason") or each["status"] for each in refused), "")


async def prepare(
    page: MisPage, patient: Patient, order: Order, form: Mapping[str, str], document: sync.Document | None
) -> sync.Document:
    """The document, ready to be signed. Raises Overtaken when it was signed meanwhile."""
    begun = document or await sync.create(page, _draft(patient.id))
    saved = await sync.save_form(page, begun.id, form)
    content = msgspec.json.encode(model.content_of(order, saved.record_id, page.user.work))
    await store.keep(page.db, _row(page, patient, order, saved.record_id))
    await record(page, Event.WRITTEN, saved.record_id, patient_id=patient.id)
    return await sync.fix(page, saved, content, unsigned={}, code=order.service.code, service_date=None)


def _draft(patient_id: UUID) -> sync.Draft:
    id = new_id()
    path = f"/api/patients/{patient_id}/service_requests"
    return sync.Draft(
        kind=model.KIND,
        patient_id=patient_id,
        record_id=id,
        title=_("Направлення"),
        method="POST",
        path=path,
        signed_field=SIGNED_FIELD,
        found_at=f"{path}/{id}",
        found_as={"id": str(id)},
    )


def _row(page: MisPage, patient: Patient, order: Order, id: UUID) -> Row:
    name = " ".join(part for part in (patient.last_name, patient.first_name, patient.second_name) if part)
    return Row(
        clinic_id=page.user.work.clinic_id,
        id=id,
        way=Way.SENT,
        user_id=page.user.id,
        patient_id=patient.id,
        patient_name=name,
        service_id=order.service.id,
        service=order.service.label,
        created_at=page.now,
        updated_at=page.now,
    )


async def end(
    page: MisPage, patient_id: UUID, request: Mapping[str, Any], action: str, values: Mapping[str, str]
) -> sync.Document:
    """The document that takes a referral back, ready to be signed."""
    id = UUID(request["id"])
    begun = await sync.create(page, _end_draft(patient_id, id, action))
    saved = await sync.save_form(page, begun.id, values)
    content = model.ending_of(request, action, values["reason"], values["letter"])
    return await sync.fix(page, saved, content, unsigned={}, code="", service_date=None)


def _end_draft(patient_id: UUID, id: UUID, action: str) -> sync.Draft:
    path = f"/api/patients/{patient_id}/service_requests/{id}"
    return sync.Draft(
        kind=model.KINDS[action],
        patient_id=patient_id,
        record_id=id,
        title=_("Відкликання направлення") if action == "recall" else _("Скасування направлення"),
        method="PATCH",
        path=f"{path}/actions/{action}",
        signed_field=SIGNED_FIELD,
        found_at=path,
        found_as={"id": str(id), "status": model.ENDED[action]},
    )


async def resend(page: MisPage, patient_id: UUID, id: UUID) -> None:
    """Have the number sent to the patient once more. Raises CentralError."""
    central = await calling(page)
    await central.patch(f"/api/patients/{patient_id}/service_requests/{id}/actions/resend", {})
    await record(page, Event.RESENT, id, patient_id=patient_id)


async def note_status(page: MisPage, request: Mapping[str, Any]) -> None:
    """Keep what central says of a referral of ours, for the list."""
    row = await store.found(page.db, page.user.work.clinic_id, Way.SENT, UUID(request["id"]))
    if row is not None and (row.status, row.requisition) != (request["status"], request["requisition"]):
        told = {"status": request["status"], "requisition": request["requisition"], "updated_at": page.now}
        await store.settle(page.db, replace(row, **told))
