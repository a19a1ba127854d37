"""Who may see which declaration."""

from dataclasses import replace

from esoz.central.organisations import narrowed, own
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor

from .model import Declaration, DeclarationFilter, DeclarationRequest, VerificationFilter


def within_reach(actor: Actor, filters: DeclarationFilter) -> DeclarationFilter:
    """DC-27: a clinic sees its own; a foreign filter matches nothing."""
    return replace(filters, legal_entity_id=narrowed(actor, filters.legal_entity_id))


def patients_within_reach(actor: Actor, filters: VerificationFilter) -> VerificationFilter:
    """The same for lists of patients: a clinic sees those who have declarations with it."""
    return replace(filters, legal_entity_id=narrowed(actor, filters.legal_entity_id))


def is_ours(actor: Actor, declaration: Declaration | DeclarationRequest) -> bool:
    return own(actor) in (None, declaration.legal_entity_id)


def must_be_ours(actor: Actor, declaration: Declaration | DeclarationRequest) -> None:
    """Raise NotFound for a declaration with another clinic, or a request of one."""
    if not is_ours(actor, declaration):
        raise NotFound()
