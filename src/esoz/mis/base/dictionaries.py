"""Dictionaries in memory: a search over ten thousand codes takes about two milliseconds, so nothing more is needed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

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

    def search(self, name: str, text: str, limit: int = MOST_FOUND) -> list[Choice]:
        """Codes that begin with the text, then those whose words hold every word of it: («R05», «R05 Кашель»)."""
        book, asked = self._books.get(name), plain(text)
        if book is None or not asked:
            return []
        words = asked.split()
        begins = [found for line, _, found in book.lines if line.startswith(asked)]
        holds = [found for _, line, found in book.lines if all(word in line for word in words)]
        ranked = sorted(holds, key=lambda found: not plain(book.values[found].description).startswith(words[0]))
        return [self.label(name, found) for found in list(dict.fromkeys([*begins, *ranked]))[:limit]]

    def label(self, name: str, code: str) -> Choice:
        """A code as pickers show it."""
        return code, f"{code} {self.describe(name, code)}"
