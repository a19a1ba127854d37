"""Legal entities (clinics, pharmacies) and their divisions."""

from .api import operations
from .commands import (
    DivisionDetails,
    LegalEntityDetails,
    close_legal_entity,
    create_division,
    create_legal_entity,
    import_state_register,
    update_legal_entity,
)
from .model import (
    AUTO_DEACTIVATION,
    EDR,
    LICENSE_TYPES,
    Accreditation,
    Archive,
    Division,
    DivisionStatus,
    Kved,
    LegalEntity,
    License,
    PublicOffer,
    active_record,
    phone_faults,
    same_type,
)
from .model import Status as LegalEntityStatus
from .policy import client_of, narrowed, own
from .queries import must_be_acting
from .sources import read_state_register
from .store import (
    edr_records,
    find_division,
    find_divisions,
    find_legal_entities,
    find_legal_entity,
    keep_document,
    with_code,
)
from .wire import division_short, legal_entity_short, legal_entity_whole, published_schema

__all__ = [
    "AUTO_DEACTIVATION",
    "EDR",
    "LICENSE_TYPES",
    "Accreditation",
    "Archive",
    "Division",
    "DivisionDetails",
    "DivisionStatus",
    "Kved",
    "LegalEntity",
    "LegalEntityDetails",
    "LegalEntityStatus",
    "License",
    "PublicOffer",
    "active_record",
    "client_of",
    "close_legal_entity",
    "create_division",
    "create_legal_entity",
    "division_short",
    "edr_records",
    "find_division",
    "find_divisions",
    "find_legal_entities",
    "find_legal_entity",
    "import_state_register",
    "keep_document",
    "legal_entity_short",
    "legal_entity_whole",
    "must_be_acting",
    "narrowed",
    "operations",
    "own",
    "phone_faults",
    "published_schema",
    "read_state_register",
    "same_type",
    "update_legal_entity",
    "with_code",
]
