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
from .explaining import Explanation, Explanations, Text
from .jobs import FAILED, JobOutcome, failure_of, job_of, job_outcome
from .lists import is_whole, whole
from .reading import understanding, understood
from .session import GrantEnded, GrantStorage, KeptGrant, OAuthClient, Tokens, UserSession, read_tokens
from .words import Dictionaries

__all__ = [
    "FAILED",
    "Answer",
    "Bearer",
    "Central",
    "CentralBusy",
    "CentralClosed",
    "CentralError",
    "CentralRefused",
    "CentralUnavailable",
    "CentralUnreadable",
    "Dictionaries",
    "Explanation",
    "Explanations",
    "Fault",
    "GrantEnded",
    "GrantStorage",
    "JobOutcome",
    "KeptGrant",
    "OAuthClient",
    "Text",
    "Tokens",
    "UserSession",
    "failure_of",
    "is_whole",
    "job_of",
    "job_outcome",
    "read_tokens",
    "understanding",
    "understood",
    "whole",
]
