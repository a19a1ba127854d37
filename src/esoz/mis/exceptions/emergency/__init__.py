"""Antibiotics handed over without a prescription in territories of war: written down, signed, the journal."""

from .forms import NO_DIVISION, read_quantity
from .model import Line, Package, plain_number, read_package
from .queries import MEDICATIONS, divisions

__all__ = [
    "MEDICATIONS",
    "NO_DIVISION",
    "Line",
    "Package",
    "divisions",
    "plain_number",
    "read_package",
    "read_quantity",
]
