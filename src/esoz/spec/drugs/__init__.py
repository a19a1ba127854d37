"""Drugs of the state register: parsing of its rows and the parts that are carried with the project."""

import gzip
from io import StringIO

from ..files import content
from .doses import Dose, daily_dose
from .forms import Form, forms
from .strength import Strength
from .text import EXPLAINED, Reason, Unclear
from .tree import Brand, Dosage, Ingredient, Innm, LeftOut, Parsed, Row, Tree, parse, read_lines, read_rows, tree

__all__ = [
    "EXPLAINED",
    "Brand",
    "Dosage",
    "Dose",
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
    "common",
    "daily_dose",
    "forms",
    "parse",
    "read_lines",
    "read_rows",
    "tree",
]


def antibiotics() -> list[Row]:
    """Return the carried rows of the register: antibacterials for systemic use (ATC J01)."""
    return _carried("drugs-j01.csv.gz")


def common() -> list[Row]:
    """Return the carried rows of what family doctors prescribe besides."""
    return _carried("drugs-common.csv.gz")


def _carried(name: str) -> list[Row]:
    return read_rows(StringIO(gzip.decompress(content(name)).decode("utf-8"), newline=""))
