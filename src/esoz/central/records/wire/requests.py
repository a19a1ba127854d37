"""Bodies of requests, typed."""

from datetime import datetime

import msgspec

from esoz.kernel.fhir import CodeableConcept, Reference

from ..model.package import Visit


class EpisodeChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """Another name or doctor for an episode."""

    name: str | None = None
    care_manager: Reference | None = None


class End(msgspec.Struct, frozen=True):
    """When an episode ended."""

    end: datetime


class Closing(msgspec.Struct, frozen=True, omit_defaults=True):
    """How an episode ended."""

    period: End
    status_reason: CodeableConcept
    closing_summary: str | None = None


class Cancellation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why an episode should never have been."""

    status_reason: CodeableConcept
    explanatory_letter: str | None = None


class PackageRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A signed encounter package and, when it is new, its visit."""

    signed_data: str
    visit: Visit | None = None


class SignedRequest(msgspec.Struct, frozen=True):
    """A signed document and nothing beside it."""

    signed_data: str
