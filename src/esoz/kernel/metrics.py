"""Numbers for the monitoring, and the three plumbing paths: /health/live, /health/ready, /metrics."""

import asyncpg
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from starlette.responses import PlainTextResponse, Response

from .db import Database
from .errors import Problem
from .outages import OUTAGES

REGISTRY = CollectorRegistry()
REQUESTS = Histogram(
    "esoz_request_seconds",
    "Time of a request by operation and status",
    ("operation", "status"),
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
JOBS = Histogram("esoz_job_seconds", "Time of a job by kind and result", ("kind", "status"), registry=REGISTRY)
MESSAGES = Counter(
    "esoz_messages_total", "Messages sent by channel and result", ("channel", "result"), registry=REGISTRY
)

RECHECKS = Counter(
    "esoz_signature_rechecks_total", "Late proofs of signatures by result", ("state",), registry=REGISTRY
)


async def plumbing(path: str, database: Database) -> Response | None:
    """Answer a plumbing path, or None when the path is somebody else's."""
    if path == "/health/live":
        return PlainTextResponse("alive")
    if path == "/metrics":
        return Response(generate_latest(REGISTRY), media_type="text/plain; version=0.0.4")
    if path == "/health/ready":
        return await _ready(database)
    return None


async def _ready(database: Database) -> Response:
    try:
        async with database.connection() as db:
            await db.fetchval("select 1 from migrations limit 1")
    except (Problem, asyncpg.PostgresError, *OUTAGES):
        return PlainTextResponse("the database does not answer", status_code=503)
    return PlainTextResponse("ready")
