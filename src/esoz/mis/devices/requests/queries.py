"""What a device on prescription needs to know from central."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from esoz.kernel.db import Paged
from esoz.mis.base.services import MisPage
from esoz.mis.documents import sync
from esoz.mis.link.access import CentralSession
from esoz.sdk import Answer, whole

from .model import KIND, REVOKING, Offer

PER_PAGE = 50


async def offers(page: MisPage, central: CentralSession) -> list[Offer]:
    """Devices of all programmes by which the user's kind of employee may prescribe, by name."""
    programmes = (await whole(central, "/api/medical_programs", type="DEVICE")).rows()
    found = []
    for programme in programmes:
        types = programme["medical_program_settings"].get("employee_types_to_create_medication_request") or ()
        if not programme["medication_request_allowed"] or page.user.work.role not in types:
            continue
        rows = (await whole(central, "/api/v2/device_definitions", medical_program_id=programme["id"])).rows()
        found += [_offer(programme, row) for row in rows if _is_allowed(row)]
    return sorted(found, key=lambda offer: offer.name)


def _is_allowed(definition: Mapping[str, Any]) -> bool:
    return any(each.get("device_request_allowed", True) for each in definition.get("program_devices", ()))


def _offer(programme: Mapping[str, Any], definition: Mapping[str, Any]) -> Offer:
    packaging = definition["packaging"]
    return Offer(
        UUID(definition["id"]),
        UUID(programme["id"]),
        definition["device_names"][0]["name"],
        programme["name"],
        packaging["packaging_count"],
        packaging["packaging_unit"],
    )


async def encounters(page: MisPage, central: CentralSession, patient_id: UUID) -> Sequence[Mapping[str, Any]]:
    """The user's own visits with the patient in this clinic, the newest first."""
    answer = await central.get(
        f"/api/patients/{patient_id}/encounters",
        managing_organization_id=page.user.work.clinic_id,
        page_size=PER_PAGE,
    )
    mine = str(page.user.work.employee_id)
    rows = [each for each in answer.rows() if each["performer"]["identifier"]["value"] == mine]
    stands = [each for each in rows if each["status"] != "entered_in_error"]
    return sorted(stands, key=lambda each: each["period"]["end"], reverse=True)


async def of_patient(page: MisPage, central: CentralSession, patient_id: UUID) -> Paged:
    """A page of what our clinic prescribed to the patient, the newest first."""
    asked = page.list_page(PER_PAGE)
    answer = await central.get(
        f"/api/patients/{patient_id}/device_requests",
        requester_legal_entity=page.user.work.clinic_id,
        page=asked.number,
        page_size=asked.size,
    )
    return Paged(list(answer.rows()), asked, answer.total)


async def request(central: CentralSession, patient_id: UUID, request_id: UUID) -> Answer:
    """One of them in full, with how the patient is told. Raises CentralRefused."""
    return await central.get(f"/api/patients/{patient_id}/device_requests/{request_id}")


async def unsent(page: MisPage, patient_id: UUID) -> Sequence[sync.Document]:
    """What central does not have yet: of the whole clinic, for a colleague's must not be written twice."""
    clinic_id = page.user.work.clinic_id
    found = await sync.of_patient(page.db, clinic_id, patient_id, KIND)
    return [*found, *await sync.of_patient(page.db, clinic_id, patient_id, REVOKING)]
