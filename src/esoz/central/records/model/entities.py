"""Rules that all records of a package share: source, ids, context, author, dates, references."""

from collections import Counter
from uuid import UUID

from esoz.kernel.faults import Faults, fault, one_too_many

from .dates import dates_faults
from .kinds import ENTERED_IN_ERROR, Kind
from .own_rules import own_faults
from .package import Package, PlacedRecord, Records
from .reference_data import ReferenceData
from .references import reference_faults


def source_faults(records: Records) -> Faults:
    """EN-3: told by its author or taken from elsewhere, exactly one of the two."""
    for each in records.placed:
        if each.kind.sourced:
            yield from _one_source(each)


def _one_source(placed: PlacedRecord) -> Faults:
    entry, entity, author = placed.entry, placed.entity, placed.kind.author
    if entity.author is not None and entity.report_origin is not None:
        yield one_too_many(f"{entry}.report_origin", f"{entry}.{author}", f"{entry}.report_origin")
    elif entity.primary_source and entity.author is None:
        yield fault(f"{entry}.{author}", f"{author} must be present if primary_source is true", rule="required")
    elif not entity.primary_source and entity.report_origin is None:
        message = "report_origin must be present if primary_source is false"
        yield fault(f"{entry}.report_origin", message, rule="required")


def entity_faults(kind: Kind, package: Package, reference_data: ReferenceData) -> Faults:
    """Every rule for the records of one kind in an encounter."""
    yield from record_faults(kind, package.records, reference_data, encounter_id=package.encounter.id)


def record_faults(kind: Kind, records: Records, reference_data: ReferenceData, *, encounter_id: UUID | None) -> Faults:
    """Every rule for the records of one kind; without an encounter they name none (DG-1)."""
    counted = Counter(each.entity.id for each in records.of(kind))
    if any(times > 1 for times in counted.values()):
        yield fault(f"$.{kind.name}", "All primary keys must be unique")
    for placed in records.of(kind):
        yield from _common_faults(placed, reference_data, encounter_id)
        yield from dates_faults(placed.entry, kind, placed.document, reference_data.now)
        yield from reference_faults(
            placed.entry,
            placed.document,
            records,
            reference_data,
            without=(kind.context, kind.author),
            encounter_id=encounter_id,
        )
        yield from own_faults(placed, records, reference_data)


def _common_faults(placed: PlacedRecord, reference_data: ReferenceData, encounter_id: UUID | None) -> Faults:
    # EN-10, CE-1, CE-3: ids are new, the context is this encounter, the author treats in this clinic.
    entry, kind, entity = placed.entry, placed.kind, placed.entity
    if entity.id in reference_data.stored[kind.name]:
        yield fault(f"{entry}.id", f"{kind.title} with id '{entity.id}' already exists")
    if (entity.context.id if entity.context else None) != encounter_id:
        message = f"Submitted {kind.context} is not allowed for the {kind.title.lower()}"
        yield fault(f"{entry}.{kind.context}.identifier.value", message)
    if entity.state == ENTERED_IN_ERROR or (kind.born and entity.state not in kind.born):
        yield fault(f"{entry}.{kind.status}", "value is not allowed in enum", rule="inclusion")
    doctor = reference_data.doctors.get(entity.author.id) if entity.author else None
    if entity.author and (doctor is None or not doctor.treats_in(reference_data.legal_entity_id)):
        yield fault(f"{entry}.{kind.author}.identifier.value", "Employee is not an active doctor")
