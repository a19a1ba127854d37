"""Who may touch which conclusion. What a caller may not see is not found."""

from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.kernel.references import Target
from esoz.kernel.work import Actor

from .model import Composition
from .store import NOT_FOUND


def is_ours(actor: Actor, composition: Composition) -> bool:
    """Whether the caller's clinic wrote it."""
    return actor.client_id is not None and actor.client_id == composition.custodian_id


def must_be_ours(actor: Actor, composition: Composition) -> None:
    """Raise NotFound unless the caller's clinic wrote it."""
    if not is_ours(actor, composition):
        raise NotFound(NOT_FOUND)


def must_be_named(composition: Composition, target: Target) -> None:
    """CM-13: with a conclusion one reads what it points at, and nothing beside it. Raises NotFound."""
    if target not in composition.named():
        raise NotFound(f"{target[0].replace('_', ' ').capitalize()} not found")


def ids_of(composition: Composition | None, id: UUID) -> frozenset[UUID]:
    """What an approval opens it by: itself, or the episode in which it was written."""
    return frozenset({id} | ({composition.episode_id} if composition else set()))
