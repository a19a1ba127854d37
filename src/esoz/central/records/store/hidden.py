"""Which records of a patient a forbidden group hides from a clinic that neither made nor holds them."""

from collections.abc import Sequence
from uuid import UUID

from esoz.central.forbidden_groups import Guarded
from esoz.kernel.db import Connection

from ..model import ENCOUNTERS, ENTITIES, Kind
from ..model.hidden import HiddenRecord

EPISODES = "episodes"
# $1 patient, $2 clinic, $3 codes and services, $4 what is guarded as rows of (group_id, system, code).
_GUARDED = "jsonb_to_recordset($4) as guarded (group_id uuid, system text, code text)"
_THEIRS = "person_id = $1 and managing_organization_id is distinct from $2"


def _codings(*places: str) -> str:
    """Codings of a document with the dictionary that each is of."""
    found = " union all ".join(f"select jsonb_path_query(document, 'lax $.{place}.coding[*]')" for place in places)
    return (
        f"select guarded.group_id from ({found}) codings (coding) join {_GUARDED}"
        " on guarded.system = coding ->> 'system' and guarded.code = coding ->> 'code'"
    )


def _services(place: str) -> str:
    """Services that a document names there."""
    return (
        f"select guarded.group_id from jsonb_path_query(document, 'lax $.{place}.identifier.value') service join"
        f" {_GUARDED} on guarded.system is null and guarded.code = service #>> '{{}}'"
    )


def _of_kind(kind: Kind) -> str:
    # Column `codes` has what stands at the place of the kind: few records are looked into.
    return (
        f"select '{kind.name}' as kind, id, matching.group_id from {kind.name},"
        f" lateral ({_codings(kind.code)} union {_services(kind.code)}) matching"
        f" where {_THEIRS} and codes && $3::text[]"
    )


_HIDDEN = "\nunion all ".join(
    (
        *map(_of_kind, ENTITIES),
        f"select '{ENCOUNTERS.name}', id, matching.group_id from {ENCOUNTERS.name}, lateral ("
        f"{_codings('diagnoses[*].code', 'reasons[*]', 'actions[*]')} union {_services('action_references[*]')}"
        f") matching where {_THEIRS}",
        f"select '{EPISODES}', id, matching.group_id from episodes, lateral ("
        f"{_codings('current_diagnoses[*].code', 'diagnoses_history[*].diagnoses[*].code')}) matching where {_THEIRS}",
        # What an encounter said long ago stands in the history, which the answer of an episode has whole.
        f"select '{EPISODES}', id, matching.group_id from episodes, lateral (select guarded.group_id"
        " from episode_diagnoses line, jsonb_path_query(line.document, 'lax $.diagnoses[*].code.coding[*]') coding"
        f" join {_GUARDED} on guarded.system = coding ->> 'system' and guarded.code = coding ->> 'code'"
        f" where line.person_id = $1 and line.episode_id = episodes.id) matching where {_THEIRS}",
    )
)


async def hidden(
    db: Connection, person_id: UUID, client_id: UUID | None, guarded: Sequence[Guarded]
) -> list[HiddenRecord]:
    """Every record that some group hides, with the group; one that two groups hide stands there twice."""
    rows = await db.fetch(_HIDDEN, person_id, client_id, [each.code for each in guarded], guarded)
    return [HiddenRecord(row["kind"], row["id"], row["group_id"]) for row in rows]
