"""What happens to a conclusion after the signature: it is taken back as written by mistake."""

from dataclasses import replace

from esoz.central.dictionaries import dictionaries
from esoz.central.records import must_be_signed_by_author_or_administrator
from esoz.kernel import documents
from esoz.kernel.decoding import convert
from esoz.kernel.errors import rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.signed import must_equal, open_signed
from esoz.kernel.work import Work

from .. import policy, store
from ..content import compared, marked, split
from ..model import Composition, Event, Status
from ..model.compositions import REASONS, Ending, must_be_free, reason_faults
from ..model.jobs import SignedMark
from .notices import tell_end
from .submissions import FIELD

DIFFERS = "Signed content doesn't match with previously created composition"


async def mark_in_error(work: Work, job: SignedMark) -> Composition:
    """CM-11: its author, or a medical administrator, takes it back. Raises NotFound, Conflict, Rejected."""
    composition = await store.find(work.db, job.person_id, job.id, lock=True)
    policy.must_be_ours(work.actor, composition)
    must_be_free(composition, await store.follower(work.db, job.person_id, job.id))
    signed = await open_signed(work, job.signed_data, field=FIELD, proven=job.proven)
    await must_be_signed_by_author_or_administrator(work, signed.signer, composition.author_id, place="$.author")
    repeated, added = split(signed.content)
    ending = convert(added, Ending)
    must_hold(reason_faults(ending.status_reason))
    codes = dictionaries.codes(REASONS)
    if codes is not None and ending.status_reason.code not in codes:
        message = f"value is not allowed in dictionary {REASONS}"
        raise rejected("$.status_reason.coding[0].code", message, rule="inclusion")
    must_equal(compared(repeated), compared(marked(composition)), message=DIFFERS)
    await documents.keep(work.db, f"compositions/{composition.id}/{Status.ENTERED_IN_ERROR}", signed.document)
    changed = replace(
        composition,
        status=Status.ENTERED_IN_ERROR,
        status_reason=ending.status_reason,
        explanatory_letter=ending.explanatory_letter,
        updated_at=work.performed_at,
        updated_by=work.actor.user_id,
    )
    await store.save(work.db, changed)
    await tell_end(work, changed)
    work.record(Event.MARKED_IN_ERROR, composition.id, patient_id=composition.person_id)
    return changed
