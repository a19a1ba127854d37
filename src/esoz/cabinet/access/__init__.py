"""Patients at central: signing in with their КЕП, calling central with their token, going out."""

from .commands import admit, connected, encoded, grant
from .model import Event
from .newcomers import Newcomer, recall
from .session import CentralSession, SignInNeeded, calling
from .store import load_patient

__all__ = [
    "CentralSession",
    "Event",
    "Newcomer",
    "SignInNeeded",
    "admit",
    "calling",
    "connected",
    "encoded",
    "grant",
    "load_patient",
    "recall",
]
