"""Medical programmes on the wire."""

from uuid import UUID

import msgspec

from esoz.kernel.payload import Object, omit_none

from ..model import Programme


class ProgrammesQuery(msgspec.Struct, frozen=True):
    """Filters of the list; only active ones by default."""

    id: UUID | None = None
    name: str | None = None
    is_active: bool = True
    mr_blank_type: str | None = None
    type: str | None = None


def programme(programme: Programme) -> Object:
    """The whole programme with its settings."""
    return {
        **without_settings(programme),
        "medical_program_settings": omit_none(msgspec.to_builtins(programme.settings)),
        **omit_none({"medical_program_settings_text": programme.settings_text}),
    }


def without_settings(programme: Programme) -> Object:
    """`Medical_Program_Response_without_settings`."""
    return omit_none(
        {
            **shortest(programme),
            "is_active": programme.is_active,
            "medication_dispense_allowed": programme.medication_dispense_allowed,
            "medication_dispense_allowed_text": programme.medication_dispense_allowed_text,
            "medication_request_allowed": programme.medication_request_allowed,
            "medication_request_allowed_text": programme.medication_request_allowed_text,
            "type": programme.type,
            "inserted_at": programme.inserted_at,
            "inserted_by": programme.inserted_by,
            "updated_at": programme.updated_at,
            "updated_by": programme.updated_by,
        }
    )


def shortest(programme: Programme) -> Object:
    """`Medical_Program_Response_min_without_settings`."""
    return {
        "id": programme.id,
        "name": programme.name,
        "funding_source": programme.funding_source,
        "mr_blank_type": programme.mr_blank_type,
    }
