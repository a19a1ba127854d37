"""Words on pages of prescriptions and of the pharmacy: what people say, in good spelling, that leads on."""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[3] / "src" / "esoz"
PAGES = sorted(
    path
    for folder in ("mis/templates/prescriptions", "mis/templates/pharmacy", "mis/care/prescriptions", "mis/pharmacy")
    for path in (SOURCES / folder).rglob("*")
    if path.suffix in {".html", ".py", ".typ"}
)
STRAIGHT = re.compile(r"[А-ЯІЇЄҐа-яіїєґ]'[А-ЯІЇЄҐа-яіїєґ]")
UNCLEAR = ("Поза упаковками", "за цими умовами", "Має ділитися", "Ваш телефон")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_apostrophes_are_letters_and_words_are_clear(path: Path) -> None:
    text = path.read_text("utf-8")
    assert STRAIGHT.findall(text) == []
    assert [words for words in UNCLEAR if words in text] == []
