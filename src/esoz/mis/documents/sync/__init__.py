"""Synchronisation: documents on their way to central, from the draft to «Передано до ЕСОЗ»."""

from .commands.documents import begin, create, discard, fix, move_to, queue, resend, save_form
from .commands.sender import DocumentSender
from .model import Document, Draft, Event, Overtaken, State, as_kept, as_refused, edit_path, id_in
from .pages import state_label
from .queries import (
    counts,
    find,
    is_stranded,
    kind_of,
    latest_of_episode,
    mine,
    names_of,
    of_episode,
    of_patient,
    payment_deadline,
    ready,
    refusal_of,
    signed_before,
    to_sign,
    unsent_of_episode,
)
from .store import QueueCounts, delete_blank, waiting_for_central

__all__ = [
    "Document",
    "DocumentSender",
    "Draft",
    "Event",
    "Overtaken",
    "QueueCounts",
    "State",
    "as_kept",
    "as_refused",
    "begin",
    "counts",
    "create",
    "delete_blank",
    "discard",
    "edit_path",
    "find",
    "fix",
    "id_in",
    "is_stranded",
    "kind_of",
    "latest_of_episode",
    "mine",
    "move_to",
    "names_of",
    "of_episode",
    "of_patient",
    "payment_deadline",
    "queue",
    "ready",
    "refusal_of",
    "resend",
    "save_form",
    "signed_before",
    "state_label",
    "to_sign",
    "unsent_of_episode",
    "waiting_for_central",
]
