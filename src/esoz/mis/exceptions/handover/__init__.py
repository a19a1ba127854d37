"""What all ways of handing over outside of electronic prescriptions share: a document signed, sent once, taken back."""

from . import commands, forms, queries, store
from .model import STATUSES, Line, Made, Medicine, Package, Prepared, Way, Words, asked, details, plain_number
from .pages import DISPENSING, add_signing, id_of, reason_of, wanted
from .texts import CHOOSE_ANOTHER, KNOWN

__all__ = [
    "CHOOSE_ANOTHER",
    "DISPENSING",
    "KNOWN",
    "STATUSES",
    "Line",
    "Made",
    "Medicine",
    "Package",
    "Prepared",
    "Way",
    "Words",
    "add_signing",
    "asked",
    "commands",
    "details",
    "forms",
    "id_of",
    "plain_number",
    "queries",
    "reason_of",
    "store",
    "wanted",
]
