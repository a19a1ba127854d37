"""What the audit log tells of this context."""

from enum import StrEnum


class Event(StrEnum):
    """What the audit log tells of this context."""

    LEGAL_ENTITIES_READ = "legal_entities.read"
    LEGAL_ENTITY_READ = "legal_entity.read"
    LEGAL_ENTITY_CREATED = "legal_entity.created"
    LEGAL_ENTITY_UPDATED = "legal_entity.updated"
    LEGAL_ENTITY_VERIFIED = "legal_entity.verified"
    LEGAL_ENTITY_CLOSED = "legal_entity.closed"
    LEGAL_ENTITY_SUSPENDED = "legal_entity.suspended"
    LEGAL_ENTITY_UNVERIFIED = "legal_entity.unverified"
    LEGAL_ENTITY_ACTIVATED = "legal_entity.activated"
    LEGAL_ENTITY_MERGED = "legal_entity.merged"
    STATE_REGISTER_IMPORTED = "state_register.imported"
    RELATED_READ = "related_legal_entities.read"
    DIVISIONS_READ = "divisions.read"
    DIVISION_READ = "division.read"
    DIVISION_CREATED = "division.created"
    DIVISION_UPDATED = "division.updated"
    DIVISION_ACTIVATED = "division.activated"
    DIVISION_DEACTIVATED = "division.deactivated"
    DIVISION_DLS_CHANGED = "division.drug_control_changed"
    MOUNTAINS_IMPORTED = "mountain_settlements.imported"
    LICENSED_PLACES_IMPORTED = "licensed_places.imported"
