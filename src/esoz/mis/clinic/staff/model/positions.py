"""Which positions are offered for a role: those that it may have, found by everyday words, the best fit first."""

from collections.abc import Iterable

from esoz.mis.base.dictionaries import MOST_FOUND, Choice, Dictionaries, plain
from esoz.spec.employees import POSITIONS

POSITION = "POSITION"
MOST_LISTED = 20  # so many stand in a list; among more one searches
# What people say, by the beginning of a word, and how the dictionary calls it; "" adds nothing to the word beside it.
EVERYDAY = {
    "медсестр": "сестра медична",
    "медбрат": "сестра медична",
    "маніпуляційн": "сестра медична",
    "процедурн": "сестра медична",
    "лор": "отоларинголог",
    "вухо": "отоларинголог",
    "горло": "",
    "ніс": "",
    "окуліст": "офтальмолог",
    "узд": "ультразвукової",
    "узі": "ультразвукової",
    "зубний": "стоматолог",
    "дантист": "стоматолог",
    "невролог": "невропатолог",
    "дерматолог": "дерматовенеролог",
    "шкірний": "дерматовенеролог",
    "реабілітолог": "реабілітаційної",
    "реаніматолог": "анестезіолог",
    "реєстратор": "працівник реєстратури",
    "кадровик": "спеціаліст відділу кадрів",
}
_MEANT = tuple((plain(said), plain(called)) for said, called in EVERYDAY.items())


def is_searched(role: str) -> bool:
    """Are there so many positions for a role that they are searched."""
    return len(POSITIONS.get(role, ())) > MOST_LISTED


def offered(role: str, books: Dictionaries, kept: str = "") -> dict[str, str]:
    """Positions for a role, code → words, in the order of the table; `kept`: what somebody has already stays open."""
    codes = dict.fromkeys([*POSITIONS.get(role, ()), *([kept] if kept else [])])
    return {code: books.describe(POSITION, code) for code in codes if books.has(POSITION, code)}


def search(text: str, positions: Iterable[Choice]) -> list[Choice]:
    """Positions that a text may mean, as pickers show them: its very words first, then what they mean."""
    asked = plain(text)
    lines = [(plain(code), plain(words), code, words) for code, words in positions]
    found: dict[str, str] = {}
    for wanted in dict.fromkeys((asked, _meant(asked))) if asked else ():
        fits = [line for line in lines if line[0] == wanted or all(word in line[1] for word in wanted.split())]
        found |= {
            code: words for _code, _line, code, words in sorted(fits, key=lambda line: _distance(wanted, line[1]))
        }
    return [(code, f"{code} {words}") for code, words in found.items()][:MOST_FOUND]


def _distance(wanted: str, line: str) -> tuple[int, int]:
    """How far words are from what is wanted: it begins fewer words of them, they are longer."""
    words = line.split()
    inside = sum(not any(each.startswith(word) for each in words) for word in wanted.split())
    return inside, len(line)


def _meant(asked: str) -> str:
    """A text in the words of the dictionary."""
    said = (next((called for start, called in _MEANT if word.startswith(start)), word) for word in asked.split())
    return " ".join(word for word in said if word) or asked
