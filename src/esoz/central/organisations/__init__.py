"""Legal entities (clinics, pharmacies) and their divisions."""

from .api import operations
from .commands import DivisionDetails, LegalEntityDetails, create_division, create_legal_entity
from .model import EDR, Division, DivisionStatus, Kved, LegalEntity, License, PublicOffer
from .model import Status as LegalEntityStatus
from .policy import narrowed, own
from .queries import must_be_acting
from .store import find_division, find_divisions, find_legal_entities, find_legal_entity
from .wire import division_short, legal_entity_short

__all__ = [
    "EDR",
    "Division",
    "DivisionDetails",
    "DivisionStatus",
    "Kved",
    "LegalEntity",
    "LegalEntityDetails",
    "LegalEntityStatus",
    "License",
    "PublicOffer",
    "create_division",
    "create_legal_entity",
    "division_short",
    "find_division",
    "find_divisions",
    "find_legal_entities",
    "find_legal_entity",
    "legal_entity_short",
    "must_be_acting",
    "narrowed",
    "operations",
    "own",
]
