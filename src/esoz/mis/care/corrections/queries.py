"""Where a visit could stand."""

from dataclasses import dataclass
from uuid import UUID

from esoz.mis.base.services import MisPage
from esoz.mis.documents import sync
from esoz.mis.link.access import calling

OPEN = "active"
OPENING = "episode"
MOST = 100


@dataclass(frozen=True, slots=True)
class OpenEpisode:
    """An episode of the patient at this clinic that takes visits; `start` is empty for one on its way to central."""

    id: UUID
    name: str
    start: str


async def open_episodes(page: MisPage, document: sync.Document) -> list[OpenEpisode]:
    """Those of central and those on their way there, without the one where the visit stands. Raises CentralError."""
    clinic_id = page.user.work.clinic_id
    central = await calling(page)
    path = f"/api/patients/{document.patient_id}/episodes"
    answer = await central.get(path, managing_organization_id=clinic_id, page_size=MOST)
    rows = answer.data if isinstance(answer.data, list) else []
    found = [
        OpenEpisode(UUID(row["id"]), row.get("name") or "", row.get("period", {}).get("start") or "")
        for row in rows
        if row["status"] == OPEN
    ]
    opening = await sync.of_patient(page.db, clinic_id, document.patient_id, OPENING)
    found += [OpenEpisode(each.record_id, each.form.get("name", ""), "") for each in opening]
    return [each for each in found if each.id != document.episode_id]
