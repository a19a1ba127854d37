"""What central tells of services, visits, programmes and of a patient's referrals."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from string import digits
from typing import Any
from uuid import UUID

from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.spelling import plain_name
from esoz.mis.base.journal import record
from esoz.mis.base.paging import paged
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling
from esoz.sdk import Answer, CentralRefused, whole

from . import store
from .model.referrals import GROUP, Event, Service, services_in

SHORTEST, MOST_FOUND = 2, 20
RECENT = timedelta(days=30)  # visits that a referral may still come of
CATALOGUE = "/api/services"


async def search(page: MisPage, text: str) -> list[Service]:
    """Services and groups by a part of the name or the beginning of the code, the user's own habits first."""
    typed = text.strip()[:100]
    if len(typed) < SHORTEST:
        return []
    central = await calling(page)
    by_code = typed[0] in digits
    answer = await (whole(central, CATALOGUE, code=typed) if by_code else whole(central, CATALOGUE, name=typed))
    rows = answer.rows()
    needle = plain_name(typed)
    found = [
        each
        for each in services_in(rows)
        if (each.code.startswith(typed) if by_code else needle in plain_name(each.name))
    ]
    times = await store.used_services(page.db, page.user.id, [each.id for each in found])
    found.sort(key=lambda each: (-times.get(each.id, 0), each.kind == GROUP, plain_name(each.name)))
    return found[:MOST_FOUND]


async def service(page: MisPage, central: CentralSession, id: UUID | None) -> Service | None:
    """The service or group that was chosen, as central's catalogue has it."""
    if id is None:
        return None
    rows = (await whole(central, CATALOGUE)).rows()
    return next((each for each in services_in(rows) if each.id == id), None)


async def encounters(page: MisPage, central: CentralSession, patient_id: UUID) -> list[Mapping[str, Any]]:
    """The user's own visits with the patient of the last thirty days, the newest first."""
    answer = await whole(
        central,
        f"/api/patients/{patient_id}/encounters",
        managing_organization_id=page.user.work.clinic_id,
        date_from=(page.today - RECENT).isoformat(),
    )
    own = str(page.user.work.employee_id)
    found = [
        each
        for each in answer.rows()
        if each.get("status") == "finished" and each["performer"]["identifier"]["value"] == own
    ]
    return sorted(found, key=lambda each: (each.get("period") or {}).get("start") or "", reverse=True)


def diagnoses(encounter: Mapping[str, Any]) -> list[UUID]:
    """The conditions of a visit: why the service is asked for."""
    return [UUID(each["condition"]["identifier"]["value"]) for each in encounter.get("diagnoses") or ()]


async def programmes(central: CentralSession) -> list[tuple[str, str]]:
    """Programmes that pay for services."""
    answer = await whole(central, "/api/medical_programs", type="SERVICE")
    return [(each["id"], each["name"]) for each in answer.rows()]


async def of_patient(page: MisPage, patient_id: UUID) -> Paged:
    """The patient's referrals that this clinic has written, the newest first."""
    central, part = await calling(page), page.list_page()
    answer = await central.get(
        f"/api/patients/{patient_id}/service_requests",
        requester_legal_entity=page.user.work.clinic_id,
        page=part.number,
        page_size=part.size,
    )
    await record(page, Event.LISTED, patient_id, patient_id=patient_id)
    return paged(answer, part)


async def one(page: MisPage, patient_id: UUID, id: UUID) -> Mapping[str, Any]:
    """A referral as central shows it. Raises NotFound, CentralError."""
    answer = await asked(await calling(page), patient_id, id)
    await record(page, Event.READ, id, patient_id=patient_id)
    return answer.record()


async def asked(central: CentralSession, patient_id: UUID, id: UUID) -> Answer:
    try:
        return await central.get(f"/api/patients/{patient_id}/service_requests/{id}")
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        raise


async def suggested(page: MisPage) -> Sequence[tuple[UUID, str]]:
    """What the user asks for most."""
    return await store.often_used(page.db, page.user.id)
