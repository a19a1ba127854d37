"""Register of medical information systems: who applied, what was tested, who is connected, whom to call."""

from .api import operations
from .commands import (
    Access,
    apply,
    begin_testing,
    block,
    change_contacts,
    connect,
    disconnect,
    enter,
    pass_tests,
    record_result,
    refresh_keys,
    reject,
    unblock,
)
from .model import AREAS, MOVES, PROGRAMME, PUBLISHED, Application, Contacts, Decision, Result, Status, missing_tests
from .queries import applications, one, published
from .store import ORDERS, Entry, RegisterFilter

__all__ = [
    "AREAS",
    "MOVES",
    "ORDERS",
    "PROGRAMME",
    "PUBLISHED",
    "Access",
    "Application",
    "Contacts",
    "Decision",
    "Entry",
    "RegisterFilter",
    "Result",
    "Status",
    "applications",
    "apply",
    "begin_testing",
    "block",
    "change_contacts",
    "connect",
    "disconnect",
    "enter",
    "missing_tests",
    "one",
    "operations",
    "pass_tests",
    "published",
    "record_result",
    "refresh_keys",
    "reject",
    "unblock",
]
