"""What the worker process does here by itself."""

from datetime import timedelta

from .commands import follow_drug_control, suspend_unverified

periodic_tasks = (
    ("pharmacy licences", timedelta(hours=1), follow_drug_control),
    ("unverified legal entities", timedelta(minutes=10), suspend_unverified),
)
