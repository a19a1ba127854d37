"""A client of central's public API for mis, cabinet, tests and other vendors' programs. Knows no database."""

from .client import Answer, Bearer, Central
from .errors import (
    CentralBusy,
    CentralClosed,
    CentralError,
    CentralRefused,
    CentralUnavailable,
    CentralUnreadable,
    Fault,
)
from .lists import is_whole, whole
from .reading import understanding, understood
from .session import GrantEnded, GrantStorage, KeptGrant, OAuthClient, Tokens, UserSession, read_tokens

__all__ = [
    "Answer",
    "Bearer",
    "Central",
    "CentralBusy",
    "CentralClosed",
    "CentralError",
    "CentralRefused",
    "CentralUnavailable",
    "CentralUnreadable",
    "Fault",
    "GrantEnded",
    "GrantStorage",
    "KeptGrant",
    "OAuthClient",
    "Tokens",
    "UserSession",
    "is_whole",
    "read_tokens",
    "understanding",
    "understood",
    "whole",
]
