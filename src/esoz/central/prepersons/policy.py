"""Whose unidentified patients a caller may see."""

from esoz.central.organisations import own
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor

from .model import Preperson


def must_be_ours(actor: Actor, preperson: Preperson) -> None:
    """Raise NotFound for a patient of another clinic."""
    if own(actor) not in (None, preperson.legal_entity_id):
        raise NotFound()
