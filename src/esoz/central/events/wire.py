"""Events as published."""

from esoz.kernel.payload import JSON

from .model import ChangeEvent


def event(event: ChangeEvent) -> JSON:
    return {
        "id": event.id,
        "event_type": event.event_type,
        "entity_type": event.entity_type,
        "entity_id": event.entity_id,
        "properties": event.properties,
        "event_time": event.event_time,
        "changed_by": event.changed_by,
    }
