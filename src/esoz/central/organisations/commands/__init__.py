"""Changes of legal entities, of their divisions, and of the copy of the state register."""

from .divisions import activate_division, create_division, deactivate_division, update_division
from .drug_control import follow_drug_control, import_licensed_places
from .legal_entities import close_legal_entity, create_legal_entity, update_legal_entity
from .mountains import import_mountain_settlements
from .status import (
    change_status,
    import_state_register,
    reorganize_legal_entity,
    suspend_unverified,
    unverify_legal_entity,
    verify_legal_entity,
)

__all__ = [
    "activate_division",
    "change_status",
    "close_legal_entity",
    "create_division",
    "create_legal_entity",
    "deactivate_division",
    "follow_drug_control",
    "import_licensed_places",
    "import_mountain_settlements",
    "import_state_register",
    "reorganize_legal_entity",
    "suspend_unverified",
    "unverify_legal_entity",
    "update_division",
    "update_legal_entity",
    "verify_legal_entity",
]
