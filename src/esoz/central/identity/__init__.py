"""Who may come in: users, clients, brokers, tokens. The lowest context: it knows no other."""

from . import errors
from .api import operations
from .commands import (
    Issued,
    authorize,
    connect,
    create_broker,
    create_client,
    create_user,
    give_role,
    grantable,
    issue_access,
    log_in,
    must_be_registered,
    must_know_secret,
    use_nonce,
)
from .gate import CentralGate
from .model import Client, User
from .queries import find_client
from .secrets import LOGIN_AUDIENCE, TRUSTED_AUDIENCE, read_nonce
from .store import save_app, user_by_id, user_by_person
from .wire import token as token_as_published

__all__ = [
    "LOGIN_AUDIENCE",
    "TRUSTED_AUDIENCE",
    "CentralGate",
    "Client",
    "Issued",
    "User",
    "authorize",
    "connect",
    "create_broker",
    "create_client",
    "create_user",
    "errors",
    "find_client",
    "give_role",
    "grantable",
    "issue_access",
    "log_in",
    "must_be_registered",
    "must_know_secret",
    "operations",
    "read_nonce",
    "save_app",
    "token_as_published",
    "use_nonce",
    "user_by_id",
    "user_by_person",
]
