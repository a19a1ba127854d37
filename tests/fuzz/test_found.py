"""Every reader stands what was once found, and a few thousand mutations; the long search is in test_search.py."""

import random
import resource
from pathlib import Path

import pytest

from esoz.signature import accelerated

from . import readers
from .mutations import mutated
from .readers import MOST_MEMORY, READERS, TooCostly, feed
from .seeds import seeds

FOUND = sorted(Path(__file__).with_name("found").glob("*.*"))
MUTATIONS = 60

pytestmark = pytest.mark.skipif(not accelerated, reason="the bounds of time are those of the C code")


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_input_that_once_did_harm_does_none(path: Path) -> None:
    """The name of a file begins with the name of its reader."""
    feed(READERS[path.name.partition(".")[0]], path.read_bytes())


@pytest.mark.parametrize("name", READERS)
def test_honest_input_is_read(name: str) -> None:
    """Else the search would begin at nothing."""
    assert seeds()[name]
    for data in seeds()[name]:
        if name != "key-file" or len(data) > 100:
            READERS[name](data)


@pytest.mark.parametrize("name", READERS)
def test_mutated_input_is_read_or_refused_in_bounds(name: str) -> None:
    chance = random.Random(name)
    for data in seeds()[name]:
        for _ in range(MUTATIONS):
            variant = mutated(data, chance)
            try:
                feed(READERS[name], variant)
            except Exception as error:
                error.add_note(f"{name}: {variant.hex()}")
                raise


@pytest.mark.parametrize("depth", [10, 1_000, 100_000])
def test_deep_nesting_is_refused_in_bounds(depth: int) -> None:
    for data in (b"\x30\x80" * depth, b"\xa0\x80" * depth + b"\0\0" * depth):
        for reader in READERS.values():
            feed(reader, data)


def test_costly_reader_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure itself: a reader that dawdles, and one that hoards (beyond what the process ever had)."""
    with pytest.raises(TooCostly, match="ms for"):
        feed(lambda _: sum(range(20_000_000)), b"")
    monkeypatch.setattr(readers, "MOST_CPU", 60)
    size = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + 2 * MOST_MEMORY)
    with pytest.raises(TooCostly, match="MB for"):
        feed(lambda _: b"x" * size, b"")
