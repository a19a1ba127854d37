"""The words of the state drug register brought to one spelling, and the reasons why a row stays out."""

import re
from decimal import Decimal
from enum import StrEnum

NUMBER = r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
# Notes in brackets about the solvent speak of another substance than the drug.
_SOLVENT = re.compile(r"\([^()]*(?:вода|лідокаїн|розчинник|натрію хлорид)[^()]*\)")


class Reason(StrEnum):
    """Why a row of the register cannot be read with certainty."""

    NO_SUBSTANCE = "no_substance"
    UNNAMED_SUBSTANCE = "unnamed_substance"
    ORDER_OF_SUBSTANCES = "order_of_substances"
    UNKNOWN_FORM = "unknown_form"
    FORM_DIFFERS = "form_differs"
    NO_STRENGTH = "no_strength"
    SEVERAL_STRENGTHS = "several_strengths"
    AMOUNTS_AND_SUBSTANCES = "amounts_and_substances"
    CONTENT_DIFFERS = "content_differs"
    NO_PACKAGE = "no_package"
    IN_BULK = "in_bulk"


# What an administrator reads of a row that stays out.
EXPLAINED = {
    Reason.NO_SUBSTANCE: "the active substance is not stated",
    Reason.UNNAMED_SUBSTANCE: "one of the substances is not named, and the amounts do not tell which it is",
    Reason.ORDER_OF_SUBSTANCES: "of several substances nothing tells which is the main one",
    Reason.UNKNOWN_FORM: "the dosage form is not in the table of forms",
    Reason.FORM_DIFFERS: "the dosage form and the description of the package speak of different forms",
    Reason.NO_STRENGTH: "the description states no strength",
    Reason.SEVERAL_STRENGTHS: "the description states several strengths",
    Reason.AMOUNTS_AND_SUBSTANCES: "there are not as many amounts as substances",
    Reason.CONTENT_DIFFERS: "the strength and the content of the package differ",
    Reason.NO_PACKAGE: "the description does not tell how many units a package holds",
    Reason.IN_BULK: "the package is in bulk, for makers and not for patients",
}


class Unclear(ValueError):
    """A row cannot be read with certainty; nothing is guessed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def plain(text: str) -> str:
    """Return the text in lower case with one apostrophe, one space and without notes on solvents."""
    text = re.sub(r"[`'´ʼ]", "’", text.lower().replace("\xa0", " "))
    return re.sub(r"\s+", " ", _SOLVENT.sub(" ", text)).strip()


def number(text: str) -> Decimal:
    """Read `1 000 000`, `62,5` or `2.25`."""
    return Decimal(text.replace(" ", "").replace(",", "."))


def shown(value: Decimal) -> str:
    """Write a number without needless zeros, in the Ukrainian way."""
    return f"{value.normalize():f}".replace(".", ",")
