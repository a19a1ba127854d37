"""Languages of the pages: gettext catalogues read straight from .po files at start, no compiled files to forget."""

import gettext
import io
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"uk": "Українська", "en": "English"}
SOURCE = "uk"  # the texts in templates and code are Ukrainian
EXTRACTION = [("**.py", "python"), ("templates/**.html", "jinja2")]
EXTRACTION_OPTIONS: dict[str, dict[str, Any]] = {
    "templates/**.html": {
        "extensions": "jinja2.ext.do",
        "silent": "false",
    },  # a template that cannot be read is a fault
}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "mark": None,
    "ngettext": (1, 2),
}


def mark(text: str) -> str:
    """Mark a text of the code for translation; templates translate it where it is shown, with `_()`."""
    return text


class Words(gettext.NullTranslations):
    """Words of all catalogues of one language in one table; plural forms as the catalogues have them."""

    def __init__(self, catalogues: gettext.NullTranslations, texts: Iterable[str]) -> None:
        super().__init__()
        self.add_fallback(catalogues)
        self._words = {text: catalogues.gettext(text) for text in texts}

    def gettext(self, message: str) -> str:
        return self._words.get(message, message)


def load(language: str, packages: Sequence[str]) -> gettext.NullTranslations:
    """Catalogues of one language; the first package's words win. A text without a translation is shown as it is."""
    return _chained(
        tuple(file.read_bytes() for package in reversed(packages) for file in _catalogues(package, language))
    )


@cache
def _chained(catalogues: tuple[bytes, ...]) -> Words:
    """The words of these catalogues, the last one's first; sites of the same catalogues share them."""
    chain, texts = gettext.NullTranslations(), set[str]()
    for catalogue in catalogues:
        compiled, known = _compiled(catalogue)
        found = gettext.GNUTranslations(io.BytesIO(compiled))
        found.add_fallback(chain)
        chain, texts = found, texts | known
    return Words(chain, texts)


def _catalogues(package: str, language: str) -> Iterable[Traversable]:
    folder = files(package) / "locale" / language / "LC_MESSAGES"
    return [file for file in folder.iterdir() if file.name.endswith(".po")] if folder.is_dir() else []


def _read(file: Traversable) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream)


@cache
def _compiled(catalogue: bytes) -> tuple[bytes, frozenset[str]]:
    """The catalogue as gettext reads it, and the texts that it knows; sites share that of the kernel."""
    buffer, found = io.BytesIO(), read_po(io.BytesIO(catalogue))
    write_mo(buffer, found)
    return buffer.getvalue(), frozenset(_first(message.id) for message in found if message.id)


def choose(asked: str, kept: str, accepted: str) -> str:
    """The language asked for now, else the one kept in the session, else the browser's first that we have."""
    for language in (asked, kept, *_accepted(accepted)):
        if language in LANGUAGES:
            return language
    return SOURCE


def _accepted(header: str) -> list[str]:
    weighed = []
    for place, part in enumerate(header.split(",")[:10]):
        name, _, rest = part.partition(";")
        _, _, weight = rest.partition("q=")
        number = weight.strip() or "1"
        known = number.replace(".", "", 1).isdecimal()
        weighed.append((-float(number) if known else 0.0, place, name.strip().lower().partition("-")[0]))
    return [language for _, _, language in sorted(weighed)]


def untranslated(package: str, language: str) -> list[str]:
    """Texts of the package's code and templates that its catalogues of `language` lack; for tests.

    In Ukrainian only the plural forms count: a single text is its own translation.
    """
    known: set[str] = set()
    for file in _catalogues(package, language):
        known |= {_first(message.id) for message in _read(file) if message.id and _whole(message.string)}
    return sorted(text for text, plural in _texts(package) if text not in known and (plural or language != SOURCE))


def _first(message: object) -> str:
    return str(message[0] if isinstance(message, list | tuple) else message)


def _whole(translation: object) -> bool:
    return all(translation) if isinstance(translation, list | tuple) else bool(translation)


def _texts(package: str) -> set[tuple[str, bool]]:
    with as_file(files(package)) as folder:
        found = extract_from_dir(
            str(Path(folder)), method_map=EXTRACTION, options_map=EXTRACTION_OPTIONS, keywords=KEYWORDS, comment_tags=()
        )
        return {(_first(message), isinstance(message, list | tuple)) for _, _, message, _, _ in found}
