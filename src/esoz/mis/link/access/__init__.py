"""The user's consent at central: getting tokens, calling central with them, giving them back."""

from .commands.consents import calling, end, has_token, session_of, several, unsettled_end
from .commands.session import CentralSession, ConsentNeeded

__all__ = [
    "CentralSession",
    "ConsentNeeded",
    "calling",
    "end",
    "has_token",
    "session_of",
    "several",
    "unsettled_end",
]
