"""Whose merge requests a caller may see."""

from esoz.central.organisations import own
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor

from .model import MergeRequest


def must_be_ours(actor: Actor, request: MergeRequest) -> None:
    """Raise NotFound for a request of another clinic."""
    if own(actor) not in (None, request.legal_entity_id):
        raise NotFound()
