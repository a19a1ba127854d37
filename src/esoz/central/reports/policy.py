"""Whose dispenses a caller is told of."""

from esoz.central.organisations import own
from esoz.kernel.work import Actor

from .model import Reach, reach

DISPENSING = frozenset({"PHARMACY", "MSP_PHARMACY"})


def within_reach(actor: Actor) -> Reach:
    return reach(actor.client_type or "", own(actor), DISPENSING)
