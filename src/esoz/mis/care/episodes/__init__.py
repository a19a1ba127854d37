"""Episodes: opening and closing them."""

from .model import usual_type

__all__ = ["usual_type"]
