"""How published parameters narrow lists of episodes and records."""

from collections.abc import Mapping
from uuid import UUID

from esoz.kernel.db import Query

from ..model import ENCOUNTERS, Kind

NEWEST_FIRST = "inserted_at desc, id"  # RD-1

# How each published parameter narrows a list. `_to` dates come as the first moment after the day.
HIDDEN = "hidden"  # no published parameter: ids that the reader does not see (AB-7)
_SEEN = "id <> all({}::uuid[])"
EPISODE_FILTERS: Mapping[str, str] = {
    HIDDEN: _SEEN,
    "status": "status = {}",
    "code": "codes @> array[{}::text]",
    "managing_organization_id": "managing_organization_id = {}",
    # An episode lies in a period when any day of it does.
    "period_from": "(ended_at is null or ended_at >= {})",
    "period_to": "started_at < {}",
    "period_start_from": "started_at >= {}",
    "period_start_to": "started_at < {}",
    "period_end_from": "ended_at >= {}",
    "period_end_to": "ended_at < {}",
}
ENCOUNTER_FILTERS: Mapping[str, str] = {
    HIDDEN: _SEEN,
    "episode_id": "episode_id = {}",
    "managing_organization_id": "managing_organization_id = {}",
    "incoming_referral": "incoming_referral_id = {}",
    "incoming_referral_id": "incoming_referral_id = {}",
    "origin_episode_id": "origin_episode_id = {}",
    "status": "status = {}",
    "class": "class = {}",
    "type": "type = {}",
    "performer_speciality": "performer_speciality = {}",
    "date_from": "started_at >= {}",
    "date_to": "started_at < {}",
    "period_start_from": "started_at >= {}",
    "period_start_to": "started_at < {}",
    "period_end_from": "ended_at >= {}",
    "period_end_to": "ended_at < {}",
}
_DATED = (
    "onset_date",
    "issued",
    "date",
    "onset_date_time",
    "asserted_date",
    "performed_date",
    "performed_date_time",
    "performed_period_start",
    "effective_date",
    "collected",
    "when_handed_over",
    "recorded",
    "identified_date_time",
)
_CODES = ("code", "vaccine_code", "type", "medication_code", "device_code")
_MAKERS = ("managing_organization_id", "managing_organization", "recorder_legal_entity_id", "performer_legal_entity")
_DAY = "to_char({}::timestamptz at time zone 'Europe/Kyiv', 'YYYY-MM-DD')"
ENTITY_FILTERS: Mapping[str, str] = {
    HIDDEN: _SEEN,
    **dict.fromkeys(("encounter_id", "encounter"), "encounter_id = {}"),
    **dict.fromkeys(("episode_id", "context_episode_id"), "episode_id = {}"),
    **dict.fromkeys(_MAKERS, "managing_organization_id = {}"),
    **dict.fromkeys(_CODES, "codes @> array[{}::text]"),
    **{f"{name}_from": "dated_at >= {}" for name in _DATED},
    **{f"{name}_to": "dated_at < {}" for name in _DATED},
    "id": "id::text = {}",
    "status": "status = {}",
    "inserted_at_from": "inserted_at >= {}",
    "inserted_at_to": "inserted_at < {}",
    "association_date_from": f"document ->> 'association_date' >= {_DAY}",
    "association_date_to": f"document ->> 'association_date' < {_DAY}",
    "performed_period_end_from": "(document #>> '{{performed_period,end}}')::timestamptz >= {}",
    "performed_period_end_to": "(document #>> '{{performed_period,end}}')::timestamptz < {}",
    "any_code": "codes && {}::text[]",
}


def latest_first(kind: Kind) -> str:
    """The order by the day on which it happened; what has no day, by the moment when it was stored."""
    return "started_at desc, id" if kind is ENCOUNTERS else "coalesce(dated_at, inserted_at) desc, id"


def narrowed(table: str, person_id: UUID, conditions: Mapping[str, str], filters: Mapping[str, object]) -> Query:
    """The rows of a patient that all the filters fit."""
    query = Query(f"select * from {table}").where("person_id = {}", person_id)
    for name, value in filters.items():
        query.where_given(conditions[name], value)
    return query


def of_kind(kind: Kind, person_id: UUID, filters: Mapping[str, object]) -> Query:
    """The records of a kind that all the filters fit; a key of the kind is looked up as `name=value`."""
    if kind is ENCOUNTERS:
        return narrowed(kind.name, person_id, ENCOUNTER_FILTERS, filters)
    return _of_entities(kind, narrowed(kind.name, person_id, {}, {}), filters)


def of_clinic(kind: Kind, legal_entity_id: UUID, filters: Mapping[str, object]) -> Query:
    """The records of a kind that a legal entity made, of any patient, that all the filters fit."""
    query = Query(f"select * from {kind.name}").where("managing_organization_id = {}", legal_entity_id)
    return _of_entities(kind, query, filters)


def _of_entities(kind: Kind, query: Query, filters: Mapping[str, object]) -> Query:
    plain = {
        name: str(value) if name in _CODES and value is not None else value
        for name, value in filters.items()
        if name not in kind.keys
    }
    keys = [f"{name}={value}" for name, value in filters.items() if name in kind.keys and value is not None]
    for name, value in plain.items():
        query.where_given(ENTITY_FILTERS[name], value)
    return query.where_given("keys @> {}::text[]", keys or None)
