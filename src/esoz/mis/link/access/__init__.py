"""The user's consent at central: getting tokens, calling central with them, giving them back."""

from .commands import calling, end, has_token, line_of, several, unsettled_end
from .line import ConsentNeeded, Line
from .model import with_next

__all__ = [
    "ConsentNeeded",
    "Line",
    "calling",
    "end",
    "has_token",
    "line_of",
    "several",
    "unsettled_end",
    "with_next",
]
