"""What is asked of central's journal of the war."""

from collections.abc import Mapping
from typing import Any

PATH = "/api/pharmacy/emergency_dispenses"
ANTIBACTERIALS = "J01"


def filters(query: Mapping[str, str]) -> dict[str, Any]:
    """The filters of the journal by their names in central; nothing that is typed there can be wrong for it."""
    return {
        "medication": query["name"] or None,
        "status": query["status"] or None,
        "dispensed_from": query["from"] or None,
        "dispensed_to": query["to"] or None,
    }
