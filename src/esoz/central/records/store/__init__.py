"""All SQL of medical records."""

from .approvals import (
    NOTHING,
    Opened,
    approvals,
    approved_episodes,
    approved_records,
    as_approval,
    delete_unanswered,
    find_approval,
    opened,
    save_approval,
)
from .episodes import (
    as_episode,
    create_episode,
    create_visit,
    current_diagnoses,
    episodes,
    episodes_with_diagnoses,
    find_episode,
    find_episode_row,
    has_valid_encounters,
    save_episode,
    valid_episodes,
)
from .records import (
    Belonging,
    Entry,
    append_reaction,
    claim_specimens,
    create_encounter,
    create_entries,
    find_encounter,
    find_in_summary,
    find_record,
    kept,
    known,
    records,
    summary,
    take_back,
)

__all__ = [
    "NOTHING", "Belonging", "Entry", "Opened", "append_reaction", "approvals", "approved_episodes", "approved_records",
    "as_approval", "as_episode",
    "claim_specimens", "create_encounter", "create_entries", "create_episode", "create_visit", "current_diagnoses",
    "delete_unanswered", "episodes", "episodes_with_diagnoses",
    "find_approval", "find_encounter", "find_episode", "find_episode_row",
    "find_in_summary", "find_record", "has_valid_encounters", "kept", "known", "opened", "records", "save_approval",
    "save_episode", "summary", "take_back", "valid_episodes",
]
