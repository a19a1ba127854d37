"""What changes a patient's record."""

from .cancellations import cancel_package, cancel_report
from .episodes import cancel_episode, close_episode, create_episode, update_episode
from .packages import Submission, store_package
from .reports import store_report
from .resolving import resolve_records
from .submissions import submit, submit_of_episode, submit_signed

__all__ = [
    "Submission",
    "cancel_episode",
    "cancel_package",
    "cancel_report",
    "close_episode",
    "create_episode",
    "resolve_records",
    "store_package",
    "store_report",
    "submit",
    "submit_of_episode",
    "submit_signed",
    "update_episode",
]
