"""Random tampering with a chain, as somebody would who may write anything but has not the seal: all of it is found."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from esoz.kernel.audit import GENESIS, link
from esoz.kernel.audit_check import MOST_TOLD, Examination, Fault, Flaw, Link

EVERY = 50  # lines between anchors


@dataclass
class Log:
    """Links with their lines, and what was sealed of them."""

    links: list[Link] = field(default_factory=list)
    anchors: dict[int, bytes] = field(default_factory=dict)

    @property
    def sealed(self) -> int:
        return max(self.anchors)

    def examined(self) -> Examination:
        found = Examination(self.anchors)
        half = len(self.links) // 2
        found.take(self.links[:half])  # as it comes, in batches
        found.take(self.links[half:])
        found.end()
        return found


def log_of(count: int) -> Log:
    log, previous = Log(), GENESIS
    for number in range(1, count + 1):
        line = b'["%d","done"]' % number
        previous = link(previous, line)
        log.links.append((number, previous, line))
        if number % EVERY == 0:
            log.anchors[number] = previous
    return log


Place = tuple[int, int]  # between which lines a fault must be told


def edit(log: Log, at: int) -> Place:
    number, hash, _line = log.links[at]
    log.links[at] = (number, hash, b'["forged"]')
    return number, number


def lose_line(log: Log, at: int) -> Place:
    number, hash, _line = log.links[at]
    log.links[at] = (number, hash, None)
    return number, number


def lose_link(log: Log, at: int) -> Place:
    number = log.links.pop(at)[0]
    return number, number


def swap(log: Log, at: int) -> Place:
    (first, hash, line), (second, other, text) = log.links[at : at + 2]
    log.links[at : at + 2] = [(first, hash, text), (second, other, line)]
    return first, second


def put_in(log: Log, at: int) -> Place:
    number, hash, _line = log.links[at]
    log.links.insert(at, (number, link(hash, b"new"), b"new"))
    return number, number + 1


def repeat(log: Log, at: int) -> Place:
    log.links.insert(at + 1, log.links[at])
    return log.links[at][0], log.links[at][0]


def cut(log: Log, at: int) -> Place:
    number = log.links[at][0]
    del log.links[at:]
    return number, number


def chain_anew(log: Log, at: int) -> Place:
    """Everything behind the change fits again; only the anchors do not."""
    first, previous = log.links[at][0], log.links[at - 1][1] if at else GENESIS
    for place in range(at, len(log.links)):
        number, _hash, line = log.links[place]
        text = b'["forged"]' if place == at else line or b""
        previous = link(previous, text)
        log.links[place] = (number, previous, text)
    return first, first + EVERY  # located by the next anchor


WAYS: tuple[Callable[[Log, int], Place], ...] = (edit, lose_line, lose_link, swap, put_in, repeat, cut, chain_anew)


def tampered(whole: Log, source: random.Random) -> tuple[str, Place, Examination]:
    log = Log(list(whole.links), whole.anchors)
    way = source.choice(WAYS)
    place = way(log, source.randrange(whole.sealed - 1))
    return way.__name__, place, log.examined()


@pytest.mark.parametrize(("rounds", "lines"), [(200, 2_000), pytest.param(1_000, 100_000, marks=pytest.mark.slow)])
def test_tampered_with_at_random_then_each_is_found_where_it_is(rounds: int, lines: int) -> None:
    whole, source = log_of(lines), random.Random(lines)
    assert whole.examined().count == 0
    for _ in range(rounds):
        way, (first, last), found = tampered(whole, source)
        numbers = [fault.number for fault in found.faults]
        assert any(first <= number <= last for number in numbers), (way, first, last, numbers[:5])


def test_two_are_tampered_with_then_both_are_told() -> None:
    log = log_of(100)
    edit(log, 10)
    lose_line(log, 70)
    found = log.examined()
    assert found.faults == [Fault(Flaw.CHANGED, 11), Fault(Flaw.MISSING, 71)]
    assert [str(each) for each in found.faults] == ["line 11: changed", "line 71: missing"]


def test_a_sealed_stretch_is_gone_then_each_of_its_anchors_is_told() -> None:
    log = log_of(200)
    del log.links[90:160]
    assert [(each.flaw, each.number) for each in log.examined().faults] == [
        (Flaw.GAP, 91),
        (Flaw.REWRITTEN, 100),
        (Flaw.REWRITTEN, 150),
    ]


def test_all_is_wrong_then_all_is_counted_and_some_told() -> None:
    log = log_of(MOST_TOLD + 500)
    log.links = [(number, hash, b"forged") for number, hash, _line in log.links]
    found = log.examined()
    assert found.count == MOST_TOLD + 500 and len(found.faults) == MOST_TOLD


def test_not_sealed_yet_then_no_fault() -> None:
    log = log_of(EVERY + 7)
    found = log.examined()
    assert (found.count, found.number, found.anchored) == (0, EVERY + 7, EVERY)
