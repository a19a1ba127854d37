"""What follows elsewhere when a legal entity or its owner changes (LE-16, LE-18, LE-19, EM-18, EM-20, EM-25).

Contracts stand above this context and cannot be asked from here: they say at the assembly of central what they do,
`consequences.follow(suspend_contracts)`. Whoever follows acts in the transaction of the change.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from uuid import UUID

from esoz.kernel.work import Work


class Cause(StrEnum):
    """What changed. The first ends requests for contracts that wait (LE-16), each of the others suspends contracts."""

    CHANGED = "legal_entity_has_changed"
    NAME = "name"
    ADDRESS = "address"
    STATUS = "status"
    OWNER = "owner"  # EM-18: another owner
    OWNER_NAME = "owner_name"  # EM-20: the same one under another name
    SIGNER_DISMISSED = "signer_dismissed"  # EM-25: an owner or administrator who signed contracts


Follower = Callable[[Work, UUID, frozenset[Cause]], Awaitable[None]]


class Consequences:
    """Those who act when something of a legal entity changes."""

    def __init__(self) -> None:
        self._followers: list[Follower] = []

    def follow(self, follower: Follower) -> None:
        """Have this called after each change, with the id of the legal entity and everything that changed at once."""
        self._followers.append(follower)

    async def of(self, work: Work, legal_entity_id: UUID, *causes: Cause) -> None:
        """Let everybody act who follows."""
        for follower in self._followers:
            await follower(work, legal_entity_id, frozenset(causes))


consequences = Consequences()
