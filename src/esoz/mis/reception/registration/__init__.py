"""Registering a person in central, and changing what is registered of them."""

from .forms import read_relation
from .model.codes import BAD_CODE, read_code
from .model.papers import ADULT_AGE, ASKED, PAPER, TOO_YOUNG, scan_fault, scan_words, whole_years
from .model.summary import METHODS, way_words

__all__ = [
    "ADULT_AGE",
    "ASKED",
    "BAD_CODE",
    "METHODS",
    "PAPER",
    "TOO_YOUNG",
    "read_code",
    "read_relation",
    "scan_fault",
    "scan_words",
    "way_words",
    "whole_years",
]
