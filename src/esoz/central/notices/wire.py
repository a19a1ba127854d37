"""A notice as doctors and patients read it: nothing published tells of it, so the names are ours."""

from esoz.kernel.payload import JSON

from .model import Notice


def shown_notice(notice: Notice) -> JSON:
    """What was told, by which way, what became of it, and every way that was asked before."""
    return {
        "id": notice.id,
        "kind": notice.kind,
        "status": notice.state,
        "way": notice.told_by,
        "inserted_at": notice.inserted_at,
        "ended_at": notice.ended_at,
        "ways": [
            {"way": each.way, "address": each.address, "status": each.outcome, "status_at": each.outcome_at}
            for each in notice.asked
        ],
    }
