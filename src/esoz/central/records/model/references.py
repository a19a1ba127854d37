"""What a record points at must be there: in the package, in the store of this patient, or elsewhere in the system."""

from collections.abc import Collection
from uuid import UUID

from esoz.kernel.faults import Faults, fault

from .documents import Document, placed_references
from .kinds import ENCOUNTERS, ENTERED_IN_ERROR, KIND_OF, Kind
from .package import Records
from .reference_data import ReferenceData

# The published sentences begin with these words; any other kind with its own name.
_TITLES = {
    "employee": "Employee with such ID",
    "division": "Division with such ID",
    "service": "Service with such ID",
    "legal_entity": "LegalEntity with such ID",
}


def reference_faults(
    entry: str,
    document: Document,
    records: Records,
    reference_data: ReferenceData,
    *,
    without: Collection[str] = (),
    encounter_id: UUID | None = None,
) -> Faults:
    """CE-4, CE-5, CE-8, EN-9: everything named below `document`, but for the fields that have rules of their own."""
    for place, (kind, id) in placed_references(document, entry, without=without):
        known = KIND_OF.get(kind)
        if known is None:
            yield from _outside_faults(place, kind, id, reference_data)
        elif not _is_here(known, id, records, encounter_id):
            yield from stored_faults(place, known, id, reference_data)


def _is_here(kind: Kind, id: UUID, records: Records, encounter_id: UUID | None) -> bool:
    return id == encounter_id if kind is ENCOUNTERS else id in records.ids(kind)


def stored_faults(entry: str, kind: Kind, id: UUID, reference_data: ReferenceData) -> Faults:
    """The id is of a stored record of this patient that was not entered in error."""
    kept = reference_data.stored.get(kind.name, {}).get(id)
    if kept is None:
        yield fault(entry, f"{kind.title} with such id is not found")
    elif kept.status == ENTERED_IN_ERROR:
        yield fault(entry, f'{kind.title} in "{ENTERED_IN_ERROR}" status can not be referenced')


def _outside_faults(entry: str, kind: str, id: UUID, reference_data: ReferenceData) -> Faults:
    found = reference_data.outside.get((kind, id))
    if found is None:
        title = _TITLES.get(kind, f"{kind.replace('_', ' ').capitalize()} with such id")
        yield fault(entry, f"{title} is not found")
    elif found.refusal is not None:
        yield fault(entry, found.refusal)
