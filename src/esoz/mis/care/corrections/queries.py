"""Where a visit could stand, and what takes it back."""

from dataclasses import dataclass
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.mis.base.services import MisPage
from esoz.mis.care import visits
from esoz.mis.documents import sync
from esoz.mis.link.access import calling
from esoz.sdk import whole

from .model import KIND

OPEN = "active"
OPENING = "episode"


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
    rows = (await whole(central, path, managing_organization_id=clinic_id)).rows()
    found = [
        OpenEpisode(UUID(row["id"]), row.get("name") or "", row.get("period", {}).get("start") or "")
        for row in rows
        if row["status"] == OPEN
    ]
    opening = await sync.of_patient(page.db, clinic_id, document.patient_id, OPENING)
    found += [OpenEpisode(each.record_id, each.form.get("name", ""), "") for each in opening]
    return [each for each in found if each.id != document.episode_id]


async def accepted_visit(page: MisPage, id: UUID) -> sync.Document:
    """A visit of the user that central has. Raises NotFound."""
    visit = await sync.find(page, id, visits.KIND)
    if visit.state is not sync.State.ACCEPTED:
        raise NotFound()
    return visit


async def cancellation_of(page: MisPage, visit: sync.Document) -> sync.Document | None:
    """What takes a visit back, from its draft on."""
    return await _of_record(page, visit, KIND)


async def visit_of(page: MisPage, cancellation: sync.Document) -> sync.Document:
    """The visit that is taken back. Raises NotFound."""
    visit = await _of_record(page, cancellation, visits.KIND)
    if visit is None:
        raise NotFound()
    return visit


async def _of_record(page: MisPage, document: sync.Document, kind: str) -> sync.Document | None:
    assert document.episode_id is not None
    found = await sync.of_episode(page.db, document.clinic_id, document.episode_id)
    same = (each for each in found if each.kind == kind and each.record_id == document.record_id)
    return next((each for each in same if each.user_id == page.user.id), None)
