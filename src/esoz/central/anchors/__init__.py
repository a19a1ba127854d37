"""Anchors of the audit log: where its chain stood, signed with the seal and published, so that anybody can check it."""

from .commands import anchor
from .model import Anchor, NotAnAnchor, Statement, read_anchors
from .queries import anchors, find, seals, signed, waiting_since

__all__ = [
    "Anchor",
    "NotAnAnchor",
    "Statement",
    "anchor",
    "anchors",
    "find",
    "read_anchors",
    "seals",
    "signed",
    "waiting_since",
]
