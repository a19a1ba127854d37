"""What is answered about medical records, exactly as published."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel import jobs
from esoz.kernel.db import Row
from esoz.kernel.fhir import concept
from esoz.kernel.operation import Reply
from esoz.kernel.payload import without_nulls

from ..model import Episode

Document = Mapping[str, Any]

SEE_OTHER = 303
NOBODY = UUID(int=0)  # who is not known any more


def accepted(job: jobs.Job) -> Reply:
    """202 and where to ask how it went."""
    return Reply({"status": job.status, "eta": job.eta, "links": [_job_link(job)]}, status=202)


def job(found: jobs.Job) -> Reply:
    """A job at its present state (JB-3)."""
    body: dict[str, object] = {"status": found.status, "eta": found.eta}
    if found.status is jobs.Status.PENDING:
        return Reply(body | {"links": [_job_link(found)]})
    body["status_code"] = found.status_code
    if found.status is not jobs.Status.PROCESSED:
        return Reply(body | {"error": found.error})
    if not found.links:
        return Reply(body | {"response_data": found.response})
    links = [{"entity": link.entity, "href": link.href} for link in found.links]
    # Without Location: HTTP libraries follow it, and who polls a job would be handed the first record it made.
    return Reply(body | {"links": links}, status=SEE_OTHER)


def _job_link(found: jobs.Job) -> Mapping[str, str]:
    return {"entity": "job", "href": f"/jobs/{found.id}"}


def episode(found: Episode) -> Document:
    """An episode in full."""
    document: dict[str, Any] = without_nulls(msgspec.to_builtins(found))
    del document["person_id"]
    for change in document["status_history"]:
        change.setdefault("inserted_by", NOBODY)
    return document


def episode_short(found: Episode) -> Document:
    """An episode as the summary shows it."""
    names = ("id", "name", "status", "period", "inserted_at", "updated_at")
    return {name: value for name, value in episode(found).items() if name in names}


def episode_of_group(found: Episode) -> Document:
    """An episode as the list by groups of diagnoses shows it."""
    whole = episode(found)
    names = ("id", "name", "status", "period", "inserted_at", "updated_at", "managing_organization")
    return {name: whole[name] for name in names} | {"diagnoses": whole["current_diagnoses"]}


def record(row: Row) -> Document:
    """A stored record with its times."""
    return {**row["document"], "inserted_at": row["inserted_at"], "updated_at": row["updated_at"]}


def package(held: Episode, encounter: Row, made: Mapping[str, Sequence[Row]]) -> Document:
    """An encounter with its episode and all records made in it, under the names that a package has for them."""
    records = {kind: [record(row) for row in rows] for kind, rows in made.items()}
    return {"episode": episode(held), "encounter": record(encounter), **records}


def encounter_short(row: Row) -> Document:
    """An encounter as the summary shows it."""
    names = ("id", "status", "period", "episode", "class", "type")
    speciality = concept("SPECIALITY_TYPE", row["performer_speciality"] or "")
    return {name: row["document"][name] for name in names} | {"performer_speciality": speciality}


def context(found: Episode | None) -> Document:
    """Which episode holds a record: what one asks an approval for; nothing when it was made outside of episodes."""
    if found is None:
        return {}
    return {"episode": {"identifier": _identifier(found), "display_value": found.name}}


def _identifier(found: Episode) -> Document:
    return {"type": {"coding": [{"system": "eHealth/resources", "code": "episode"}]}, "value": found.id}
