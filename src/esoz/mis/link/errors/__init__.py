"""What central's refusals mean, in Ukrainian, with what to do."""

from .pages import Explained, keeping
from .queries import explain, explanations, field_faults

__all__ = ["Explained", "explain", "explanations", "field_faults", "keeping"]
