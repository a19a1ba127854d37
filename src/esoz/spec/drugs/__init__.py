"""Drugs of the state register: parsing of its rows and the antibiotics' part that is carried with the project."""

import gzip
from io import StringIO

from ..files import content
from .forms import Form, forms
from .strength import Strength
from .text import Reason, Unclear
from .tree import Brand, Dosage, Ingredient, Innm, LeftOut, Parsed, Row, Tree, parse, read_rows, tree

__all__ = [
    "Brand",
    "Dosage",
    "Form",
    "Ingredient",
    "Innm",
    "LeftOut",
    "Parsed",
    "Reason",
    "Row",
    "Strength",
    "Tree",
    "Unclear",
    "antibiotics",
    "forms",
    "parse",
    "read_rows",
    "tree",
]


def antibiotics() -> list[Row]:
    """Return the carried rows of the register: antibacterials for systemic use (ATC J01)."""
    return read_rows(StringIO(gzip.decompress(content("drugs-j01.csv.gz")).decode("utf-8"), newline=""))
