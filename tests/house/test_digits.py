"""`isdigit` lets «²» pass, which `int` refuses: it stands beside `isascii`. What `isdecimal` takes, `int` takes too."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "esoz"
# Where the text is ASCII by then, with the reason.
EXCEPTIONS = {"signature/der.py": "decoded as ASCII in the same function, which refuses everything else"}
BARE = re.compile(r"\.is(?:digit|numeric)\(\)")


def bare(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [line.strip() for line in lines if BARE.search(line) and ".isascii()" not in line]


def test_digits_then_those_of_ascii_only() -> None:
    files = sorted(SOURCE.rglob("*.py"))
    assert len(files) > 500
    found = {str(path.relative_to(SOURCE)): lines for path in files if (lines := bare(path))}
    assert {name: lines for name, lines in found.items() if name not in EXCEPTIONS} == {}


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_exception_is_still_one(name: str) -> None:
    assert bare(SOURCE / name)
