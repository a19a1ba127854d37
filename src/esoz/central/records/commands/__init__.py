"""What changes a patient's record."""

from .episodes import cancel_episode, close_episode, create_episode, update_episode
from .packages import Submission, store_package
from .submissions import submit

__all__ = [
    "Submission", "cancel_episode", "close_episode", "create_episode", "store_package", "submit", "update_episode",
]
