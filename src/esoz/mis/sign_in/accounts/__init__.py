"""Accounts: users as signing in sees them, counted tries, challenges, mail about changes of the ways in."""

from .commands import challenges, confirmation
from .commands.mail import tell
from .commands.tries import attempt, confirm, end_pause, note, refuse, try_password, try_secret
from .model import CODES, STRONG, Account, LockoutState, Method, Outcome, email_digest, lockout
from .pages import CONFIRM, confirmed
from .store import account, account_of, accounts_of_code, mark_passed
from .texts import METHODS

__all__ = [
    "CODES",
    "CONFIRM",
    "METHODS",
    "STRONG",
    "Account",
    "LockoutState",
    "Method",
    "Outcome",
    "account",
    "account_of",
    "accounts_of_code",
    "attempt",
    "challenges",
    "confirm",
    "confirmation",
    "confirmed",
    "email_digest",
    "end_pause",
    "lockout",
    "mark_passed",
    "note",
    "refuse",
    "tell",
    "try_password",
    "try_secret",
]
