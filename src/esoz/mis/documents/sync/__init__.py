"""Synchronisation: documents on their way to central, from the draft to «Передано до ЕСОЗ»."""

from .commands.documents import begin, create, discard, fix, queue, resend, save_form
from .commands.sender import DocumentSender
from .model import Document, Draft, Event, Overtaken, State, as_kept, as_refused, edit_path, id_in
from .pages import state_label
from .queries import (
    counts,
    find,
    kind_of,
    latest_of_episode,
    mine,
    names_of,
    of_episode,
    of_patient,
    payment_deadline,
    ready,
    refusal_of,
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
    "kind_of",
    "latest_of_episode",
    "mine",
    "names_of",
    "of_episode",
    "of_patient",
    "payment_deadline",
    "queue",
    "ready",
    "refusal_of",
    "resend",
    "save_form",
    "state_label",
    "waiting_for_central",
]
