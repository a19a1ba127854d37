"""The pharmacy: finding a prescription by its number, choosing packages, handing over."""

from esoz.mis.base.services import MisSection

from .commands import CodeRefused, code_judged
from .forms import RETURN_REASONS
from .model import NOT_A_CODE, read_code, read_number
from .pages import CODES, DEVICES, section
from .store import returns, unsettled
from .texts import code_refused

SECTIONS: tuple[MisSection, ...] = (section,)

__all__ = [
    "CODES",
    "DEVICES",
    "NOT_A_CODE",
    "RETURN_REASONS",
    "SECTIONS",
    "CodeRefused",
    "code_judged",
    "code_refused",
    "read_code",
    "read_number",
    "returns",
    "section",
    "unsettled",
]
