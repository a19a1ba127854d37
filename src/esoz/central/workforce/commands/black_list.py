"""Who may not be hired: entries are made and ended by administrators of central (EM-11, EM-26)."""

from uuid import UUID

from esoz.central import identity
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import Conflict, NotFound, rejected
from esoz.kernel.work import Work

from .. import store
from ..model import Event, is_document_for_tax_id, tax_id_is_valid

MOST_REASON = 500


async def add_to_black_list(work: Work, tax_id: str, reason: str) -> UUID:
    """Let nobody hire the holder of a tax id; their users were blocked before.

    Raises Rejected naming `$.tax_id` or `$.reason`, Conflict with the texts of 2019.
    """
    if not (tax_id_is_valid(tax_id) or is_document_for_tax_id(tax_id)):
        raise rejected("$.tax_id", "invalid tax_id value")
    if not 0 < len(reason) <= MOST_REASON:
        raise rejected("$.reason", "required property reason was not present", rule="required")
    # EM-26: a block has ended the tokens of each user already; one active entry at a time.
    for user_id in await store.users_of_tax_id(work.db, tax_id):
        user = await identity.user_by_id(work.db, user_id)
        if user is not None and not user.is_blocked:
            raise Conflict("Not all users were blocked")
    if await store.is_black_listed(work.db, tax_id):
        raise Conflict("This user is already in a black list")
    id = work.new_id()
    await store.add_to_black_list(work.db, tax_id, reason, id=id, at=work.now, by=work.actor.user_id)
    work.record(Event.BLACK_LISTED, id)
    return id


async def end_black_listing(work: Work, id: UUID) -> None:
    """Let the holder be hired again; raise NotFound when there is no active entry of this id."""
    if not await store.end_black_listing(work.db, id, at=work.now, by=work.actor.user_id):
        raise NotFound()
    work.record(Event.BLACK_LISTING_ENDED, id)


async def black_list(work: Work, page: Page, *, text: str | None = None, is_active: bool | None = None) -> Paged:
    """A page of entries, the newest first."""
    work.record(Event.BLACK_LIST_READ, "")
    return await store.black_list(work.db, page, text=text, is_active=is_active)


async def must_not_be_black_listed(work: Work, tax_id: str) -> None:
    """Raise Conflict with the published text for somebody who may not be hired (EM-11)."""
    if await store.is_black_listed(work.db, tax_id):
        raise Conflict("new employee with this tax_id can't be created")
