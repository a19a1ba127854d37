"""Writing referrals: the form, the signature, the paper for the patient, taking back."""

from .model.referrals import CATEGORY_WORDS, PRIORITIES, STATUSES, Event, Way, status_tag
from .store import Row, found, keep, listed, settle

__all__ = [
    "CATEGORY_WORDS",
    "PRIORITIES",
    "STATUSES",
    "Event",
    "Row",
    "Way",
    "found",
    "keep",
    "listed",
    "settle",
    "status_tag",
]
