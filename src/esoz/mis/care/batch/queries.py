"""What waits for the user's signature: records of the queue and prescriptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from esoz.mis.base.patient import Patient
from esoz.mis.base.section import DocumentKind
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import PRESCRIBING
from esoz.mis.care.patients import find_patient
from esoz.mis.care.prescriptions import Prescription, State, made, to_sign
from esoz.mis.documents import sync
from esoz.sdk import CentralError, understanding

MOST_RECORDS, MOST_PRESCRIPTIONS = 30, 20


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to sign, with what its readable form needs; one of `document` and `rx` is there."""

    id: UUID
    content: bytes
    patient: Patient
    document: sync.Document | None = None
    kind: DocumentKind | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    rx: Prescription | None = None

    @property
    def key(self) -> str:
        """Its place below /sign-all, and its name in lists."""
        return f"{'documents' if self.document else 'prescriptions'}/{self.id}"

    @property
    def edit(self) -> str:
        """Where a record is corrected; empty for a prescription, which says it itself."""
        return sync.edit_path(self.kind, self.document) if self.kind and self.document else ""

    @property
    def file_name(self) -> str:
        return f"{self.document.kind if self.document else 'recept'}-{self.id}.json"


async def waiting(page: MisPage) -> list[Item]:
    """Everything of the user at this clinic that can be signed now, records first, the oldest of each kind first."""
    return [*await _records(page), *await _prescriptions(page)]


async def waiting_of(page: MisPage, patient_id: UUID) -> list[Item]:
    """Prescriptions of one patient that the user can sign now: those of a visit, in one go."""
    return await _prescriptions(page, patient_id)


async def _records(page: MisPage) -> list[Item]:
    found = await sync.ready(page, limit=MOST_RECORDS)
    return [
        Item(
            each.id,
            each.content or b"",
            await find_patient(page.db, each.clinic_id, each.patient_id),
            document=each,
            kind=sync.kind_of(page.services, each.kind),
            names=sync.names_of(each),
        )
        for each in found
    ]


async def _prescriptions(page: MisPage, patient_id: UUID | None = None) -> list[Item]:
    """Drafts that central keeps; one that it has ended, or cannot be asked about now, is left out."""
    if PRESCRIBING.isdisjoint(page.user.roles):
        return []
    found = []
    for rx in await made(
        page.db, page.user.id, page.user.work.clinic_id, limit=MOST_PRESCRIPTIONS, patient_id=patient_id
    ):
        try:
            with understanding():
                prepared = await to_sign(page, rx)
        except CentralError:
            continue
        if prepared.state is State.MADE and prepared.content:
            patient = await find_patient(page.db, rx.clinic_id, rx.patient_id)
            found.append(Item(rx.id, prepared.content, patient, rx=prepared))
    return found
