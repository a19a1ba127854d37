"""Dispenses that pharmacies record outside of visits: kept with those of visits, found by the same parameters."""

from collections.abc import Collection
from uuid import UUID

from esoz.kernel.work import Work

from .. import store
from ..model.documents import Document, moment_at
from ..model.kinds import DEVICE_DISPENSES
from .entries import keys_of


async def add_dispense(
    work: Work, person_id: UUID, document: Document, *, episode_id: UUID | None, codes: Collection[str]
) -> None:
    """Store a dispense of the caller's pharmacy; `codes` are those of its devices."""
    assert work.actor.client_id is not None  # a pharmacy was found
    common = store.Ownership(person_id, None, episode_id, work.actor.client_id, work.performed_at)
    entry = store.Entry(
        UUID(document["id"]),
        document["status"],
        list(codes),
        keys_of(DEVICE_DISPENSES, document),
        moment_at(document, "when_handed_over"),
        document,
    )
    await store.create_entries(work.db, DEVICE_DISPENSES, common, [entry])


async def change_dispense(work: Work, person_id: UUID, document: Document, *, signed_document: str | None) -> None:
    """Store the new state of a dispense."""
    dated = moment_at(document, "when_handed_over")
    await store.change_dispense(work.db, person_id, document, (dated, signed_document), work.performed_at)
