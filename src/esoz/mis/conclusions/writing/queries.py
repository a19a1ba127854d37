"""What central tells of kinds of conclusions, of visits they come from, and of a patient's conclusions."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import kyiv_date
from esoz.kernel.compositions import code_of
from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.pages.reading import moment_of
from esoz.mis.base.journal import record
from esoz.mis.base.paging import paged
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling
from esoz.sdk import CentralRefused, whole
from esoz.spec.compositions import Settings

from .forms import Visit
from .model.conclusions import Earlier, Event, Kind, standing

RECENT = timedelta(days=30)  # visits that a conclusion may still come of


async def kinds(page: MisPage, central: CentralSession) -> Mapping[str, Kind]:
    """The kinds that the user may write, by their keys, as central's register has them."""
    answer = await whole(central, "/api/composition_configurations", is_active="true")
    found = [
        Kind(code_of(each, "type"), code_of(each, "category"), msgspec.json.decode(each["settings"], type=Settings))
        for each in answer.rows()
    ]
    return {each.key: each for each in found if _may_write(page, each)}


def _may_write(page: MisPage, kind: Kind) -> bool:
    # CM-3
    allowed = kind.settings.words("author_employee_type")
    return allowed is None or page.user.work.role in allowed


async def visits(page: MisPage, central: CentralSession, patient_id: UUID) -> list[Visit]:
    """The user's own visits with the patient of the last thirty days, the newest first."""
    answer = await whole(
        central,
        f"/api/patients/{patient_id}/encounters",
        managing_organization_id=page.user.work.clinic_id,
        date_from=(page.today - RECENT).isoformat(),
    )
    own = str(page.user.work.employee_id)
    rows = [
        each
        for each in answer.rows()
        if each.get("status") == "finished" and each["performer"]["identifier"]["value"] == own
    ]
    found = [(moment_of(str((row.get("period") or {}).get("start", ""))), row) for row in rows]
    dated = sorted(((start, row) for start, row in found if start is not None), key=lambda each: each[0], reverse=True)
    return [Visit(row["id"], kyiv_date(start), _diagnoses(row)) for start, row in dated]


def _diagnoses(encounter: Mapping[str, Any]) -> Sequence[tuple[UUID, str]]:
    found = [each["condition"] for each in encounter.get("diagnoses") or ()]
    return [(UUID(each["identifier"]["value"]), str(each.get("display_value") or "")) for each in found]


async def observations(page: MisPage, central: CentralSession, patient_id: UUID, encounter_id: str) -> list[UUID]:
    """What was measured in a visit."""
    path = f"/api/patients/{patient_id}/observations"
    clinic = page.user.work.clinic_id
    answer = await whole(central, path, encounter_id=encounter_id, managing_organization_id=clinic)
    return [UUID(each["id"]) for each in answer.rows() if each.get("status") == "valid"]


async def rows_of(page: MisPage, central: CentralSession, patient_id: UUID) -> Sequence[Mapping[str, Any]]:
    """All conclusions about a patient that this clinic has written."""
    answer = await whole(central, f"/api/patients/{patient_id}/compositions/search", custodian=page.user.work.clinic_id)
    return answer.rows()


async def earlier(page: MisPage, central: CentralSession, patient_id: UUID) -> list[Earlier]:
    """Those of them that stand and were not replaced, the newest first."""
    return standing(await rows_of(page, central, patient_id))


async def of_patient(page: MisPage, patient_id: UUID) -> Paged:
    """A page of the patient's conclusions that this clinic has written, the newest first."""
    central, part = await calling(page), page.list_page()
    answer = await central.get(
        f"/api/patients/{patient_id}/compositions/search",
        custodian=page.user.work.clinic_id,
        page=part.number,
        page_size=part.size,
    )
    await record(page, Event.LISTED, patient_id, patient_id=patient_id)
    return paged(answer, part)


async def one(page: MisPage, patient_id: UUID, id: UUID) -> Mapping[str, Any]:
    """A conclusion as central shows it: a list of one. Raises NotFound, CentralError."""
    central = await calling(page)
    try:
        answer = await central.get(f"/api/patients/{patient_id}/compositions/{id}")
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        raise
    await record(page, Event.READ, id, patient_id=patient_id)
    found = answer.rows()
    if not found:
        raise NotFound()
    shown: Mapping[str, Any] = found[0]
    return shown
