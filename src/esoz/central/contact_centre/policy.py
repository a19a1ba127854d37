"""Who helps: an operator who is signed in at central's own pages (the role is asked for there)."""

from uuid import UUID

from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Actor


def operator_of(actor: Actor) -> UUID:
    """The user who asks. Raises Forbidden for nobody, and for a patient."""
    if actor.user_id is None or actor.person_id is not None:
        raise Forbidden()
    return actor.user_id
