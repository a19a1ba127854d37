"""Prescriptions: programmes and drugs, drafts, prescriptions, dispenses."""

from .api import operations
from .chores import chores
from .commands.register import ANTIBIOTICS_PROGRAMME, Imported, import_drugs, make_antibiotics_programme

__all__ = [
    "ANTIBIOTICS_PROGRAMME",
    "Imported",
    "chores",
    "import_drugs",
    "make_antibiotics_programme",
    "operations",
]
