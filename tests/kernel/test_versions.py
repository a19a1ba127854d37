"""Order of versions: as PEP 440 has it, as far as programs have such versions."""

import itertools

import pytest

from esoz.kernel.versions import is_older, version_key

ORDERED = (
    "0.9", "1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0-beta.2", "1.0b10", "1.0rc1", "1.0", "1.0.post1.dev2", "1.0.post1",
    "1.0.1", "1.9", "1.10", "2", "10.0",
)  # fmt: skip


@pytest.mark.parametrize(("earlier", "later"), list(itertools.combinations(ORDERED, 2)))
def test_earlier_version_is_older_and_later_is_not(earlier: str, later: str) -> None:
    assert is_older(earlier, later)
    assert not is_older(later, earlier)


@pytest.mark.parametrize(("one", "other"), [("1.0", "1"), ("v1.2", "1.2.0"), ("1.0-RC.1", "1.0rc1"), ("1+b2", "1.0")])
def test_two_spellings_of_one_version_are_equal(one: str, other: str) -> None:
    assert version_key(one) == version_key(other) is not None


@pytest.mark.parametrize("text", ["", "осінь 2026", "1.", "1.x", "١.٢", "-1", "1 0", "9" * 5000])
def test_what_is_no_version_is_neither_older_nor_newer(text: str) -> None:
    assert version_key(text) is None
    assert not is_older(text, "1.0")
    assert not is_older("1.0", text)
