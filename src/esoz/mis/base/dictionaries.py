"""Dictionaries in memory: a search over ten thousand codes takes about two milliseconds, so nothing more is needed."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from esoz.kernel.pages.display import in_print
from esoz.kernel.spelling import plain_name

Choice = tuple[str, str]
MOST_FOUND = 20
# One sound, two spellings: ґ where г is written. Codes and words are compared alike, for lists and people mix alphabets
# in both: the published one of diagnoses has «іn situ» with a Cyrillic letter.
_ALIKE = str.maketrans("ґё", "ге")


def plain(text: str) -> str:
    """Text as it is compared in searches."""
    return plain_name(text).translate(_ALIKE)


# Classifications of diseases, by the beginnings of the names of their dictionaries: columns of the everyday words.
_CLASSIFICATIONS = {"eHealth/ICPC2/": "icpc2", "eHealth/ICD10_AM/": "icd10"}
LEAST_LETTERS = 3  # of a word that is looked up among everyday ones
LEAST_FOR_SLIPS = 5  # in a shorter word a slip makes another word
MOST_WORDS = 6  # of a line with slips: more are another text, and dear to compare
CLOSE = 0.75  # share of letters that agree: one or two slips in a long word


@cache
def _everyday() -> Sequence[Mapping[str, Sequence[str]]]:
    """Words of every day as they are compared, and the codes of either classification that they mean."""
    text = files("esoz.mis.base").joinpath("everyday_words.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return [
        {name: [plain(each) if name == "words" else each for each in cell.split("|")] for name, cell in row.items()}
        for row in rows
    ]


def meant(name: str, asked: str) -> Iterator[str]:
    """Codes of a dictionary that an everyday word means, or its beginning, or a code of the other classification."""
    own = next((column for start, column in _CLASSIFICATIONS.items() if name.startswith(start)), None)
    if own is None or len(asked) < LEAST_LETTERS:
        return
    others = [column for column in _CLASSIFICATIONS.values() if column != own]
    for row in _everyday():
        codes = (plain(code) for other in others for code in row[other])
        if any(word.startswith(asked) for word in row["words"]) or any(code.startswith(asked) for code in codes):
            yield from row[own]


@dataclass(frozen=True, slots=True)
class Value:
    """One code of a dictionary."""

    code: str
    description: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class _Book:
    """One dictionary, with the words to search in prepared."""

    values: Mapping[str, Value]
    lines: Sequence[tuple[str, str, str]]  # code and words as they are compared, code


class Dictionaries:
    """All dictionaries that central has told of, by their published names."""

    def __init__(self) -> None:
        self._books: dict[str, _Book] = {}

    def __len__(self) -> int:
        return len(self._books)

    def put(self, name: str, values: Iterable[Value]) -> None:
        """Replace one dictionary."""
        by_code = {value.code: replace(value, description=in_print(value.description)) for value in values}
        lines = [
            (plain(value.code), plain(value.description), value.code) for value in by_code.values() if value.is_active
        ]
        self._books[name] = _Book(by_code, lines)

    def take(self, other: "Dictionaries") -> None:
        """Have what another copy has."""
        self._books |= other._books

    def choices(self, name: str) -> list[Choice]:
        """Active codes with their words, in central's order; empty when the dictionary is not known yet."""
        book = self._books.get(name)
        return [(value.code, value.description) for value in book.values.values() if value.is_active] if book else []

    def describe(self, name: str, code: str) -> str:
        """The words of a code; the code itself when it is not known."""
        book = self._books.get(name)
        value = book.values.get(code) if book else None
        return value.description if value else code

    def has(self, name: str, code: str) -> bool:
        """Is it an active code."""
        book = self._books.get(name)
        value = book.values.get(code) if book else None
        return value is not None and value.is_active

    def search(
        self, name: str, text: str, limit: int = MOST_FOUND, used: Mapping[str, int] | None = None
    ) -> list[Choice]:
        """Codes that the text means, the likeliest first: («R05», «R05 Кашель»).

        First those that begin with it, then what an everyday word means, then those whose words hold every word of it;
        when there is none, with slips of the hand put right. `used`: how often somebody uses each, which goes first.
        """
        book, asked = self._books.get(name), plain(text)
        if book is None or not asked:
            return []
        begins = [found for line, _, found in book.lines if line.startswith(asked)]
        everyday = [code for code in meant(name, asked) if self.has(name, code)]
        found = list(dict.fromkeys([*begins, *everyday, *_holding(book, asked.split())]))
        found = found or _holding(book, _put_right(book, asked.split()))
        if used:
            found.sort(key=lambda code: (plain(code) != asked, -used.get(code, 0)))
        return [self.label(name, code) for code in found[:limit]]

    def label(self, name: str, code: str) -> Choice:
        """A code as pickers show it."""
        return code, f"{code} {self.describe(name, code)}"


def _holding(book: _Book, words: Sequence[str]) -> list[str]:
    """Codes whose words hold all of these, those that begin with the first one before the others."""
    if not words:
        return []
    holds = [(line, code) for _, line, code in book.lines if all(word in line for word in words)]
    return [code for line, code in sorted(holds, key=lambda each: not each[0].startswith(words[0]))]


def _put_right(book: _Book, words: Sequence[str]) -> list[str]:
    """Words with the nearest of the dictionary in the place of those that it has not; none when one has no near one."""
    if len(words) > MOST_WORDS:
        return []
    known = {word.strip("(),.;:/-") for _, line, _ in book.lines for word in line.split()}
    right = []
    for word in words:
        near = [each for each in known if each[:1] == word[:1] and abs(len(each) - len(word)) <= 2]
        close = get_close_matches(word, near, n=1, cutoff=CLOSE) if len(word) >= LEAST_FOR_SLIPS else []
        if any(word in line for _, line, _ in book.lines):
            right.append(word)
        elif close:
            right.append(close[0])
        else:
            return []
    return right
