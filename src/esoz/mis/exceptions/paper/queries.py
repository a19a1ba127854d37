"""What is asked of central's prescriptions on paper."""

from collections.abc import Mapping
from typing import Any

PATH = "/api/pharmacy/paper_prescriptions"
DISPENSES = "/api/pharmacy/paper_dispenses"


def filters(query: Mapping[str, str]) -> dict[str, Any]:
    """The filters of the journal by their names in central."""
    return {
        "number": query["number"] or None,
        "medication": query["name"] or None,
        "status": query["status"] or None,
        "recorded_from": query["from"] or None,
        "recorded_to": query["to"] or None,
    }
