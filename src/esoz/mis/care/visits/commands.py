"""Beginning a visit."""

from collections.abc import Mapping
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.documents import sync

from . import forms, model


async def begin(page: MisPage, patient_id: UUID, episode_id: UUID, values: Mapping[str, str]) -> sync.Document:
    """A new draft, or the one that was left blank; its ids are chosen now and stay, whatever is corrected later."""
    encounter_id = new_id()
    base = f"/api/patients/{patient_id}"
    draft = sync.Draft(
        kind=model.KIND,
        patient_id=patient_id,
        record_id=encounter_id,
        episode_id=episode_id,
        title=_("Прийом"),
        method="POST",
        path=f"{base}/encounter_package",
        signed_field="signed_data",
        found_at=f"{base}/encounters/{encounter_id}",
        found_as={"id": str(encounter_id)},
        form=worded(page, values),
        is_blank=True,
        unsigned={"visit": {"id": str(new_id())}},
    )
    return await sync.begin(page, draft)


async def begin_again(page: MisPage, earlier: sync.Document) -> sync.Document:
    """A new draft in the same episode that says what an earlier visit did."""
    assert earlier.episode_id is not None
    draft = await begin(page, earlier.patient_id, earlier.episode_id, {})
    return await sync.save_form(page, draft.id, earlier.form)


def worded(page: MisPage, values: Mapping[str, str]) -> dict[str, str]:
    """Chosen codes with the words that pickers show beside them."""
    dictionaries = page.services.dictionaries
    labels = {
        f"{field}_text": dictionaries.label(name, values[field])[1]
        for field, name in forms.sources(values).items()
        if values.get(field) and dictionaries.has(name, values[field])
    }
    return {**values, **labels}
