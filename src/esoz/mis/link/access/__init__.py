"""The user's consent at central: getting tokens, calling central with them, giving them back."""

from .commands.consents import calling, end, has_token, line_of, several, unsettled_end
from .commands.session import ConsentNeeded, Line

__all__ = [
    "ConsentNeeded",
    "Line",
    "calling",
    "end",
    "has_token",
    "line_of",
    "several",
    "unsettled_end",
]
