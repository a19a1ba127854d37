"""Courses that a doctor writes often, their own or shared with the clinic: a medicine and how it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

# Of the form; what may be about one patient (their words, the note, weight, quantity) is left out.
KEPT = ("dose", "times", "route", "when", "started_at", "ended_at")
MOST_KEPT = 50  # of one person; more are no longer found at a glance


class FavouriteEvent(StrEnum):
    SAVED = "favourite.saved"
    REMOVED = "favourite.removed"
    READ = "favourites.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourite:
    """One of them; the two days of the form say how long it is taken."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    is_shared: bool
    drug_id: UUID
    drug_name: str
    form: Mapping[str, str]
    words: str


def kept(form: Mapping[str, str]) -> dict[str, str]:
    """What of a form is kept."""
    return {name: form.get(name, "") for name in KEPT}
