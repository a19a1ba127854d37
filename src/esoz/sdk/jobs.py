"""Jobs of central: which one an answer 202 tells of, and what became of it (JB-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from .errors import CentralRefused, CentralUnreadable
from .lists import Lister

FAILED = frozenset({"failed", "failed_with_error"})
NO_LINK = "no link to the job"


class _Link(msgspec.Struct):
    href: str


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What became of a job so far; `refused` when central did not do what was asked."""

    is_over: bool
    refused: CentralRefused | None = None


def job_of(told: Mapping[str, Any]) -> str:
    """The id of the job in an answer 202: the last part of its link (`/jobs/5cbed6e2…`). Raises CentralUnreadable."""
    try:
        links = msgspec.convert(told.get("links"), list[_Link])
    except msgspec.ValidationError as fault:
        raise CentralUnreadable(NO_LINK) from fault
    job = next((link.href.rstrip("/").rsplit("/", 1)[-1] for link in links), "")
    if not job:
        raise CentralUnreadable(NO_LINK)
    return job


def failure_of(job: Mapping[str, Any], request_id: str = "") -> CentralRefused:
    """The error of a failed job, of the status that central gives it: published as text. Raises CentralUnreadable."""
    told = str(job.get("status_code") or (500 if job.get("status") == "failed_with_error" else 422))
    if not (len(told) == 3 and told.isascii() and told.isdecimal()) or not 400 <= int(told) < 600:
        raise CentralUnreadable("a failed job without a failure")
    return CentralRefused.from_error(int(told), job.get("error"), request_id)


async def job_outcome(central: Lister, job_id: str) -> JobOutcome:
    """What became of a job; one that central has forgotten is over (JB-4): the record itself says how it went.

    Raises CentralError.
    """
    try:
        answer = await central.get(f"/api/jobs/{job_id}")
    except CentralRefused as refused:
        if refused.status != 404:
            raise
        return JobOutcome(is_over=True)
    job = answer.record()
    status = str(job.get("status"))  # a list or an object is a state unknown, and no key of a set
    if status == "pending":
        return JobOutcome(is_over=False)
    if status in FAILED:
        return JobOutcome(is_over=True, refused=failure_of(job, answer.request_id))
    if status != "processed":
        raise CentralUnreadable("a job in an unknown state")
    return JobOutcome(is_over=True)
