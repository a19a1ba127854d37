"""How a patient learns of a prescription."""

from esoz.central.people import ContactMethod
from esoz.central.programmes import Settings

from .drafts import ROOT, Intent

INFORM_WITH = f"{ROOT}.inform_with"


def is_told_by_phone(intent: Intent, settings: Settings, contact: ContactMethod) -> bool:
    """Whether number and code go to a phone; if not, the code is printed on the note (regulation of 2025)."""
    return intent is Intent.ORDER and settings.notifies and contact.phone is not None
