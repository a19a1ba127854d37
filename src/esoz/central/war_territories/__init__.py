"""Territories of hostilities and occupation: where and when medicines are handed over without a prescription."""

from .api import operations
from .commands import import_territories
from .model import WITHOUT_PRESCRIPTION, Kind, Territory, TerritoryFilter, TerritoryRow
from .queries import may_dispense_without_prescription, territories
from .sources import read_territories

__all__ = [
    "WITHOUT_PRESCRIPTION",
    "Kind",
    "Territory",
    "TerritoryFilter",
    "TerritoryRow",
    "import_territories",
    "may_dispense_without_prescription",
    "operations",
    "read_territories",
    "territories",
]
