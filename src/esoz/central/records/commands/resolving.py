"""What contexts above may name of a patient's record: found together, with the words shown for it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from esoz.central.approvals import EPISODES
from esoz.kernel.db import Connection
from esoz.kernel.references import Referent, Target

from .. import store
from ..model import KIND_OF, Kind
from ..model.kinds import ENTERED_IN_ERROR
from ..model.reference_data import StoredRecord
from .displays import display_of


async def resolve_records(db: Connection, person_id: UUID, targets: Collection[Target]) -> Mapping[Target, Referent]:
    """Those of `targets` that are there for this patient: records of every kind, encounters and episodes."""
    wanted = {(kind, id) for kind, id in targets if kind in KIND_OF}
    stored = await store.known(db, person_id, {id for _, id in wanted}) if wanted else {}
    found = {
        (kind, id): _referent(KIND_OF[kind], kept)
        for kind, id in wanted
        if (kept := stored[KIND_OF[kind].name].get(id)) is not None
    }
    for kind, id in targets:
        if kind in EPISODES and (row := await store.find_episode_row(db, person_id, id)) is not None:
            found[kind, id] = Referent(store.as_episode(row).name)
    return found


def _referent(kind: Kind, kept: StoredRecord) -> Referent:
    display = kept.display or display_of(kept.code)
    if kept.status == ENTERED_IN_ERROR:
        return Referent(display, f'{kind.title} in "{ENTERED_IN_ERROR}" status can not be referenced')
    return Referent(display)
