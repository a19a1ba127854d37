"""Taking records back: an encounter package or a diagnostic report, whole or in part."""

from collections.abc import Collection
from uuid import UUID

from esoz.kernel import documents
from esoz.kernel.errors import Conflict, NotFound
from esoz.kernel.faults import must_hold
from esoz.kernel.signed import Opened
from esoz.kernel.work import Work

from .. import store
from ..model import Event, Kind
from ..model.cancellation import Cancellation, kept_faults, letter_faults, must_be_cancelable, without_encounter
from .registers import Registers
from .signers import must_be_signed_by_employee_or_administrator

FOREIGN = "Managing_organization does not correspond to user's legal_entity"


async def cancel_package(work: Work, person_id: UUID, cancellation: Cancellation, signed: Opened) -> None:
    """CN-1 … CN-8: take an encounter back, or some of what it brought. Raises NotFound, Conflict, Rejected."""
    main = cancellation.main
    row = await store.find_encounter(work.db, person_id, main.id)
    await _must_be_signed(work, signed, row["performer_id"], place="$.encounter.performer")
    if row["managing_organization_id"] != work.actor.client_id:
        raise Conflict(FOREIGN)
    kept = await documents.keep(work.db, f"encounter_packages/{main.id}/cancel", signed.document)
    await _take_back(work, person_id, cancellation)
    if main.is_taken_back:
        episode = await store.find_episode(work.db, person_id, row["episode_id"])
        [whole] = await store.with_history(work.db, [episode])
        await store.save_history(work.db, without_encounter(whole, main.id, work.performed_at))
    work.record(
        Event.PACKAGE_CANCELED,
        main.id,
        patient_id=person_id,
        whole=main.is_taken_back,
        records=len(cancellation.taken_back),
        document=kept,
    )


async def cancel_report(work: Work, person_id: UUID, cancellation: Cancellation, signed: Opened) -> None:
    """DG-2: take a report back that was made outside an encounter. Raises NotFound, Conflict, Rejected."""
    main = cancellation.main
    row = await store.find_record(work.db, main.kind, person_id, main.id)
    if row is None or row["encounter_id"] is not None:
        raise NotFound(f"{main.kind.title} not found")
    recorder = UUID(row["document"][main.kind.author]["identifier"]["value"])
    # BG-6: the signer is who recorded the report; the 2019 source looked for the performer of an encounter.
    await _must_be_signed(work, signed, recorder, place="$.diagnostic_report.recorded_by")
    if row["managing_organization_id"] != work.actor.client_id:
        raise Conflict(FOREIGN)
    kept = await documents.keep(work.db, f"diagnostic_reports/{main.id}/cancel", signed.document)
    await _take_back(work, person_id, cancellation)
    work.record(
        Event.REPORT_CANCELED,
        main.id,
        patient_id=person_id,
        whole=main.is_taken_back,
        records=len(cancellation.taken_back),
        document=kept,
    )


async def _must_be_signed(work: Work, signed: Opened, employee_id: UUID, *, place: str) -> None:
    registers = Registers(work)
    await must_be_signed_by_employee_or_administrator(work, registers, signed.signer, employee_id, place=place)


async def _take_back(work: Work, person_id: UUID, cancellation: Cancellation) -> None:
    wanted: dict[Kind, Collection[UUID]] = {
        kind: [each.id for each in cancellation.sent if each.kind is kind]
        for kind in {each.kind for each in cancellation.sent}
    }
    kept = await store.kept(work.db, person_id, wanted)
    must_hold(kept_faults(cancellation, kept))
    must_hold(letter_faults(cancellation))
    must_be_cancelable(cancellation, kept)
    for each in cancellation.taken_back:
        letter = each.document.get("explanatory_letter")
        explanation = {**cancellation.explanation, **({"explanatory_letter": letter} if letter else {})}
        await store.take_back(work.db, person_id, each, explanation, work.performed_at)
