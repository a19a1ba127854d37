"""What the state pays for: reimbursed dispenses one by one, and their sums."""

from .api import operations

__all__ = ["operations"]
