"""Dictionaries and addresses: what all registries and records refer to by code."""

from .api import operations
from .cache import Dictionaries, dictionaries
from .commands import import_addresses, import_dictionaries
from .model import Address, Phone, place_id
from .queries import must_be_known
from .wire import given

__all__ = [
    "Address",
    "Dictionaries",
    "Phone",
    "dictionaries",
    "given",
    "import_addresses",
    "import_dictionaries",
    "must_be_known",
    "operations",
    "place_id",
]
