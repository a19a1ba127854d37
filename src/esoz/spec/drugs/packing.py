"""Packages: how many units lie in the packages that a description registers."""

import re
from decimal import Decimal
from itertools import product
from math import prod

from .forms import Kind
from .strength import content
from .text import Reason, Unclear, plain

_AND = r"(?:\s?,?\s?(?:або|чи|та|і)\s(?:по\s)?|\s?,\s(?:по\s)?)"
_COUNTS = rf"(?<![\d.,/№])\d+(?:{_AND}\d+)*"
_ADJECTIVE = (
    r"(?:(?:скляни|полімерн|інфузійн|однобічн|двобічн|алюмінієв|контурн|чарунков|безчарунков|попередньо)\S*\s)*"
)
_UNIT_NOUNS: dict[Kind, str] = {
    "piece": r"таблет|капсул|супозитор",
    "vial": r"флакон",
    "liquid": r"ампул|флакон|пляш|контейнер|пакет|шприц|систем|банк|банок|картридж",
    "oral_powder": r"флакон|пляш|банк",
    "sachet": r"саше|пакет|пакет-саше|стік",
}
_INNER = r"блістер|стрип|упаков|касет|лот[ок]к|піддон"
_BOTTLES = r"флакон|контейнер|туб|банк|банок|пляш|пакет"
_NUMBERED_LEVELS = re.compile(r"№\s?(\d+)\s?\((\d+)\s?[хx]\s?(\d+)\)")
_NUMBERED = re.compile(r"№\s?(\d+)(?![\dхx])")


def packages(description: str, package_qty: str, kind: Kind) -> tuple[int, tuple[int, ...]]:
    """Return the smallest dispensed number of units and the numbers of units in the registered packages.

    The register counts the inner pack (a blister); the description says how many of them a box may hold. Units are
    pieces, vials, bottles, ampoules or sachets. Raises Unclear when no package is stated.
    """
    text = plain(description)
    inner = _inner_pieces(package_qty) if kind == "piece" else 1
    unit = _unit_noun(text, kind)
    outer = _INNER if kind != "piece" else f"{_INNER}|{_BOTTLES}"
    if re.search(r"[iі]n bulk", text):
        raise Unclear(Reason.IN_BULK)
    found = _totals(text, unit, outer, inner if kind == "piece" else None)
    if kind == "piece":
        found |= {int(n) for n, one, two in _NUMBERED_LEVELS.findall(text) if int(n) == int(one) * int(two)}
    else:
        found |= {int(each) for each in _NUMBERED.findall(text)}
        # One bottle is what such a row is about, when no count of anything is given.
        if not found and re.search(unit, text) and not re.search(rf"\d\s{_ADJECTIVE}(?:{outer})", text):
            found = {1}
    found = {total for total in found if total > 0 and total % inner == 0}
    if not found:
        raise Unclear(Reason.NO_PACKAGE)
    return inner, tuple(sorted(found))


def _inner_pieces(package_qty: str) -> int:
    amount, unit = content(package_qty)
    if unit != "PIECE" or amount != int(amount) or amount < Decimal(1):
        raise Unclear(Reason.NO_PACKAGE)
    return int(amount)


def _unit_noun(text: str, kind: Kind) -> str:
    """Return the noun that is counted: of several containers, one in another, the innermost is named first."""
    nouns = _UNIT_NOUNS[kind]
    if kind != "liquid":
        return nouns
    first = re.search(rf"(?:{_ADJECTIVE})({nouns})", text)
    return first[1] if first else nouns


def _totals(text: str, unit: str, outer: str, inner: int | None) -> set[int]:
    """Walk over `10 таблеток у блістері, по 2 або 4 блістери` and multiply what lies in one another."""
    level = re.compile(rf"(?:по\s)?({_COUNTS})\s{_ADJECTIVE}(?:({unit})|({outer}))")
    totals: set[int] = set()
    chain: dict[str, list[int]] = {}
    for found in level.finditer(text):
        counts = [int(each) for each in re.findall(r"\d+", found[1])]
        if found[2]:
            totals |= _products(chain)
            counts = [each for each in counts if inner is None or each == inner]
            chain = {"": counts} if counts else {}
        elif chain:
            if found[3] in chain:  # the same container counted anew: another package, not one more level
                totals |= _products(chain)
                chain = _up_to(chain, found[3])
            chain[found[3]] = counts
    return totals | _products(chain)


def _up_to(chain: dict[str, list[int]], noun: str) -> dict[str, list[int]]:
    names = list(chain)
    return {name: chain[name] for name in names[: names.index(noun)]}


def _products(chain: dict[str, list[int]]) -> set[int]:
    return {prod(each) for each in product(*chain.values())} if chain else set()
