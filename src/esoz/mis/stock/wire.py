"""What central is told of the stock."""

from collections.abc import Mapping
from typing import Any


def stocked(row: Mapping[str, Any]) -> dict[str, object]:
    """One of central's `assortment`."""
    return {
        "medication_id": str(row["medication_id"]),
        "package_price": float(row["price"]),
        "available": row["available"],
    }
