"""What central's refusals mean to a patient, in Ukrainian, with what to do."""

from esoz.sdk import Explanation

from .model import explain

__all__ = ["Explanation", "explain"]
