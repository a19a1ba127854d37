"""Questions about care teams."""

from uuid import UUID

from esoz.central.organisations import own
from esoz.kernel.db import Page, Paged, as_model
from esoz.kernel.work import Work

from . import policy, store
from .model import Event, Participant, ParticipantFilter, Team, TeamFilter


async def teams(work: Work, wanted: TeamFilter, page: Page) -> tuple[list[Team], Paged]:
    """A page of teams; a clinic sees its own only."""
    work.record(Event.READ, work.actor.client_id or "")
    paged = await store.teams(work.db, own(work.actor), wanted, page)
    return [as_model(Team, row) for row in paged.rows], paged


async def team(work: Work, id: UUID) -> Team:
    """One team; another clinic's is NotFound."""
    found = await store.find_team(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.READ, id)
    return found


async def participants(work: Work, wanted: ParticipantFilter, page: Page) -> tuple[list[Participant], Paged]:
    """A page of who belongs to teams; a clinic sees its own only."""
    work.record(Event.PARTICIPANTS_READ, work.actor.client_id or "")
    paged = await store.participants(work.db, own(work.actor), wanted, page)
    return [as_model(Participant, row) for row in paged.rows], paged
