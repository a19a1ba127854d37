"""Writing a device on prescription, and taking it back: documents that are signed and sent."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.fhir import reference
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.documents import sync
from esoz.mis.link.access import CentralSession

from . import model
from .model import Event, Wish


async def refusal(page: MisPage, central: CentralSession, patient_id: UUID, wish: Wish) -> str:
    """Why the programme would not take it, in central's words; empty when it does."""
    body = {
        "device_request": model.order(wish, page.user.work.employee_id, page.now),
        "programs": [reference("medical_program", wish.offer.programme_id)],
    }
    answer = await central.post(f"/api/patients/{patient_id}/device_requests/prequalify", body)
    return str(answer.rows()[0].get("rejection_reason") or "")


async def write(
    page: MisPage, patient_id: UUID, begun: sync.Document | None, wish: Wish, values: Mapping[str, str]
) -> sync.Document:
    """Make the document that prescribes a device, ready to be signed. Raises Overtaken."""
    begun = begun or await sync.create(page, _draft(patient_id))
    saved = await sync.save_form(page, begun.id, {**values, "device_text": wish.offer.label})
    content = model.document(wish, saved.record_id, page.user.work.employee_id, page.now)
    return await sync.fix(page, saved, content, unsigned={}, code="", service_date=None)


def _draft(patient_id: UUID) -> sync.Draft:
    request_id = new_id()
    path = f"/api/patients/{patient_id}/device_requests"
    return sync.Draft(
        kind=model.KIND,
        patient_id=patient_id,
        record_id=request_id,
        episode_id=None,
        title=_("Рецепт на медичний виріб"),
        method="POST",
        path=path,
        signed_field="signed_data",
        found_at=f"{path}/{request_id}",
        found_as={"id": str(request_id)},
    )


async def revoke(
    page: MisPage, patient_id: UUID, begun: sync.Document | None, shown: Mapping[str, Any], reason: str
) -> sync.Document:
    """Make the document that takes a device back, over what central shows now. Raises Overtaken."""
    begun = begun or await sync.create(page, _revoking(patient_id, UUID(shown["id"])))
    saved = await sync.save_form(page, begun.id, {"reason": reason})
    return await sync.fix(page, saved, model.revoking(shown, reason), unsigned={}, code="", service_date=None)


def _revoking(patient_id: UUID, request_id: UUID) -> sync.Draft:
    path = f"/api/patients/{patient_id}/device_requests/{request_id}"
    return sync.Draft(
        kind=model.REVOKING,
        patient_id=patient_id,
        record_id=request_id,
        episode_id=None,
        title=_("Відкликання рецепта на медичний виріб"),
        method="PATCH",
        path=f"{path}/actions/revoke",
        signed_field="signed_data",
        found_at=path,
        found_as={"id": str(request_id), "status": "revoked"},
    )


async def resend(page: MisPage, central: CentralSession, patient_id: UUID, request_id: UUID) -> None:
    """Have number and code sent to the patient once more. Raises CentralRefused."""
    await central.patch(f"/api/patients/{patient_id}/device_requests/{request_id}/actions/resend", {})
    await record(page, Event.RESENT, request_id, patient_id=patient_id)
