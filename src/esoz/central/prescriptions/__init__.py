"""Prescriptions: programmes and drugs, drafts, prescriptions, dispenses."""

from .api import operations
from .chores import chores
from .commands.register import ANTIBIOTICS_PROGRAMME, Imported, import_drugs, make_antibiotics_programme
from .commands.whole_register import ImportedRegister, import_register
from .queries.named import named_drugs, named_prescriptions

__all__ = [
    "ANTIBIOTICS_PROGRAMME",
    "Imported",
    "ImportedRegister",
    "chores",
    "import_drugs",
    "import_register",
    "make_antibiotics_programme",
    "named_drugs",
    "named_prescriptions",
    "operations",
]
