"""What central's refusals mean, in Ukrainian, with what to do."""

from esoz.mis.base.section import Known

from .model import Explanation, explain, field_faults, learn
from .pages import Explained

__all__ = ["Explained", "Explanation", "Known", "explain", "field_faults", "learn"]
