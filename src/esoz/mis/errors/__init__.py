"""What central's refusals mean, in Ukrainian, with what to do."""

from ..section import Known
from .model import Explanation, explain, field_faults, learn
from .pages import Explained, keeping

__all__ = ["Explained", "Explanation", "Known", "explain", "field_faults", "keeping", "learn"]
