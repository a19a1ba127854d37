"""Whose licenses a caller may touch."""

from esoz.central.organisations import own
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor

from .model import LicenseRecord


def must_be_ours(actor: Actor, record: LicenseRecord) -> None:
    """Raise NotFound for another's license."""
    if own(actor) not in (None, record.legal_entity_id):
        raise NotFound()
