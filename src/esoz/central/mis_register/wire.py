"""The register as programs read it, and what a system reads of itself."""

from typing import Any

from .model import Entry, Status

DATES = {
    "tested_at": Status.TESTED,
    "connected_at": Status.CONNECTED,
    "blocked_at": Status.BLOCKED,
    "disconnected_at": Status.DISCONNECTED,
}


def entry(found: Entry) -> dict[str, Any]:
    """One system; a date is that of the last move into the status."""
    application = found.application
    return {
        "id": found.id,
        "name": application.product,
        "version": application.version or None,
        "vendor": {"name": application.vendor, "edrpou": application.edrpou or None},
        "legal_entity_types": list(application.areas),
        "status": found.status,
        "support": {
            "phone": application.contacts.support_phone or None,
            "email": application.contacts.support_email or None,
            "hours": application.contacts.support_hours or None,
        },
        "website": application.contacts.website or None,
        "status_page": application.contacts.status_page or None,
        **{name: found.moments.get(status) for name, status in DATES.items()},
    }


def own_entry(found: Entry) -> dict[str, Any]:
    """What a system learns of itself: besides what everybody sees, what says that it must be updated."""
    return {
        **entry(found),
        "oldest_version": found.oldest_version,
        "attestation_until": found.application.attestation_until,
    }
