"""Bodies of jobs as they are stored: what waited in the database before a release is performed after it."""

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.central.app import JOB_HANDLERS
from esoz.central.records.model import jobs
from esoz.kernel.jobs import JobKind

PERSON, EPISODE = "0c1fbc3a-6a07-4e4a-9e1e-6a3f1a1f0001", "0c1fbc3a-6a07-4e4a-9e1e-6a3f1a1f0002"


def _reference(kind: str) -> dict[str, Any]:
    concept = {"coding": [{"system": "eHealth/resources", "code": kind}]}
    return {"identifier": {"type": concept, "value": EPISODE}}


REASON = {"coding": [{"system": "eHealth/episode_closing_reasons", "code": "legal_entity"}]}
STORED: list[tuple[JobKind[Any], dict[str, Any]]] = [
    (
        jobs.EPISODE_CREATE,
        {
            "episode": {
                "id": EPISODE,
                "name": "Бронхіт",
                "type": {"system": "eHealth/episode_types", "code": "PHC"},
                "status": "active",
                "managing_organization": _reference("legal_entity"),
                "period": {"start": "2026-11-22T00:00:00Z"},
                "care_manager": _reference("employee"),
            }
        },
    ),
    (jobs.EPISODE_UPDATE, {"change": {"name": "Інша назва"}, "episode_id": EPISODE}),
    (
        jobs.EPISODE_CLOSE,
        {"closing": {"period": {"end": "2026-11-22T10:00:00Z"}, "status_reason": REASON}, "episode_id": EPISODE},
    ),
    (jobs.EPISODE_CANCEL, {"cancellation": {"status_reason": REASON}, "episode_id": EPISODE}),
    (
        jobs.PACKAGE_CREATE,
        {
            "package": {
                "signed_data": "AAAA",
                "visit": {"id": EPISODE, "period": {"start": "2026-11-22T09:00:00Z", "end": "2026-11-22T09:30:00Z"}},
            }
        },
    ),
    (jobs.PACKAGE_CANCEL, {"package": {"signed_data": "AAAA"}}),
    (jobs.REPORT_CREATE, {"package": {"signed_data": "AAAA"}}),
    (jobs.REPORT_CANCEL, {"package": {"signed_data": "AAAA"}}),
]


@pytest.mark.parametrize(("kind", "payload"), STORED, ids=[kind.name for kind, _ in STORED])
def test_stored_body_then_read_and_written_as_it_was(kind: JobKind[Any], payload: dict[str, Any]) -> None:
    whole = payload | {"person_id": PERSON}
    body = msgspec.json.decode(json.dumps(whole), type=kind.body)
    assert body.person_id == UUID(PERSON)
    assert json.loads(msgspec.json.encode(body)) == whole


def test_every_kind_then_it_has_a_handler_and_a_line_of_submission() -> None:
    kinds = {kind.name for kind, _ in STORED}
    assert kinds == set(jobs.SUBMITTED)
    assert kinds <= JOB_HANDLERS.keys()
