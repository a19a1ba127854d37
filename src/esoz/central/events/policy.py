"""Whom events are told to."""

from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Actor


def must_be_a_system(actor: Actor) -> None:
    """Raise Forbidden for patients: events are of everybody's records, for systems that follow them."""
    if actor.person_id is not None:
        raise Forbidden()
