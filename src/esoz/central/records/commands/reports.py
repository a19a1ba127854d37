"""A diagnostic report made outside an encounter: a laboratory or an examination that was asked for elsewhere."""

from uuid import UUID

from esoz.kernel import documents
from esoz.kernel.faults import must_hold
from esoz.kernel.signed import Opened
from esoz.kernel.work import Work

from .. import store
from ..model import OBSERVATIONS, Event, Records
from ..model.documents import Document
from ..model.entities import record_faults
from ..model.kinds import DIAGNOSTIC_REPORTS
from ..model.package import PlacedRecord
from .displays import record_names
from .entries import store_records
from .gathering import gather_reference_data, ids_of, names_of
from .registers import Registers
from .signers import must_be_signed_by_employee


async def store_report(
    work: Work, person_id: UUID, records: Records, content: Document, signed: Opened
) -> PlacedRecord:
    """DG-1: check and store a report with its observations. Raises Rejected, Conflict."""
    (report,) = records.of(DIAGNOSTIC_REPORTS)
    registers = Registers(work)
    assert report.entity.author is not None  # its shape has it
    await must_be_signed_by_employee(
        work, registers, signed.signer, report.entity.author.id, place="$.diagnostic_report.recorded_by"
    )
    reference_data = await gather_reference_data(
        work, person_id, content, registers, episode_id=None, also=ids_of(records)
    )
    for kind in (DIAGNOSTIC_REPORTS, OBSERVATIONS):
        must_hold(record_faults(kind, records, reference_data, encounter_id=None))
    names = {**await names_of(content, registers, reference_data), **record_names(content, reference_data)}
    kept = await documents.keep(work.db, f"diagnostic_reports/{report.entity.id}", signed.document)  # BG-20
    common = store.Ownership(person_id, None, None, reference_data.legal_entity_id, work.performed_at)
    await store_records(work, records, common, names, signed_document=kept)
    observations = len(records.of(OBSERVATIONS))
    work.record(Event.REPORT_STORED, report.entity.id, patient_id=person_id, observations=observations)
    return report
