"""What the worker process does here by itself."""

from datetime import timedelta

from .commands import expire_requests

chores = (("employee requests", timedelta(hours=1), expire_requests),)
