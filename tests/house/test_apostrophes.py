"""Texts for people have the letter apostrophe (U+2019): pages, messages, documents, signer."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KINDS = {".py", ".html", ".txt", ".po", ".typ", ".ts", ".js", ".md"}
PLACES = ("src/esoz", "signer/src", "docs", "README.uk.md")
STRAIGHT = re.compile(r"[А-Яа-яІіЇїЄєҐґ]\\?['`´ʼ′＇][А-Яа-яІіЇїЄєҐґ]")
# Data as registers have it, and a note on such data: told with the letter apostrophe where they are shown.
AS_REGISTERED = {
    "src/esoz/sandbox/identities.py": "surnames of the demo country",
    "src/esoz/sandbox/build.py": "who issued a paper",
    "src/esoz/central/registration/model.py": "a comment with a name of the state register",
}
FILES = sorted(
    path
    for place in PLACES
    for path in ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*"))
    if path.suffix in KINDS and "dist" not in path.parts and "spec" not in path.parts
)


def straight(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if STRAIGHT.search(line)]


def test_texts_then_no_straight_apostrophe_between_letters() -> None:
    assert len(FILES) > 500
    found = {str(path.relative_to(ROOT)): straight(path) for path in FILES}
    assert {name: lines for name, lines in found.items() if lines and name not in AS_REGISTERED} == {}


@pytest.mark.parametrize("name", AS_REGISTERED)
def test_exception_is_still_one(name: str) -> None:
    assert straight(ROOT / name)


@pytest.mark.parametrize("text", ["здоров'я", "з\\'єднання", "Д`Артаньян", "імʼя"])
def test_each_kind_is_found(text: str) -> None:
    assert STRAIGHT.search(text)
