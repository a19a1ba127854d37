"""Who silences a checker says why: beside `type: ignore` and `noqa`, or in a comment on the line above."""

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(path for folder in ("src/esoz", "tests", "tools", "bench") for path in (ROOT / folder).rglob("*.py"))
SILENCED = re.compile(r"type:\s*ignore(?:\[[^\]]*\])?|noqa(?::\s*[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)?")


def silent(text: str) -> list[int]:
    """Lines that silence a checker without a reason."""
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    comments = {token.start[0]: token for token in tokens if token.type == tokenize.COMMENT}
    found = []
    for line, token in comments.items():
        reason = SILENCED.sub("", token.string.replace("ruff:", "")).strip(" #")
        above = comments.get(line - 1)
        explained = above is not None and above.line.lstrip().startswith("#") and not SILENCED.search(above.string)
        if SILENCED.search(token.string) and not reason and not explained:
            found.append(line)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_silenced_checker_has_its_reason(path: Path) -> None:
    assert silent(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = 1  # type: ignore[misc]\n", [1]),
        ("a = 1  # type: ignore\n", [1]),
        ("a = 1  # noqa: F401, E501\n", [1]),
        ("# ruff: noqa: F811\n", [1]),
        ("b = 2  # not a reason\na = 1  # noqa\n", [2]),
        ("a = 1  # type: ignore[misc]  # the library has no types\n", []),
        ("a = 1  # noqa: BLE001 the last gate\n", []),
        ("# The library has no types.\na = 1  # type: ignore[misc]\n", []),
        ('a = "# noqa"\n', []),
    ],
)
def test_silenced_without_a_reason_is_found(text: str, lines: list[int]) -> None:
    assert silent(text) == lines
