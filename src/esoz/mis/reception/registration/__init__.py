"""Registering a person in central, and changing what is registered of them."""

from .model.codes import BAD_CODE, read_code
from .model.papers import scan_fault, scan_words
from .model.summary import METHODS, way_words

__all__ = ["BAD_CODE", "METHODS", "read_code", "scan_fault", "scan_words", "way_words"]
