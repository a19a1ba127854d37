"""Dictionaries and addresses: what all registries and records refer to by code."""

from .api import operations
from .cache import Dictionaries, dictionaries
from .commands import import_addresses, import_diagnoses_groups, import_dictionaries
from .model import Address, ImportCounts, Phone, place_id
from .queries import codes_of_group, must_be_known
from .sources import read_diagnoses_groups, read_dictionaries

__all__ = [
    "Address",
    "Dictionaries",
    "ImportCounts",
    "Phone",
    "codes_of_group",
    "dictionaries",
    "import_addresses",
    "import_diagnoses_groups",
    "import_dictionaries",
    "must_be_known",
    "operations",
    "place_id",
    "read_diagnoses_groups",
    "read_dictionaries",
]
