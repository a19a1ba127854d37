"""How the patient will be told, as the doctor is shown it."""

from esoz.central.people import ContactMethod, mask_phone
from esoz.kernel.payload import JSON


def authentication_method_current(contact: ContactMethod) -> JSON:
    """Kind and masked number; the number is an empty string when there is none, as the field is required."""
    return {"type": contact.type, "number": mask_phone(contact.phone) if contact.phone else ""}
