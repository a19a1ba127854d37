"""Prices of medicines, and which pharmacy has one at hand."""

from .api import operations
from .commands import import_prices
from .model import Catalogued, Price, Priced
from .queries import catalogue, prices
from .sources import read_prices

__all__ = [
    "Catalogued",
    "Price",
    "Priced",
    "catalogue",
    "import_prices",
    "operations",
    "prices",
    "read_prices",
]
