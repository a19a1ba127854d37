"""Complaints as patients' systems send and see them; not published, spelled as its neighbours are."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from esoz.kernel.payload import omit_none

from .model import About, Complaint


class AboutBody(msgspec.Struct, frozen=True):
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    event: Annotated[str, msgspec.Meta(max_length=100)]


class ComplaintBody(msgspec.Struct, frozen=True):
    text: str
    about: AboutBody | None = None

    @property
    def line(self) -> About | None:
        return About(self.about.at, self.about.event) if self.about else None


def complaint(found: Complaint) -> dict[str, Any]:
    """A complaint with its answer; who answered is told by the office only."""
    about = found.about
    return omit_none(
        id=found.id,
        status=found.status,
        text=found.text,
        about={"at": about.at, "event": about.event} if about else None,
        inserted_at=found.inserted_at,
        answer_until=found.answer_until,
        answer=found.answer,
        answered_at=found.answered_at,
    )
