"""What is asked of central's wholesale supply."""

from collections.abc import Mapping
from typing import Any

PATH = "/api/pharmacy/wholesale_requests"
SUPPLIES = "/api/pharmacy/wholesale_supplies"


def filters(query: Mapping[str, str]) -> dict[str, Any]:
    """The filters of requests by their names in central."""
    return {
        "number": query["number"] or None,
        "requester": query["requester"] or None,
        "medication": query["name"] or None,
        "status": query["status"] or None,
        "requester_type": query["type"] or None,
        "requested_from": query["from"] or None,
        "requested_to": query["to"] or None,
    }


def supply_filters(query: Mapping[str, str]) -> dict[str, Any]:
    """The filters of supplies by their names in central."""
    return {
        "medication": query["name"] or None,
        "status": query["status"] or None,
        "supplied_from": query["from"] or None,
        "supplied_to": query["to"] or None,
    }
