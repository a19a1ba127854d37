"""Changes of legal entities, of their divisions, and of the copy of the state register."""

from .divisions import DivisionDetails, activate_division, create_division, deactivate_division, update_division
from .legal_entities import (
    LegalEntityDetails,
    close_legal_entity,
    create_legal_entity,
    import_state_register,
    update_legal_entity,
    verify_legal_entity,
)

__all__ = [
    "DivisionDetails",
    "LegalEntityDetails",
    "activate_division",
    "close_legal_entity",
    "create_division",
    "create_legal_entity",
    "deactivate_division",
    "import_state_register",
    "update_division",
    "update_legal_entity",
    "verify_legal_entity",
]
