"""The published filters of lists of medical conclusions."""

from datetime import date as Day
from uuid import UUID

import msgspec

from .compositions import Status


class CompositionFilter(msgspec.Struct, frozen=True):
    """Of a patient; `date`, `date_from`, `date_to` are days in Kyiv on which it was made."""

    patient_id: UUID | None = None
    encounter_id: UUID | None = None
    context_episode_id: UUID | None = None
    type: str | None = None
    category: str | None = None
    status: Status | None = None
    title: str | None = None
    author: UUID | None = None
    attester: UUID | None = None
    custodian: UUID | None = None
    date: Day | None = None
    date_from: Day | None = None
    date_to: Day | None = None


class OwnFilter(msgspec.Struct, frozen=True):
    """Of the patient who asks."""

    status: Status | None = None


class ConfigurationFilter(msgspec.Struct, frozen=True):
    """Of the kinds of conclusions and their rules."""

    type: str | None = None
    category: str | None = None
    is_active: bool | None = None
    inserted_at_from: Day | None = None
    inserted_at_to: Day | None = None
    updated_at_from: Day | None = None
    updated_at_to: Day | None = None


class TitleQuery(msgspec.Struct, frozen=True):
    """What a number is asked for; `composition_title`: one that was given already and is not used yet."""

    composition_type: str
    composition_title: str | None = None


class PrintQuery(msgspec.Struct, frozen=True):
    """Which form is printed; the id stands in the path too."""

    form_type: str
    composition_id: UUID
