"""The register as programs read it."""

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
    given = found.application
    return {
        "id": found.id,
        "name": given.product,
        "version": given.version or None,
        "vendor": {"name": given.vendor, "edrpou": given.edrpou or None},
        "legal_entity_types": list(given.areas),
        "status": found.status,
        "support": {
            "phone": given.contacts.support_phone or None,
            "email": given.contacts.support_email or None,
            "hours": given.contacts.support_hours or None,
        },
        "website": given.contacts.website or None,
        "status_page": given.contacts.status_page or None,
        **{name: found.moments.get(status) for name, status in DATES.items()},
    }
