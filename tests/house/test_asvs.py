"""docs/security: every requirement of ASVS is answered by tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
PAGE = TESTS.parent / "docs" / "security" / "asvs.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`((?:\w+/)+test_\w+\.py)((?:::\w+)*)`")
EXCUSES = ("**Exception.**", "**Not here.**")

# OWASP ASVS 5.0 (github.com/OWASP/ASVS, 5.0/en, as of 2026-07-19): chapter and section → levels of its requirements.
LEVELS = {
    "6.1": "122",
    "6.2": "111111112222",
    "6.3": "11223333",
    "6.4": "112233",
    "6.5": "22222333",
    "6.6": "2223",
    "6.7": "33",
    "6.8": "2222",
    "7.1": "222",
    "7.2": "1111",
    "7.3": "22",
    "7.4": "11222",
    "7.5": "223",
    "7.6": "22",
    "10.1": "22",
    "10.2": "223",
    "10.3": "22223",
    "10.4": "1111122222233333",
    "10.5": "22222",
    "10.6": "22",
    "10.7": "222",
}
REQUIREMENTS = {
    f"{section}.{number}": level for section, levels in LEVELS.items() for number, level in enumerate(levels, start=1)
}


def rows() -> list[tuple[str, str, str, str, str]]:
    return ROW.findall(PAGE.read_text("utf-8"))


@cache
def names_of(file: str) -> frozenset[str]:
    """`TestA`, `TestA::test_b` and `test_c` of a file of tests; empty when there is no such file."""
    path = TESTS / file
    if not path.is_file():
        return frozenset()
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found.add(node.name)
            methods = [each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
            found |= {f"{node.name}::{name}" for name in methods}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
    return frozenset(found)


def missing_tests(cell: str) -> list[str]:
    """Tests that a cell names and that do not exist."""
    return [
        f"{file}{name}"
        for file, name in TEST.findall(cell)
        if not names_of(file) or (name and name.removeprefix("::") not in names_of(file))
    ]


def test_every_requirement_stands_once_with_its_level() -> None:
    assert {number: level for number, level, *_ in rows()} == REQUIREMENTS
    assert len(rows()) == len(REQUIREMENTS) == 47 + 19 + 36
    assert PAGE.read_text("utf-8").count("\n| ") == len(rows()) + 3  # and the heads of the three tables


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_answer_names_tests_that_exist_or_says_why_not(row: tuple[str, str, str, str, str]) -> None:
    for cell in row[3:]:
        assert missing_tests(cell) == []
        assert TEST.search(cell) or any(excuse in cell for excuse in EXCUSES), cell


def test_name_of_no_test_is_found_out() -> None:
    here = "house/test_asvs.py"
    named = f"`{here}::test_name_of_no_test_is_found_out`, `{here}::TestNothing`, `house/test_nowhere.py`"
    assert missing_tests(named) == [f"{here}::TestNothing", "house/test_nowhere.py"]
