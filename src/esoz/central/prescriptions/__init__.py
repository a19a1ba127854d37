"""Prescriptions: programmes and drugs, drafts, prescriptions, dispenses."""

from .api import operations
from .commands.register import ANTIBIOTICS_PROGRAMME, Imported, import_drugs, make_antibiotics_programme
from .commands.whole_register import ImportedRegister, import_register
from .periodic import periodic_tasks
from .queries.named import named_drugs, named_prescriptions

__all__ = [
    "ANTIBIOTICS_PROGRAMME",
    "Imported",
    "ImportedRegister",
    "import_drugs",
    "import_register",
    "make_antibiotics_programme",
    "named_drugs",
    "named_prescriptions",
    "operations",
    "periodic_tasks",
]
