"""What registers say of a party: written as they say it, settled by hand where they could not."""

from uuid import UUID

from esoz.central.organisations import own
from esoz.kernel.work import Work

from .. import store
from ..model import Event, Party, Verification, overall, resolve


async def save_register_word(work: Work, verification: Verification) -> None:
    """Write what a register answered about a party; the status of the party follows from all of them."""
    await store.save_verification(work.db, verification, work.actor.user_id)
    await _follow(work, verification.party_id)


async def resolve_verification(
    work: Work, party_id: UUID, register: str, *, status: str, reason: str, comment: str | None
) -> tuple[Party, list[Verification]]:
    """Settle by hand what a register could not say of somebody who works with us.

    Raises NotFound for another's, Rejected naming the field, Conflict when nothing is open.
    """
    await store.find_party(work.db, party_id, legal_entity_id=own(work.actor), lock=True)
    known = (await store.verifications(work.db, [party_id])).get(party_id, [])
    found = next((each for each in known if each.register == register), None)
    settled = resolve(found, register, status=status, reason=reason, comment=comment, now=work.now)
    await store.save_verification(work.db, settled, work.actor.user_id)
    verifications = await _follow(work, party_id)
    return await store.find_party(work.db, party_id, legal_entity_id=None), verifications


async def _follow(work: Work, party_id: UUID) -> list[Verification]:
    verifications = (await store.verifications(work.db, [party_id])).get(party_id, [])
    await store.set_verification_status(work.db, party_id, overall(verifications), work.now)
    work.record(Event.PARTY_VERIFICATION_CHANGED, party_id)
    return verifications
