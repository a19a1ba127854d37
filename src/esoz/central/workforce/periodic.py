"""What the worker process does here by itself."""

from datetime import timedelta

from .commands import expire_requests

periodic_tasks = (("employee requests", timedelta(hours=1), expire_requests),)
