"""Taking back a visit that central has."""

from collections.abc import Mapping

from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.documents import sync

from . import model, queries


async def cancel(page: MisPage, visit: sync.Document, values: Mapping[str, str]) -> sync.Document:
    """Make the package that takes the visit back, ready to be signed. Raises Overtaken when that is done already."""
    begun = await queries.cancellation_of(page, visit) or await sync.create(page, _draft(visit))
    document = await sync.save_form(page, begun.id, values)
    content = model.taken_back(visit.data, values["reason"], values["letter"])
    return await sync.fix(page, document, content, unsigned={}, code=visit.code, service_date=None)


def _draft(visit: sync.Document) -> sync.Draft:
    return sync.Draft(
        kind=model.KIND,
        patient_id=visit.patient_id,
        record_id=visit.record_id,
        episode_id=visit.episode_id,
        title=_("Скасування прийому"),
        method="PATCH",
        path=f"/api/patients/{visit.patient_id}/encounter_package",
        signed_field="signed_data",
        found_at=visit.found_at,
        found_as={"id": str(visit.record_id), "status": model.ENTERED_IN_ERROR},
    )
