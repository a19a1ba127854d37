"""What central's refusals mean to a patient, in Ukrainian, with what to do."""

from .model import Explanation, explain

__all__ = ["Explanation", "explain"]
