"""The stock of a pharmacy: what came in, what went out, what is left and until when."""

from esoz.mis.base.services import MisSection

from .commands import choose, give_back, know, put_back, remember, take_for_dispense, take_out
from .model.batches import AtHand, HandedOver, Medicine
from .pages import section
from .queries import Counter, counter, divisions
from .store.batches import Place, at_hand, keeps_stock, questions
from .store.movements import noted, of_dispense

SECTIONS: tuple[MisSection, ...] = (section,)

__all__ = [
    "SECTIONS",
    "AtHand",
    "Counter",
    "HandedOver",
    "Medicine",
    "Place",
    "at_hand",
    "choose",
    "counter",
    "divisions",
    "give_back",
    "keeps_stock",
    "know",
    "noted",
    "of_dispense",
    "put_back",
    "questions",
    "remember",
    "section",
    "take_for_dispense",
    "take_out",
]
