"""After the signature: the code once more, the prescription taken back, the note for the patient."""

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling
from esoz.sdk import CentralRefused, CentralUnavailable, understanding

from .. import store
from ..model.prescriptions import Event
from ..store import Rejection


async def resend(page: MisPage, patient_id: UUID, request_id: UUID) -> None:
    """Ask central to send number and code to the patient again. Raises CentralError."""
    central = await calling(page)
    await central.patch(f"/api/medication_requests/{request_id}/actions/resend")
    await record(page, Event.RESENT, request_id, patient_id=patient_id)


async def prepare(page: MisPage, patient_id: UUID, request_id: UUID, reason: Mapping[str, str]) -> None:
    """Keep what will be signed: the prescription as central shows it, and the reason. Raises CentralError."""
    central = await calling(page)
    answer = await central.get(f"/api/persons/{patient_id}/medication_requests/{request_id}")
    content = msgspec.json.encode({**answer.record(), **reason})
    rejection = Rejection(request_id, patient_id, reason["reject_reason_code"], content)
    await store.keep_rejection(
        page.db, rejection, user_id=page.user.id, clinic_id=page.user.work.clinic_id, at=page.now
    )


async def prepared(page: MisPage, request_id: UUID) -> Rejection:
    """What the user is about to sign. Raises NotFound."""
    return await store.rejection(page.db, request_id, user_id=page.user.id, clinic_id=page.user.work.clinic_id)


async def reject(page: MisPage, rejection: Rejection, signed: bytes) -> bool:
    """Take the prescription back; False when central's answer was lost and it is not taken back yet.

    Raises CentralRefused when central does not take it.
    """
    central = await calling(page)
    body = {"signed_medication_reject": base64.b64encode(signed).decode(), "signed_content_encoding": "base64"}
    status = ""
    try:
        with understanding():
            answer = await central.patch(f"/api/medication_requests/{rejection.request_id}/actions/reject", body)
            status = answer.record()["status"]
    except CentralUnavailable:
        return False
    except CentralRefused:
        # The first try may have come through although its answer was lost.
        found = await central.get(f"/api/persons/{rejection.patient_id}/medication_requests/{rejection.request_id}")
        status = found.record()["status"]
        if status != "REJECTED" or not _is_ours(found.record(), rejection):
            raise
    await store.drop_rejection(page.db, rejection.request_id, page.user.id)
    await store.note_status(page.db, rejection.request_id, status, page.now)
    await record(
        page, Event.REJECTED, rejection.request_id, patient_id=rejection.patient_id, reason=rejection.reason_code
    )
    return True


def _is_ours(found: Mapping[str, Any], rejection: Rejection) -> bool:
    return found.get("reject_reason_code") == rejection.reason_code
