"""What changes a patient's record."""

from .cancellations import cancel_package, cancel_report
from .dispenses import add_dispense, change_dispense
from .episodes import cancel_episode, close_episode, create_episode, update_episode
from .outside import check_references, must_be_signed_by_author_or_administrator
from .packages import Submission, store_package
from .reports import store_report
from .resolving import resolve_records
from .submissions import submit, submit_of_episode, submit_signed

__all__ = [
    "Submission",
    "add_dispense",
    "cancel_episode",
    "cancel_package",
    "cancel_report",
    "change_dispense",
    "check_references",
    "close_episode",
    "create_episode",
    "must_be_signed_by_author_or_administrator",
    "resolve_records",
    "store_package",
    "store_report",
    "submit",
    "submit_of_episode",
    "submit_signed",
    "update_episode",
]
