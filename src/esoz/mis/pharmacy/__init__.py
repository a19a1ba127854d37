"""The pharmacy: finding a prescription by its number, choosing packages, handing over."""

from esoz.mis.base.services import MisSection

from .model import NOT_A_CODE, read_code, read_number
from .pages import CODES, DEVICES, section
from .texts import code_refused

__all__ = [
    "CODES",
    "DEVICES",
    "NOT_A_CODE",
    "SECTIONS",
    "code_refused",
    "read_code",
    "read_number",
]

SECTIONS: tuple[MisSection, ...] = (section,)
