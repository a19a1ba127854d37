"""What central's refusals mean to a patient, in Ukrainian, with what to do."""

from esoz.sdk import Explanation

from .model import explain, explain_of_child

__all__ = ["Explanation", "explain", "explain_of_child"]
